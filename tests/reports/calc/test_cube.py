from __future__ import annotations

import numpy as np
import pytest

from reports.calc import cube

COMPLETE, PARTIAL, UNKNOWN = cube.COMPLETE, cube.PARTIAL, cube.UNKNOWN


def one_area(*categories: list[int]) -> np.ndarray:
    return np.array([categories], dtype=np.int32)


def test_group_adds_known_members_and_is_unknown_where_one_is() -> None:
    counts = one_area([1, 2, 0], [10, 20, 30])
    coverage = one_area([COMPLETE, PARTIAL, UNKNOWN], [COMPLETE, COMPLETE, COMPLETE]).astype(np.int8)
    total, cover = cube.group(counts, coverage, [[0], [1]])
    assert total.tolist() == [[11, 22, 0]]
    assert cover.tolist() == [[COMPLETE, PARTIAL, UNKNOWN]]


def test_group_of_parts_needs_one_known_category_of_each() -> None:
    counts = one_area([5, 0], [0, 0], [1, 1])
    coverage = one_area([COMPLETE, UNKNOWN], [UNKNOWN, UNKNOWN], [COMPLETE, COMPLETE]).astype(np.int8)
    total, cover = cube.group(counts, coverage, [[0, 1], [2]])
    assert total.tolist() == [[6, 0]]
    assert cover.tolist() == [[COMPLETE, UNKNOWN]]


def test_group_does_without_categories_that_did_not_exist() -> None:
    counts = one_area([5, 5, 0], [0, 7, 0])
    coverage = one_area([COMPLETE, COMPLETE, UNKNOWN], [UNKNOWN, COMPLETE, UNKNOWN]).astype(np.int8)
    exempt = np.array([[False, False, True], [True, False, True]])
    total, cover = cube.group(counts, coverage, [[0], [1]], exempt)
    assert total.tolist() == [[5, 12, 0]]
    assert cover.tolist() == [[COMPLETE, COMPLETE, UNKNOWN]], "in the last month nothing existed: unknown, not zero"


def test_earlier_and_rolling_are_unknown_beyond_the_first_month_and_across_a_gap() -> None:
    counts = np.arange(1, 16, dtype=np.int32).reshape(1, 1, 15)
    known = np.ones(counts.shape, dtype=bool)
    known[..., 1] = False
    counts[..., 1] = 0
    before, sure = cube.earlier(counts, known, 1)
    assert before[0, 0, :4].tolist() == [0, 1, 0, 3]
    assert sure[0, 0, :4].tolist() == [False, True, False, True]
    last_year, sure = cube.earlier(counts, known, 12)
    assert last_year[0, 0, 12:].tolist() == [1, 0, 3]
    assert sure[0, 0].tolist() == [False] * 12 + [True, False, True]
    total, sure = cube.rolling(counts, known)
    assert sure[0, 0].tolist() == [False] * 13 + [True, True]
    assert total[0, 0, 13:].tolist() == [sum(range(3, 15)), sum(range(4, 16))]


@pytest.mark.parametrize("months", [1, 5, 12])
def test_short_cubes_have_no_last_year(months: int) -> None:
    counts, known = np.ones((2, 3, months), dtype=np.int32), np.ones((2, 3, months), dtype=bool)
    assert not cube.earlier(counts, known, 12)[1].any()
    assert cube.rolling(counts, known)[1].sum() == (6 if months == 12 else 0)


def test_rate_has_the_residents_of_the_area_and_none_without() -> None:
    counts = np.array([[[3, 4]], [[5, 6]]], dtype=np.int32)
    rate = cube.rate_per_1000(counts, np.array([[1500, 2000], [0, 3000]]))
    assert rate[0, 0].tolist() == [2.0, 2.0]
    assert np.isnan(rate[1, 0, 0])
    assert rate[1, 0, 1] == 2.0
