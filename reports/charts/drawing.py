"""What charts share: colours, sizes, points, axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape  # a third of the time of Django's, which looks for lazy texts
from typing import NamedTuple

from reports.words import thousands

LINE, GREY_LINE, GREY_FILL, INK, GRID = "#1d70b8", "#6f777b", "#dfe2e4", "#383f43", "#cecece"


class Point(NamedTuple):
    """One month of a series. None = unknown. `partial`: reported in part; `converted`: moved onto other boundaries."""

    month: date
    count: int | None  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    last_year: int | None
    partial: bool = False
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """Counting changed with this month: figures before and after are not alike. `mark` is the letter of its note."""

    month: date
    mark: str


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing's size in its own units; text is about a pixel a unit at the width it is meant for."""

    width: int
    height: int
    font: int


LARGE = Size(420, 215, 13)
SMALL = Size(330, 140, 12)


def ceiling(largest: int) -> tuple[int, int]:
    """(top of the axis, step between its lines) for counts up to `largest`: round numbers, two to five lines."""
    if largest <= 4:
        return max(largest, 2), 1 if largest <= 2 else 2 if largest == 4 else 3
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if largest <= 4 * step:
                return -(-largest // step) * step, step
        size *= 10


def opening(key: str, title: str, description: str, size: Size) -> str:
    """The start of a drawing, with its title and what a sighted reader takes from it. `key` makes its ids unique."""
    return (
        f'<svg class="app-chart" viewBox="0 0 {size.width} {size.height}" role="img" font-size="{size.font}" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>'
    )


def count_axis(ticks: Iterable[int], y: Callable[[int], float], left: float, right: float) -> str:
    """Lines across the drawing with their numbers."""
    lines = "".join(f"M{left} {y(tick)}H{right}" for tick in ticks)
    labels = "".join(f'<text x="{left - 4}" y="{y(tick) + 4:.1f}">{thousands(tick)}</text>' for tick in ticks)
    return f'<path d="{lines}" stroke="{GRID}"/><g text-anchor="end" fill="{INK}">{labels}</g>'


def month_axis(months: Sequence[date], edge: Callable[[int], float], base: float, font: int) -> str:
    """A mark at each January with its year; in a short window, at each quarter with its month."""
    short = len(months) <= 12
    marks, labels = [], []
    for index, month in enumerate(months):
        if month.month == 1 or (short and month.month in (4, 7, 10)):
            text = str(month.year) if month.month == 1 else f"{month:%b}"
            marks.append(f"M{edge(index)} {base}v5")
            labels.append(f'<text x="{edge(index) + 3}" y="{base + font + 4}">{text}</text>')
    return (
        f'<path d="M{edge(0)} {base}H{edge(len(months))}{"".join(marks)}" stroke="{INK}"/>'
        f'<g fill="{INK}">{"".join(labels)}</g>'
    )
