"""A line of monthly counts over last year's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from django.utils.html import escape
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


def series(
    points: Sequence[Point], *, key: str, title: str, breaks: Iterable[Break] = (), size: Size = SMALL
) -> SafeString:
    """A line of monthly counts over last year's, oldest month first. `key` makes the ids in the page unique.

    Raises ValueError without points.
    """
    if not points:
        raise ValueError("A chart needs at least one month.")
    top, step = ceiling(max((n for p in points for n in (p.count, p.last_year) if n is not None), default=0))
    left, right = 8 + round(0.6 * size.font * len(thousands(top))), size.width - 12 - round(0.6 * size.font * 4)
    above, base = size.font + 6, size.height - size.font - 10
    wide = (right - left) / len(points)

    def x(index: float) -> float:
        return round(left + (index + 0.5) * wide, 1)

    def y(count: int) -> float:
        return round(base - (base - above) * count / top, 1)

    parts = [opening(key, title, _describe(points), size)]
    parts.append(_partial_months(points, key, lambda i: round(left + i * wide, 1), above, base, wide))
    parts.append(count_axis(range(0, top + 1, step), y, left, right))
    parts.append(month_axis([point.month for point in points], lambda i: round(left + i * wide, 1), base, size.font))
    parts.append(_last_year(points, x, y, base))
    parts.append(_line(points, x, y))
    parts.append(_unknown(points, x, base))
    parts.append(_breaks(points, breaks, lambda i: round(left + i * wide, 1), above, base))
    last = points[-1]
    if last.count is not None:
        fill = "#fff" if last.partial else LINE
        parts.append(
            f'<circle cx="{x(len(points) - 1)}" cy="{y(last.count)}" r="3.5" fill="{fill}" stroke="{LINE}" '
            f'stroke-width="2"/><text x="{right + 4}" y="{y(last.count) + size.font * 0.35:.1f}" font-weight="700" '
            f'fill="{INK}">{thousands(last.count)}</text>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def sparkline(points: Sequence[Point], *, title: str) -> SafeString:
    """A line as small as a word, with last year's behind it. Its own scale, from zero."""
    top = max((n for p in points for n in (p.count, p.last_year) if n is not None), default=0) or 1
    wide = 96 / max(len(points), 1)

    def x(index: float) -> float:
        return round(2 + (index + 0.5) * wide, 1)

    def y(count: int) -> float:
        return round(26 - 22 * count / top, 1)

    drawn = _last_year(points, x, y, 26) + _line(points, x, y) + _unknown(points, x, 26)
    return mark_safe(  # noqa: S308 - the title is escaped, all else is numbers
        f'<svg class="app-sparkline" viewBox="0 0 100 28" width="100" height="28" role="img" '
        f'aria-label="{escape(title)}">{drawn}</svg>'
    )


def _describe(points: Sequence[Point]) -> str:
    """What a sighted reader takes from the drawing, in two or three sentences."""
    span = f"Monthly counts, {month_name(points[0].month)} to {month_name(points[-1].month)}."
    known = [(p.count, p.month) for p in points if p.count is not None]
    if not known:
        return f"{span} No figures are known."
    low, high = min(known), max(known)
    text = f"{span} Lowest {thousands(low[0])} in {month_name(low[1])}, highest {thousands(high[0])} in "
    text += f"{month_name(high[1])}."
    unknown = len(points) - len(known)
    if unknown:
        text += f" {unknown} {'month has' if unknown == 1 else 'months have'} no figures."
    return text


def _partial_months(
    points: Sequence[Point], key: str, edge: Callable[[int], float], above: float, base: float, wide: float
) -> str:
    """Hatched columns behind months that were reported in part."""
    columns = "".join(
        f'<rect x="{edge(index)}" y="{above}" width="{wide:.1f}" height="{base - above:.0f}" fill="url(#{key}-h)"/>'
        for index, point in enumerate(points)
        if point.partial
    )
    if not columns:
        return ""
    return (
        f'<defs><pattern id="{key}-h" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{GREY_LINE}" stroke-width="1.5"/></pattern></defs>'
        f"{columns}"
    )


def _last_year(points: Sequence[Point], x: Callable[[float], float], y: Callable[[int], float], base: float) -> str:
    """The grey shape behind: one for each run of known months, half a month wider than its ends."""
    fills, edges = [], []
    for known, run in groupby(enumerate(points), lambda item: item[1].last_year is not None):
        if not known:
            continue
        at = [(index, y(point.last_year)) for index, point in run if point.last_year is not None]
        first, last = at[0], at[-1]
        steps = f"{x(first[0] - 0.5)} {first[1]}" + "".join(f"L{x(i)} {v}" for i, v in at)
        steps += f"L{x(last[0] + 0.5)} {last[1]}"
        fills.append(f"M{x(first[0] - 0.5)} {base}L{steps}V{base}Z")
        edges.append(f"M{steps}")
    if not fills:
        return ""
    return (
        f'<path d="{"".join(fills)}" fill="{GREY_FILL}"/><path d="{"".join(edges)}" fill="none" stroke="{GREY_LINE}"/>'
    )


def _line(points: Sequence[Point], x: Callable[[float], float], y: Callable[[int], float]) -> str:
    """The counts: a dot where both neighbours are unknown, dashes to and between converted months.

    A partial month is a dot beside the line: joined to it, it would look like a fall.
    """
    solid: list[str] = []
    dashed: list[str] = []
    before: tuple[int, Point] | None = None
    for index, point in enumerate(points):
        if point.count is None:
            before = None
            continue
        here = f"{x(index)} {y(point.count)}"
        if point.partial:
            solid.append(f"M{here}h0")
            before = None
            continue
        if before is None:
            if index + 1 == len(points) or points[index + 1].count is None or points[index + 1].partial:
                solid.append(f"M{here}h0")
        else:
            at, old = before
            path = dashed if point.converted or old.converted else solid
            start = f"{x(at)} {y(old.count or 0)}"
            path.append(f"L{here}" if path and path[-1].endswith(start) else f"M{start}L{here}")
        before = index, point
    drawn = ""
    if solid:
        drawn += f'<path d="{"".join(solid)}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linecap="round" '
        drawn += 'stroke-linejoin="round"/>'
    if dashed:
        drawn += f'<path d="{"".join(dashed)}" fill="none" stroke="{LINE}" stroke-width="2" stroke-dasharray="4 2.5"/>'
    return drawn


def _unknown(points: Sequence[Point], x: Callable[[float], float], base: float) -> str:
    crosses = "".join(
        f"M{x(index) - 2:.1f} {base - 2}l4 -4m-4 0l4 4" for index, point in enumerate(points) if point.count is None
    )
    return f'<path d="{crosses}" stroke="{INK}"/>' if crosses else ""


def _breaks(
    points: Sequence[Point], breaks: Iterable[Break], edge: Callable[[int], float], above: float, base: float
) -> str:
    drawn = []
    months = [point.month for point in points]
    for change in breaks:
        if change.month in months[1:]:
            at = edge(months.index(change.month))
            drawn.append(
                f'<path d="M{at} {above}V{base}" stroke="{INK}" stroke-dasharray="1 3"/>'
                f'<text x="{at}" y="{above - 5}" text-anchor="middle" font-weight="700" fill="{INK}">'
                f"{escape(change.mark)}</text>"
            )
    return "".join(drawn)
