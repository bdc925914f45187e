"""How long a series of monthly counts has been on one side: of a mean, or of a range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

BELOW, WITHIN, ABOVE = -1, 0, 1


def side(count: int, low: float, high: float) -> int:
    """BELOW a range, WITHIN it or ABOVE it; its limits lie within."""
    return BELOW if count < low else ABOVE if count > high else WITHIN


def latest_run(counts: Sequence[int | None], sided: Callable[[int], int]) -> tuple[int, int]:
    """(side, how many months on end) at the end of a series, oldest first; (WITHIN, 0) where its last month is None.

    An unknown month ends the run: nothing is said over a gap.
    """
    latest = list(takewhile(lambda count: count is not None, reversed(counts)))
    if not latest or latest[0] is None:
        return WITHIN, 0
    now = sided(latest[0])
    return now, sum(1 for _ in takewhile(lambda count: count is not None and sided(count) == now, latest))
