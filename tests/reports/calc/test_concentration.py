"""Concentration against the packages of those who defined it, and against plain sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.concentration import excess, fewest_holding, generalised_gini, gini, lorenz, picked
from tests.reference import places_of_crime as reference

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=30)


def test_the_ginis_of_bernasco_and_steenbeek() -> None:
    # wsteenbeek/lorenzgini @aba5d1b, the examples of its help page.
    cases = [[10, 8, 2, *[0] * 7], [5, 2, 1, *[0] * 7], [10, *[0] * 9], [10, *[0] * 99]]
    assert [gini(case) for case in cases] == pytest.approx([0.78, 0.8, 0.9, 0.99], abs=1e-9, rel=0)
    assert [generalised_gini(case) for case in cases] == pytest.approx([0.78, 0.75, 0.9, 0.9], abs=1e-9, rel=0)
    assert gini([0, 0]) is None
    assert generalised_gini([]) is None


def test_pai_pei_and_rri_of_ptools() -> None:
    # apwheele/ptools @31c972b, the example of pai(): of equal ones the worst counts first.
    found = picked([8, 4, 4, 2, 1, 0], [6, 7, 3, 2, 1, 0], [1] * 6)
    pai = [1.89473684210526, 1.42105263157895, 1.68421052631579, 1.42105263157895, 1.2, 1.0]
    assert [one.pai for one in found] == pytest.approx(pai, abs=1e-9, rel=0)
    assert [one.pei for one in found] == pytest.approx([6 / 7, 9 / 13, 1, 1, 1, 1], abs=1e-9, rel=0)
    assert [one.rri for one in found] == pytest.approx([4 / 3, 4 / 3, 1, 1, 1, 1], abs=1e-9, rel=0)
    nothing = picked([3, 1], [0, 0], [1, 1])
    assert [(one.hit_rate, one.pai, one.pei, one.rri) for one in nothing] == [(None, None, None, None)] * 2


def test_places_of_unlike_size_are_judged_by_their_ground() -> None:
    first, whole = picked([9, 1], [30, 10], [3.0, 1.0], score=[0, 1])
    assert (first.area_share, first.hit_rate, first.pai) == (0.25, 0.25, 1.0)
    # The best quarter of the ground: all of the small one, or a third of the large one. Both have ten.
    assert first.pei == pytest.approx(1.0)
    assert first.rri == pytest.approx(0.1)
    assert (whole.hit_rate, whole.pai, whole.pei) == (1.0, 1.0, 1.0)


@given(COUNTS)
def test_curve_and_ginis_are_plain_sums(counts: list[int]) -> None:
    assert lorenz(counts).tolist() == pytest.approx(reference.lorenz(counts))
    found, wanted = (gini(counts), generalised_gini(counts)), reference.ginis(counts)
    assert found == (None, None) if wanted is None else found == pytest.approx(wanted, abs=1e-9)
    half = fewest_holding(counts, 0.5)
    ordered = sorted(counts, reverse=True)
    if not sum(counts):
        assert half == 0
    else:
        assert 2 * sum(ordered[:half]) >= sum(counts) > 2 * sum(ordered[: half - 1])


def test_a_share_is_reached_whatever_its_last_digit() -> None:
    assert fewest_holding([1] * 10, 0.1 + 0.2) == 3


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=15))
def test_the_best_that_the_ground_could_hold_is_never_beaten(rows: list[tuple[int, int, int]]) -> None:
    for one in picked(*zip(*rows, strict=True)):
        assert one.pei is None or one.pei <= 1 + 1e-9
        assert 0 < one.area_share <= 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 5_000)), min_size=2, max_size=15))
def test_the_excess_is_a_ratio_of_likelihoods(rows: list[tuple[int, int]]) -> None:
    counts, sizes = [count for count, _ in rows], [size for _, size in rows]
    assert excess(counts, sizes).tolist() == pytest.approx(reference.excess(counts, sizes), abs=1e-6)


def test_neither_few_crimes_on_little_ground_nor_a_large_area_lead() -> None:
    # A busy middling place; a dense small one with few crimes; a large one with many, thinly spread; the rest.
    busy, dense, large, rest = excess([300, 6, 400, 294], [10, 0.1, 40, 50])
    assert busy > dense > 0
    assert busy > large
    assert rest < 0
    assert excess([0, 0], [1, 2]).tolist() == [0, 0]
