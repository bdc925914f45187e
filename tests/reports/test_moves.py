"""Which months are compared, which changes are the largest, and the signs that stand beside them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import categories
from hotspots.categories import Definition
from reports.charts.direction import direction
from reports.models import MonthlySummary
from reports.moves import Move, comparable_months, largest
from reports.queries import Figure
from tests.factories import months_from

COMPLETE, PARTIAL, MISSING = (
    MonthlySummary.Coverage.COMPLETE,
    MonthlySummary.Coverage.PARTIAL,
    MonthlySummary.Coverage.MISSING,
)
MONTHS = months_from(date(2016, 1, 1), 24)
TYPES = [one for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK and not one.members]


def figures(**unusual: tuple[int | None, int | None, int]) -> dict[date, Figure]:
    """24 months of 10 against 9; `m3=(count, last year, coverage)` for the fourth of them."""
    made = {}
    for index, month in enumerate(MONTHS):
        count, last_year, coverage = unusual.get(f"m{index}", (10, 9, COMPLETE))
        made[month] = Figure(month, count, None, last_year, None, None, coverage, False)
    return made


def test_the_newest_three_up_to_the_month_shown() -> None:
    assert comparable_months(figures(), MONTHS[-1]) == MONTHS[-3:]
    assert comparable_months(figures(), MONTHS[12]) == MONTHS[10:13]


@pytest.mark.parametrize("odd", [(10, 9, PARTIAL), (None, 9, MISSING), (10, None, COMPLETE)])
def test_months_that_cannot_be_compared_are_passed_over(odd: tuple[int | None, int | None, int]) -> None:
    assert comparable_months(figures(m22=odd), MONTHS[-1]) == [MONTHS[20], MONTHS[21], MONTHS[23]]


def test_no_further_back_than_a_year() -> None:
    short = {f"m{index}": (None, None, MISSING) for index in range(14, 24)}
    assert comparable_months(figures(**short), MONTHS[-1]) == MONTHS[12:14]
    assert comparable_months({}, MONTHS[-1]) == []


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(TYPES), st.integers(0, 60), st.integers(0, 60)), max_size=40)
)
def test_the_largest_are_those_of_a_plain_sort(rows: list[tuple[int, Definition, int, int]]) -> None:
    found = [Move(*row) for row in rows]
    names = {area: f"Ward {area}" for area in range(1, 10)}
    for sign in (1, -1):
        shown = largest(found, names, sign)
        sizes = sorted((sign * (now - before) for _, _, now, before in rows if sign * (now - before) > 0), reverse=True)
        assert [sign * move.change for move in shown] == sizes[:5]
        assert shown == largest(found[::-1], names, sign)  # whatever order the rows came in


def test_the_signs_differ_by_shape() -> None:
    signs = [direction(change) for change in (5, -5, 0)]
    assert len(set(signs)) == 3
    assert direction(1) == signs[0]
    assert direction(None) == ""
    assert all('aria-hidden="true"' in sign for sign in signs)
