"""Where crime is concentrated: the LSOAs of a borough as candidates for hotspots, ranked, with how sure each figure is.

It looks back only. Counts are of what was recorded, by each row's published LSOA code (`reports.lsoas`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from hotspots import categories, points
from hotspots.calc.metres import area_m2
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Boundary, Slice, Source
from hotspots.register.boundaries import shape_of
from reports import lsoas
from reports.calc import concentration, gi_star, hot_classes, intervals
from reports.calc.cube import PARTIAL
from reports.counting import API_PUBLISHER
from reports.keeping import kept
from reports.lsoas import Lsoa
from reports.models import Candidate
from reports.pages.map import NoShapes
from reports.queries import Figure, Place, Want, figures, unknown

# The version of the method that sets keep: count it up when a result could differ for the same files.
METHOD = "1"
ALPHA = 0.05
QUARTERS = 12
MOST_POINTS = 20
KEEP_SECONDS = 30 * 24 * 3600
# Of a quarter's months, at least so many must be known: areas are compared with each other in the very same months.
LEAST_OF_QUARTER = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A borough, types of crime (slugs), and so many months to `last` (a first day)."""

    borough: Place
    slugs: tuple[str, ...]
    last: date
    months: int

    @property
    def window(self) -> list[date]:
        """The months of the period, oldest first."""
        return [back(self.last, step) for step in reversed(range(self.months))]


class Spot(NamedTuple):
    """One LSOA of the ranking, from 1. `low` and `high` are the exact 95 % interval of its count.

    Ranked by how far its count is above an even spread over the borough's ground (`concentration.excess`), so that no
    place ranks high by the luck of a few crimes, nor by its size. Gi* does not rank: a quiet place beside a busy one
    has a high score too, and a busy one among quiet ones a low score.

    `z` is Gi* of the last quarter, `p` its one-sided p, `is_hot` whether that stands after Benjamini-Hochberg; None =
    cannot be computed. `quarters` are the z of the twelve quarters, oldest first.
    """

    rank: int
    pk: int
    code: str
    name: str
    ward_name: str
    square_metres: float
    count: int  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    low: float
    high: float
    z: float | None
    p: float | None
    is_hot: bool
    hot_class: str
    quarters: tuple[float | None, ...]

    @property
    def density(self) -> float:
        """Crimes on a square kilometre."""
        return self.count / self.square_metres * 1e6


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `counted` are the months of the period that are known and whole, `left_out` the others.

    `codes_changed`: LSOAs whose codes the files did not use in all of `counted`, which are not ranked.
    `quarters_known`: of the twelve, how many have a Gi*; classes need all, and are UNKNOWN without.
    """

    asked: Asked
    counted: tuple[date, ...]
    left_out: tuple[date, ...]
    spots: tuple[Spot, ...]
    codes_changed: tuple[Lsoa, ...]
    quarters_known: int
    repeat: tuple[points.Point, ...]
    # The files that were counted, those of the quarters included, by month.
    files: tuple[Slice, ...]

    @property
    def counts(self) -> list[int]:
        """The spots' counts."""
        return [spot.count for spot in self.spots]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def hot(self) -> list[Spot]:
        """Those that stand out."""
        return [spot for spot in self.spots if spot.is_hot]


@dataclass(frozen=True, slots=True)
class Ground:
    """LSOAs as shapes: square metres of each, and which are neighbours (as `gi_star.neighbours`)."""

    square_metres: list[float]
    near: gi_star.Neighbours


def find(asked: Asked) -> Found:
    """Counts and ranks the borough's LSOAs. Raises NoShapes where none has a boundary.

    At most five queries. What files and boundaries alone decide is kept: tallies, neighbours, repeat locations.
    """
    areas = lsoas.of_borough(asked.borough.pk, asked.last)
    if not areas:
        raise NoShapes(f"The boundaries of {asked.borough.name}'s LSOAs are not loaded.")
    first = back(asked.last, max(3 * QUARTERS, asked.months) - 1)
    files = _files(first, asked.last)
    known = months_known(asked.borough.pk, asked.slugs, first, asked.last)
    by_month = count(areas, asked.slugs, known)
    window = asked.window
    counted = tuple(month for month in window if month in by_month)
    sums = _sum(by_month, counted, len(areas))
    ranked = ~np.isnan(sums)
    ground = _ground(areas)
    quarters = np.array([_quarter(by_month, asked.last, step, ground.near) for step in reversed(range(QUARTERS))])
    z = np.where(ranked, quarters[-1], np.nan)
    p = gi_star.upper_tail(z)
    hot = gi_star.discoveries(p, ALPHA)
    low, high = intervals.exact(np.where(ranked, sums, 0).astype(int))
    rows = np.flatnonzero(ranked)
    excess = np.zeros(len(areas))
    excess[rows] = concentration.excess(sums[rows].tolist(), [ground.square_metres[row] for row in rows])
    order = sorted(rows.tolist(), key=lambda row: (-excess[row], -sums[row], areas[row].code))
    spots = tuple(
        Spot(
            rank=rank,
            pk=areas[row].pk,
            code=areas[row].code,
            name=areas[row].name,
            ward_name=areas[row].ward_name,
            square_metres=ground.square_metres[row],
            count=int(sums[row]),
            low=float(low[row]),
            high=float(high[row]),
            z=_number(z[row]),
            p=_number(p[row]),
            is_hot=bool(hot[row]),
            hot_class=_class(quarters[:, row]),
            quarters=tuple(_number(one) for one in quarters[:, row]),
        )
        for rank, row in enumerate(order, start=1)
    )
    return Found(
        asked=asked,
        counted=counted,
        left_out=tuple(month for month in window if month not in by_month),
        spots=spots,
        codes_changed=tuple(one for one, is_ranked in zip(areas, ranked, strict=True) if not is_ranked),
        quarters_known=int((~np.isnan(quarters).all(axis=1)).sum()),
        repeat=_repeat_locations(areas, asked.slugs, counted, files) if spots else (),
        files=tuple(files),
    )


def months_known(borough_pk: int, slugs: Collection[str], first: date, last: date) -> list[date]:
    """The months in which all of these types are known of a borough, and whole. One query."""
    numbers = [categories.by_slug(categories.POLICE_UK)[slug].number for slug in slugs]
    found = figures(Want([borough_pk], numbers, first, last))
    by_type = [
        {month for month, figure in found.get((borough_pk, number), {}).items() if _is_whole(figure)}
        for number in numbers
    ]
    return sorted(set.intersection(*by_type)) if by_type else []


def count(areas: Sequence[Lsoa], slugs: Collection[str], months: Collection[date]) -> dict[date, NDArray[np.float64]]:
    """Crimes of these types together in each LSOA, by month; NaN where its code was not in use. One query.

    Months without a force's file are not in the answer.
    """
    together = Definition(0, categories.POLICE_UK, "chosen", "Chosen types", members=tuple(slugs))
    whole = {month: unknown(month)._replace(count=0, coverage=PARTIAL + 1) for month in months}
    found = lsoas.counts(areas, together, whole)
    tables = {}
    for month in sorted(months):
        row = [found[one.pk][month].count for one in areas]
        if any(value is not None for value in row):
            tables[month] = np.array([math.nan if value is None else value for value in row])
    return tables


def _files(first: date, last: date) -> list[Slice]:
    """The forces' files of some months. One query."""
    current = Slice.objects.current().filter(source=Source.STREET, month__range=(first, last))
    return list(current.exclude(publisher__slug=API_PUBLISHER).select_related("publisher").order_by("month", "pk"))


def _is_whole(figure: Figure) -> bool:
    return figure.count is not None and figure.coverage > PARTIAL


def _sum(by_month: Mapping[date, NDArray[np.float64]], months: Sequence[date], areas: int) -> NDArray[np.float64]:
    """The sum of some months, NaN where an LSOA's code was not in use in all of them, or there is no month."""
    return np.sum([by_month[month] for month in months], axis=0) if months else np.full(areas, np.nan)


def _quarter(
    by_month: Mapping[date, NDArray[np.float64]], last: date, step: int, near: gi_star.Neighbours
) -> NDArray[np.float64]:
    """Gi* of the three months that end `3 * step` months before `last`, over those that are known; NaN where too few
    are. Scores compare areas in the same months, so a missing month leaves them less sure, not out of true."""
    months = [month for back_by in range(3) if (month := back(last, 3 * step + back_by)) in by_month]
    if len(months) < LEAST_OF_QUARTER:
        return np.full(len(near), np.nan)
    return gi_star.z_scores(_sum(by_month, months, len(near)), near)


def _class(scores: NDArray[np.float64]) -> str:
    if np.isnan(scores).any():
        return Candidate.HotClass.UNKNOWN
    return hot_classes.hot_class(scores.tolist())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _shapes(areas: Sequence[Lsoa]) -> list[shapely.Geometry]:
    """The shape of each LSOA, in longitude and latitude. One query."""
    found = Boundary.objects.in_bulk([one.boundary for one in areas])
    return [shape_of(found[one.boundary]) for one in areas]


def _ground(areas: Sequence[Lsoa]) -> Ground:
    """One query, where these boundaries are met for the first time."""

    def make() -> Ground:
        shapes = _shapes(areas)
        west, south, _, north = shapely.total_bounds(np.array(shapes, dtype=object))
        metre = 111_320  # of a degree of latitude; near enough to tell which shapes touch
        across = metre * math.cos(math.radians((south + north) / 2))
        flat = shapely.transform(np.array(shapes, dtype=object), lambda xy: (xy - (west, south)) * (across, metre))
        return Ground([area_m2(shape) for shape in shapes], gi_star.neighbours(list(flat)))

    return kept(_key("find-ground", *(str(one.boundary) for one in areas)), KEEP_SECONDS, make)


def _repeat_locations(
    areas: Sequence[Lsoa], slugs: Sequence[str], months: Sequence[date], files: Sequence[Slice]
) -> tuple[points.Point, ...]:
    """The map points with most of these crimes. Two queries, where these files are met for the first time."""
    paths = [one.path for one in files if one.month in months]
    key = _key("find-points", *(one.code for one in areas), "", *slugs, "", *map(str, months), "", *paths)
    return kept(key, KEEP_SECONDS, lambda: tuple(top_points(shapely.union_all(_shapes(areas)), slugs, months)))


def top_points(
    shape: shapely.Geometry, slugs: Sequence[str], months: Sequence[date], most: int = MOST_POINTS
) -> list[points.Point]:
    """The map points inside a shape (longitude, latitude) with most crimes of some types. One query."""
    numbers = [categories.by_slug(categories.POLICE_UK)[slug].number for slug in slugs]
    [rows] = points.inside([shape], months)
    return points.top(rows.filter(pl.col("category").is_in(numbers)), most)


def _key(*parts: str) -> str:
    return f"{parts[0]}:{METHOD}:{blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"
