"""Small numbers in tables that leave the partnership: which cells to hide, so that none can be worked out. Pure.

Counts from 1 to `below` - 1 are hidden; zeros are shown. Whoever has the rest of the table and its totals could
subtract a hidden count, so others are hidden with it (secondary suppression), totals where nothing else will do.

How the others are found. A table with its totals is a graph: rows and columns are its corners, cells its edges. Counts
can change without any shown one changing just along cycles of hidden cells, turn and turn about more and fewer. For
each small count the cheapest cycle through it is hidden along which it could be `below` higher and every hidden cell
still at least 1. Such a cycle always exists: the count, the totals of its row and column, and the total of all.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

# (row, column); the row after the last holds the totals of columns, the column after the last those of rows.
Cell = tuple[int, int]


def with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with a column of the rows' sums and a row of the columns' sums."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]] if rows else []


def hidden(table: Sequence[Sequence[int]], below: int) -> set[Cell]:
    """The cells of `with_totals(table)` that are not to be shown.

    Given all that is shown, that small counts are from 1 up, and how the cells were chosen but for which of the hidden
    are small, each small count still has at least `below` + 1 possible values and every other hidden cell at least two.
    """
    cells = with_totals(table)
    found = {(i, j) for i, row in enumerate(cells) for j, count in enumerate(row) if 0 < count < below}
    for small in sorted(found):
        found.update(_cheapest_cycle(cells, small, found, below))
    return found


def shown(table: Sequence[Sequence[int]], below: int) -> list[list[int | None]]:
    """`with_totals(table)` as it may be published: None where a count is `hidden`."""
    not_shown = hidden(table, below)
    return [
        [None if (i, j) in not_shown else count for j, count in enumerate(row)]
        for i, row in enumerate(with_totals(table))
    ]


def _cheapest_cycle(cells: list[list[int]], small: Cell, already: set[Cell], below: int) -> list[Cell]:
    """The cells, beside `small`, of the cycle that hides least: what is hidden already costs nothing, others their
    count.

    Dijkstra's way from one end of the edge back to the other. Rows are corners (0, i), columns (1, j).
    """
    last_row, last_column = len(cells) - 1, len(cells[0]) - 1

    def raises(i: int, j: int, *, from_row: bool) -> bool:
        """Whether walking along the edge this way means a higher count: totals count against their row or column."""
        return from_row == ((i == last_row) == (j == last_column))

    # The edge itself is walked so that its count is higher.
    forward = raises(*small, from_row=True)
    start, goal = ((1, small[1]), (0, small[0])) if forward else ((0, small[0]), (1, small[1]))
    costs: dict[tuple[int, int], int] = {start: 0}
    came: dict[tuple[int, int], tuple[tuple[int, int], Cell]] = {}
    waiting = [(0, start)]
    while waiting:
        cost, at = heapq.heappop(waiting)
        if at == goal:
            break
        if cost > costs[at]:
            continue
        from_row = at[0] == 0
        for other in range(last_column + 1 if from_row else last_row + 1):
            cell = (at[1], other) if from_row else (other, at[1])
            count = cells[cell[0]][cell[1]]
            if cell == small or not count or (not raises(*cell, from_row=from_row) and count <= below):
                continue
            corner = (1 if from_row else 0, other)
            through = cost + (0 if cell in already else 1 + count)
            if through < costs.get(corner, through + 1):
                costs[corner] = through
                came[corner] = at, cell
                heapq.heappush(waiting, (through, corner))
    cycle = []
    at = goal
    while at != start:
        at, cell = came[at]
        cycle.append(cell)
    return cycle
