"""Places to compare a hotspot with: groups of LSOAs outside the programme that were most like it over its baseline.

They lie in the boroughs that the same force polices, since forces record alike only within themselves. No group touches
another, nor a hotspot or ring that the reader sees. All crime decides the level and the trend, the categories the mix.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots import categories
from hotspots.coverage import months_between
from hotspots.models import Area, Boundary, ComparisonPlace, Hotspot
from hotspots.register import boundaries
from partners.visibility import Viewer
from reports import lsoas, place_figures
from reports.calc import similar_places as calc
from reports.calc.similar_places import Likeness
from reports.counting import leaves
from reports.keeping import kept
from reports.lsoas import Lsoa
from reports.queries import Want, figures

# Fewer months than this make a baseline provisional (docs/methods).
CLEAN_MONTHS = 24
# An LSOA holds a part of a place where so large a share of the place's crimes lies in it.
_PART = 0.1
_KEEP_SECONDS = 30 * 24 * 3600
_CRIME = categories.by_slug(categories.POLICE_UK)["all-crime"]


@dataclass(frozen=True, slots=True)
class Other:
    """LSOAs that a place is, or could be, compared with. `counts` run beside the months, None = unknown or in part;
    there are none where they could not be read.

    `accepted` is what people accepted; None of a proposal."""

    name: str
    codes: tuple[str, ...]
    likeness: Likeness
    counts: list[int | None]
    accepted: ComparisonPlace | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A place beside others over the months of its baseline (first days, in order).

    `problem` is a sentence on why none can be proposed, "" where there are `proposals`; `clean` how many months are
    known in full; `size` of how many LSOAs a proposal is.
    """

    months: list[date] = field(default_factory=list)
    clean: int = 0
    counts: list[int | None] = field(default_factory=list)
    size: int = 0
    accepted: list[Other] = field(default_factory=list)
    proposals: list[Other] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True, eq=False)
class _Ground:
    """The LSOAs that could be compared with, and what was recorded in them: areas x months, areas x categories."""

    lsoas: list[Lsoa]
    shapes: NDArray[np.object_]
    counts: NDArray[np.float64]
    mixes: NDArray[np.float64]


def compared(
    place: Hotspot, accepted: Sequence[ComparisonPlace], viewer: Viewer, on: date, *, propose: bool
) -> Compared:
    """The place beside what it is compared with, and, where asked for, what it could be. A fixed number of queries."""
    boundary = boundaries.in_force([place.area_id], on).get(place.area_id)
    without = [Other(one.name, tuple(one.lsoa_codes), _kept_likeness(one), [], one) for one in accepted]
    if not place.baseline_from or not place.baseline_to:
        return Compared(
            accepted=without, problem="This place has no baseline months yet. Say which they are, then come back."
        )
    months = months_between(place.baseline_from, place.baseline_to)
    members = [one for one in leaves(categories.POLICE_UK) if one.slug in _CRIME.members]
    found = place_figures.all_series([boundary.pk], [_CRIME, *members]) if boundary else {}
    own = found.get(_CRIME.slug, {}).get(boundary.pk) if boundary else None
    if boundary is None or own is None:
        return Compared(
            accepted=without, problem="What was recorded here is still being counted. Come back in a minute."
        )
    known = dict(zip(own.months, own.comparable(), strict=True))
    counts = [known.get(month) for month in months]
    ground = _ground(place, months, counts, None if propose else {code for one in accepted for code in one.lsoa_codes})
    if ground is None:
        problem = "No LSOA boundaries are loaded around here. Import them on Data."
        return Compared(months, _clean(counts), counts, accepted=without, problem=problem)
    columns = [leaves(categories.POLICE_UK).index(one) for one in members]
    within = set(months)
    mix = np.array(
        [
            sum(
                n or 0
                for month, n in zip(own.months, found[one.slug][boundary.pk].counts, strict=True)
                if month in within
            )
            for one in members
        ],
        np.float64,
    )
    ground = _Ground(ground.lsoas, ground.shapes, ground.counts, ground.mixes[:, columns])
    values = np.array([np.nan if n is None else n for n in counts], np.float64)
    beside = [_other(one.name, one.lsoa_codes, _kept_likeness(one), ground, one) for one in accepted]
    result = Compared(months, _clean(counts), counts, accepted=beside)
    if not propose:
        return result
    size = _size(boundary, months, ground)
    found_groups, problem = _proposals(values, mix, ground, size, viewer, accepted, on)
    return Compared(months, result.clean, counts, size, beside, found_groups, problem)


def _clean(counts: Sequence[int | None]) -> int:
    return sum(count is not None for count in counts)


def _kept_likeness(one: ComparisonPlace) -> Likeness:
    return Likeness(one.level_ratio, one.trend_difference, one.mix_difference)


def _ground(
    place: Hotspot, months: Sequence[date], counts: Sequence[int | None], only: Collection[str] | None
) -> _Ground | None:
    """The LSOAs of the boroughs that the place's force polices, `only` those of some codes; None where none of all has
    a boundary.

    A count is NaN where it is unknown, or where the place's own is.
    """
    boroughs = list(Area.objects.filter(kind=Area.Kind.BOROUGH).order_by("code").values_list("pk", "code", "home_id"))
    own = [(pk, home) for pk, code, home in boroughs if code in place.area_codes]
    homes = {home for _, home in own}
    alike = [pk for pk, _, home in boroughs if home in homes]
    areas = lsoas.of_boroughs(alike, months[-1])
    if not areas or not own:
        return None
    if only is not None:
        areas = [area for area in areas if area.code in only]
    reported = figures(Want([own[0][0]], [_CRIME.number], months[0], months[-1])).get((own[0][0], _CRIME.number), {})
    table = np.full((len(areas), len(months)), np.nan)
    at = [months.index(month) for month in sorted(reported)]
    table[:, at] = lsoas.comparable(areas, _CRIME, reported)
    table[:, [count is None for count in counts]] = np.nan
    shapes = {
        pk: bytes(shape)
        for pk, shape in Boundary.objects.filter(area__in=[area.pk for area in areas])
        .order_by("area_id", "pk")
        .values_list("area_id", "shape")
    }
    return _Ground(
        areas,
        shapely.from_wkb([shapes[area.pk] for area in areas]),
        table,
        lsoas.mixes(areas, months).astype(np.float64),
    )


def _size(boundary: Boundary, months: Sequence[date], ground: _Ground) -> int:
    """How many LSOAs hold the place's crimes: those with a tenth of them or more, at least one. One query."""
    found = place_figures.points_of(boundary.pk, _CRIME, months[0], months[-1])
    if not found:
        return 1
    at = shapely.points([(one.longitude, one.latitude) for one in found])
    point, area = shapely.STRtree(ground.shapes).query(at, predicate="intersects")
    # A point on an edge belongs to the first.
    point, first = np.unique(point, return_index=True)
    if not len(point):
        return 1
    held = np.bincount(area[first], weights=np.array([one.count for one in found])[point])
    return max(int((held >= _PART * held.sum()).sum()), 1)


def _proposals(
    values: NDArray[np.float64],
    mix: NDArray[np.float64],
    ground: _Ground,
    size: int,
    viewer: Viewer,
    accepted: Sequence[ComparisonPlace],
    on: date,
) -> tuple[list[Other], str]:
    """What the place could be compared with, nearest first, or a sentence on why there is nothing."""
    clean = ~np.isnan(values)
    if clean.sum() < 2 or not np.nansum(values):
        return [], "The baseline has no two months with whole figures and a crime, so nothing can be likened to it."
    touched = _of_the_programme(ground, viewer, on)
    used = {code for one in accepted for code in one.lsoa_codes}
    allowed = [
        row
        for row, area in enumerate(ground.lsoas)
        if row not in touched and area.code not in used and not np.isnan(ground.counts[row, clean]).any()
    ]
    groups = calc.proposals(
        np.where(clean, values, np.nan), mix, ground.counts, ground.mixes, _neighbours(ground), allowed, size
    )
    if not groups:
        return [], (
            "No group of LSOAs outside the programme had between half and double its crimes over the baseline, so none "
            "is a fair comparison."
        )
    found = []
    for group in groups:
        members = [ground.lsoas[row] for row in group.members]
        found.append(_other(_name(members), [one.code for one in members], group.likeness, ground, None))
    return found, ""


def _of_the_programme(ground: _Ground, viewer: Viewer, on: date) -> set[int]:
    """The positions of the LSOAs that a hotspot, or its ring, which the reader sees touches."""
    places = Hotspot.objects.visible_to(viewer).exclude(status=Hotspot.Status.ARCHIVED)
    areas = {
        area
        for one in places.filter(kind=Hotspot.Kind.HOTSPOT)
        for area in (one.area_id, one.ring_id)
        if area is not None
    }
    taken = [boundaries.shape_of(row) for row in boundaries.in_force(areas, on).values()]
    return set(shapely.STRtree(ground.shapes).query(taken, predicate="intersects")[1].tolist()) if taken else set()


def _neighbours(ground: _Ground) -> Mapping[int, Collection[int]]:
    """By position, the positions of the LSOAs that touch each. Kept: it is made of published boundaries alone."""
    key = blake2b(b"".join(shapely.to_wkb(ground.shapes)), digest_size=16).hexdigest()

    def find() -> dict[int, list[int]]:
        one, other = shapely.STRtree(ground.shapes).query(ground.shapes, predicate="intersects")
        near: dict[int, list[int]] = {row: [] for row in range(len(ground.shapes))}
        for row, neighbour in zip(one.tolist(), other.tolist(), strict=True):
            if row != neighbour:
                near[row].append(neighbour)
        return near

    return kept(f"lsoa-neighbours:1:{key}", _KEEP_SECONDS, find)


def _other(
    name: str, codes: Sequence[str], likeness: Likeness, ground: _Ground, accepted: ComparisonPlace | None
) -> Other:
    rows = [row for row, area in enumerate(ground.lsoas) if area.code in set(codes)]
    sums = ground.counts[rows].sum(axis=0)
    known = [None if not rows or np.isnan(value) else int(value) for value in sums.tolist()]
    return Other(name, tuple(codes), likeness, known, accepted)


def _name(members: Sequence[Lsoa]) -> str:
    """ "Havering 002A and Havering 002B", "Havering 002A and 3 more"."""
    names = [one.name or one.code for one in members]
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"
