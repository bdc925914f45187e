"""What the pages, files and routes of activity read: always what its viewer may see, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hotspots.models import Hotspot
from interventions import states
from interventions.models import Intervention
from partners.filters import day_begins
from partners.roles import Permission
from partners.visibility import Viewer, is_withheld, shown

# Days before its end from which an order is said to end soon.
SOON = 90


def activity(viewer: Viewer) -> Any:
    """The records that somebody sees, in no order: a queryset of rows whose withheld fields are None."""
    return Intervention.objects.visible_to(viewer).select_related("owner").prefetch_related("wards")


def in_order(rows: Any) -> Any:
    """Newest first."""
    return rows.order_by("-starts", "-pk")


def record(viewer: Viewer, pk: int) -> Intervention | None:
    """One record, as far as it is shown; None where there is none for this viewer. Two queries."""
    found: Intervention | None = activity(viewer).select_related("created_by", "changed_by").filter(pk=pk).first()
    return found


def changeable(viewer: Viewer, pk: int) -> Intervention | None:
    """One record whole, to be changed; None where it is not this viewer's to change."""
    found: Intervention | None = (
        Intervention.objects.changeable_by(viewer).select_related("owner", "changed_by").filter(pk=pk).first()
    )
    return found


def with_parts_withheld(rows: Any, viewer: Viewer) -> int:
    """How many of some rows, of whatever register, withhold something from their viewer. One query at most."""
    model = rows.model
    parts = [name for name in model.WITHHOLDABLE if is_withheld(model, viewer, name)]
    if not parts:
        return 0
    whole = Q()
    for name in parts:
        whole &= shown(model, viewer, name)
    return int(rows.exclude(whole).count())


def found(viewer: Viewer, text: str, most: int) -> list[Intervention]:
    """The newest records with every word of a text in what is shown of them, at most so many."""
    return list(in_order(activity(viewer).matching(text))[:most])


def planned_this_week(viewer: Viewer) -> Any:
    """What somebody's own agencies plan from now until Sunday, the first first: what a list says of it, no more.

    No query where there is no agency, else one.
    """
    if not viewer.agencies(Permission.SEE):
        return []
    now = timezone.localtime(viewer.now)
    monday = day_begins(now.date() + timedelta(days=7 - now.weekday()))
    planned = Intervention.objects.own_to(viewer).filter(
        status=Intervention.Status.PLANNED, ends__gte=now, starts__lt=monday
    )
    return planned.only("kind", "title", "starts", "ends", "owner", "audience").order_by("starts", "pk")


def changed_since(rows: Any, moment: datetime) -> Any:
    """Of some rows, those that were added or changed at this moment or later, in that order."""
    return rows.filter(changed_at__gte=moment).order_by("changed_at", "pk")


def at_hotspots(rows: Any, hotspots: Any) -> Any:
    """Of some rows, those at any of some hotspots (numbers, or a subquery of them), which the reader must see."""
    linked = Intervention.hotspots.through.objects.filter(hotspot__in=hotspots)
    return rows.filter(pk__in=linked.values("intervention_id"))


def hotspots_of(viewer: Viewer, record: int) -> Any:
    """The hotspots of a record that the reader sees, as far as those are seen too, by name."""
    linked = Intervention.hotspots.through.objects.filter(intervention=record)
    return Hotspot.objects.visible_to(viewer).filter(pk__in=linked.values("hotspot")).order_by("name", "pk")


def hotspots_by_record(viewer: Viewer, records: Any) -> Mapping[int, list[Hotspot]]:
    """The hotspots of several records (numbers, or a subquery of them), which the reader sees, as far as those are seen
    too, in the order of their numbers; [] where there are none. Two queries at most."""
    pairs = Intervention.hotspots.through.objects.filter(intervention__in=records)
    linked = sorted(pairs.values_list("intervention_id", "hotspot_id"))
    seen = Hotspot.objects.visible_to(viewer).in_bulk({hotspot for _, hotspot in linked}) if linked else {}
    found: dict[int, list[Hotspot]] = defaultdict(list)
    for record, hotspot in linked:
        if hotspot in seen:
            found[record].append(seen[hotspot])
    return found


def ending_soon(viewer: Viewer) -> Any:
    """The orders of somebody's own agencies that hold and end within three months, the first first: what a list says of
    them, no more.

    No query where there is no agency, else one.
    """
    if not viewer.agencies(Permission.SEE):
        return []
    holding = states.in_force(Intervention.objects.own_to(viewer), viewer.now)
    ending = holding.filter(ends__lte=viewer.now + timedelta(days=SOON), kind__in=states.EXPIRING)
    return ending.only("kind", "title", "starts", "ends", "owner", "audience").order_by("ends", "pk")
