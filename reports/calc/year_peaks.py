"""In which month of the year most was counted, and whether that is more than chance makes of an even year. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

YEARS = 3
# Of twelve even months the highest lies further above the mean than this in about one year in twenty.
_SURE = 2.64


@dataclass(frozen=True, slots=True)
class Peak:
    """The month of the year (1 to 12) with the highest count over whole years, of the total."""

    month: int
    count: int
    total: int

    @property
    def even(self) -> float:
        """What each month of the year would have had if all were alike."""
        return self.total / 12


def peak_of(months: Sequence[date], counts: Sequence[int | None]) -> tuple[Peak, date] | None:
    """The peak of the newest three whole years in which every month is known, and their last month.

    `months` are consecutive first days, oldest first, `counts` theirs (None = unknown or in part). None where there are
    no such years up to the newest known month, where two months share the highest count, and where the highest is no
    higher than chance makes it.
    """
    newest = max((at for at, count in enumerate(counts) if count is not None), default=-1) + 1
    first = newest - 12 * YEARS
    if first < 0:
        return None
    by_month = [0] * 12
    for month, count in zip(months[first:newest], counts[first:newest], strict=True):
        if count is None:
            return None
        by_month[month.month - 1] += count
    highest = max(by_month)
    found = Peak(by_month.index(highest) + 1, highest, sum(by_month))
    if by_month.count(highest) > 1 or highest - found.even <= _SURE * sqrt(found.even):
        return None
    return found, months[newest - 1]
