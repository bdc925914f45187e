"""Hidden counts cannot be worked out: what somebody could know of each is recomputed from what is shown."""

from __future__ import annotations

from collections import deque
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.calc.suppression import Cell, hidden, with_totals

BELOW = 5
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 12, 40]), min_size=width, max_size=width),
        min_size=1,
        max_size=6,
    )
)


def most(cells: list[list[int]], not_shown: set[Cell], of: Cell, enough: int) -> int:
    """How much higher a hidden count could be at most (up to `enough`), every other hidden one being at least 1.

    An independent recomputation: units are pushed along cycles of hidden cells one at a time, breadth first, with the
    steps taken back where that helps (augmenting paths find the most there is).
    """
    now = {cell: cells[cell[0]][cell[1]] for cell in not_shown}
    last = (len(cells) - 1, len(cells[0]) - 1)

    def sign(cell: Cell) -> int:
        return -1 if (cell[0] == last[0]) != (cell[1] == last[1]) else 1

    for pushed in range(enough):
        # The sums of a row and of a column, totals counted against, are zero: +1 here is balanced at both ends.
        start, goal = (("column", of[1]), ("row", of[0])) if sign(of) > 0 else (("row", of[0]), ("column", of[1]))
        came: dict[tuple[str, int], tuple[tuple[str, int], Cell, int]] = {}
        waiting = deque([start])
        while waiting and goal not in came:
            at = waiting.popleft()
            for cell in not_shown - {of}:
                if cell[0 if at[0] == "row" else 1] != at[1]:
                    continue
                # From a column to a row takes a unit off, from a row to a column adds one; of totals the other way.
                step = sign(cell) if at[0] == "row" else -sign(cell)
                other = ("column", cell[1]) if at[0] == "row" else ("row", cell[0])
                if other in came or other == start or now[cell] + step < 1:
                    continue
                came[other] = at, cell, step
                waiting.append(other)
        if goal not in came:
            return pushed
        at = goal
        while at != start:
            at, cell, step = came[at]
            now[cell] += step
    return enough


@given(TABLES)
def test_small_counts_could_be_at_least_five_more(table: list[list[int]]) -> None:
    cells, not_shown = with_totals(table), hidden(table, BELOW)
    for i, j in product(range(len(cells)), range(len(cells[0]))):
        if 0 < cells[i][j] < BELOW:
            assert (i, j) in not_shown
            assert most(cells, not_shown, (i, j), BELOW) == BELOW
        elif cells[i][j] == 0:
            assert (i, j) not in not_shown


def possible(cells: list[list[int]], not_shown: set[Cell], highest: int) -> dict[Cell, set[int]]:
    """What each hidden cell of a small table may be, by trying all fillings of hidden inner cells, 1 to `highest`."""
    rows, columns = len(cells) - 1, len(cells[0]) - 1
    inner = sorted(cell for cell in not_shown if cell[0] < rows and cell[1] < columns)
    shown = set(product(range(rows + 1), range(columns + 1))) - not_shown
    found: dict[Cell, set[int]] = {cell: set() for cell in not_shown}
    for filling in product(range(1, highest + 1), repeat=len(inner)):
        guess = dict(zip(inner, filling, strict=True))
        table = [[guess.get((i, j), cells[i][j]) for j in range(columns)] for i in range(rows)]
        full = with_totals(table)
        if all(full[i][j] == cells[i][j] for i, j in shown):
            for i, j in not_shown:
                found[i, j].add(full[i][j])
    return found


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 4, 5, 7]), min_size=2, max_size=2), min_size=1, max_size=2))
def test_trying_every_table_leaves_each_hidden_count_open(table: list[list[int]]) -> None:
    cells, not_shown = with_totals(table), hidden(table, BELOW)
    for (i, j), values in possible(cells, not_shown, 13).items():
        assert cells[i][j] in values
        assert len(values) >= (BELOW + 1 if cells[i][j] < BELOW else 2)


def test_a_table_that_has_nothing_small_is_shown_whole() -> None:
    assert hidden([[5, 0, 12], [8, 9, 0]], BELOW) == set()
    assert hidden([], BELOW) == set()
    assert hidden([[0, 0]], BELOW) == set()


def test_one_small_count_hides_three_others() -> None:
    table = [[3, 20, 30], [10, 40, 50], [60, 70, 80]]
    not_shown = hidden(table, BELOW)
    assert (0, 0) in not_shown
    # The cheapest way: another row, another column, all of them inner cells.
    assert not_shown == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_where_one_count_is_all_there_is_totals_are_hidden() -> None:
    assert hidden([[3]], BELOW) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    # 9 - 0 - ... would give it away.
    assert (2, 2) in hidden([[9, 0], [0, 1]], BELOW)


@pytest.mark.parametrize("below", [1, 2, 3, 10])
def test_other_thresholds(below: int) -> None:
    table = [[1, 2, 9], [4, 12, 30]]
    cells, not_shown = with_totals(table), hidden(table, below)
    small = {(i, j) for i, row in enumerate(cells) for j, count in enumerate(row) if 0 < count < below}
    assert small <= not_shown
    assert all(most(cells, not_shown, cell, below) == below for cell in small)
