"""What is shown of a series of monthly counts besides the counts. Pure arithmetic; None = unknown, never zero.

Sequences run beside each other, a value a month. Months that may not be compared (reported in part) come as None.
"""

from __future__ import annotations

from collections.abc import Sequence

Value = int | float | None


def index(counts: Sequence[int | None], base: int | None) -> list[float | None]:
    """Counts as a number per 100 of the base month's count; all None where that is zero or unknown."""
    if not base:
        return [None] * len(counts)
    return [None if count is None else 100 * count / base for count in counts]


def share(counts: Sequence[int | None], wholes: Sequence[int | None], smallest: int) -> list[float | None]:
    """Counts in percent of the whole; None where either is unknown, or the whole under `smallest`."""
    return [
        None if count is None or whole is None or whole < smallest else 100 * count / whole
        for count, whole in zip(counts, wholes, strict=True)
    ]


def change(counts: Sequence[int | None], before: Sequence[int | None]) -> list[int | None]:
    """Counts less those of a year before."""
    return [None if count is None or was is None else count - was for count, was in zip(counts, before, strict=True)]


def total(values: Sequence[Value]) -> Value:
    """The sum; None unless every value is known."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
