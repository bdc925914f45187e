"""What the board and the agenda show: the hotspots that somebody sees, their phases, what is due, and their trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hotspots import categories
from hotspots.models import Hotspot, PhasePeriod, ReentryAlert
from hotspots.phases import queries as phases
from hotspots.register.boundaries import in_force
from reports import place_figures
from reports.calc.baseline import Range
from reports.place_figures import Series

CATEGORY = "all-crime"
# A gate or review is on the agenda so many days before it is due.
SOON = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """One hotspot. `series` is None until it is counted; `last` is the position in it of the newest month that bears
    comparison, None where there is none; `baseline` None where it cannot be made.
    """

    place: Hotspot
    current: list[PhasePeriod]
    due: list[PhasePeriod]
    alerts: list[ReentryAlert]
    series: Series | None
    last: int | None
    baseline: Range | None


def board(found: Any, on: date) -> list[BoardPlace]:
    """The hotspots among some visible rows, by name, as of a day. Six queries, however many there are."""
    places = list(found.filter(kind=Hotspot.Kind.HOTSPOT).order_by("name", "pk"))
    current = phases.current_phases(places, on)
    due = phases.gates_due(places, on + SOON)
    alerts = phases.open_alerts(places)
    boundaries = in_force([place.area_id for place in places], on, shapes=False)
    category = categories.by_slug(categories.POLICE_UK)[CATEGORY]
    since = place_figures.lately(places, on)
    series = place_figures.series([one.pk for one in boundaries.values()], category, since)
    made = []
    for place in places:
        boundary = boundaries.get(place.area_id)
        own = series.get(boundary.pk) if boundary else None
        made.append(
            BoardPlace(
                place,
                current.get(place.pk, []),
                due.get(place.pk, []),
                alerts.get(place.pk, []),
                own,
                own.newest() if own else None,
                place_figures.baseline_of(place, own),
            )
        )
    return made
