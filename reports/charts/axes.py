"""Axes for any figures: counts, rates, shares, indexes, and changes, which may lie below zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from html import escape

from reports.charts.drawing import GRID, INK


def ticks(low: float, high: float, *, whole: bool) -> list[float]:
    """Where the lines across a drawing lie: two to seven round numbers that hold `low`, `high` and
    zero; `whole` keeps to whole numbers."""
    low, high = min(low, 0), max(high, 0)
    if high - low < 1e-6:  # nothing but zeros
        high = 1 if whole else 0.1
    size = 10.0 ** math.floor(math.log10((high - low) / 5))
    size = max(size, 1) if whole else size
    steps = (factor * size for factor in (1, 2, 5, 10, 20))
    # Slack for sums such as 0.1 + 0.2, which lie a hair above their tick.
    step = next(step for step in steps if (high - low) / step <= 5.0001)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def value_axis(
    marks: Iterable[float], y: Callable[[float], float], left: float, right: float, text: Callable[[float], str]
) -> str:
    """Lines across the drawing with their numbers; zero is darker where there is something below it."""
    marks = list(marks)
    lines = "".join(f"M{left} {y(mark)}H{right}" for mark in marks)
    labels = "".join(f'<text x="{left - 4}" y="{y(mark) + 4:.1f}">{escape(text(mark))}</text>' for mark in marks)
    zero = f'<path d="M{left} {y(0)}H{right}" stroke="{INK}"/>' if min(marks) < 0 else ""
    return f'<path d="{lines}" stroke="{GRID}"/>{zero}<g text-anchor="end" fill="{INK}">{labels}</g>'


def width(text: str, font: int) -> float:
    """About how wide a text is, in the drawing's units."""
    return 0.56 * font * len(text)


def shortened(text: str, most: int) -> str:
    """A text of at most `most` signs, with dots where it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
