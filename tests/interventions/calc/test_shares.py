"""Exact intervals of shares, against the definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from interventions.calc.shares import share


@pytest.mark.parametrize("whole", [1, 10, 137])
def test_of_none_and_of_all_there_is_a_formula(whole: int) -> None:
    none, every = share(0, whole), share(whole, whole)
    assert none is not None
    assert every is not None
    assert (none.low, none.high) == pytest.approx((0, 1 - 0.025 ** (1 / whole)))
    assert (every.low, every.high) == pytest.approx((0.025 ** (1 / whole), 1))


@given(st.integers(1, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_at_its_ends_the_count_is_just_not_unlikely(both: tuple[int, int]) -> None:
    """The definition: at the lower end so many or more have a chance of 2.5%, at the upper so many or fewer."""
    count, whole = both
    found = share(count, whole)
    assert found is not None
    assert found.low <= found.value <= found.high
    if count:
        assert float(stats.binom.sf(count - 1, whole, found.low)) == pytest.approx(0.025, rel=1e-6)
    if count < whole:
        assert float(stats.binom.cdf(count, whole, found.high)) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize(("count", "whole"), [(0, 0), (3, 2), (-1, 4)])
def test_no_share_of_nothing(count: int, whole: int) -> None:
    assert share(count, whole) is None
