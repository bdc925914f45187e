"""Starting, changing, stopping and correcting the phases of a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hotspots.models import PhasePeriod
from hotspots.phases import moves
from hotspots.phases.moves import Plan
from hotspots.phases.rules import Spell
from partners import audit, webhooks
from partners.refusals import Refused, checked_text
from partners.visibility import Viewer

LONGEST_REASON = 500


@transaction.atomic
def start_phase(*, by: Viewer, place: int, phase: str, plan: Plan, knowingly: bool = False) -> PhasePeriod:
    """A phase begins at a place (its pk): for the first time, beside others, or again.

    Raises Refused where it cannot, Unusual where it follows no usual order and that is not `knowingly`, and
    Hotspot.DoesNotExist where the place is none to change.
    """
    record = moves.place_with_phases(by, place)
    period = moves.begin(record, phase, plan, by=by, knowingly=knowingly)
    webhooks.tell("phase.changed", record)
    audit.write("hotspot.phase-started", by=by, about=[record], after=audit.snapshot(period))
    return period


@transaction.atomic
def change_period(
    *, by: Viewer, pk: int, seen: datetime | None, ends: date | None = None, reason: str = "", **said: Any
) -> PhasePeriod:
    """Changes what is `said` (names of Plan) of a period, and corrects the last day of one that has ended.

    `seen` is its `changed_at` when it was read; None = whatever it is now. Dates that were kept already are corrected
    with a reason. Raises as starting does, and ChangedMeanwhile where somebody saved it since.
    """
    record, period = moves.period_of(by, pk, seen)
    before, old = audit.snapshot(period), Plan.of(period)
    plan = moves.tidy(replace(old, **said))
    if ends and period.ends is None:
        raise Refused("ends", "This phase goes on. Stop it, or decide its gate, to end it.")
    last = ends or period.ends
    if plan == old and last == period.ends:
        return period
    if plan.starts != old.starts or last != period.ends:
        reason = checked_text("reason", reason, LONGEST_REASON, one_line=True)
        if not reason:
            raise Refused("reason", "Say why the dates are corrected, in one line.")
    moves.check(record, Spell(period.phase, plan.starts, last, plan.planned_end), apart_from=period)
    moves.fill(period, plan, by)
    period.ends = last
    period.save()
    audit.write(
        "hotspot.phase-changed",
        by=by,
        about=[record],
        before=before,
        after=audit.snapshot(period),
        reason=reason,
    )
    return period


@transaction.atomic
def stop_phase(*, by: Viewer, pk: int, ends: date, reason: str) -> PhasePeriod:
    """Ends a period without a gate. Raises as changing does, and Refused where it has ended already."""
    record, period = moves.period_of(by, pk)
    reason = checked_text("reason", reason, LONGEST_REASON, one_line=True)
    if not reason:
        raise Refused("reason", "Say why it stops, in one line.")
    before = audit.snapshot(period)
    moves.finish(record, period, ends, PhasePeriod.Ending.STOPPED, by=by)
    webhooks.tell("phase.changed", record)
    audit.write(
        "hotspot.phase-stopped", by=by, about=[record], before=before, after=audit.snapshot(period), reason=reason
    )
    return period


@transaction.atomic
def remove_period(*, by: Viewer, pk: int, reason: str) -> None:
    """Removes a period that was entered by mistake; the audit trail keeps it. Refused once a gate was decided in it."""
    record, period = moves.period_of(by, pk)
    reason = checked_text("reason", reason, LONGEST_REASON, one_line=True)
    if not reason:
        raise Refused("reason", "Say why it is removed, in one line.")
    if period.decisions.exists():
        raise Refused("reason", "A gate was decided in this phase, so it stays. Stop it, or correct its dates.")
    before = audit.snapshot(period)
    period.delete()
    webhooks.tell("phase.changed", record)
    audit.write("hotspot.phase-removed", by=by, about=[record], before=before, reason=reason)
