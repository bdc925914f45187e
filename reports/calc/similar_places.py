"""Which groups of small areas are most like a place before anything was done there. Pure numpy, no database.

Months that are unknown, or were reported in part, are left out before: arrays hold known counts only. How alike two
places are has three numbers: the ratio of their levels, the difference of their trends, the difference of their mixes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
# So far off, each of the three counts alike: half as many again, ten percentage points a year, a tenth of the crimes.
RATIO, POINTS, SHARE = 1.5, 10.0, 0.1
# A group further off than this is no comparison: half or double the level.
LEVEL_WITHIN = 2.0
MOST, FEWEST = 5, 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a place a group is. `level_ratio`: its crimes divided by the place's. `trend_difference`: its trend
    minus the place's, in percentage points a year. `mix_difference`: 0 = the same mix of categories, 1 = nothing in
    common."""

    level_ratio: float
    trend_difference: float
    mix_difference: float

    @property
    def distance(self) -> float:
        """0 = alike in all three; larger is less alike."""
        return float(
            abs(np.log(self.level_ratio)) / np.log(RATIO)
            + abs(self.trend_difference) / POINTS
            + self.mix_difference / SHARE
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Small areas by their positions, in order, and how like the place they are together."""

    members: tuple[int, ...]
    likeness: Likeness


def trend(counts: Numbers) -> float:
    """The least-squares slope of monthly counts in percent of their mean a year; 0 of fewer than 2 months or none.

    `counts` may have gaps between its months only as NaN.
    """
    at = np.flatnonzero(~np.isnan(counts))
    known = counts[at]
    if len(at) < 2 or not known.sum():
        return 0.0
    middle = at - at.mean()
    slope = float((middle * (known - known.mean())).sum() / (middle**2).sum())
    return 100 * 12 * slope / float(known.mean())


def mix_difference(one: Numbers, other: Numbers) -> float:
    """Half the sum of the differences between two mixes' shares: 0 = the same, 1 = nothing in common; 1 where one has
    no crimes."""
    if not one.sum() or not other.sum():
        return 1.0
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)


def likeness(place: Numbers, place_mix: Numbers, other: Numbers, other_mix: Numbers) -> Likeness | None:
    """How like a place another is: monthly counts of the same months, and counts by category. None where one of them
    had no crimes: there is then nothing to compare."""
    level, its = float(np.nansum(place)), float(np.nansum(other))
    if not level or not its:
        return None
    return Likeness(its / level, trend(other) - trend(place), mix_difference(place_mix, other_mix))


def proposals(
    place: Numbers,
    place_mix: Numbers,
    counts: Numbers,
    mixes: Numbers,
    neighbours: Mapping[int, Collection[int]],
    allowed: Collection[int],
    size: int,
) -> list[Group]:
    """Up to five groups of `size` adjoining areas, nearest first, none of which shares or touches an area of another.

    `counts` is areas x months, `mixes` areas x categories, `neighbours` the positions that touch each position,
    `allowed` those that may be in a group. From each area a group grows by the neighbour that brings its level nearest
    to the place's.
    """
    free = frozenset(allowed)
    totals = np.nansum(counts, axis=1)
    level = float(np.nansum(place))
    found: dict[tuple[int, ...], Group] = {}
    for seed in sorted(free):
        members = _grown(seed, totals, neighbours, free, size, level)
        if len(members) < size or members in found:
            continue
        rows = list(members)
        alike = likeness(place, place_mix, counts[rows].sum(axis=0), mixes[rows].sum(axis=0))
        if alike and 1 / LEVEL_WITHIN <= alike.level_ratio <= LEVEL_WITHIN:
            found[members] = Group(members, alike)
    return _apart(sorted(found.values(), key=lambda one: (round(one.likeness.distance, 9), one.members)), neighbours)


def _grown(
    seed: int,
    totals: Numbers,
    neighbours: Mapping[int, Collection[int]],
    free: frozenset[int],
    size: int,
    level: float,
) -> tuple[int, ...]:
    """The seed with so many of its neighbours that there are `size`, or fewer where there are no more; in order."""
    members = {seed}
    while len(members) < size:
        near = {area for member in members for area in neighbours.get(member, ())} & free - members
        if not near:
            break
        wanted = level * (len(members) + 1) / size - float(sum(totals[member] for member in members))
        members.add(min(near, key=lambda area: (abs(float(totals[area]) - wanted), area)))
    return tuple(sorted(members))


def _apart(ordered: Sequence[Group], neighbours: Mapping[int, Collection[int]]) -> list[Group]:
    """The first five in order that neither share nor touch an area of one before."""
    chosen: list[Group] = []
    taken: set[int] = set()
    for group in ordered:
        if len(chosen) == MOST:
            break
        if taken.isdisjoint(group.members):
            chosen.append(group)
            taken.update(group.members)
            taken.update(area for member in group.members for area in neighbours.get(member, ()))
    return chosen
