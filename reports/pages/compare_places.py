"""What the page that sets up to four places side by side shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hotspots import categories
from hotspots.calc.metres import area_m2
from hotspots.models import Hotspot, PhasePeriod
from hotspots.phases import queries as phases
from hotspots.register.boundaries import in_force, shape_of
from reports import place_figures
from reports.calc.baseline import Range
from reports.pages.board import CATEGORY
from reports.place_figures import Series
from reports.schemes import groups


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the places. `series` by category's slug, empty until it is counted; `last` as in `BoardPlace`."""

    place: Hotspot
    current: list[PhasePeriod]
    square_metres: float
    series: dict[str, Series]
    last: int | None
    baseline: Range | None


def compared(places: Sequence[Hotspot], on: date) -> list[Compared]:
    """The places as of a day, in the order given. Three queries."""
    boundaries = in_force([place.area_id for place in places], on)
    current = phases.current_phases(places, on)
    known = categories.by_slug(categories.POLICE_UK)
    wanted = {known[CATEGORY], *groups(categories.POLICE_UK), *(one for one in known.values() if not one.members)}
    since = place_figures.lately(places, on)
    found = place_figures.all_series([one.pk for one in boundaries.values()], wanted, since)
    made = []
    for place in places:
        boundary = boundaries[place.area_id]
        series = {slug: by_pk[boundary.pk] for slug, by_pk in found.items() if boundary.pk in by_pk}
        own = series.get(CATEGORY)
        made.append(
            Compared(
                place,
                current.get(place.pk, []),
                area_m2(shape_of(boundary)),
                series,
                own.newest() if own else None,
                place_figures.baseline_of(place, own),
            )
        )
    return made
