"""Small drawings side by side in one picture, for downloads; on the page each stands by itself and they flow."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.axes import shortened
from reports.charts.drawing import INK, Size, opening

_GAP, _HEADING = 18, 22


def multiples(
    drawings: Sequence[tuple[str, str]], *, key: str, title: str, description: str, each: Size, columns: int = 3
) -> SafeString:
    """(name, drawing as SVG of the size `each`) in rows of up to `columns`, the name above each. Raises ValueError
    without any."""
    if not drawings:
        raise ValueError("A picture needs at least one drawing.")
    columns = min(columns, len(drawings))
    rows = -(-len(drawings) // columns)
    tall = each.height + _HEADING + _GAP
    size = Size(columns * (each.width + _GAP) - _GAP, rows * tall - _GAP, each.font)
    parts = [opening(key, title, description, size)]
    for index, (name, drawing) in enumerate(drawings):
        x, y = index % columns * (each.width + _GAP), index // columns * tall
        placed = f'<svg x="{x}" y="{y + _HEADING}" width="{each.width}" height="{each.height}" '
        parts.append(
            f'<text x="{x + 4}" y="{y + 15}" font-weight="700" font-size="{each.font + 1}" fill="{INK}">'
            f"{escape(shortened(name, 42))}</text>" + drawing.replace("<svg ", placed, 1)
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - names are escaped, drawings were made here
