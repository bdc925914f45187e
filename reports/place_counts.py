"""Counts of drawn places, from the fact slices: the only writer of `PlaceCount`, `PlacePoint` and `PlaceRecount`.

A row counts in a shape by its map point: in a place also on its edge, in a ring not, as its edge is the place's. What
is known of a month is what is known of it in all boroughs that the shape lies in, by their summaries: made or brought
up to date with these, in one transaction, no place is older than its borough. A shape's months begin where all its
boroughs' do. Each version of a boundary keeps counts of its own. What follows from new counts, the alerts of re-entry
triggers, is written with them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import shapely
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from hotspots import categories, points
from hotspots.coverage import months_between
from hotspots.models import DRAWN, Area, Boundary
from hotspots.places import boroughs_under
from hotspots.register import boundaries
from partners.jobs import Progress
from reports import triggers
from reports.bulk import copy_in, copy_out, lock_figures
from reports.calc.cube import UNKNOWN
from reports.counting import leaves
from reports.models import MonthlySummary, PlaceCount, PlacePoint, PlaceRecount

# Coverage of a month of which a shape has no row.
NO_ROW = -1


def drawn_boundaries() -> QuerySet[Boundary]:
    """Every version of every drawn shape."""
    return Boundary.objects.filter(area__kind__in=DRAWN)


def recount(areas: Collection[int], progress: Progress | None = None) -> int:
    """Counts the shapes of these drawn areas, in all versions and months, anew; others are left as they are.

    How many shapes there were.
    """
    with transaction.atomic():
        lock_figures()
        found = _locked(drawn_boundaries().filter(area__in=areas))
        if found:
            drawn = _Drawn.of(found)
            drawn.write(set(drawn.months), progress or Progress(None))
            triggers.evaluate()
    return len(found)


def update(touched: Collection[date] | None) -> None:
    """Brings all counted shapes up to date with summaries that were just written: the months (first days) whose facts
    were touched and those whose coverage changed; None = all. Call it in that transaction. Two queries without any."""
    found = _locked(drawn_boundaries().filter(recount__isnull=False))
    if not found:
        return
    drawn = _Drawn.of(found)
    stale = set(drawn.months) if touched is None else set(touched) & set(drawn.months) | drawn.changed()
    if stale or touched is None:
        drawn.write(stale & set(drawn.months), Progress(None))
        triggers.evaluate()


def _locked(wanted: QuerySet[Boundary]) -> list[Boundary]:
    """The versions, none of which anybody replaces until the transaction ends."""
    boundaries.lock()
    return list(wanted.select_related("area").order_by("pk"))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Some boundaries, and by boundary, category (as `leaves`) and month what is known there."""

    boundaries: list[Boundary]
    shapes: list[shapely.Geometry]
    numbers: list[int]
    months: list[date]
    coverage: NDArray[np.int8]

    @classmethod
    def of(cls, found: list[Boundary]) -> _Drawn:
        shapes = [boundaries.shape_of(one) for one in found]
        numbers = [one.number for one in leaves(categories.POLICE_UK)]
        under = boroughs_under(shapes)
        months, boroughs, known = _known(set().union(*under), numbers)
        coverage = np.full((len(shapes), len(numbers), len(months)), NO_ROW, np.int8)
        for row, of_shape in enumerate(under):
            if of_shape:
                coverage[row] = known[[boroughs.index(one) for one in of_shape]].min(axis=0)
        return cls(found, shapes, numbers, months, coverage)

    def changed(self) -> set[date]:
        """The months of which stored coverage is no longer right, or not there, or there and should not be."""
        stored = copy_out(
            f"SELECT boundary_id, category_id, month, coverage FROM {PlaceCount._meta.db_table} "  # noqa: S608
            f"WHERE boundary_id IN ({', '.join(str(one.pk) for one in self.boundaries)})",
            {"boundary": pl.Int64, "category": pl.Int64, "month": pl.Date, "coverage": pl.Int8},
        )
        if gone := set(stored["month"]) - set(self.months):
            return gone | set(self.months)
        found = np.full(self.coverage.shape, NO_ROW, np.int8)
        found[
            _at(stored["boundary"], [one.pk for one in self.boundaries]),
            _at(stored["category"], self.numbers),
            _at(stored["month"], self.months),
        ] = stored["coverage"].to_numpy()
        same = (found == self.coverage).all(axis=(0, 1))
        return {month for month, right in zip(self.months, same, strict=True) if not right}

    def write(self, stale: set[date], progress: Progress) -> None:
        """Replaces the counts of these months, and removes those of months that are no more."""
        months = sorted(stale)
        counts, held = self._count(months, progress)
        progress.stage("Storing")
        coverage = self.coverage[:, :, [self.months.index(month) for month in months]]
        rows = _rows([one.pk for one in self.boundaries], self.numbers, months, counts, coverage)
        known = rows.filter(pl.col("count").is_not_null()).select("boundary_id", "category_id", "month")
        with connection.cursor() as cursor:
            for model in (PlaceCount, PlacePoint):
                cursor.execute(
                    f"DELETE FROM {model._meta.db_table} "  # noqa: S608 - a name of our own
                    "WHERE boundary_id = ANY(%s) AND NOT month = ANY(%s::date[])",
                    [[one.pk for one in self.boundaries], [month for month in self.months if month not in stale]],
                )
        copy_in(PlaceCount._meta.db_table, rows)
        copy_in(PlacePoint._meta.db_table, held.join(known, on=known.columns, how="semi"))
        now = timezone.now()
        PlaceRecount.objects.bulk_create(
            [PlaceRecount(boundary=one, counted=now) for one in self.boundaries],
            update_conflicts=True,
            unique_fields=["boundary"],
            update_fields=["counted"],
        )

    def _count(self, months: list[date], progress: Progress) -> tuple[NDArray[np.int32], pl.DataFrame]:
        """Three (drawn, smaller, larger) x boundaries x categories x months; and the rows of `PlacePoint`."""
        smaller, larger = zip(*map(points.smaller_and_larger, self.shapes), strict=True)
        found = points.near(larger, months, streets=True, progress=progress)
        progress.stage("Counting")
        rings = [one.area.kind == Area.Kind.RING for one in self.boundaries]
        counts = np.zeros((3, *self.coverage.shape[:2], len(months)), np.int32)
        within = [_pairs(self.shapes, rings, found), points.pairs(smaller, found), points.pairs(larger, found)]
        for table, pairs in zip(counts, within, strict=True):
            sums = pairs.join(found, on=["lon", "lat"]).group_by("shape", "category", "month").agg(pl.col("rows").sum())
            cells = sums["shape"].to_numpy(), _at(sums["category"], self.numbers), _at(sums["month"], months)
            table[cells] = sums["rows"].to_numpy()
        pks = [one.pk for one in self.boundaries]
        held = (
            within[0]
            .filter(~pl.col("shape").is_in([index for index, ring in enumerate(rings) if ring]))
            .with_columns(boundary_id=pl.col("shape").replace_strict(range(len(pks)), pks, return_dtype=pl.Int64))
            .join(found, on=["lon", "lat"])
        )
        named = {"category": "category_id", "rows": "count"}
        columns = ["boundary_id", "lon", "lat", "street", "category_id", "month", "count"]
        return counts, held.rename(named).select(*columns)


def _known(boroughs: set[int], numbers: list[int]) -> tuple[list[date], list[int], NDArray[np.int8]]:
    """Months without gaps, the boroughs, and by borough, category and month its summaries' coverage."""
    ids = sorted(boroughs)
    stored = copy_out(
        f"SELECT area_id, category_id, month, coverage FROM {MonthlySummary._meta.db_table} "  # noqa: S608
        f"WHERE area_id = ANY('{{{', '.join(map(str, ids))}}}') AND category_id BETWEEN {numbers[0]} AND {numbers[-1]}",
        {"area": pl.Int64, "category": pl.Int64, "month": pl.Date, "coverage": pl.Int8},
    )
    first, last = stored["month"].min(), stored["month"].max()
    months = months_between(first, last) if isinstance(first, date) and isinstance(last, date) else []
    coverage = np.full((len(ids), len(numbers), len(months)), NO_ROW, np.int8)
    at = _at(stored["area"], ids), _at(stored["category"], numbers), _at(stored["month"], months)
    coverage[at] = stored["coverage"].to_numpy()
    return months, ids, coverage


def _pairs(shapes: list[shapely.Geometry], rings: list[bool], found: pl.DataFrame) -> pl.DataFrame:
    """As `points.pairs`: places with the points on their edge, rings without, as they are in the place."""
    nothing = shapely.Polygon()

    def only(wanted: bool) -> list[shapely.Geometry]:
        return [shape if ring is wanted else nothing for shape, ring in zip(shapes, rings, strict=True)]

    return pl.concat([points.pairs(only(False), found), points.pairs(only(True), found, "contains")])


def _rows(
    pks: list[int], numbers: list[int], months: list[date], counts: NDArray[np.int32], coverage: NDArray[np.int8]
) -> pl.DataFrame:
    """The rows of `PlaceCount`."""
    each = len(numbers) * len(months)
    known = pl.Series(coverage.ravel() > UNKNOWN)
    values = {
        name: pl.select(pl.when(known).then(pl.Series(table.ravel()))).to_series()
        for name, table in zip(("count", "low", "high"), counts, strict=True)
    }
    rows = pl.DataFrame(
        {
            "boundary_id": np.repeat(np.array(pks, np.int64), each),
            "category_id": np.tile(np.repeat(np.array(numbers, np.int64), len(months)), len(pks)),
            "month": pl.Series(months, dtype=pl.Date).gather(np.tile(np.arange(len(months)), len(pks) * len(numbers))),
            **values,
            "coverage": coverage.ravel(),
        }
    )
    return rows.filter(pl.col("coverage") > NO_ROW)


def _at(values: pl.Series, axis: list[int] | list[date]) -> NDArray[np.int64]:
    """Where each value stands on a sorted axis that has them all."""
    column = values.to_numpy()
    return np.searchsorted(np.array(axis, column.dtype), column)
