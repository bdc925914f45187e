"""How long a series of monthly counts has been on one side of a range, or of a mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile, takewhile

BELOW, WITHIN, ABOVE = "below", "within", "above"


def side(count: int, low: float, high: float) -> str:
    """BELOW a range, WITHIN it or ABOVE it; its limits lie within."""
    return BELOW if count < low else ABOVE if count > high else WITHIN


def latest_run(counts: Sequence[int | None], low: float, high: float) -> tuple[str, int]:
    """(side, how many months on end) at the newest known month of a series, oldest first; (WITHIN, 0) without any.

    An unknown month before it ends the run: nothing is said over a gap. Of a mean, `low` and `high` are the same.
    """
    known = dropwhile(lambda count: count is None, reversed(counts))
    sides = [side(count, low, high) for count in takewhile(lambda count: count is not None, known) if count is not None]
    if not sides:
        return WITHIN, 0
    return sides[0], sum(1 for _ in takewhile(lambda one: one == sides[0], sides))
