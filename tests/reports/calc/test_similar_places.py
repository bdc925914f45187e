"""Which groups of areas are most like a place: by hand, and beside a plain recomputation."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc import similar_places as calc
from tests.reference import similar as reference

WIDE = 5


def grid(number: int) -> dict[int, list[int]]:
    """Squares in rows of five; those at a corner touch, too."""
    return {
        at: [
            other
            for other in range(number)
            if other != at and abs(other % WIDE - at % WIDE) <= 1 and abs(other // WIDE - at // WIDE) <= 1
        ]
        for at in range(number)
    }


def test_the_three_numbers_of_likeness() -> None:
    flat, rising = np.full(12, 10.0), np.arange(12.0) + 4.5  # both 10 a month; one more each month
    alike = calc.likeness(flat, np.array([6.0, 4.0]), 2 * rising, np.array([10.0, 10.0]))
    assert alike
    assert alike.level_ratio == pytest.approx(2)
    assert alike.trend_difference == pytest.approx(120)  # a tenth of the mean a month
    assert alike.mix_difference == pytest.approx(0.1)
    assert calc.Likeness(1.5, 10, 0.1).distance == pytest.approx(3)
    assert calc.likeness(flat, np.ones(2), np.zeros(12), np.zeros(2)) is None


def test_months_that_are_unknown_are_no_part_of_a_trend() -> None:
    counts = np.array([1.0, np.nan, 3.0, 4.0, np.nan, 6.0])
    assert calc.trend(counts) == pytest.approx(100 * 12 / 3.5)
    assert calc.trend(np.array([np.nan, 5.0])) == 0


def test_the_like_is_nearest_and_none_touches_another() -> None:
    place = np.array([10.0, 12, 9, 11])
    counts = np.ones((15, 4))
    counts[[0, 2, 14]] = place  # 0 and 2 are apart, 14 too
    counts[1] = place + 1  # nearly as alike, but between the two
    mixes = np.tile([3.0, 1.0], (15, 1))
    found = calc.proposals(place, np.array([3.0, 1.0]), counts, mixes, grid(15), range(15), 1)
    assert [group.members for group in found] == [(0,), (2,), (14,)]
    assert all(group.likeness.distance == pytest.approx(0) for group in found)
    assert not calc.proposals(place, np.array([3.0, 1.0]), counts, mixes, grid(15), [4, 5], 1), "a tenth is no likeness"


@given(st.integers(0, 2**32 - 1))
def test_proposals_are_those_of_the_plain_recomputation(seed: int) -> None:
    random = Random(seed)
    number, months, size = random.randint(1, 25), random.randint(2, 14), random.randint(1, 4)
    unknown = [random.random() < 0.15 for _ in range(months)]
    place = [None if hidden else random.randint(0, 40) * size for hidden in unknown]
    counts = [[None if hidden else random.randint(0, 40) for hidden in unknown] for _ in range(number)]
    mixes = [[random.randint(0, 9) for _ in range(3)] for _ in range(number)]
    mix = [random.randint(0, 9) for _ in range(3)]
    allowed = [at for at in range(number) if random.random() < 0.8]
    expected = reference.proposals(place, mix, counts, mixes, grid(number), allowed, size)
    table = np.array([[np.nan if n is None else n for n in row] for row in counts], np.float64)
    found = calc.proposals(
        np.array([np.nan if n is None else n for n in place], np.float64),
        np.array(mix, np.float64),
        table,
        np.array(mixes, np.float64),
        grid(number),
        allowed,
        size,
    )
    assert [group.members for group in found] == [members for members, *_ in expected]
    for group, (_, *numbers) in zip(found, expected, strict=True):
        alike = group.likeness
        assert [alike.level_ratio, alike.trend_difference, alike.mix_difference] == pytest.approx(numbers)
