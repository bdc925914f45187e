"""Counts of drawn places, from the fact slices: the only writer of `PlaceCount`.

A row counts in a shape by its map point. Points are few and repeat, so each shape is asked about distinct points; the
files are read once, whatever the number of shapes. What is known of a month follows from the boroughs that the shape
lies in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import numpy as np
import polars as pl
import shapely
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.calc.metres import grown
from hotspots.coverage import API_PUBLISHER
from hotspots.models import Area, Boundary, Slice, Source
from hotspots.places import MICRO
from hotspots.register.boundaries import areas_touched, shape_of
from partners.jobs import Progress
from reports.calc.cube import UNKNOWN
from reports.counting import leaves
from reports.models import MonthlySummary, PlaceCount, PlaceRecount

# Metres that police.uk's map points may lie off: the counts of a shape so much smaller and larger are its range.
SNAPPED = 100
DRAWN = (Area.Kind.HOTSPOT, Area.Kind.RING)
# Of one boundary: what it holds as drawn, smaller, larger.
Shapes = tuple[shapely.Geometry, shapely.Geometry, shapely.Geometry]


def drawn_boundaries() -> QuerySet[Boundary]:
    """Every version of every drawn shape."""
    return Boundary.objects.filter(area__kind__in=DRAWN)


def recount(boundaries: Collection[Boundary], progress: Progress | None = None) -> None:
    """Counts these shapes in all months anew, in one transaction; others are left as they are."""
    progress = progress or Progress(None)
    shapes = {one.pk: _three(shape_of(one)) for one in boundaries}
    if not shapes:
        return
    months, rows = _rows_near(shapes, progress)
    progress.stage("Counting", total=len(shapes))
    with transaction.atomic():
        PlaceCount.objects.filter(boundary__in=shapes).delete()
        for boundary in boundaries:
            counts, points = _counts(shapes[boundary.pk], rows, len(months))
            PlaceCount.objects.bulk_create(_place_counts(boundary, counts, months), batch_size=5_000)
            PlaceRecount.objects.update_or_create(
                boundary=boundary, defaults={"counted": timezone.now(), "points": points}
            )
            progress.advance(rows=int(counts[0].sum()))


def _three(shape: shapely.Geometry) -> Shapes:
    return shape, grown(shape, -SNAPPED), grown(shape, SNAPPED)


def _rows_near(shapes: dict[int, Shapes], progress: Progress) -> tuple[list[date], pl.DataFrame]:
    """The months with files, and of every row near a shape `lon`, `lat`, `category` (position in `leaves`), `month`
    (position)."""
    slices = Slice.objects.current().filter(source=Source.STREET).exclude(publisher__slug=API_PUBLISHER)
    found = list(slices.order_by("month", "path").values_list("month", "path"))
    months = sorted({month for month, _ in found})
    position = {month: index for index, month in enumerate(months)}
    boxes = np.array([larger.bounds for _, _, larger in shapes.values()]) * MICRO
    numbers = [one.number for one in leaves(categories.POLICE_UK)]
    near = pl.any_horizontal(
        pl.col("lon").is_between(west, east) & pl.col("lat").is_between(south, north)
        for west, south, east, north in boxes.tolist()
    )
    progress.stage("Reading the files", total=len(found))
    parts = []
    for month, path in found:
        rows = facts.read(path, ["lon", "lat", "category"]).filter(near)
        parts.append(rows.with_columns(month=pl.lit(position[month], dtype=pl.Int32)))
        progress.advance(rows=rows.height)
    if not parts:
        return months, pl.DataFrame(schema={"lon": pl.Int32, "lat": pl.Int32, "category": pl.Int64, "month": pl.Int32})
    rows = pl.concat(parts)
    return months, rows.with_columns(
        category=pl.col("category").replace_strict(numbers, range(len(numbers)), return_dtype=pl.Int64)
    )


def _counts(shapes: Shapes, rows: pl.DataFrame, months: int) -> tuple[list[NDArray[np.int64]], int]:
    """Categories x months of each of the three shapes, and how many distinct points lie in the first."""
    width = len(leaves(categories.POLICE_UK))
    points = rows.select("lon", "lat").unique()
    x, y = (points[name].to_numpy() / MICRO for name in ("lon", "lat"))
    tables, inside = [], 0
    for index, shape in enumerate(shapes):
        shapely.prepare(shape)
        within = shapely.intersects_xy(shape, x, y) if not shape.is_empty else np.zeros(len(x), np.bool_)
        inside = inside if index else int(within.sum())
        held = rows.join(points.filter(pl.Series(within, dtype=pl.Boolean)), on=["lon", "lat"], how="semi")
        cells = held["category"].to_numpy() * months + held["month"].to_numpy()
        tables.append(np.bincount(cells, minlength=width * months).reshape(width, months))
    return tables, inside


def _place_counts(boundary: Boundary, counts: list[NDArray[np.int64]], months: list[date]) -> list[PlaceCount]:
    known = _coverage(boundary, months)
    drawn, low, high = (table.tolist() for table in counts)
    made = []
    for row, category in enumerate(leaves(categories.POLICE_UK)):
        for column, month in enumerate(months):
            coverage = known.get((category.number, month), UNKNOWN)
            made.append(
                PlaceCount(
                    boundary_id=boundary.pk,
                    category_id=category.number,
                    month=month,
                    count=drawn[row][column] if coverage > UNKNOWN else None,
                    low=low[row][column] if coverage > UNKNOWN else None,
                    high=high[row][column] if coverage > UNKNOWN else None,
                    coverage=coverage,
                )
            )
    return made


def _coverage(boundary: Boundary, months: list[date]) -> dict[tuple[int, date], int]:
    """By category number and month, the worst coverage of the boroughs that the shape lies in; none where one has no
    figures."""
    boroughs = [
        one.pk
        for one in areas_touched(shape_of(boundary), boundary.valid_from or months[-1])
        if one.kind == Area.Kind.BOROUGH
    ]
    cells: dict[tuple[int, date], list[int]] = defaultdict(list)
    numbers = [one.number for one in leaves(categories.POLICE_UK)]
    stored = MonthlySummary.objects.filter(area__in=boroughs, category__in=numbers, month__in=months)
    for number, month, coverage in stored.values_list("category_id", "month", "coverage"):
        cells[number, month].append(coverage)
    return {cell: min(found) for cell, found in cells.items() if len(found) == len(boroughs)}
