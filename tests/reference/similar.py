"""Comparison places, recomputed plainly: loops over lists, nothing shared with the product.

Counts are lists of monthly counts, None where unknown; mixes are lists of counts by category.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Counts = Sequence[float | None]


def trend(counts: Counts) -> float:
    """Percent of the mean a year, by the textbook's least squares."""
    known = [(month, count) for month, count in enumerate(counts) if count is not None]
    total = sum(count for _, count in known)
    if len(known) < 2 or not total:
        return 0.0
    mean_x = sum(month for month, _ in known) / len(known)
    mean_y = total / len(known)
    above = sum((month - mean_x) * (count - mean_y) for month, count in known)
    below = sum((month - mean_x) ** 2 for month, _ in known)
    return 100 * 12 * (above / below) / mean_y


def mix_difference(one: Sequence[float], other: Sequence[float]) -> float:
    if not sum(one) or not sum(other):
        return 1.0
    return sum(abs(a / sum(one) - b / sum(other)) for a, b in zip(one, other, strict=True)) / 2


def proposals(
    place: Counts,
    place_mix: Sequence[float],
    counts: Sequence[Counts],
    mixes: Sequence[Sequence[float]],
    neighbours: Mapping[int, Sequence[int]],
    allowed: Sequence[int],
    size: int,
) -> list[tuple[tuple[int, ...], float, float, float]]:
    """(members, level ratio, trend difference, mix difference) of each, nearest first."""
    level = sum(count for count in place if count is not None)
    totals = [sum(count for count in row if count is not None) for row in counts]
    groups: dict[tuple[int, ...], None] = {}
    for seed in sorted(allowed):
        group = [seed]
        while len(group) < size:
            near = sorted({n for member in group for n in neighbours[member] if n in allowed and n not in group})
            if not near:
                break
            wanted = level * (len(group) + 1) / size - sum(totals[member] for member in group)
            group.append(min(near, key=lambda area: (abs(totals[area] - wanted), area)))
        if len(group) == size:
            groups[tuple(sorted(group))] = None
    judged = []
    for members in groups:
        total = sum(totals[member] for member in members)
        if not level or not 0.5 <= total / level <= 2:
            continue
        summed = [
            None if place[month] is None else sum(counts[member][month] or 0 for member in members)
            for month in range(len(place))
        ]
        mixed = [sum(mixes[member][kind] for member in members) for kind in range(len(place_mix))]
        ratio, slope, mix = total / level, trend(summed) - trend(place), mix_difference(place_mix, mixed)
        distance = abs(math.log(ratio)) / math.log(1.5) + abs(slope) / 10 + mix / 0.1
        judged.append((round(distance, 9), members, ratio, slope, mix))
    chosen: list[tuple[tuple[int, ...], float, float, float]] = []
    for _, members, ratio, slope, mix in sorted(judged):
        touching = any(
            member == other or other in neighbours[member] for member in members for one in chosen for other in one[0]
        )
        if not touching and len(chosen) < 5:
            chosen.append((members, ratio, slope, mix))
    return chosen
