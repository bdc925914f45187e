"""Calendar years laid over each other, January to December: this year dark, earlier ones grey, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from reports.charts.drawing import INK, LARGE, LINE, Point, Size, ceiling, count_axis, opening
from reports.charts.months import columns, line
from reports.words import month_name, thousands

# Lines of the years before, newest first; all older ones have the last. Each stands out from white by 3 to 1.
GREYS = ("#4a5256", "#6f777b", "#8b9194")


def years(points: Sequence[Point], *, key: str, title: str, size: Size = LARGE) -> SafeString:
    """A line for each calendar year of the points, which are months without a hole, a January first.

    An unknown month is a gap, a partial one a dot beside the line, converted ones are dashed. Raises ValueError without
    points, or where they begin with another month.
    """
    if not points or points[0].month.month != 1:
        raise ValueError("Years need months from a January on.")
    every = [points[start : start + 12] for start in range(0, len(points), 12)]
    top, step = ceiling(max((point.count for point in points if point.count is not None), default=0))
    left, right = 8 + round(0.6 * size.font * len(thousands(top))), size.width - 12 - round(0.6 * size.font * 4)
    above, base = size.font + 6, size.height - size.font - 10
    x, _ = columns(12, left, right)

    def y(count: int) -> float:
        return round(base - (base - above) * count / top, 1)

    names = "".join(
        f'<text x="{x[i]}" y="{base + size.font + 2}">{p.month:%b}</text>' for i, p in enumerate(_year(every))
    )
    parts = [
        opening(key, title, _describe(every), size),
        count_axis(range(0, top + 1, step), y, left, right),
        f'<path d="M{left} {base}H{right}" stroke="{INK}"/><g fill="{INK}" text-anchor="middle">{names}</g>',
    ]
    ends: list[tuple[float, str]] = []
    for age in range(len(every) - 1, -1, -1):  # this year on top
        months = every[len(every) - 1 - age]
        heights = [None if point.count is None else y(point.count) for point in months]
        colour = GREYS[min(age, len(GREYS)) - 1] if age else LINE
        partial, converted = [point.partial for point in months], [point.converted for point in months]
        at = x[: len(months)]
        parts.append(line(heights, at, partial, converted, colour=colour, width=1.5 if age else 2.5))
        known = [index for index, height in enumerate(heights) if height is not None]
        if not known:
            continue
        last, year = known[-1], str(months[0].month.year)
        height = heights[last] or 0.0
        if age == 0:
            fill = "#fff" if months[last].partial else LINE
            parts.append(
                f'<circle cx="{x[last]}" cy="{height}" r="3.5" fill="{fill}" stroke="{LINE}" stroke-width="2"/>'
            )
        if age == 0 and last < 11:
            parts.append(
                f'<text x="{x[last] + 7}" y="{height + size.font * 0.35:.1f}" font-weight="700" fill="{INK}" '
                f'stroke="#fff" stroke-width="4" paint-order="stroke">{year}</text>'
            )
        else:
            ends.append((height, year))
    parts.append(_labels(ends, right + 2, size, base))
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number


def _year(every: Sequence[Sequence[Point]]) -> Sequence[Point]:
    """The year with most months, to name them by."""
    return max(every, key=len)


def _describe(every: Sequence[Sequence[Point]]) -> str:
    """What a sighted reader takes from the drawing."""
    texts = []
    for months in every:
        known = [(point.count, point.month) for point in months if point.count is not None]
        if known:
            (low, when_low), (high, when_high) = min(known), max(known)
            texts.append(
                f"{months[0].month.year}: {thousands(low)} ({when_low:%b}) to {thousands(high)} ({when_high:%b})"
            )
    span = f"A line for each year, {month_name(every[0][0].month)} to {month_name(every[-1][-1].month)}."
    return f"{span} {'; '.join(texts)}." if texts else f"{span} No figures are known."


def _labels(ends: Sequence[tuple[float, str]], x: float, size: Size, base: float) -> str:
    """The years' names at the ends of their lines, moved apart where they would lie on each other."""
    apart = size.font + 1
    placed: list[tuple[float, str]] = []
    floor = 0.0
    for height, year in sorted(ends):
        at = max(height, floor)
        placed.append((at, year))
        floor = at + apart
    over = floor - apart - base  # pushed below the axis: all move up
    lifted: list[tuple[float, str]] = []
    lowest = base
    for at, year in reversed(placed):
        at = min(at, lowest) if over > 0 else at
        lifted.append((at, year))
        lowest = at - apart
    texts = "".join(f'<text x="{x}" y="{at + size.font * 0.35:.1f}">{year}</text>' for at, year in lifted)
    return f'<g fill="{INK}">{texts}</g>'
