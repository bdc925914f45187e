"""What each page shows: everything that its presenter needs, read at once. A module a page."""

from __future__ import annotations

from datetime import date

from reports.queries import Place, Span


class NoFigures(Exception):
    """The area has nothing for what was asked. `spans` says what it has, by scheme (empty: nothing at all)."""

    def __init__(self, place: Place, spans: dict[str, Span]) -> None:
        super().__init__(place.name)
        self.place, self.spans = place, spans


def shown_month(place: Place, has: dict[str, Span], scheme: str, asked: date | None) -> date:
    """The month to show of a scheme, for which the area has rows. Raises NoFigures."""
    if scheme not in has or (asked and not has[scheme].first <= asked <= has[scheme].last):
        raise NoFigures(place, has)
    return asked or has[scheme].newest
