"""Charts as SVG text, made on the server: they need no script, print, and read in greyscale.

Counts start at zero. An unknown month is a gap in the line and a cross on the axis, never a zero. The same month of
the year before is the grey shape behind. Presentation attributes only: the page's security policy forbids
inline styles.
"""

from __future__ import annotations

from reports.charts.drawing import GREY_FILL, LARGE, SMALL, Break, Point, Size, ceiling
from reports.charts.monthly import series, sparkline
from reports.charts.shares import share, shares
from reports.charts.years import years

__all__ = [
    "GREY_FILL",
    "LARGE",
    "SMALL",
    "Break",
    "Point",
    "Size",
    "ceiling",
    "series",
    "share",
    "shares",
    "sparkline",
    "years",
]
