"""What the board and the agenda show: the hotspots that somebody sees, their phases, what is due, and their trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hotspots import categories
from hotspots.models import Hotspot, PhasePeriod, ReentryAlert
from hotspots.phases import queries as phases
from hotspots.sql import rows
from reports import place_figures
from reports.calc.baseline import Range, baseline_range
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
    places = list(
        found.filter(kind=Hotspot.Kind.HOTSPOT).select_related("owner", "lead", "changed_by").order_by("name", "pk")
    )
    current = phases.current_phases(places, on)
    due = phases.gates_due(places, on + SOON)
    alerts = phases.open_alerts(places)
    boundaries = boundaries_on([place.area_id for place in places], on)
    category = categories.by_slug(categories.POLICE_UK)[CATEGORY]
    series = place_figures.series(list(boundaries.values()), category)
    made = []
    for place in places:
        own = series.get(boundaries.get(place.area_id, 0))
        made.append(
            BoardPlace(
                place,
                current.get(place.pk, []),
                due.get(place.pk, []),
                alerts.get(place.pk, []),
                own,
                newest(own),
                baseline_of(place, own),
            )
        )
    return made


def boundaries_on(areas: Sequence[int], on: date) -> dict[int, int]:
    """By area's pk, the pk of its boundary on a day, else of its first. One query; no shapes are read."""
    found: dict[int, int] = {}
    for area, pk, since in rows(
        "SELECT area_id, id, valid_from FROM hotspots_boundary WHERE area_id = ANY(%s) ORDER BY valid_from NULLS FIRST",
        list(areas),
    ):
        if area not in found or since is None or since <= on:
            found[area] = pk
    return found


def newest(series: Series | None) -> int | None:
    """The position of the newest month that bears comparison."""
    known = [index for index, count in enumerate(series.comparable()) if count is not None] if series else []
    return known[-1] if known else None


def baseline_of(place: Hotspot, series: Series | None) -> Range | None:
    """The range of the months of a place's baseline; None where it has none, or too few are known."""
    first, last = place.baseline_from, place.baseline_to
    if series is None or first is None or last is None:
        return None
    pairs = zip(series.months, series.comparable(), strict=True)
    return baseline_range([count for month, count in pairs if first <= month <= last])
