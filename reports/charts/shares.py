"""Horizontal bars of parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from reports.charts.drawing import INK, LINE, Size, opening
from reports.words import SMALLEST_BASE, thousands


def shares(rows: Sequence[tuple[str, int]], *, key: str, title: str) -> SafeString:
    """Horizontal bars from zero, one a row, in the order given: (name, count), each with its share of the sum, or
    with its count where the sum is under SMALLEST_BASE.

    Raises ValueError where the sum is zero: there is no share of nothing.
    """
    total = sum(count for _, count in rows)
    if total <= 0:
        raise ValueError("Shares need a sum above zero.")
    size = Size(460, 34 * len(rows) + 4, 13)
    largest = max(count for _, count in rows)
    description = "; ".join(f"{name} {thousands(count)}" for name, count in rows)
    parts = [opening(key, title, f"{description}. {thousands(total)} in all.", size)]
    for index, (name, count) in enumerate(rows):
        y = 34 * index
        text = share(count, total) if total >= SMALLEST_BASE else thousands(count)
        width = round(350 * count / largest, 1)
        parts.append(
            f'<text x="0" y="{y + 13}" fill="{INK}">{escape(name)}</text>'
            f'<rect x="0" y="{y + 18}" width="{width}" height="10" fill="{LINE}"/>'
            f'<text x="{width + 6}" y="{y + 28}" fill="{INK}" font-weight="700">{text}</text>'
        )
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - names are escaped, all else is numbers


def share(count: int, total: int) -> str:
    """A share in whole percent; "under 1%" for little and "0%" only for nothing."""
    if count and 200 * count < total:
        return "under 1%"
    return f"{100 * count / total:.0f}%"
