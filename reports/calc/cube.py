"""Sums, shifts and rates over a cube of monthly counts: areas x categories x months. Pure numpy.

Counts are whole numbers. `coverage` has the same shape: UNKNOWN (the count is then 0 and means nothing), PARTIAL (far
too low to compare with or add to others), WITHOUT_TRANSPORT_POLICE, COMPLETE. Months are consecutive, on the last axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int32]
Coverage = NDArray[np.int8]
Mask = NDArray[np.bool_]
UNKNOWN, PARTIAL, WITHOUT_TRANSPORT_POLICE, COMPLETE = range(4)


def group(
    counts: Counts, coverage: Coverage, parts: Sequence[Sequence[int]], exempt: Mask | None = None
) -> tuple[Counts, Coverage]:
    """Counts and coverage (areas x months) of a group of categories.

    `parts` are indexes of categories. The group is known where each part has a known category; its count is the sum
    of the known ones, its coverage the worst of theirs. `exempt` (categories x months) marks categories that did not
    exist then: a part of such categories alone need not be known, but something must be.
    """
    known = coverage > UNKNOWN
    members = [index for part in parts for index in part]
    sure = known[:, members].any(axis=1)
    for part in parts:
        fine = known[:, part].any(axis=1)
        sure &= fine if exempt is None else fine | exempt[part].all(axis=0)
    worst = np.where(known, coverage, COMPLETE)[:, members].min(axis=1)
    return counts[:, members].sum(axis=1, dtype=np.int32) * sure, (worst * sure).astype(np.int8)


def earlier(counts: Counts, known: Mask, months: int) -> tuple[Counts, Mask]:
    """The count `months` months before each month, and where it is known; unknown before the cube begins."""
    shifted, shifted_known = np.zeros_like(counts), np.zeros_like(known)
    shifted[..., months:], shifted_known[..., months:] = counts[..., :-months], known[..., :-months]
    return shifted, shifted_known


def rolling(counts: Counts, known: Mask, months: int = 12) -> tuple[Counts, Mask]:
    """The sum of the `months` months that end with each month, and where all of them are known."""

    def windows(values: NDArray[np.int32]) -> NDArray[np.int32]:
        total = np.cumsum(values, axis=-1, dtype=np.int32)
        total[..., months:] -= total[..., :-months].copy()
        return total

    return windows(counts), windows(known.astype(np.int32)) == months


def rate_per_1000(counts: Counts, residents: NDArray[np.int64]) -> NDArray[np.float64]:
    """Counts per 1,000 residents (areas x months; 0 = not known), NaN without residents."""
    people = np.where(residents > 0, residents, np.nan)[:, np.newaxis, :]
    return counts * 1000 / people
