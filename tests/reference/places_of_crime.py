"""How crime lies over places, sum by sum: slow, plain, and apart from what the product does."""

from __future__ import annotations

import math
from collections.abc import Sequence

HOT, COLD = 1.96, -1.96


def queen(rows: int, columns: int) -> list[set[int]]:
    """Neighbours of the cells of a grid, row by row, each its own."""
    return [
        {
            other_row * columns + other
            for other_row in range(max(row - 1, 0), min(row + 2, rows))
            for other in range(max(column - 1, 0), min(column + 2, columns))
        }
        for row in range(rows)
        for column in range(columns)
    ]


def gi_star(counts: Sequence[int | None], near: Sequence[set[int]]) -> list[float | None]:
    """Ord and Getis 1995, with binary weights; None where it is not defined. The unknown are left out."""
    known = [index for index, count in enumerate(counts) if count is not None]
    values = {index: counts[index] or 0 for index in known}
    number = len(known)
    result: list[float | None] = []
    for index in range(len(counts)):
        beside = [other for other in near[index] if other in values]
        if index not in values or number < 2 or len(set(values.values())) == 1 or len(beside) == number:
            result.append(None)
            continue
        mean = sum(values.values()) / number
        variance = sum(value * value for value in values.values()) / number - mean * mean
        weight = len(beside)
        below = math.sqrt(variance) * math.sqrt((number * weight - weight * weight) / (number - 1))
        result.append((sum(values[other] for other in beside) - mean * weight) / below)
    return result


def hot_class(scores: Sequence[float]) -> str:
    """Esri's definitions of emerging hot spot categories, one after the other."""
    hot, number = [z > HOT for z in scores], len(scores)
    before, share = hot[:-1], sum(hot) / len(hot)
    now = hot[-1]
    first = hot.index(True) if any(hot) else number
    trend, p = kendall(scores)
    if now and not any(before):
        return "new"
    if now and share < 0.9 and all(hot[first:]):
        return "consecutive"
    if now and share >= 0.9:
        return ("intensifying" if trend > 0 else "diminishing") if p <= 0.05 else "persistent"
    if now and share < 0.9 and any(z < COLD for z in scores[:-1]):
        return "oscillating"
    if now and share < 0.9:
        return "sporadic"
    return "historical" if not now and share >= 0.9 else "none"


def kendall(values: Sequence[float]) -> tuple[int, float]:
    """Mann-Kendall: S, and p of both sides from the normal distribution, corrected for ties and continuity."""
    number, rises = len(values), 0
    for index in range(number):
        for later in range(index + 1, number):
            rises += (values[later] > values[index]) - (values[later] < values[index])
    variance = number * (number - 1) * (2 * number + 5)
    for value in set(values):
        ties = list(values).count(value)
        variance -= ties * (ties - 1) * (2 * ties + 5)
    if not variance or not rises:
        return rises, 1.0
    z = (abs(rises) - 1) / math.sqrt(variance / 18)
    return rises, math.erfc(z / math.sqrt(2))


def lorenz(counts: Sequence[int]) -> list[float]:
    """What the busiest 0, 1, 2 ... places hold."""
    ordered, whole = sorted(counts, reverse=True), sum(counts)
    return [sum(ordered[:number]) / whole if whole else 0.0 for number in range(len(counts) + 1)]


def ginis(counts: Sequence[int]) -> tuple[float, float] | None:
    """Gini as the mean difference of all pairs over twice the mean; Bernasco and Steenbeek's as the area between the
    curve and that of the evenest spread that so many crimes allow."""
    places, crimes = len(counts), sum(counts)
    if not crimes:
        return None
    pairs = sum(abs(one - other) for one in counts for other in counts)
    plain = pairs / (2 * places * crimes)
    if crimes >= places:
        return plain, plain
    # Over the places that could have a crime at most.
    return plain, 1 - (places / crimes) * (1 - plain)


def excess(counts: Sequence[int], sizes: Sequence[float]) -> list[float]:
    """Kulldorff 1997: log likelihood of a rate of its own inside and one outside, over that of one rate everywhere."""

    def likelihood(count: float, ground: float) -> float:
        return count * math.log(count / ground) if count else 0.0

    crimes, whole = sum(counts), sum(sizes)
    found = []
    for count, size in zip(counts, sizes, strict=True):
        apart = likelihood(count, size) + (likelihood(crimes - count, whole - size) if whole > size else 0.0)
        ratio = apart - likelihood(crimes, whole)
        found.append(ratio if count * whole >= crimes * size else -ratio)
    return found


def stand(scores: Sequence[float | None], alpha: float) -> set[int]:
    """Which one-sided scores stand after Benjamini and Hochberg's steps, by position."""
    tails = sorted((math.erfc(z / math.sqrt(2)) / 2, index) for index, z in enumerate(scores) if z is not None)
    last = max((step for step, (p, _) in enumerate(tails, 1) if p <= alpha * step / len(tails)), default=0)
    return {index for _, index in tails[:last]}
