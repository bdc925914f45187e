import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.classes import EQUAL, FIXED, QUANTILE, classes, position, tops

METHODS = st.sampled_from([QUANTILE, EQUAL, FIXED])
FIGURES = st.one_of(
    st.lists(st.integers(0, 5000), min_size=1, max_size=80),
    st.lists(st.floats(0, 900).map(lambda value: round(value, 4)), min_size=1, max_size=80),
)


@given(FIGURES, METHODS, st.integers(3, 7))
def test_every_figure_is_in_one_class_and_the_classes_count_them_all(
    values: list[float], method: str, number: int
) -> None:
    limits = tops(values, method, number)
    made = classes(values, limits, method=method)
    assert 1 <= len(made) <= number
    assert limits == sorted(set(limits))
    assert sum(one.areas for one in made) == len(values)
    for index, one in enumerate(made):
        inside = [value for value in values if position(value, limits) == index]
        assert len(inside) == one.areas
        assert all(one.low <= value <= one.high for value in inside)
    assert all(one.high <= other.low for one, other in pairwise(made))
    assert all(one.low <= one.high for one in made)


@given(FIGURES, st.integers(3, 7))
def test_round_numbers_are_round_and_begin_at_nothing(values: list[float], number: int) -> None:
    limits = tops(values, FIXED, number)
    step = limits[0]
    digits = step / 10 ** math.floor(math.log10(step))
    assert min(abs(digits - round_one) for round_one in (1, 2, 2.5, 3, 4, 5)) < 1e-6
    assert classes(values, limits, method=FIXED)[0].low == 0
    assert all(other - one == pytest.approx(step) for one, other in pairwise(limits))


@given(st.lists(st.integers(0, 500), min_size=14, max_size=80, unique=True), st.integers(3, 7))
def test_quantiles_hold_equally_many(values: list[int], number: int) -> None:
    made = classes(values, tops(values, QUANTILE, number), method=QUANTILE)
    assert max(one.areas for one in made) - min(one.areas for one in made) <= 1


def test_each_method_on_known_figures() -> None:
    values = [0, 1, 2, 3, 10, 47, 100]
    assert tops(values, QUANTILE, 3) == [2, 10, 100]
    assert tops(values, EQUAL, 4) == [25, 50, 75, 100]
    assert tops(values, FIXED, 4) == [25, 50, 75, 100]
    assert tops(values, FIXED, 5) == [20, 40, 60, 80, 100]
    assert tops([1, 7], FIXED, 3) == [3, 6, 9]
    assert tops([0.4, 0.7], FIXED, 3) == [0.25, 0.5, 0.75]
    found = classes(values, [25, 50, 75, 100], method=EQUAL)
    assert [(one.low, one.high, one.areas) for one in found] == [(0, 25, 5), (26, 50, 1), (51, 75, 0), (76, 100, 1)]


def test_limits_of_another_month_hold_what_lies_outside_them() -> None:
    found = classes([1, 60, 130], [50, 100], method=FIXED)
    assert [(one.low, one.high, one.areas) for one in found] == [(0, 50, 1), (51, 130, 2)]


@pytest.mark.parametrize("method", [QUANTILE, EQUAL, FIXED])
def test_nothing_known_and_all_alike(method: str) -> None:
    assert tops([], method, 5) == []
    assert classes([], [], method=method) == []
    alike = classes([7, 7, 7], tops([7, 7, 7], method, 5), method=method)
    assert [one.areas for one in alike if one.areas] == [3]
    nothing = classes([0, 0], tops([0, 0], method, 5), method=method)
    assert [one.areas for one in nothing] == [2]
