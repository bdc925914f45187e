"""Tables that readers sort: which way a heading turns, and where the unknown goes."""

from __future__ import annotations

import pytest

from reports.sorting import heading, in_order

ROWS = [("Cedar", 5), ("Ash", None), ("Birch", 7), ("Dogwood", 5)]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["Ash", "Birch", "Cedar", "Dogwood"]),
        ("-name", ["Dogwood", "Cedar", "Birch", "Ash"]),
        ("count", ["Cedar", "Dogwood", "Birch", "Ash"]),
        ("-count", ["Birch", "Cedar", "Dogwood", "Ash"]),
    ],
)
def test_equal_ones_by_name_and_the_unknown_last(sort: str, names: list[str]) -> None:
    rows = in_order(ROWS, sort, name=lambda row: row[0], value=lambda row, _: row[1])
    assert [name for name, _ in rows] == names


@pytest.mark.parametrize(
    ("sort", "numeric", "state", "turned"),
    [
        ("name", True, "none", "-count"),
        ("name", False, "none", "count"),
        ("-count", True, "descending", "count"),
        ("count", True, "ascending", "-count"),
    ],
)
def test_figures_come_largest_first_and_turn(sort: str, numeric: bool, state: str, turned: str) -> None:
    made = heading("count", "Count", sort, lambda column: f"?sort={column}", numeric=numeric)
    assert (made.sorted, made.href, made.numeric) == (state, f"?sort={turned}", numeric)
