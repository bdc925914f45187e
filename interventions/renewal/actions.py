"""What people do towards the renewal of a PSPO: begin the planner, tick its steps off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotspots.words import day_name
from interventions.checks import is_kept
from interventions.law.parameters import Law
from interventions.models import PublicSpacesOrder, RenewalStep
from partners import audit
from partners.refusals import Refused, checked_text
from partners.visibility import Viewer

LONGEST_NOTE = 300


@transaction.atomic
def begin_renewal(*, by: Viewer, pk: int) -> list[RenewalStep]:
    """The steps towards the order's expiry, each counted back by the days that hold today.

    Raises PublicSpacesOrder.DoesNotExist where it is none to change, Refused where it is not in force, its steps are
    there already, or no step has its days set.
    """
    order = _locked(by, pk)
    expires_on = order.last_day
    if order.stage != PublicSpacesOrder.Stage.IN_FORCE or expires_on is None:
        raise Refused("stage", "Only an order that is made can be renewed.")
    if expires_on < timezone.localdate():
        raise Refused("ends", f"It ran out with {day_name(expires_on)}: to go on, a new order is needed.")
    if RenewalStep.objects.filter(record=order.pk, expires_on=expires_on).exists():
        raise Refused("steps", "The renewal of this term is planned already.")
    law, today = Law.now(), timezone.localdate()
    before = {step: law.whole("renewal", step, on=today) for step in RenewalStep.Step.values}
    steps = [
        RenewalStep(record=order, step=step, expires_on=expires_on, due_on=expires_on - timedelta(days=days))
        for step, days in before.items()
        if days is not None
    ]
    if not steps:
        raise Refused("steps", "No step of a renewal has its days set. Ask the partnership’s administrators.")
    RenewalStep.objects.bulk_create(steps)
    audit.write("pspo.renewal-begun", by=by, about=[order], after={one.step: _said(one) for one in steps})
    return steps


@transaction.atomic
def keep_step(*, by: Viewer, pk: int, step: int, done_on: date | None, note: str) -> RenewalStep:
    """Says when a step was done, with a note; None = it is still to do.

    Raises PublicSpacesOrder.DoesNotExist or RenewalStep.DoesNotExist where it is none to change, Refused where the day
    or the note cannot be.
    """
    order = _locked(by, pk)
    row = RenewalStep.objects.get(pk=step, record=order.pk)
    if done_on and (not is_kept(done_on) or done_on > timezone.localdate()):
        raise Refused("done_on", "The day on which it was done is not after today, nor before 2000.")
    before = _said(row)
    row.done_on, row.note = done_on, checked_text("note", note, LONGEST_NOTE, one_line=True)
    if _said(row) != before:
        row.save()
        audit.write("pspo.renewal-step", by=by, about=[order], before={row.step: before}, after={row.step: _said(row)})
    return row


def _locked(by: Viewer, pk: int) -> PublicSpacesOrder:
    found: Any = PublicSpacesOrder.objects.changeable_by(by)
    order: PublicSpacesOrder = found.select_for_update(of=("self",)).get(pk=pk)
    return order


def _said(step: RenewalStep) -> dict[str, Any]:
    return {"due_on": step.due_on, "done_on": step.done_on, "note": step.note}
