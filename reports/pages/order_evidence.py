"""The evidence for and against a Public Spaces Protection Order: recorded crime inside its area and in the rest of the
borough, in the year before it and in the newest year. The order is one that its reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from hotspots import categories, points
from hotspots.categories import Definition
from hotspots.coverage import back, months_between
from hotspots.models import Area
from interventions.drafts import zone_of
from interventions.models import PublicSpacesOrder
from reports.keeping import kept
from reports.models import MonthlySummary
from reports.queries import Figure, Place, Want, data_version, figures, places_with_figures
from reports.schemes import charted, definition

YEAR = 12
_KEPT_FOR = 600


@dataclass(frozen=True, slots=True)
class Count:
    """Crimes inside the area over some months, and with it drawn 100 m smaller and larger; and in the rest of the
    borough."""

    inside: int
    low: int
    high: int
    outside: int


@dataclass(frozen=True, slots=True)
class TypeCount:
    """One type of crime in the newest year and in the year before the order; None = one of its months is not known."""

    category: Definition
    now: Count | None
    before: Count | None


@dataclass(frozen=True, slots=True)
class MonthCount:
    """One month of all crime inside the area; None = not known; `partial`: reported in part."""

    month: date
    count: int | None
    low: int | None
    high: int | None
    partial: bool


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """All figures of the pack. `now` and `before` are the months of the two years; `before` is empty where they are not
    loaded; all is empty where the order has no area or its borough no figures."""

    borough: Place | None
    now: list[date]
    before: list[date]
    types: list[TypeCount]
    months: list[MonthCount]


def order_evidence(order: PublicSpacesOrder) -> OrderEvidence:
    """The figures for an order's area. Five queries at most; the counts of its area are kept for ten minutes."""
    borough = next(
        (one for one in places_with_figures() if one.kind == Area.Kind.BOROUGH and one.code in order.area_codes), None
    )
    zone = zone_of(order)
    loaded = points.loaded_months()
    if borough is None or zone is None or not loaded:
        return OrderEvidence(borough, [], [], [], [])
    chosen = definition(categories.POLICE_UK, "")
    wanted = [chosen, *charted(categories.POLICE_UK, chosen)]
    of_borough = figures(Want([borough.pk], [one.number for one in wanted], loaded[0], loaded[-1]))
    all_crime = of_borough.get((borough.pk, chosen.number), {})
    known = [month for month in loaded if _is_whole(all_crime.get(month))]
    if not known:
        return OrderEvidence(borough, [], [], [], [])
    now = months_between(back(known[-1], YEAR - 1), known[-1])
    before = _year_before(order, now, loaded)
    key = f"order-evidence-{order.pk}-{order.changed_at.timestamp()}-{data_version()}"
    counted = kept(key, _KEPT_FOR, lambda: _counted(zone, loaded))

    def count(category: Definition, months: list[date]) -> Count | None:
        own = of_borough.get((borough.pk, category.number), {})
        if not months or not all(_is_whole(all_crime.get(month)) for month in months):
            return None
        inside, low, high = (
            sum(counted.get((shape, number, month), 0) for number in _members(category) for month in months)
            for shape in range(3)
        )
        total = sum((own[month].count or 0) if month in own else 0 for month in months)
        return Count(inside, low, high, total - inside)

    types = [TypeCount(one, count(one, now), count(one, before)) for one in wanted]
    return OrderEvidence(borough, now, before, types, _months(loaded, all_crime, counted, chosen))


def in_force_from(order: PublicSpacesOrder) -> date | None:
    """The first day of its first term; None = it was not made yet."""
    return order.first_in_force or (order.first_day if order.status == order.Status.DONE else None)


def _is_whole(figure: Figure | None) -> bool:
    return figure is not None and figure.count is not None and figure.coverage > MonthlySummary.Coverage.PARTIAL


def _year_before(order: PublicSpacesOrder, now: list[date], loaded: list[date]) -> list[date]:
    """The twelve months before the order was first in force, else the twelve before `now`; [] where not all are loaded
    or they reach into `now`."""
    begins = (in_force_from(order) or now[0]).replace(day=1)
    months = months_between(back(begins, YEAR), back(begins, 1))
    return months if months[0] >= loaded[0] and months[-1] < now[0] else []


def _counted(zone: object, months: list[date]) -> dict[tuple[int, int, date], int]:
    """(0 as drawn, 1 smaller, 2 larger; category number; month) -> rows."""
    three = (zone, *points.smaller_and_larger(zone))
    rows = points.near(three, months)
    sums = (
        points.pairs(three, rows)
        .join(rows, on=["lon", "lat"])
        .group_by("shape", "category", "month")
        .agg(pl.col("rows").sum())
    )
    return {(shape, category, month): count for shape, category, month, count in sums.iter_rows()}


def _members(category: Definition) -> list[int]:
    known = categories.by_slug(categories.POLICE_UK)
    return [known[slug].number for slug in category.members or (category.slug,)]


def _months(
    loaded: list[date], borough: dict[date, Figure], counted: dict[tuple[int, int, date], int], category: Definition
) -> list[MonthCount]:
    found = []
    for month in loaded:
        figure = borough.get(month)
        if figure is None or figure.count is None:
            found.append(MonthCount(month, None, None, None, False))
            continue
        count, low, high = (
            sum(counted.get((shape, number, month), 0) for number in _members(category)) for shape in range(3)
        )
        found.append(MonthCount(month, count, low, high, not _is_whole(figure)))
    return found
