"""The table of a borough's wards, on the overview and on the wards page: rows, order, and cells as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from hotspots.coverage import back
from reports import charts, sentences
from reports.presenters import points, unknown
from reports.queries import Figure, Place
from reports.sentences import PARTIAL
from reports.sorting import Heading, heading, in_order
from reports.words import SMALLEST_BASE, listed, month_name, rate, thousands

# Column, its heading ("" = the month), and whether it holds figures.
COLUMNS = (
    ("name", "Ward", False),
    ("count", "", True),
    ("last-year", "", True),
    ("change", "Change", True),
    ("rate", "Per 1,000", True),
    ("year", "12 months", True),
)
# From so many times the borough's rate, residents say little about who is there.
FAR_ABOVE = 1.5
# Where scripts sort what is unknown: below every figure.
_LAST = -1_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One place's month. `href` is its profile of the same figures; `figures` reach a year back from `now`."""

    place: Place
    href: str
    figures: Mapping[date, Figure]
    now: Figure
    before: Figure | None

    def value(self, column: str) -> float | None:
        """What a column of figures sorts by; None = unknown."""
        now = self.now
        if column == "count":
            return now.count
        if column == "change":
            return sentences.difference(now, self.before)
        return {"last-year": now.last_year, "year": now.rolling_12, "rate": now.rate_per_1000}[column]


@dataclass(frozen=True, slots=True)
class WardTable:
    """What the template `reports/_ward_table.html` prints."""

    caption: str
    headings: list[Heading]
    body: SafeString
    total: SafeString
    has_partial: bool
    has_converted: bool
    rates: str


def row_of(place: Place, figures: Mapping[date, Figure], month: date, href: str) -> Row:
    """A place's row. `figures` are its months to `month`, and the month a year before."""
    return Row(place, href, figures, figures.get(month) or unknown(month), figures.get(back(month, 12)))


def ward_table(
    rows: Sequence[Row], total: Row, month: date, *, caption: str, sort: str, address: Callable[[str], str]
) -> WardTable:
    """The table of a month, in the order asked for; `address` gives the page's address sorted by a column."""
    in_rows = in_order(rows, sort, name=lambda one: one.place.name, value=Row.value)
    window = [back(month, step) for step in reversed(range(12))]
    return WardTable(
        caption=caption,
        headings=_headings(month, sort, address),
        body=mark_safe("".join([_cells(one, window, one.place.name) for one in in_rows])),  # noqa: S308 - escaped there
        total=mark_safe(_cells(total, window, f"All of {total.place.name}")),  # noqa: S308 - escaped there
        has_partial=any(one.now.coverage == PARTIAL for one in rows),
        has_converted=any(one.now.converted or _was_converted(one) for one in rows),
        rates=_rates(rows, total, month),
    )


def _rates(rows: Sequence[Row], total: Row, month: date) -> str:
    """What the rates are of, and the wards whose rate is so far above the borough's that residents may be the wrong
    yardstick; "" where no rate is known."""
    usual = total.now.rate_per_1000
    rated = sorted((one for one in rows if one.now.rate_per_1000), key=lambda one: -(one.now.rate_per_1000 or 0))
    if not rated:
        return ""
    whole = [one for one in rated if (one.now.count or 0) >= SMALLEST_BASE]
    text = f"Per 1,000: the count of {month_name(month)} per 1,000 residents; a few crimes move a ward's rate."
    far = [one.place.name for one in whole if usual and (one.now.rate_per_1000 or 0) >= FAR_ABOVE * usual][:3]
    if not far:
        return text
    return (
        f"{text} Far above the borough's: {listed(far)}. In a town centre most people present live elsewhere, and the "
        "rate says little: read the counts."
    )


def _headings(month: date, sort: str, address: Callable[[str], str]) -> list[Heading]:
    names = {"count": f"{month:%b %Y}", "last-year": f"{back(month, 12):%b %Y}"}
    return [
        heading(column, names.get(column, text), sort, address, numeric=numeric) for column, text, numeric in COLUMNS
    ]


def _cells(one: Row, window: Sequence[date], name: str) -> str:
    """One row of the table; every text in it is escaped here."""
    now, place = one.now, escape(one.place.name)
    marks = "" if now.count is None else "*" * (now.coverage == PARTIAL) + "†" * now.converted
    last_year = thousands(now.last_year) + "†" * _was_converted(one)
    spark = charts.sparkline(points(one.figures, window), title=f"{one.place.name}: the last 12 months")
    return (
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header" data-sort-value="{place}">'
        f'<a class="govuk-link" href="{escape(one.href)}">{escape(name)}</a></th>'
        f"{_cell(f'{thousands(now.count)}{marks}', now.count)}{_cell(last_year, now.last_year)}"
        f"{_cell(sentences.compare(now, one.before), one.value('change'))}"
        f"{_cell(rate(now.rate_per_1000), now.rate_per_1000)}{_cell(thousands(now.rolling_12), now.rolling_12)}"
        f'<td class="govuk-table__cell app-spark-cell">{spark}</td></tr>'
    )


def _was_converted(one: Row) -> bool:
    """Whether the figure of the year before was moved onto the ward's boundaries of now."""
    return one.now.last_year is not None and one.before is not None and one.before.converted


def _cell(text: str, value: float | None) -> str:
    return (
        '<td class="govuk-table__cell govuk-table__cell--numeric" '
        f'data-sort-value="{_LAST if value is None else value}">{text}</td>'
    )
