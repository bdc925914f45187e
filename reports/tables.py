"""Table bodies as text: thousands of cells, where a template's loop would take most of the page's time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.charts import Point
from reports.words import month_name, thousands

PARTIAL, CONVERTED = "*", "†"


def year_label(last: date) -> str:
    """The heading of the twelve months to `last`: "2017", or "2016–17" where they cross a new year."""
    return str(last.year) if last.month == 12 else f"{last.year - 1}–{last.year % 100:02d}"


def months(points: Sequence[Point], totals: Sequence[int | None], *, caption: str) -> SafeString:
    """A table with a row for each month of the year and a column for each twelve months up to the last one.

    `points` are months without a hole, oldest first; `totals` the twelve-month sums of the columns, newest last (may be
    fewer than the columns). An unknown month is a dash. Marks: * reported in part; † converted, unless all are.
    """
    columns: list[Sequence[Point | None]] = []
    end = len(points)
    while end > 0:
        year = list(points[max(end - 12, 0) : end])
        columns.insert(0, [*[None] * (12 - len(year)), *year])
        end -= 12
    mark_converted = not all(point.converted for point in points)
    heads = [year_label(column[-1].month) for column in columns if column[-1] is not None]
    span = f"{month_name(points[0].month)} to {month_name(points[-1].month)}"
    parts = [
        f'<table class="app-months"><caption class="govuk-visually-hidden">{escape(caption)}, {span}</caption>',
        '<thead><tr><th scope="col">Month</th>',
        *(f'<th scope="col">{head}</th>' for head in heads),
        "</tr></thead><tbody>",
    ]
    for row in range(12):
        month = next((point.month for column in reversed(columns) if (point := column[row])), None)
        if month is None:  # fewer than twelve months
            continue
        parts.append(f'<tr><th scope="row">{month:%b}</th>')
        parts.extend(_cell(column[row], mark_converted) for column in columns)
        parts.append("</tr>")
    known = [None] * (len(columns) - len(totals)) + list(totals)[-len(columns) :]
    parts.append('</tbody><tfoot><tr><th scope="row">12 months</th>')
    parts.extend(f"<td>{thousands(total)}</td>" for total in known)
    parts.append("</tr></tfoot></table>")
    return mark_safe("".join(parts))  # noqa: S308 - the caption is escaped, all else is numbers and months


def _cell(point: Point | None, mark_converted: bool) -> str:
    if point is None:
        return "<td></td>"
    if point.count is None:
        return "<td>–</td>"
    marks = PARTIAL * point.partial + CONVERTED * (point.converted and mark_converted)
    return f"<td>{point.count:,}{marks}</td>"
