"""Horizontal bars, one a name: from zero to the right, or to the left where a figure is below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened, width
from reports.charts.drawing import INK, LINE, Size, opening

BELOW = "#c4501b"
_FONT, _ROW = 14, 24
_WIDE = 640


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: None = unknown, which is said and has no length. `dashed`: some of its months were converted."""

    name: str
    value: float | None
    text: str
    dashed: bool = False


def bars(rows: Sequence[Bar], *, key: str, title: str, description: str) -> SafeString:
    """Bars in the order given, each with its name and figure. Raises ValueError without any."""
    if not rows:
        raise ValueError("A drawing needs at least one bar.")
    size = Size(_WIDE, _ROW * len(rows) + 8, _FONT)
    known = [row.value for row in rows if row.value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    names = [shortened(row.name, 30) for row in rows]
    left = round(max(width(name, _FONT) for name in names)) + 10
    texts = max(width(row.text, _FONT) for row in rows) + 10
    # Figures stand outside the bars: to the right of those above zero, to the left of those below.
    begin = left + (texts if low < 0 else 0)
    scale = (_WIDE - texts - begin) / ((high - low) or 1)
    zero = round(begin - low * scale, 1)
    parts = [opening(key, title, description, size)]
    for index, row in enumerate(rows):
        top = 4 + _ROW * index
        middle = top + _ROW / 2 + 1
        parts.append(
            f'<text x="{left - 10}" y="{middle + 4:.0f}" text-anchor="end" fill="{INK}">{escape(names[index])}</text>'
        )
        length = round(abs(row.value or 0) * scale, 1)
        below = (row.value or 0) < 0
        if length:
            fill = BELOW if below else LINE
            outline = f' stroke="{fill}" stroke-dasharray="4 2.5" fill-opacity=".35"' if row.dashed else ""
            at = zero - length if below else zero
            parts.append(
                f'<rect x="{at:.1f}" y="{top + 3}" width="{length}" height="{_ROW - 6}" fill="{fill}"{outline}/>'
            )
        at, anchor = (zero - length - 5, "end") if below else (zero + length + 5, "start")
        parts.append(
            f'<text x="{at:.1f}" y="{middle + 4:.0f}" text-anchor="{anchor}" font-weight="700" fill="{INK}">'
            f"{escape(row.text)}</text>"
        )
    parts.append(f'<path d="M{zero} 2V{size.height - 2}" stroke="{INK}"/></svg>')
    return mark_safe("".join(parts))  # noqa: S308 - every text was escaped or is a number
