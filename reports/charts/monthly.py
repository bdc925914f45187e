"""A line of monthly counts over last year's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.drawing import (
    GREY_FILL,
    GREY_LINE,
    INK,
    LINE,
    SMALL,
    Break,
    Point,
    Size,
    ceiling,
    count_axis,
    month_axis,
    opening,
)
from reports.charts.months import Heights, break_lines, columns, line, partial_months, runs, unknown_months
from reports.words import month_name, thousands


def series(
    points: Sequence[Point],
    *,
    key: str,
    title: str,
    breaks: Iterable[Break] = (),
    size: Size = SMALL,
    largest: int | None = None,
) -> SafeString:
    """A line of monthly counts over last year's, oldest month first. `key` makes the ids in the page unique.

    The axis reaches the largest count drawn, or `largest`, by which several drawings have one scale. Raises ValueError
    without points.
    """
    if not points:
        raise ValueError("A chart needs at least one month.")
    months, counts, before, partial, converted = zip(*points, strict=True)
    known = [n for n in counts if n is not None]
    top, step = ceiling(max(known + [n for n in before if n is not None], default=0) if largest is None else largest)
    left, right = 8 + round(0.6 * size.font * len(thousands(top))), size.width - 12 - round(0.6 * size.font * 4)
    above, base = size.font + 6, size.height - size.font - 10
    x, edges, axis = _along(months, left, right, base, size.font)
    scale = (base - above) / top

    def y(count: int) -> float:
        return round(base - count * scale, 1)

    heights = [None if n is None else y(n) for n in counts]
    parts = [opening(key, title, _describe(months, counts, known), size)]
    parts.append(partial_months(partial, key, edges, above, base))
    parts.append(_last_year([None if n is None else y(n) for n in before], x, edges, base))
    parts.append(count_axis(range(0, top + 1, step), y, left, right))
    parts.append(axis)
    parts.append(line(heights, x, partial, converted, colour=LINE))
    if len(known) < len(counts):
        parts.append(unknown_months([n is None for n in counts], x, base))
    parts.append(break_lines(months, breaks, edges, above, base))
    if counts[-1] is not None:
        fill = "#fff" if partial[-1] else LINE
        parts.append(
            f'<circle cx="{x[-1]}" cy="{heights[-1]}" r="3.5" fill="{fill}" stroke="{LINE}" stroke-width="2"/>'
            f'<text x="{right + 4}" y="{y(counts[-1]) + size.font * 0.35:.1f}" font-weight="700" fill="{INK}">'
            f"{thousands(counts[-1])}</text>"
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def sparkline(points: Sequence[Point], *, title: str) -> SafeString:
    """A line as small as a word, with last year's behind it. Its own scale, from zero."""
    drawn = ""
    if points:
        _, counts, before, partial, converted = zip(*points, strict=True)
        scale = 22 / (max((n for n in counts + before if n is not None), default=0) or 1)
        x, edges = columns(len(points), 2, 98)
        heights, behind = (
            [None if n is None else round(26 - n * scale, 1) for n in values] for values in (counts, before)
        )
        drawn = _last_year(behind, x, edges, 26) + line(heights, x, partial, converted, colour=LINE)
        drawn += unknown_months([n is None for n in counts], x, 26)
    return mark_safe(  # noqa: S308 - the title is escaped, all else is numbers
        f'<svg class="app-sparkline" viewBox="0 0 100 28" width="100" height="28" role="img" '
        f'aria-label="{escape(title)}">{drawn}</svg>'
    )


@lru_cache(maxsize=256)  # all charts of a page have the same months
def _along(
    months: tuple[date, ...], left: float, right: float, base: float, font: int
) -> tuple[tuple[float, ...], tuple[float, ...], str]:
    """Where the months' middles and edges lie, and the axis with its marks."""
    x, edges = columns(len(months), left, right)
    return x, edges, month_axis(months, edges.__getitem__, base, font)


def _describe(months: Sequence[date], counts: Sequence[int | None], known: Sequence[int]) -> str:
    """What a sighted reader takes from the drawing, in two or three sentences."""
    span = f"Monthly counts, {month_name(months[0])} to {month_name(months[-1])}."
    if not known:
        return f"{span} No figures are known."
    low, high = min(known), max(known)
    last = len(counts) - 1 - counts[::-1].index(high)
    text = f"{span} Lowest {thousands(low)} in {month_name(months[counts.index(low)])}, highest {thousands(high)} in "
    text += f"{month_name(months[last])}."
    unknown = len(counts) - len(known)
    if unknown:
        text += f" {unknown} {'month has' if unknown == 1 else 'months have'} no figures."
    return text


def _last_year(heights: Heights, x: Sequence[float], edges: Sequence[float], base: float) -> str:
    """The grey shape behind: one for each run of known months, as wide as its months."""
    shapes = [
        f"M{edges[first]} {base}V{heights[first]}L"
        + "L".join([f"{a} {b}" for a, b in zip(x[first:end], heights[first:end], strict=True)])
        + f"H{edges[end]}V{base}Z"
        for first, end in runs(heights)
    ]
    return f'<path d="{"".join(shapes)}" fill="{GREY_FILL}" stroke="{GREY_LINE}"/>' if shapes else ""
