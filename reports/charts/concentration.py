"""The concentration curve: what share of all crimes the busiest share of places has."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from reports.charts.drawing import GREY_LINE, GRID, INK, LINE, Size, opening

_SIZE = Size(420, 300, 13)
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 10, 405, 250


def curve(held: Sequence[float], *, key: str, title: str, description: str) -> SafeString:
    """The curve through `held` (shares, 0 to 1, of the busiest 0, 1, 2 ... places), and the line of an even spread."""
    last = len(held) - 1

    def x(share: float) -> float:
        return _LEFT + share * (_RIGHT - _LEFT)

    def y(share: float) -> float:
        return _BOTTOM - share * (_BOTTOM - _TOP)

    marks = [0, 0.25, 0.5, 0.75, 1]
    across = "".join(f"M{_LEFT} {y(mark):g}H{_RIGHT}" for mark in marks)
    beside = "".join(f'<text x="{_LEFT - 5}" y="{y(mark) + 4:g}">{mark:.0%}</text>' for mark in marks)
    below = "".join(f'<text x="{x(mark):g}" y="{_BOTTOM + 18}">{mark:.0%}</text>' for mark in marks)
    line = " ".join(f"{x(index / last):.1f},{y(share):.1f}" for index, share in enumerate(held))
    return mark_safe(  # noqa: S308 - title and description are escaped by `opening`, all else is numbers and our words
        f"{opening(key, title, description, _SIZE)}"
        f'<path d="{across}" stroke="{GRID}"/>'
        f'<g text-anchor="end" fill="{INK}">{beside}</g><g text-anchor="middle" fill="{INK}">{below}'
        f'<text x="{(_LEFT + _RIGHT) / 2:g}" y="{_SIZE.height - 12}">Share of the LSOAs, busiest first</text></g>'
        f'<path d="M{x(0):g} {y(0):g}L{x(1):g} {y(1):g}" stroke="{GREY_LINE}" stroke-dasharray="4 4"/>'
        f'<text x="{x(0.62):g}" y="{y(0.5):g}" fill="{INK}">spread evenly</text>'
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2.5"/></svg>'
    )
