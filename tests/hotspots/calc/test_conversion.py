"""Whole numbers in proportion: totals are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.calc.conversion import convert, largest_remainder, matrix

SHARES = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=8).filter(lambda s: sum(s) > 1e-6)


@given(SHARES, st.integers(0, 100_000))
def test_largest_remainder_keeps_the_total_and_rounds_up_or_down(shares: list[float], total: int) -> None:
    array = np.array(shares)
    result = largest_remainder(array, np.array(total))
    assert result.sum() == total
    assert (result >= 0).all()
    assert (np.abs(result - array / array.sum() * total) <= 1 + 1e-6).all()
    assert not result[array == 0].any()


def test_ties_go_to_the_first() -> None:
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), np.array(4)).tolist() == [2, 1, 1]


@pytest.mark.parametrize(("shares", "total"), [([0.0, 0.0], 1), ([-1.0, 2.0], 1), ([1.0], -1)])
def test_what_has_no_answer_is_an_error(shares: list[float], total: int) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        largest_remainder(np.array(shares), np.array(total))


OLD = {"L1": {"A": 1.0}, "L2": {"A": 0.5, "B": 0.5}, "L3": {"B": 1.0}, "L9": {"A": 1.0}}
NEW = {"L1": {"X": 1.0}, "L2": {"Y": 1.0}, "L3": {"X": 0.25, "Y": 0.75}}
PEOPLE = {"L1": 1000, "L2": 2000, "L3": 1000}


def test_matrix_by_residents() -> None:
    # A: L1 1000 to X, half of L2 1000 to Y. B: the other half 1000 to Y, L3 250 to X and 750 to Y.
    shares = matrix(OLD, NEW, PEOPLE, ["A", "B", "C"], ["X", "Y"])
    assert shares.tolist() == [[0.5, 0.5], [0.125, 0.875], [0.0, 0.0]]


def test_counts_that_cannot_be_placed_are_not_lost() -> None:
    shares = matrix(OLD, NEW, PEOPLE, ["A", "B", "C"], ["X", "Y"])
    moved = convert(np.array([[10, 8, 0]]), shares)
    assert moved is not None
    assert moved.tolist() == [[6, 12]]
    assert convert(np.array([[10, 8, 1]]), shares) is None


@given(st.lists(st.lists(st.integers(0, 500), min_size=3, max_size=3), min_size=1, max_size=5), st.data())
def test_converting_keeps_every_total(counts: list[list[int]], data: st.DataObject) -> None:
    lsoas = [f"L{n}" for n in range(6)]
    part = st.floats(0.05, 1)
    old = {lsoa: {ward: data.draw(part) for ward in "ABC"} for lsoa in lsoas}
    new = {lsoa: {ward: data.draw(part) for ward in "WXYZ"} for lsoa in lsoas}
    shares = matrix(old, new, dict.fromkeys(lsoas, 1500), list("ABC"), list("WXYZ"))
    assert np.allclose(shares.sum(axis=1), 1)
    table = np.array(counts)
    result = convert(table, shares)
    assert result is not None
    assert result.dtype == np.int64
    assert (result.sum(axis=1) == table.sum(axis=1)).all()
