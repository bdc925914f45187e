"""A table of shades: a row a name, a column a month, the figure in each cell. The page draws it as a table of its own
with the same shades; this drawing is for downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened, width
from reports.charts.drawing import GREY_LINE, INK, Size, opening
from reports.charts.lines import Trace

# Light to dark, and the ink that reads on each. Below zero: from white to orange.
SHADES = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#4292c6", "#08519c", "#08306b")
BELOW = ("#fff5eb", "#fee6ce", "#fdd0a2", "#fdae6b", "#f16913", "#a63603", "#7f2704")
_LIGHT_INK_FROM = 5  # shades from here on carry white figures


def steps(values: Sequence[float | None]) -> float:
    """How much lies in one shade: a seventh of the largest size among the values; 0 where all are zero or unknown."""
    return max((abs(value) for value in values if value is not None), default=0) / len(SHADES)


def shade(value: float, step: float) -> int:
    """The shade of a value, 0 to 6; the same sizes above and below zero have the same."""
    return min(int(abs(value) / step), len(SHADES) - 1) if step else 0


def ink(number: int) -> str:
    """The ink that reads on a shade."""
    return "#ffffff" if number >= _LIGHT_INK_FROM else "#0b0c0c"


def heat(
    months: Sequence[date],
    traces: Sequence[Trace],
    text: Callable[[float], str],
    *,
    key: str,
    title: str,
    description: str,
) -> SafeString:
    """Rows in the order given. An unknown month is white with a dash, one in part has a star, a converted one is
    underlined. Raises ValueError without rows."""
    if not traces:
        raise ValueError("A drawing needs at least one row.")
    font, tall = 12, 20
    step = steps([value for trace in traces for value in trace.values])
    cells = [[None if value is None else text(value) for value in trace.values] for trace in traces]
    wide = round(max((width(cell, font) for row in cells for cell in row if cell), default=10)) + 10
    wide = max(wide, 26)
    names = [shortened(trace.name, 34) for trace in traces]
    left = round(max(width(name, font) for name in names)) + 8
    size = Size(left + wide * len(months) + 2, 40 + tall * len(traces), font)
    parts = [opening(key, title, description, size), f'<g text-anchor="middle" fill="{INK}">']
    for index, month in enumerate(months):
        at = left + wide * (index + 0.5)
        parts.append(f'<text x="{at}" y="32">{month:%b}</text>')
        if index == 0 or month.month == 1:
            parts.append(f'<text x="{at}" y="16" font-weight="700">{month.year}</text>')
    for row, trace in enumerate(traces):
        top = 38 + tall * row
        parts.append(f'<text x="{left - 6}" y="{top + 14}" text-anchor="end">{escape(names[row])}</text>')
        for index, value in enumerate(trace.values):
            number = 0 if value is None else shade(value, step)
            fill = "#ffffff" if value is None else (BELOW if value < 0 else SHADES)[number]
            figure = "–" if value is None else f"{escape(cells[row][index] or '')}{'*' * trace.partial[index]}"
            line = ' text-decoration="underline"' if trace.converted[index] and value is not None else ""
            parts.append(
                f'<rect x="{left + wide * index}" y="{top}" width="{wide}" height="{tall}" fill="{fill}" '
                f'stroke="{GREY_LINE}" stroke-width=".5"/><text x="{left + wide * (index + 0.5)}" y="{top + 14}" '
                f'fill="{ink(number)}"{line}>{figure}</text>'
            )
    parts.append("</g></svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number
