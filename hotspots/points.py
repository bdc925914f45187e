"""The map points of police.uk crimes, straight from the fact slices: how many rows each one has inside some shapes.

Points are few and repeat, so shapes are asked about distinct points, and files are read once however many shapes there
are. Months without any force's file take the API's answers, as `reports.counting` does.

rows = points.inside([shape], points.newest_months(12))[0]      # lon, lat, street, category, month, rows
points.top(rows, 10)                                            # its repeat locations
points.held(shape, points.newest_months(12))                    # counts with the range that map points leave open
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import shapely

from hotspots import categories, facts
from hotspots.calc.metres import grown
from hotspots.coverage import API_PUBLISHER, months_between
from hotspots.models import Slice, Source
from hotspots.places import MICRO
from partners.jobs import Progress

# Metres that police.uk's map points may lie off: the counts of a shape so much smaller and larger are its range.
SNAPPED = 100
COLUMNS = {"lon": pl.Int32, "lat": pl.Int32, "category": pl.UInt16, "month": pl.Date, "rows": pl.UInt32}
_BEFORE_NAME = r"(?i)^\s*on or near\s+"


@dataclass(frozen=True, slots=True)
class Point:
    """One map point inside a shape. It stands for at least eight addresses, never for one."""

    longitude: float
    latitude: float
    # As the newest file names it, without "On or near"; "" where it has no name.
    street: str
    count: int
    # Of all rows inside the shape, 0 to 1.
    share: float
    # Months with at least one row.
    months_active: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a shape holds. `low` and `high` are the counts of the shape drawn 100 m smaller and larger."""

    # Distinct map points with rows in these months.
    points: int
    count: int
    low: int
    high: int


def loaded_months() -> list[date]:
    """The months, without gaps, from the first to the last for which street-level files of a force are loaded."""
    slices = Slice.objects.current().filter(source=Source.STREET).exclude(publisher__slug=API_PUBLISHER)
    every = list(slices.order_by().values_list("month", flat=True).distinct())
    return months_between(min(every), max(every)) if every else []


def newest_months(count: int) -> list[date]:
    """The newest so many of `loaded_months`, oldest first."""
    return loaded_months()[-count:]


def smaller_and_larger(shape: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The shape drawn as much smaller (maybe empty), and larger, as map points may lie off."""
    return grown(shape, -SNAPPED), grown(shape, SNAPPED)


def inside(
    shapes: Sequence[shapely.Geometry], months: Collection[date] | None = None, progress: Progress | None = None
) -> list[pl.DataFrame]:
    """Of each shape (longitude, latitude; its edge included) the rows in these months (first days; None = all).

    Columns: `lon`, `lat` (millionths of a degree), `street`, `category` (number), `month` and `rows`. One query.
    """
    found = near(shapes, months, streets=True, progress=progress)
    where = pairs(shapes, found)
    return [
        found.join(where.filter(pl.col("shape") == index), on=["lon", "lat"], how="semi")
        for index in range(len(shapes))
    ]


def held(shape: shapely.Geometry, months: Collection[date], category: str = "all-crime") -> Held:
    """What a shape holds of a police.uk category or group (slug) in these months. One query."""
    three = (shape, *smaller_and_larger(shape))
    rows = of_category(near(three, months), category)
    sums = pairs(three, rows).join(rows, on=["lon", "lat"]).group_by("shape").agg(pl.col("rows").sum())
    count, low, high = (dict(sums.iter_rows()).get(index, 0) for index in range(3))
    return Held(pairs([shape], rows).height, count, low, high)


def of_category(rows: pl.DataFrame, slug: str) -> pl.DataFrame:
    """Of rows with a `category`, those of a police.uk category or group."""
    known = categories.by_slug(categories.POLICE_UK)
    numbers = [known[member].number for member in known[slug].members or (slug,)]
    return rows.filter(pl.col("category").is_in(numbers))


def top(rows: pl.DataFrame, most: int) -> list[Point]:
    """The points with most rows of what `inside` gave, the most first."""
    total = int(rows["rows"].sum())
    points = (
        rows.sort("month")
        .group_by("lon", "lat")
        .agg(pl.col("street").last(), pl.col("rows").sum(), pl.col("month").n_unique().alias("months"))
        .sort("rows", "lon", "lat", descending=[True, False, False])
    )
    return [
        Point(lon / MICRO, lat / MICRO, street, count, count / total, months)
        for lon, lat, street, count, months in points.head(most).iter_rows()
    ]


def near(
    shapes: Sequence[shapely.Geometry],
    months: Collection[date] | None = None,
    *,
    streets: bool = False,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """The rows of the map points in the boxes around shapes: `COLUMNS`, and `street` where asked for. One query."""
    progress = progress or Progress(None)
    boxes = [tuple(np.array(shape.bounds) * MICRO) for shape in shapes if not shape.is_empty]
    files = _files(months) if boxes else []
    in_a_box = pl.any_horizontal(
        pl.col("lon").is_between(west, east) & pl.col("lat").is_between(south, north)
        for west, south, east, north in boxes
    )
    by = ["lon", "lat", "category", *(["street"] if streets else [])]
    progress.stage("Reading the files", total=len(files))
    parts = []
    for month, path in files:
        rows = facts.read(path, by).filter(in_a_box)
        tally = rows.group_by(by).agg(pl.len().alias("rows")).with_columns(month=pl.lit(month))
        parts.append(tally.select(*COLUMNS, *by[3:]))
        progress.advance(rows=rows.height)
    found = pl.concat([pl.DataFrame(schema={**COLUMNS, **({"street": pl.String} if streets else {})}), *parts])
    if not streets:
        return found
    return found.with_columns(pl.col("street").fill_null("").str.replace(_BEFORE_NAME, "").str.strip_chars())


def pairs(shapes: Sequence[shapely.Geometry], rows: pl.DataFrame, predicate: str = "intersects") -> pl.DataFrame:
    """Which points (`lon`, `lat`) of the rows lie in which shape (`shape`, its position): one row for each pair.

    `predicate`: "intersects" takes the points on a shape's edge, "contains" leaves them out.
    """
    points = rows.select("lon", "lat").unique(maintain_order=True)
    x, y = (points[name].to_numpy() / MICRO for name in ("lon", "lat"))
    shape, point = shapely.STRtree(shapely.points(x, y)).query(np.array(shapes, dtype=object), predicate=predicate)
    return points[point].with_columns(shape=pl.Series(shape, dtype=pl.Int32))


def _files(months: Collection[date] | None) -> list[tuple[date, str]]:
    """The months and paths of the files that count: the forces' own, where a month has none the API's answers."""
    slices = Slice.objects.current().filter(source__in=[Source.STREET, Source.API]).order_by("month", "path")
    if months is not None:
        slices = slices.filter(month__in=list(months))
    paths: dict[bool, dict[date, list[str]]] = {True: defaultdict(list), False: defaultdict(list)}
    for month, path, slug in slices.values_list("month", "path", "publisher__slug"):
        paths[slug == API_PUBLISHER][month].append(path)
    return sorted((month, path) for month, of in (paths[True] | paths[False]).items() for path in of)
