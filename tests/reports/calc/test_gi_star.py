"""Gi* against R's spdep, and against sums written out place by place."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.gi_star import discoveries, neighbours, upper_tail, z_scores
from tests.reference import places_of_crime as reference

GRID = [shapely.box(x, y, x + 100, y + 100) for y in range(0, -500, -100) for x in range(0, 500, 100)]
COUNTS = [2, 3, 1, 0, 1, 4, 9, 8, 1, 0, 3, 10, 12, 2, 1, 1, 2, 3, 1, 0, 0, 1, 0, 2, 1]
# R 4.2.2, spdep 1.2-7: localG() of the counts above with binary weights, queen neighbours and include.self().
SPDEP = [
    *(1.15584415584416, 1.48825639674987, 0.791507147335138, -0.741341201377277, -1.44155844155844),
    *(2.04565579628166, 3.41213428369006, 2.66820965788554, 0.188460905203812, -1.57744030067496),
    *(1.76695609651577, 3.41213428369006, 2.91618453315372, 0.436435780471985, -1.57744030067496),
    *(0.0947578979204038, 0.932385531008331, 1.05637296864242, -0.307488845332535, -1.29874060090906),
    *(-1.11688311688312, -1.29874060090906, -1.02004090114317, -1.29874060090906, -1.11688311688312),
]


def test_it_says_what_spdep_says() -> None:
    assert z_scores(np.array(COUNTS, float), neighbours(GRID)) == pytest.approx(SPDEP, abs=1e-9, rel=0)


@given(st.lists(st.one_of(st.integers(0, 60), st.none()), min_size=25, max_size=25))
def test_it_is_the_sum_written_out_and_the_unknown_have_no_part(counts: list[int | None]) -> None:
    expected = reference.gi_star(counts, reference.queen(5, 5))
    found = z_scores(np.array([np.nan if one is None else one for one in counts], float), neighbours(GRID))
    for score, wanted in zip(found.tolist(), expected, strict=True):
        assert np.isnan(score) if wanted is None else score == pytest.approx(wanted, abs=1e-9)


def test_slivers_between_shapes_do_not_part_them_and_islands_have_the_nearest() -> None:
    shapes = [shapely.box(0, 0, 100, 100), shapely.box(104, 0, 200, 100), shapely.box(0, 104, 100, 200)]
    islands = [shapely.box(5000 + 1000 * n, 0, 5100 + 1000 * n, 100) for n in range(8)]
    near = neighbours([*shapes, *islands])
    assert near[:3, :3].tolist() == [[True, True, True], [True, True, False], [True, False, True]]
    assert near[3:].sum(axis=1).tolist() == [7] * 8, "six others and itself"
    assert near[5].nonzero()[0].tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert neighbours(shapes[:1]).tolist() == [[True]]


def test_nothing_is_said_where_all_are_alike_or_all_are_neighbours() -> None:
    assert np.isnan(z_scores(np.full(25, 3.0), neighbours(GRID))).all()
    assert np.isnan(z_scores(np.array([1.0, 9.0]), np.ones((2, 2), bool))).all()
    assert np.isnan(z_scores(np.array([5.0]), np.ones((1, 1), bool))).all()


def test_discoveries_are_those_of_benjamini_and_hochberg() -> None:
    # Benjamini and Hochberg 1995, section 3.2: four stand at 5 %.
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert discoveries(np.array(p), 0.05).tolist() == [True] * 4 + [False] * 11
    # R's p.adjust(): each stands from that share of false discoveries on, and at none less.
    adjusted = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, *[0.0638571428571429] * 2, 0.0645, 0.0765]
    adjusted += [0.486, 0.581181818181818, 0.714875, 0.753230769230769, 0.813214285714286, 1]
    for at, share in enumerate(adjusted):
        assert discoveries(np.array(p), share + 1e-12)[at]
        assert not discoveries(np.array(p), share - 1e-12)[at]
    with_unknown = discoveries(np.array([np.nan, *p, np.nan]), 0.05)
    assert with_unknown.tolist() == [False, *[True] * 4, *[False] * 12]
    assert not discoveries(np.array([np.nan]), 0.05).any()
    assert upper_tail(np.array([0.0, 1.6448536269514722])).tolist() == pytest.approx([0.5, 0.05])
