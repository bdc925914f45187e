"""Table bodies as text: thousands of cells, where a template's loop would take most of the page's time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape  # a third of the time of Django's, which looks for lazy texts

from django.utils.safestring import SafeString, mark_safe

from reports.charts import Point
from reports.words import month_name, thousands

PARTIAL, CONVERTED = "*", "†"
_MONTHS = ["", *(f"{date(2000, number, 1):%b}" for number in range(1, 13))]


def year_label(last: date) -> str:
    """The heading of the twelve months to `last`: "2017", or "2016–17" where they cross a new year."""
    return str(last.year) if last.month == 12 else f"{last.year - 1}–{last.year % 100:02d}"


def months(points: Sequence[Point], totals: Sequence[int | None], *, caption: str) -> SafeString:
    """A table with a row for each month of the year and a column for each twelve months up to the last one.

    `points` are months without a hole, oldest first; `totals` the twelve-month sums of the columns, newest last (may be
    fewer than the columns). An unknown month is a dash. Marks: * reported in part; † converted, unless all are.
    """
    lead = -len(points) % 12
    columns = [points[max(end - 12, 0) : end] for end in range(12 - lead, len(points) + 1, 12)]
    heads = [year_label(column[-1].month) for column in columns]
    known = [None] * (len(columns) - len(totals)) + list(totals)[-len(columns) :]
    return _grid([*[None] * lead, *points], heads, "12 months", [thousands(n) for n in known], caption)


def years(points: Sequence[Point], totals: Sequence[int | None], *, caption: str) -> SafeString:
    """The same with a column for each calendar year; the points begin with a January. `totals` are the sums of
    the years; that of a year that is not over is left blank."""
    heads = [str(point.month.year) for point in points[::12]]
    ends = [thousands(n) for n in totals[: len(points) // 12]]
    return _grid(
        [*points, *[None] * (-len(points) % 12)], heads, "Year", ends + [""] * (len(heads) - len(ends)), caption
    )


def _grid(
    points: Sequence[Point | None], heads: Sequence[str], foot: str, totals: Sequence[str], caption: str
) -> SafeString:
    """Twelve points a column; None = outside of what is shown."""
    shown = [point for point in points if point]
    mark_converted = not all(point.converted for point in shown)
    span = f"{month_name(shown[0].month)} to {month_name(shown[-1].month)}"
    texts = [_text(point, mark_converted) for point in points]
    parts = [
        f'<table class="app-months"><caption class="govuk-visually-hidden">{escape(caption)}, {span}</caption>',
        '<thead><tr><th scope="col">Month</th>',
        *[f'<th scope="col">{head}</th>' for head in heads],
        "</tr></thead><tbody>",
    ]
    for row in range(12):
        month = next((point.month for point in reversed(points[row::12]) if point), None)
        if month:  # else fewer than twelve months
            cells = "</td><td>".join(texts[row::12])
            parts.append(f'<tr><th scope="row">{_MONTHS[month.month]}</th><td>{cells}</td></tr>')
    sums = "</td><td>".join(totals)
    parts.append(f'</tbody><tfoot><tr><th scope="row">{foot}</th><td>{sums}</td></tr></tfoot></table>')
    return mark_safe("".join(parts))  # noqa: S308 - the caption is escaped, all else is numbers and months


def _text(point: Point | None, mark_converted: bool) -> str:
    if point is None:
        return ""
    if point.count is None:
        return "–"
    if point.partial or point.converted:
        return f"{point.count:,}{PARTIAL * point.partial}{CONVERTED * (point.converted and mark_converted)}"
    return f"{point.count:,}"


def row(name: str, cells: Sequence[str], *, href: str = "", mark: str = "") -> str:
    """A row of a GOV.UK table: its name, with a link where it has one, and right-aligned texts. `mark` is a class."""
    head = f'<a class="govuk-link" href="{escape(href)}">{escape(name)}</a>' if href else escape(name)
    texts = "".join([f'<td class="govuk-table__cell govuk-table__cell--numeric">{escape(cell)}</td>' for cell in cells])
    return (
        f'<tr class="govuk-table__row{" " * bool(mark)}{mark}"><th scope="row" class="govuk-table__header">{head}</th>'
        f"{texts}</tr>"
    )


def shares(
    heads: Sequence[str],
    rows: Sequence[tuple[str, Sequence[tuple[str, int]]]],
    totals: Sequence[int | None],
    *,
    caption: str,
    whole: str,
) -> SafeString:
    """Parts of a sum by period: each cell its text and its shade (0 = none), which says no more than the text does."""
    columns = "".join([f'<th scope="col">{escape(head)}</th>' for head in heads])
    parts = [
        f'<table class="app-months app-shares"><caption class="govuk-visually-hidden">{escape(caption)}</caption>',
        f'<thead><tr><th scope="col">Type</th>{columns}</tr></thead><tbody>',
    ]
    for name, cells in rows:
        texts = "".join([f'<td class="app-shade-{n}">{text}</td>' if n else f"<td>{text}</td>" for text, n in cells])
        parts.append(f'<tr><th scope="row">{escape(name)}</th>{texts}</tr>')
    sums = "</td><td>".join([thousands(total) for total in totals])
    parts.append(f'</tbody><tfoot><tr><th scope="row">{escape(whole)}</th><td>{sums}</td></tr></tfoot></table>')
    return mark_safe("".join(parts))  # noqa: S308 - names are escaped, all else is numbers
