"""A line of monthly counts over last year's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from itertools import groupby

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
from reports.words import month_name, thousands

Heights = Sequence[float | None]


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
    if True in partial:
        parts.append(_partial_months(partial, key, edges, above, base))
    parts.append(_last_year([None if n is None else y(n) for n in before], x, edges, base))
    parts.append(count_axis(range(0, top + 1, step), y, left, right))
    parts.append(axis)
    parts.append(_line(heights, x, partial, converted))
    if len(known) < len(counts):
        parts.append(_unknown(counts, x, base))
    parts.append(_breaks(months, breaks, edges, above, base))
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
        x, edges = _places(len(points), 2, 98)
        heights, behind = (
            [None if n is None else round(26 - n * scale, 1) for n in values] for values in (counts, before)
        )
        drawn = _last_year(behind, x, edges, 26) + _line(heights, x, partial, converted) + _unknown(counts, x, 26)
    return mark_safe(  # noqa: S308 - the title is escaped, all else is numbers
        f'<svg class="app-sparkline" viewBox="0 0 100 28" width="100" height="28" role="img" '
        f'aria-label="{escape(title)}">{drawn}</svg>'
    )


@lru_cache(maxsize=256)  # all charts of a page have the same months
def _along(
    months: tuple[date, ...], left: float, right: float, base: float, font: int
) -> tuple[tuple[float, ...], tuple[float, ...], str]:
    """Where the months' middles and edges lie, and the axis with its marks."""
    x, edges = _places(len(months), left, right)
    return x, edges, month_axis(months, edges.__getitem__, base, font)


@lru_cache(maxsize=256)
def _places(count: int, left: float, right: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The middles and the edges of so many columns between two ends."""
    wide = (right - left) / count
    return (
        tuple(round(left + (index + 0.5) * wide, 1) for index in range(count)),
        tuple(round(left + index * wide, 1) for index in range(count + 1)),
    )


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


def _partial_months(partial: Sequence[bool], key: str, edges: Sequence[float], above: float, base: float) -> str:
    """Hatched columns behind months that were reported in part."""
    wide = edges[1] - edges[0]
    columns = "".join(
        f'<rect x="{edges[index]}" y="{above}" width="{wide:.1f}" height="{base - above:.0f}" fill="url(#{key}-part)"/>'
        for index, is_partial in enumerate(partial)
        if is_partial
    )
    return (
        f'<defs><pattern id="{key}-part" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{GREY_LINE}" stroke-width="1.5"/></pattern></defs>'
        f"{columns}"
    )


def _runs(heights: Heights) -> Iterator[tuple[int, int]]:
    """The stretches of known values: (first, one after the last)."""
    if None not in heights:
        yield 0, len(heights)
        return
    for known, stretch in groupby(range(len(heights)), lambda index: heights[index] is not None):
        if known:
            at = list(stretch)
            yield at[0], at[-1] + 1


def _last_year(heights: Heights, x: Sequence[float], edges: Sequence[float], base: float) -> str:
    """The grey shape behind: one for each run of known months, as wide as its months."""
    shapes = [
        f"M{edges[first]} {base}V{heights[first]}L"
        + "L".join([f"{a} {b}" for a, b in zip(x[first:end], heights[first:end], strict=True)])
        + f"H{edges[end]}V{base}Z"
        for first, end in _runs(heights)
    ]
    return f'<path d="{"".join(shapes)}" fill="{GREY_FILL}" stroke="{GREY_LINE}"/>' if shapes else ""


def _line(heights: Heights, x: Sequence[float], partial: Sequence[bool], converted: Sequence[bool]) -> str:
    """The counts: a dot where both neighbours are unknown, dashes to and between converted months.

    A partial month is a dot beside the line: joined to it, it would look like a fall.
    """
    at = [f"{a} {b}" for a, b in zip(x, heights, strict=True)]
    solid: list[str] = []
    dashed: list[str] = []
    usable = heights
    if True in partial:
        usable = [None if is_partial else height for height, is_partial in zip(heights, partial, strict=True)]
        solid = [f"M{here}h0" for here, part, y in zip(at, partial, heights, strict=True) if part and y is not None]
    for first, end in _runs(usable):
        if end - first == 1:
            solid.append(f"M{at[first]}h0")
        elif True not in converted:
            solid.append("M" + "L".join(at[first:end]))
        else:
            for dash, links in groupby(range(first, end - 1), lambda i: converted[i] or converted[i + 1]):
                stretch = list(links)
                (dashed if dash else solid).append("M" + "L".join(at[stretch[0] : stretch[-1] + 2]))
    drawn = ""
    if solid:
        drawn += f'<path d="{"".join(solid)}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linecap="round" '
        drawn += 'stroke-linejoin="round"/>'
    if dashed:
        drawn += f'<path d="{"".join(dashed)}" fill="none" stroke="{LINE}" stroke-width="2" stroke-dasharray="4 2.5"/>'
    return drawn


def _unknown(counts: Sequence[int | None], x: Sequence[float], base: float) -> str:
    crosses = "".join(f"M{x[i] - 2:.1f} {base - 2}l4 -4m-4 0l4 4" for i, count in enumerate(counts) if count is None)
    return f'<path d="{crosses}" stroke="{INK}"/>' if crosses else ""


def _breaks(months: Sequence[date], breaks: Iterable[Break], edges: Sequence[float], above: float, base: float) -> str:
    drawn = []
    for change in breaks:
        if change.month in months[1:]:
            at = edges[months.index(change.month)]
            drawn.append(
                f'<path d="M{at} {above}V{base}" stroke="{INK}" stroke-dasharray="1 3"/>'
                f'<text x="{at}" y="{above - 5}" text-anchor="middle" font-weight="700" fill="{INK}">'
                f"{escape(change.mark)}</text>"
            )
    return "".join(drawn)
