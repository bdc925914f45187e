"""Pages in rows and words, made of what `pages` answered, without the database. A module a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reports.charts import Point
from reports.queries import Figure, unknown
from reports.sentences import PARTIAL


def points(figures: Mapping[date, Figure], window: Sequence[date]) -> list[Point]:
    """A point for each month of the window."""
    made = []
    for month in window:
        figure = figures.get(month) or unknown(month)
        made.append(Point(month, figure.count, figure.last_year, figure.coverage == PARTIAL, figure.converted))
    return made
