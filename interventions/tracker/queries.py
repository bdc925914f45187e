"""What the tracker reads: always what its viewer may see. Records that actions came out of are read for themselves, as
whoever sees an action need not see its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from hotspots.models import Hotspot
from interventions.models import AgreedAction, Intervention
from partners.models import Record
from partners.visibility import Viewer

OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one agency promised, as far as the reader sees it. `in_time` and `late` are done by the day as it is now."""

    agency: str
    promised: int
    in_time: int
    late: int
    overdue: int
    open: int
    moved: int


@dataclass(frozen=True, slots=True)
class Around:
    """The records and hotspots, by number, that some actions name and their reader sees."""

    sources: dict[int, Intervention]
    hotspots: dict[int, Hotspot]

    @property
    def records(self) -> list[Record]:
        """All of them: what is audited as read."""
        return [*self.sources.values(), *self.hotspots.values()]


def actions(viewer: Viewer) -> Any:
    """The actions that somebody sees: a queryset, the first due first."""
    return AgreedAction.objects.visible_to(viewer).select_related("agency", "asked_by", "person")


def around(viewer: Viewer, rows: Iterable[AgreedAction]) -> Around:
    """What some actions came out of and are about, as far as it is shown. Two queries at most."""
    found = list(rows)
    sources = {one.source_id for one in found if one.source_id}
    hotspots = {one.hotspot_id for one in found if one.hotspot_id}
    return Around(
        {one.pk: one for one in Intervention.objects.visible_to(viewer).filter(pk__in=sources)} if sources else {},
        {one.pk: one for one in Hotspot.objects.visible_to(viewer).filter(pk__in=hotspots)} if hotspots else {},
    )


def of_record(viewer: Viewer, pk: int) -> list[AgreedAction]:
    """The actions that came out of one record. One query."""
    return list(actions(viewer).filter(source=pk))


def open_of_hotspots(viewer: Viewer, hotspots: Collection[int]) -> dict[int, list[AgreedAction]]:
    """Hotspot -> its open actions, the first due first. One query, none without a hotspot."""
    found: dict[int, list[AgreedAction]] = defaultdict(list)
    if hotspots:
        for one in actions(viewer).filter(hotspot__in=hotspots, status=AgreedAction.Status.OPEN):
            found[one.hotspot_id].append(one)
    return dict(found)


def overdue(on: date) -> Q:
    """Open, and due before a day."""
    return Q(status=AgreedAction.Status.OPEN, due_on__lt=on)


def tallies(rows: Any, on: date) -> list[Tally]:
    """Who promised and who did, by agency, of some visible actions: dropped ones left out. One query."""
    done = Q(status=AgreedAction.Status.DONE)
    found = (
        rows.exclude(status=AgreedAction.Status.DROPPED)
        .order_by("agency__name")
        .values_list("agency__name")
        .annotate(
            promised=Count("pk"),
            in_time=Count("pk", filter=done & Q(done_on__lte=F("due_on"))),
            late=Count("pk", filter=done & Q(done_on__gt=F("due_on"))),
            overdue=Count("pk", filter=overdue(on)),
            still_open=Count("pk", filter=Q(status=AgreedAction.Status.OPEN)),
            moved=Count("pk", filter=Q(moved_from__isnull=False)),
        )
    )
    return [Tally(*one) for one in found]
