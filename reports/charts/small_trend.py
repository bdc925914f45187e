"""A small line of monthly counts, with the range of the baseline behind it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from reports.charts.drawing import GREY_FILL, GREY_LINE, LINE, Size, opening

SIZE = Size(220, 72, 12)
_MARGIN = 5


def small_trend(
    counts: Sequence[int | None], *, key: str, title: str, description: str, band: tuple[float, float] | None = None
) -> SafeString:
    """Counts of consecutive months, oldest first, from zero; None is a gap. `band` is a range to draw behind them.

    `description` says in words what the line shows. Without any known count it is an empty frame that says so.
    """
    known = [count for count in counts if count is not None]
    top = max([*known, *(band or ()), 1])
    inner = SIZE.height - 2 * _MARGIN
    step = (SIZE.width - 2 * _MARGIN) / max(len(counts) - 1, 1)

    def at(index: int, count: float) -> str:
        return f"{_MARGIN + index * step:.1f} {_MARGIN + inner * (1 - count / top):.1f}"

    parts = [opening(key, title, description, SIZE)]
    if band:
        low, high = (_MARGIN + inner * (1 - limit / top) for limit in band)
        parts.append(
            f'<rect x="0" y="{high:.1f}" width="{SIZE.width}" height="{max(low - high, 1):.1f}" fill="{GREY_FILL}"/>'
        )
    zero = _MARGIN + inner
    parts.append(f'<path d="M0 {zero}H{SIZE.width}" fill="none" stroke="{GREY_LINE}"/>')
    known_points = [(index, count) for index, count in enumerate(counts) if count is not None]
    # Neighbours share their distance from their rank: a gap begins another line.
    for _, run in groupby(enumerate(known_points), key=lambda pair: pair[1][0] - pair[0]):
        places = [at(index, count) for _, (index, count) in run]
        parts.append(f'<path d="M{"L".join(places)}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    if known_points:
        x, y = at(*known_points[-1]).split()
        parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{LINE}"/>')
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - texts are escaped by `opening`, all else is numbers
