"""How long a series has been on one side."""

from __future__ import annotations

import pytest

from reports.calc.runs import ABOVE, BELOW, WITHIN, latest_run


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([12, 3, 4, 2], (BELOW, 3)),
        ([3, 5, 4], (BELOW, 1)),
        ([3, 3, 5], (WITHIN, 1)),
        ([9, 9, 10], (WITHIN, 3)),  # a limit lies within
        ([1, 11, 12], (ABOVE, 2)),
        ([2, None, 3], (BELOW, 1)),
        ([12, 2, 3, None], (BELOW, 2)),
        ([None], (WITHIN, 0)),
        ([], (WITHIN, 0)),
    ],
)
def test_latest_run(counts: list[int | None], expected: tuple[str, int]) -> None:
    assert latest_run(counts, 5, 10) == expected
