"""What months looked like before: the range in which a month of the baseline would lie but about once in 370.

XmR limits (mean and 2.66 times the mean moving range, as the NHS draws them) where the mean is 10 or more. Smaller
counts are not symmetric: there the range is that of a quasi-Poisson count (its variance phi times its mean, phi from
the months themselves) at the level of three standard deviations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from scipy.stats import nbinom, norm, poisson

MOVING_RANGES = 2.66
# Fewer months say nothing of the range; with fewer than these it is provisional.
LEAST_MONTHS, FULL_MONTHS = 6, 24
# From this mean on a month's counts are near enough symmetric.
LEAST_MEAN = 10
# Below either end: what lies outside three standard deviations of a normal.
TAIL = float(norm.sf(3))


@dataclass(frozen=True, slots=True)
class Range:
    """A month below `low` or above `high` is outside. `months` is how many were known, `provisional` under 24."""

    mean: float
    low: float
    high: float
    months: int
    provisional: bool


def baseline_range(values: Sequence[int | None]) -> Range | None:
    """The range of the counts of consecutive months, oldest first; None months are left out.

    None where fewer than six months are known.
    """
    known = [value for value in values if value is not None]
    if len(known) < LEAST_MONTHS:
        return None
    mean = fmean(known)
    moves = [abs(after - before) for before, after in pairwise(values) if before is not None and after is not None]
    if mean >= LEAST_MEAN and moves:
        reach = MOVING_RANGES * fmean(moves)
        low, high = max(mean - reach, 0.0), mean + reach
    else:
        low, high = _exact(known, mean)
    return Range(mean, low, high, len(known), len(known) < FULL_MONTHS)


def _exact(known: Sequence[int], mean: float) -> tuple[float, float]:
    if not mean:
        mean = 0.5 / len(known)  # no crime in all these months does not mean that there can be none
    phi = sum((value - mean) ** 2 for value in known) / mean / (len(known) - 1)
    # Not `nbinom(...)`: making such an object takes seven times as long as asking.
    if phi > 1:
        shape = mean / (phi - 1), 1 / phi
        return float(nbinom.ppf(TAIL, *shape)), float(nbinom.isf(TAIL, *shape))
    return float(poisson.ppf(TAIL, mean)), float(poisson.isf(TAIL, mean))
