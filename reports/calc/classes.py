"""Classes of a map: which figures share a shade."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

QUANTILE, EQUAL, FIXED = "quantile", "equal", "fixed"
MOST = 7


@dataclass(frozen=True, slots=True)
class Class:
    """Figures from `low` to `high`, both included, and how many areas have one.

    Of classes that touch (all but quantile ones), a figure on the limit is in the lower class.
    """

    low: float
    high: float
    areas: int


def tops(values: Iterable[float], method: str, number: int) -> list[float]:
    """The upper limits of at most `number` classes, ascending; the last is the largest figure, or above it.

    `quantile`: about equally many areas in each; equal figures share a class. `equal`: equally wide, from the smallest
    to the largest. `fixed`: equally wide from 0 in round numbers. Whole numbers have limits that are whole.
    """
    ordered = sorted(values)
    if not ordered:
        return []
    whole = all(value == int(value) for value in ordered)
    if method == QUANTILE:
        return sorted({ordered[math.ceil(len(ordered) * part / number) - 1] for part in range(1, number + 1)})
    low, high = ordered[0], ordered[-1]
    if method == FIXED:
        step = _round_step(high / number, whole=whole)
        count = max(math.ceil(round(high / step, 9)), 1)
        return [_tidy(step * part) for part in range(1, count + 1)]
    limits = [low + (high - low) * part / number for part in range(1, number)]
    return sorted({*(math.floor(limit) if whole else limit for limit in limits), high})


def classes(values: Iterable[float], limits: Sequence[float], *, method: str) -> list[Class]:
    """The classes with these upper limits. Figures above the last limit are in the last class.

    Quantile classes go from the smallest to the largest figure that they hold; others from limit to limit, of whole
    numbers from the number after it.
    """
    if not limits:
        return []
    held: list[list[float]] = [[] for _ in limits]
    every = list(values)
    for value in every:
        held[position(value, limits)].append(value)
    if method == QUANTILE:
        return [Class(min(inside), max(inside), len(inside)) for inside in held if inside]
    whole = all(value == int(value) for value in (*every, *limits))
    low = 0 if method == FIXED else min([*every, *limits[:1]])
    made = []
    for limit, inside in zip(limits, held, strict=True):
        made.append(Class(min([low, *inside]), max([limit, *inside]), len(inside)))
        low = limit + 1 if whole else limit
    return made


def position(value: float, limits: Sequence[float]) -> int:
    """The number of a figure's class, from 0."""
    return min(bisect_left(limits, value), len(limits) - 1)


def _round_step(least: float, *, whole: bool) -> float:
    """The smallest of 1, 2, 2.5, 3, 4 and 5 times a power of ten that is not under `least`; whole for whole numbers."""
    if whole:
        least = max(least, 1)
    if least <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(least))
    steps = (_tidy(size * by) for by in (1, 2, 2.5, 3, 4, 5, 10))
    return next(step for step in steps if step >= least * (1 - 1e-9) and not (whole and step % 1))


def _tidy(number: float) -> float:
    """Without what binary fractions add: 0.30000000000000004 is 0.3."""
    tidy = float(f"{number:.9g}")
    return int(tidy) if tidy == int(tidy) else tidy
