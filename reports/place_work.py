"""What agencies do at a place, as far as a reader sees it: for its profile, its timeline and its next steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from hotspots.models import Hotspot
from interventions import queries
from interventions.models import AgreedAction, Intervention
from interventions.tracker.queries import open_of_hotspots
from partners.filters import day_begins
from partners.visibility import Viewer

# More records than that of one place are not read for a page; the registers have them all.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Work:
    """Records at a place that go on or begin on a day or later, oldest first; open promises, the first due first.

    `is_whole` is False where there are more records than were read: the oldest are missing.
    """

    records: list[Intervention] = field(default_factory=list)
    promised: list[AgreedAction] = field(default_factory=list)
    is_whole: bool = True


def work_at(viewer: Viewer, place: Hotspot, since: date) -> Work:
    """The work at a place that the reader sees. Two queries, and the viewer's."""
    rows = queries.at_hotspots(Intervention.objects.visible_to(viewer), [place.pk])
    rows = rows.filter(Q(ends=None) | Q(ends__gte=day_begins(since))).select_related("owner")
    newest = list(rows.order_by("-starts", "-pk")[: MOST + 1])
    promised = open_of_hotspots(viewer, [place.pk]).get(place.pk, [])
    return Work(newest[:MOST][::-1], promised, len(newest) <= MOST)
