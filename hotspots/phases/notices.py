"""Telling other systems of gates: once a week before the planned end of a phase, and once when it has passed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q

from hotspots.models import Hotspot, PhasePeriod
from partners import webhooks

SOON = timedelta(days=7)


def tell_gates_due(on: date) -> int:
    """Tells of every gate that is due within a week or overdue, and was not told of as such; how many gates.

    A planned end that is moved is told of anew. Each gate is told in a transaction of its own, and another process that
    does the same passes over it: nothing is told twice.
    """
    soon = Q(planned_end__gte=on, planned_end__lte=on + SOON) & (Q(told_soon=None) | ~Q(told_soon=F("planned_end")))
    overdue = Q(planned_end__lt=on) & (Q(told_overdue=None) | ~Q(told_overdue=F("planned_end")))
    waiting = PhasePeriod.objects.filter(
        soon | overdue, ends=None, starts__lte=on, hotspot__kind=Hotspot.Kind.HOTSPOT
    ).exclude(hotspot__status=Hotspot.Status.ARCHIVED)
    told = 0
    for pk in list(waiting.order_by("planned_end", "pk").values_list("pk", flat=True)):
        with transaction.atomic():
            period = (
                waiting.select_for_update(of=("self",), skip_locked=True)
                .select_related("hotspot")
                .filter(pk=pk)
                .first()
            )
            if period is None or period.planned_end is None:
                continue
            field = "told_overdue" if period.planned_end < on else "told_soon"
            setattr(period, field, period.planned_end)
            period.save(update_fields=[field])
            webhooks.tell("gate.due", period.hotspot)
            told += 1
    return told
