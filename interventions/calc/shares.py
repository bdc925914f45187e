"""Shares of small counts, with exact intervals. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a whole, and between which shares (0 to 1) the true one lies with a chance of 95% or more."""

    count: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.count / self.whole


def share(count: int, whole: int, level: float = 0.95) -> Share | None:
    """The share with its exact (Clopper and Pearson 1934) interval; None where there is no whole, or less than the
    part."""
    if not 0 <= count <= whole or not whole:
        return None
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, count, whole - count + 1)) if count else 0.0
    high = float(stats.beta.ppf(1 - tail, count + 1, whole - count)) if count < whole else 1.0
    return Share(count, whole, low, high)
