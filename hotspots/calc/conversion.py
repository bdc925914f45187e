"""Published counts of one set of wards on another set, by where people live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

# area -> its shares in wards, between 0 and 1
Shares = Mapping[str, Mapping[str, float]]


def matrix(
    old: Shares, new: Shares, residents: Mapping[str, int], old_wards: Sequence[str], new_wards: Sequence[str]
) -> NDArray[np.float64]:
    """Share of each old ward's residents who live in each new ward, shape (old wards, new wards).

    `old` and `new` give the shares of every LSOA in the wards of each set, `residents` the people of every LSOA; one
    that is missing in any of them does not count. Rows sum to 1, or to 0 where an old ward has no known resident.
    """
    column = {ward: index for index, ward in enumerate(new_wards)}
    row = {ward: index for index, ward in enumerate(old_wards)}
    people = np.zeros((len(row), len(column)))
    for lsoa, into in new.items():
        for source, part in old.get(lsoa, {}).items():
            for target, share in into.items():
                if source in row and target in column:
                    people[row[source], column[target]] += residents.get(lsoa, 0) * part * share
    total = people.sum(axis=1, keepdims=True)
    return np.divide(people, total, out=np.zeros_like(people), where=total > 0)


def largest_remainder(shares: NDArray[np.float64], total: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers in proportion to `shares` (..., n) whose sum over the last axis is exactly `total` (...).

    Every number is its exact proportion rounded up or down; those with the largest remainders are rounded up (ties: the
    first). Raises ValueError for a total above zero that has no share above zero, and for negative numbers.
    """
    weight = shares.sum(axis=-1)
    if (shares < 0).any() or (total < 0).any() or ((weight <= 0) & (total > 0)).any():
        raise ValueError("Shares and totals must not be negative, and something must share a total above zero.")
    unit = np.divide(total, weight, out=np.zeros(np.shape(total)), where=weight > 0)
    exact = shares * unit[..., None]
    whole = np.floor(exact).astype(np.int64)
    missing = (total - whole.sum(axis=-1))[..., None]
    # rank 0 = largest remainder; a share of nothing gets nothing
    remainder = np.where(shares > 0, exact - whole, -1.0)
    rank = np.argsort(np.argsort(-remainder, axis=-1, kind="stable"), axis=-1, kind="stable")
    result: NDArray[np.int64] = whole + (rank < missing)
    return result


def convert(counts: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Counts (..., old wards) on the new wards (..., new wards) by `matrix`: whole numbers, every total kept.

    None where a ward with counts has no known resident: what cannot be placed must not be lost.
    """
    placeless = shares.sum(axis=1) == 0
    if counts[..., placeless].any():
        return None
    return largest_remainder(counts @ shares, counts.sum(axis=-1))
