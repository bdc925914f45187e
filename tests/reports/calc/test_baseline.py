"""The range of a baseline: published XmR limits, and for small counts the tails worked out term by term."""

from __future__ import annotations

from itertools import count
from math import exp, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.baseline import TAIL, Range, baseline_range


def test_limits_of_nist() -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2: mean 50.81, limits 45.8159 and 55.8041 with 3/1.128 in place of 2.66."""
    values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = baseline_range(values)  # type: ignore[arg-type]  # the handbook's example is of no counts
    assert found is not None
    assert found.mean == pytest.approx(50.81, abs=1e-9)
    ends = [found.mean + (end - found.mean) / 2.66 * 3 / 1.128 for end in (found.low, found.high)]
    assert ends == pytest.approx([45.8159, 55.8041], abs=5e-5)


def test_limits_of_the_nhs() -> None:
    """NHSRplotthedots' limits of twelve months: 14.93818 and 26.06182 around 20.5."""
    found = baseline_range([20, 22, 19, 21, 23, 20, 18, 22, 21, 20, 19, 21])
    assert found is not None
    assert (found.mean, found.months, found.provisional) == (20.5, 12, True)
    assert [found.low, found.high] == pytest.approx([14.9381818, 26.0618182])


def test_months_that_are_not_known_are_left_out() -> None:
    """Nor is there a move across them: 10 to 30 are no neighbours here."""
    found = baseline_range([10, 12, 10, None, 30, 32, 30])
    assert found is not None
    assert found.months == 6
    assert found.high - found.mean == found.mean - found.low == pytest.approx(2 * 2.66)
    assert baseline_range([10, 12, 10, None, 30, 32]) is None
    assert baseline_range([]) is None


def test_a_full_baseline_is_not_provisional() -> None:
    for months, provisional in ((23, True), (24, False)):
        found = baseline_range([15, 16] * 11 + [15] * (months - 22))
        assert found
        assert found.provisional is provisional


def test_months_without_any_crime_leave_room_for_one() -> None:
    assert baseline_range([0] * 24) == Range(0.0, 0.0, 1.0, 24, False)
    # The fewer the months, the more there could be: the mean is taken as half a crime in all of them.
    assert baseline_range([0] * 6) == Range(0.0, 0.0, 2.0, 6, True)
    assert baseline_range([0] * 14) == Range(0.0, 0.0, 1.0, 14, True)


def test_xmr_from_a_mean_of_ten_on_and_not_below_zero() -> None:
    ten = baseline_range([9, 11] * 3)
    assert ten is not None
    assert [ten.low, ten.high] == pytest.approx([10 - 2 * 2.66, 10 + 2 * 2.66])
    wide = baseline_range([0, 40] * 3)
    assert wide is not None
    assert [wide.low, wide.high] == pytest.approx([0, 20 + 40 * 2.66])
    # Without two months side by side there is no move: the exact range then, of a Poisson count of mean 20.
    alone = baseline_range([20, None] * 6)
    assert alone is not None
    assert (alone.low, alone.high) == plain(20, 1)


def test_small_counts_that_vary_a_little_more_than_a_poisson() -> None:
    months = [2, 5, 3, 7, 1, 4, 6, 2, 4, 8, 3, 4]
    mean = sum(months) / 12
    phi = sum((month - mean) ** 2 for month in months) / 11 / mean
    assert 1 < phi < 1.2
    found = baseline_range(months)
    assert found is not None
    assert (found.low, found.high) == plain(mean, phi) != plain(mean, 1)


def test_the_tail_is_that_of_three_standard_deviations() -> None:
    assert pytest.approx(0.0013498980316301, abs=1e-12) == TAIL


def plain(mean: float, phi: float) -> tuple[int, int]:
    """The range of a count of this mean and variance phi x mean: what lies outside has at most TAIL on either side."""
    below, low = 0.0, -1
    for k in count():
        # Nearer to one, the size is so large that the difference of these logarithms is only rounding.
        if phi > 1 + 1e-9:
            size = mean / (phi - 1)
            chance = exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1) - size * log(phi) + k * log(1 - 1 / phi))
        else:
            chance = exp(k * log(mean) - mean - lgamma(k + 1))
        below += chance
        low = k if low < 0 and below >= TAIL else low
        if 1 - below <= TAIL:
            return low, k
    raise AssertionError


@given(st.lists(st.integers(0, 18), min_size=6, max_size=30).filter(lambda months: 0 < sum(months) < 10 * len(months)))
def test_small_counts(months: list[int]) -> None:
    mean = sum(months) / len(months)
    variance = sum((month - mean) ** 2 for month in months) / (len(months) - 1)
    low, high = plain(mean, max(1.0, variance / mean))
    found = baseline_range([*months])
    assert found
    assert (found.low, found.high) == (low, high)
