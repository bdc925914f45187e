"""In which month of the year most was counted, and whether that is more than chance makes of an even year. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

# Looked at, and needed at least: years of twelve months up to the newest that is known.
YEARS, LEAST = 3, 2
# Of twelve even months the highest lies more than three deviations above the mean in about one case in sixty; with
# fewer than five a month in even years, counts are too small to say.
_SURE, SMALLEST = 3, 60


@dataclass(frozen=True, slots=True)
class Peak:
    """The month of the year (1 to 12) with the highest count over some whole years, of the total."""

    month: int
    count: int
    total: int
    years: int

    @property
    def even(self) -> float:
        """What each month of the year would have had if all were alike."""
        return self.total / 12


def peak_of(months: Sequence[date], counts: Sequence[int | None]) -> tuple[Peak, date] | None:
    """The peak of the newest three years, those with an unknown month left out whole, and the last month looked at.

    `months` are consecutive first days, oldest first, `counts` theirs (None = unknown or in part). None where fewer
    than two years are whole, where fewer than 60 were counted, where two months share the highest count, and where the
    highest is no higher than chance makes it.
    """
    end = max((at for at, count in enumerate(counts) if count is not None), default=-1) + 1
    by_month, years = [0] * 12, 0
    for first in range(end - 12, max(end - 12 * YEARS, 0) - 1, -12):
        year = counts[first : first + 12]
        if None not in year:
            years += 1
            for month, count in zip(months[first : first + 12], year, strict=True):
                by_month[month.month - 1] += count or 0
    highest = max(by_month)
    found = Peak(by_month.index(highest) + 1, highest, sum(by_month), years)
    if (
        years < LEAST
        or found.total < SMALLEST
        or by_month.count(highest) > 1
        or highest - found.even <= _SURE * sqrt(found.even)
    ):
        return None
    return found, months[end - 1]
