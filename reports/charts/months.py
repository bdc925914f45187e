"""What drawings over months share: their columns, a line with its gaps and dashes, and the marks of what is unknown, in
part, or no longer alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from itertools import groupby

from reports.charts.drawing import GREY_LINE, INK, Break

Heights = Sequence[float | None]


@lru_cache(maxsize=256)  # all charts of a page have the same months
def columns(count: int, left: float, right: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The middles and the edges of so many columns between two ends."""
    wide = (right - left) / count
    return (
        tuple(round(left + (index + 0.5) * wide, 1) for index in range(count)),
        tuple(round(left + index * wide, 1) for index in range(count + 1)),
    )


def runs(heights: Heights) -> Iterator[tuple[int, int]]:
    """The stretches of known values: (first, one after the last)."""
    if None not in heights:
        yield 0, len(heights)
        return
    for known, stretch in groupby(range(len(heights)), lambda index: heights[index] is not None):
        if known:
            at = list(stretch)
            yield at[0], at[-1] + 1


def line(
    heights: Heights,
    x: Sequence[float],
    partial: Sequence[bool],
    converted: Sequence[bool],
    *,
    colour: str,
    width: float = 2,
) -> str:
    """One line: a dot where both neighbours are unknown, dashes to and between converted months.

    A partial month is a dot beside the line: joined to it, it would look like a fall.
    """
    at = [f"{a} {b}" for a, b in zip(x, heights, strict=True)]
    solid: list[str] = []
    dashed: list[str] = []
    usable = heights
    if True in partial:
        usable = [None if is_partial else height for height, is_partial in zip(heights, partial, strict=True)]
        solid = [f"M{here}h0" for here, part, y in zip(at, partial, heights, strict=True) if part and y is not None]
    for first, end in runs(usable):
        if end - first == 1:
            solid.append(f"M{at[first]}h0")
        elif True not in converted:
            solid.append("M" + "L".join(at[first:end]))
        else:
            for dash, links in groupby(range(first, end - 1), lambda i: converted[i] or converted[i + 1]):
                stretch = list(links)
                (dashed if dash else solid).append("M" + "L".join(at[stretch[0] : stretch[-1] + 2]))
    look = f'fill="none" stroke="{colour}" stroke-width="{width}"'
    drawn = ""
    if solid:
        drawn += f'<path d="{"".join(solid)}" {look} stroke-linecap="round" stroke-linejoin="round"/>'
    if dashed:
        drawn += f'<path d="{"".join(dashed)}" {look} stroke-dasharray="4 2.5"/>'
    return drawn


def partial_months(partial: Sequence[bool], key: str, edges: Sequence[float], above: float, base: float) -> str:
    """Hatched columns behind months that were reported in part; "" without any. `key` makes the hatch's id unique."""
    if True not in partial:
        return ""
    wide = edges[1] - edges[0]
    hatched = "".join(
        f'<rect x="{edges[index]}" y="{above}" width="{wide:.1f}" height="{base - above:.0f}" fill="url(#{key}-part)"/>'
        for index, is_partial in enumerate(partial)
        if is_partial
    )
    return (
        f'<defs><pattern id="{key}-part" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{GREY_LINE}" stroke-width="1.5"/></pattern></defs>'
        f"{hatched}"
    )


def unknown_months(unknown: Sequence[bool], x: Sequence[float], base: float) -> str:
    """A cross on the axis at each."""
    crosses = "".join(f"M{x[i] - 2:.1f} {base - 2}l4 -4m-4 0l4 4" for i, is_unknown in enumerate(unknown) if is_unknown)
    return f'<path d="{crosses}" stroke="{INK}"/>' if crosses else ""


def break_lines(
    months: Sequence[date], breaks: Iterable[Break], edges: Sequence[float], above: float, base: float
) -> str:
    """A dotted line with its letter where a break lies after the first month."""
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
