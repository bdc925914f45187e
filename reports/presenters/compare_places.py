"""Up to four places side by side: small drawings with one scale, and a table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from hotspots import categories
from hotspots.coverage import back
from hotspots.models.phases import Phase
from reports.charts import series as line_chart
from reports.charts.drawing import Point
from reports.pages.board import CATEGORY
from reports.pages.compare_places import Compared
from reports.place_figures import Series
from reports.words import between, change, month_name

_SQUARE_METRES = 10_000  # of a hectare
YEAR, MONTHS = 12, 24


@dataclass(frozen=True, slots=True)
class Head:
    """One place: what stands above its column, and its drawing (None until it is counted)."""

    name: str
    href: str
    phases: str
    ground: str
    usual: str
    chart: SafeString | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Twelve months of a category: the count with its range, and the change on the twelve before."""

    count: str
    range: str
    change: str


@dataclass(frozen=True, slots=True)
class Row:
    """One category across the places."""

    name: str
    cells: list[Cell]


def heads(found: Sequence[Compared]) -> list[Head]:
    """The places, in order; their drawings share one scale."""
    windows = [_window(one) for one in found]
    largest = max((count for points in windows for point in points if (count := point.count) is not None), default=0)
    return [
        Head(
            name=one.place.name,
            href=f"/hotspots/{one.place.pk}/",
            phases=", ".join(str(Phase(period.phase).label) for period in one.current) or "No phase is going on",
            ground=f"{one.square_metres / _SQUARE_METRES:,.1f} hectares",
            usual=f"{between(one.baseline.low, one.baseline.high)} a month in the baseline" if one.baseline else "",
            chart=line_chart(
                points, key=f"place-{one.place.pk}", title=f"Recorded crime: {one.place.name}", largest=largest
            )
            if points
            else None,
        )
        for one, points in zip(found, windows, strict=True)
    ]


def rows(found: Sequence[Compared]) -> list[Row]:
    """All recorded crime first, then each type with any count, by name."""
    known = categories.by_slug(categories.POLICE_UK)
    # A group of one type has that type under two names.
    plain = sorted({one for one in known.values() if not one.members}, key=lambda one: one.name)
    made = []
    for category in (known[CATEGORY], *plain):
        cells = [_cell(one, one.series.get(category.slug)) for one in found]
        if category.members or any(cell.count not in ("0", "not known") for cell in cells):
            made.append(Row(category.name, cells))
    return made


def span(found: Sequence[Compared]) -> str:
    """The twelve months that are compared: of each place its newest twelve."""
    ends = {one.series[CATEGORY].months[one.last] for one in found if one.last is not None}
    return f"Twelve months to {' or '.join(month_name(end) for end in sorted(ends))}" if ends else ""


def _window(one: Compared) -> list[Point]:
    series = one.series.get(CATEGORY)
    if series is None or one.last is None:
        return []
    counts = series.comparable()
    first = max(0, one.last + 1 - MONTHS)
    return [
        Point(series.months[index], counts[index], counts[index - YEAR] if index >= YEAR else None)
        for index in range(first, one.last + 1)
    ]


def _cell(one: Compared, series: Series | None) -> Cell:
    now = series.year_to(series.months[one.last]) if series and one.last is not None else None
    if series is None or one.last is None or now is None:
        return Cell("not known", "", "")
    before = series.year_to(back(series.months[one.last], YEAR))
    count, low, high = now
    span = "" if low == high else f"{low:,} to {high:,}"
    return Cell(f"{count:,}", span, change(count, before[0] if before else None))
