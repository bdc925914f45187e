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
    totals: list[float] = np.nansum(counts, axis=1).tolist()
    level = float(np.nansum(place))
    grown = {_grown(seed, totals, neighbours, free, size, level) for seed in sorted(free)}
    groups = sorted(members for members in grown if len(members) == size)
    if not groups or not level:
        return []
    rows = np.array(groups)
    distances = _distances(place, place_mix, counts[rows].sum(axis=1), mixes[rows].sum(axis=1)).round(9)
    order = sorted(np.flatnonzero(np.isfinite(distances)).tolist(), key=lambda row: (distances[row], groups[row]))
    chosen = _apart([groups[row] for row in order], neighbours)
    found = []
    for members in chosen:
        of = list(members)
        alike = likeness(place, place_mix, counts[of].sum(axis=0), mixes[of].sum(axis=0))
        if alike:
            found.append(Group(members, alike))
    return found


def _distances(place: Numbers, place_mix: Numbers, others: Numbers, other_mixes: Numbers) -> Numbers:
    """`Likeness.distance` of many at once (a row each), infinite where there is none or the level is too far off."""
    ratios = np.nansum(others, axis=1) / np.nansum(place)
    near = (ratios >= 1 / LEVEL_WITHIN) & (ratios <= LEVEL_WITHIN)
    result = np.full(len(others), np.inf)
    others, other_mixes = others[near], other_mixes[near]
    known = ~np.isnan(others)
    months = known.sum(axis=1, keepdims=True)
    at = np.arange(others.shape[1])
    middle = np.where(known, at - (known * at).sum(axis=1, keepdims=True) / months, 0)
    means = np.nansum(others, axis=1, keepdims=True) / months
    slopes = (middle * np.where(known, others - means, 0)).sum(axis=1) / np.maximum((middle**2).sum(axis=1), 1e-9)
    trends = 100 * 12 * slopes / means[:, 0]
    sums = other_mixes.sum(axis=1, keepdims=True)
    apart = np.ones(len(others))
    if place_mix.sum():
        shares = np.divide(other_mixes, sums, out=np.zeros_like(other_mixes), where=sums > 0)
        apart = np.where(sums[:, 0] > 0, np.abs(place_mix / place_mix.sum() - shares).sum(axis=1) / 2, 1)
    result[near] = np.abs(np.log(ratios[near])) / np.log(RATIO) + np.abs(trends - trend(place)) / POINTS + apart / SHARE
    return result


def _grown(
    seed: int,
    totals: Sequence[float],
    neighbours: Mapping[int, Collection[int]],
    free: frozenset[int],
    size: int,
    level: float,
) -> tuple[int, ...]:
    """The seed with so many of its neighbours that there are `size`, or fewer where there are no more; in order."""
    members, reached = {seed}, totals[seed]
    near = set(neighbours.get(seed, ())) & free - members
    while near and len(members) < size:
        wanted = level * (len(members) + 1) / size - reached
        one = min(near, key=lambda area: (abs(totals[area] - wanted), area))
        members.add(one)
        reached += totals[one]
        near = (near | set(neighbours.get(one, ())) & free) - members
    return tuple(sorted(members))


def _apart(ordered: Sequence[tuple[int, ...]], neighbours: Mapping[int, Collection[int]]) -> list[tuple[int, ...]]:
    """The first five in order that neither share nor touch an area of one before."""
    chosen: list[tuple[int, ...]] = []
    taken: set[int] = set()
    for members in ordered:
        if len(chosen) == MOST:
            break
        if taken.isdisjoint(members):
            chosen.append(members)
            taken.update(members)
            taken.update(area for member in members for area in neighbours.get(member, ()))
    return chosen
