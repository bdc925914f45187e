"""What waits for somebody at the hotspots that they keep: gates and reviews that are due, alerts to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.db.models.functions import Least

from hotspots.models import Hotspot, ReentryAlert
from hotspots.register.filters import REVIEWED
from partners.visibility import Viewer
from reports.pages.board import SOON
from reports.words import day_name


@dataclass(frozen=True, slots=True)
class Waiting:
    """One hotspot, and what waits there in a few words."""

    place: Hotspot
    words: str


def waiting(viewer: Viewer, on: date, most: int) -> list[Waiting]:
    """The hotspots that somebody may change where something waits, the longest overdue first, at most so many.

    One query and the viewer's.
    """
    alerts = ReentryAlert.objects.filter(trigger__hotspot=OuterRef("pk"), acknowledged_at=None)
    rows = (
        Hotspot.objects.changeable_by(viewer)
        .filter(status__in=REVIEWED)
        .annotate(gate=Min("phases__planned_end", filter=Q(phases__ends=None)), alert=Exists(alerts))
        .filter(Q(gate__lte=on + SOON) | Q(review_on__lt=on) | Q(alert=True))
        .annotate(first=Least("gate", "review_on"))
        .select_related("owner")
        .order_by("first", "name", "pk")
    )
    return [Waiting(place, _words(place, on)) for place in rows[:most]]


def _words(place: Any, on: date) -> str:
    said = []
    if place.alert:
        said.append("re-entry alert")
    if place.gate and place.gate <= on + SOON:
        said.append(f"gate {'was' if place.gate < on else 'is'} due on {day_name(place.gate)}")
    if place.review_on and place.review_on < on:
        said.append(f"review was due on {day_name(place.review_on)}")
    return "; ".join(said)
