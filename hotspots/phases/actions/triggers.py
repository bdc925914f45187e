"""What would bring a place back: triggers that people set, and the alerts that they acknowledge."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from hotspots import categories
from hotspots.models import ReentryAlert, ReentryTrigger
from hotspots.phases.moves import place_with_phases
from partners import audit
from partners.refusals import Refused
from partners.visibility import Viewer

MOST_MONTHS = 12


@transaction.atomic
def set_trigger(*, by: Viewer, place: int, category: str, months: int) -> ReentryTrigger:
    """An alert is to be raised where crimes of a police.uk category are so many months on end above the baseline range.

    Raises Refused, and Hotspot.DoesNotExist where the place is none to change.
    """
    record = place_with_phases(by, place)
    known = categories.by_slug(categories.POLICE_UK)
    if category not in known:
        raise Refused("category", f"“{category[:60]}” is no type of crime that police.uk publishes.")
    if not 1 <= months <= MOST_MONTHS:
        raise Refused("months", f"Give 1 to {MOST_MONTHS} months.")
    if ReentryTrigger.objects.filter(hotspot=record, category=category, months=months, ended_at=None).exists():
        raise Refused("months", "There is such a trigger already.")
    trigger = ReentryTrigger.objects.create(hotspot=record, category=category, months=months, set_by=by.user)
    audit.write("hotspot.trigger-set", by=by, about=[record], after=audit.snapshot(trigger))
    return trigger


@transaction.atomic
def end_trigger(*, by: Viewer, pk: int) -> ReentryTrigger:
    """A trigger is looked at no more; its alerts stay. Raises Hotspot.DoesNotExist."""
    place = ReentryTrigger.objects.filter(pk=pk).values_list("hotspot_id", flat=True).first()
    record = place_with_phases(by, place or 0)
    trigger = ReentryTrigger.objects.get(pk=pk)
    if trigger.ended_at is None:
        before = audit.snapshot(trigger)
        trigger.ended_at, trigger.ended_by = timezone.now(), by.user
        trigger.save()
        audit.write("hotspot.trigger-ended", by=by, about=[record], before=before, after=audit.snapshot(trigger))
    return trigger


@transaction.atomic
def acknowledge_alert(*, by: Viewer, pk: int) -> ReentryAlert:
    """Somebody has seen an alert and takes it from here. Raises Hotspot.DoesNotExist."""
    place = ReentryAlert.objects.filter(pk=pk).values_list("trigger__hotspot_id", flat=True).first()
    record = place_with_phases(by, place or 0)
    alert = ReentryAlert.objects.get(pk=pk)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = timezone.now(), by.user
        alert.save()
        audit.write("hotspot.alert-acknowledged", by=by, about=[record], after={"alert": pk, "month": str(alert.month)})
    return alert
