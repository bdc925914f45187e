"""The figures of drawn places: by month, for a category or a group, with the range that map points leave open.

wanted = place_figures.series([boundary.pk, ring.pk], category)     # one query for however many places
wanted[boundary.pk].months, .counts, .low, .high, .coverage
place_figures.points_of(boundary.pk, category, first, last)[:10]          # repeat locations
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspots import categories
from hotspots.categories import Definition
from hotspots.models import Hotspot
from hotspots.places import MICRO
from hotspots.points import Point
from hotspots.sql import rows
from reports.bulk import copy_out
from reports.calc import cube as calc
from reports.calc.baseline import Range, baseline_range
from reports.counting import EVERY_ERA, exempt, leaves

_YEAR = 12


@dataclass(frozen=True, eq=False)
class Series:
    """One shape's months (first days, consecutive, oldest first), with one value for each in all the lists.

    `counts` is None where the month is unknown; `low` and `high` are the counts of the shape drawn 100 m smaller and
    larger, None with it. `coverage` as in `MonthlySummary.Coverage`: PARTIAL months are compared with nothing.
    """

    months: list[date]
    counts: list[int | None]
    low: list[int | None]
    high: list[int | None]
    coverage: list[int]

    def comparable(self) -> list[int | None]:
        """The counts, None also where the month was reported in part."""
        return [
            count if cover > calc.PARTIAL else None for count, cover in zip(self.counts, self.coverage, strict=True)
        ]

    def newest(self) -> int | None:
        """The position of the newest month that bears comparison; None where there is none."""
        return max((at for at, count in enumerate(self.comparable()) if count is not None), default=None)

    def year_to(self, last: date) -> tuple[int, int, int] | None:
        """Count, low and high of the twelve months to `last`; None where one of them is unknown or in part."""
        end = self.months.index(last) + 1 if last in self.months else 0
        if end < _YEAR or None in self.comparable()[end - _YEAR : end]:
            return None
        count, low, high = (
            sum(value or 0 for value in values[end - _YEAR : end]) for values in (self.counts, self.low, self.high)
        )
        return count, low, high

    def before(self, day: date) -> Series:
        """The months that had begun and ended before the month of a day."""
        stop = sum(month < day.replace(day=1) for month in self.months)
        lists = (self.months, self.counts, self.low, self.high, self.coverage)
        return Series(*(values[:stop] for values in lists))  # type: ignore[arg-type]


def baseline_of(place: Hotspot, series: Series | None) -> Range | None:
    """The range of the months of a place's baseline; None where it has none, or too few are known."""
    first, last = place.baseline_from, place.baseline_to
    if series is None or first is None or last is None:
        return None
    months = zip(series.months, series.comparable(), strict=True)
    return baseline_range([count for month, count in months if first <= month <= last])


def series(boundary_pks: Collection[int], category: Definition, since: date | None = None) -> dict[int, Series]:
    """The series of each boundary that was counted, by its pk, from a month (first day) on; None = all. One query."""
    return all_series(boundary_pks, [category], since).get(category.slug, {})


def all_series(
    boundary_pks: Collection[int], wanted: Collection[Definition], since: date | None = None
) -> dict[str, dict[int, Series]]:
    """By category's slug and boundary's pk, the series of police.uk categories and groups. One query."""
    every = leaves(categories.POLICE_UK)
    members = {slug for one in wanted for slug in one.members or (one.slug,)}
    order = [one for one in every if one.slug in members]
    found = _stored(boundary_pks, [one.number for one in order], since)
    if found.is_empty():
        return {}
    months: list[date] = found["month"].unique().sort().to_list()
    pks: list[int] = found["boundary"].unique().sort().to_list()
    cells = tuple(
        found[name].replace_strict(axis, range(len(axis)), return_dtype=pl.Int64).to_numpy()
        for name, axis in (("boundary", pks), ("category", [one.number for one in order]), ("month", months))
    )
    shape = (len(pks), len(order), len(months))
    tables = [np.zeros(shape, np.int32) for _ in range(3)]
    coverage = np.zeros(shape, np.int8)
    coverage[cells] = found["coverage"].to_numpy()
    for table, name in zip(tables, ("count", "low", "high"), strict=True):
        table[cells] = found[name].fill_null(0).to_numpy()
    never = exempt(categories.POLICE_UK, months)
    if never is not None:
        never = never[[every.index(one) for one in order]]
    slugs = {one.slug: position for position, one in enumerate(order)}
    result: dict[str, dict[int, Series]] = {}
    for one in wanted:
        parts = [[slugs[member]] for member in one.members or (one.slug,)]
        free = never if one.slug in EVERY_ERA else None
        made = [calc.group(table, coverage, parts, free) for table in tables]
        cover = made[0][1]
        result[one.slug] = {
            pk: Series(months, *_known([table[row] for table, _ in made], cover[row]), coverage=cover[row].tolist())
            for row, pk in enumerate(pks)
        }
    return result


def lately(places: Collection[Hotspot], on: date) -> date:
    """The first month that says how places stand now: that of the earliest baseline, five years back at the latest.

    No run of months outside a baseline's range reaches back beyond the baseline: some month of it lies inside.
    """
    years = date(on.year - 5, on.month, 1)
    return min([years, *(one.baseline_from for one in places if one.baseline_from)])


def _stored(boundary_pks: Collection[int], numbers: Collection[int], since: date | None) -> pl.DataFrame:
    """The rows of `PlaceCount` of these categories (numbers). One query, none without a boundary."""
    schema = {"boundary": pl.Int64, "category": pl.Int64, "month": pl.Date}
    schema |= {"count": pl.Int32, "low": pl.Int32, "high": pl.Int32, "coverage": pl.Int8}
    if not boundary_pks or not numbers:
        return pl.DataFrame(schema=schema)
    return copy_out(
        "SELECT boundary_id, category_id, month, count, low, high, coverage FROM reports_placecount "  # noqa: S608
        f"WHERE boundary_id IN ({', '.join(str(int(pk)) for pk in boundary_pks)}) "
        f"AND category_id IN ({', '.join(map(str, numbers))})"
        + (f" AND month >= '{since.isoformat()}'" if since else ""),
        schema,
    )


def points_of(boundary_pk: int, category: Definition, first: date, last: date) -> list[Point]:
    """The map points inside a place with rows of a category from one month to another (first days), the most first.

    Rows of months that are unknown are not among them. One query; a ring's points are not kept.
    """
    known = categories.by_slug(categories.POLICE_UK)
    numbers = [known[slug].number for slug in category.members or (category.slug,)]
    found = rows(
        "SELECT lon, lat, (array_agg(street ORDER BY month DESC, street))[1], sum(count), "
        "count(DISTINCT month), sum(sum(count)) OVER () FROM reports_placepoint "
        "WHERE boundary_id = %s AND category_id = ANY(%s) AND month BETWEEN %s AND %s "
        "GROUP BY lon, lat ORDER BY sum(count) DESC, lon, lat",
        boundary_pk,
        numbers,
        first,
        last,
    )
    return [
        Point(lon / MICRO, lat / MICRO, street, int(count), int(count) / int(total), months)
        for lon, lat, street, count, months, total in found
    ]


def _known(
    tables: list[NDArray[np.int32]], coverage: NDArray[np.int8]
) -> tuple[list[int | None], list[int | None], list[int | None]]:
    drawn, low, high = (
        [count if cover else None for count, cover in zip(table.tolist(), coverage.tolist(), strict=True)]
        for table in tables
    )
    return drawn, low, high
