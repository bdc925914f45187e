"""What is done under a PSPO, from advice to a report for summons."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hotspots.words import day_name
from interventions.drafts import Draft
from interventions.law import fixed_penalties
from interventions.law import pspo_action as law
from interventions.models import PspoAction
from interventions.registers.register import Group, Register

Action = PspoAction.Action
# A title that nobody typed follows what was done.
_MADE_UP = re.compile(rf"({'|'.join(map(str, Action.labels))})(, condition \d+)?")


def complete(draft: Draft) -> None:
    """Its status, the number as all agencies write it, and a title that says what was done and nothing of whom."""
    one = draft.record
    if one.status == one.Status.PLANNED:
        # Nobody plans to warn somebody: what is written down has happened.
        one.status = one.Status.DONE
    one.fpn_number = fixed_penalties.as_written(one.fpn_number) or None
    if not one.title or _MADE_UP.fullmatch(one.title):
        of = f", condition {one.condition.number}" if one.condition else ""
        one.title = f"{one.get_action_display()}{of}"


def state_of(one: Any, day: date) -> tuple[str, str]:
    """What was done; of a fixed penalty what became of it, as far as that is shown."""
    if one.status == one.Status.CANCELLED:
        return "Cancelled", "grey"
    words = one.get_action_display() or "Not said"
    if one.action != Action.FPN or "penalty" in one.withheld:
        return words, "light-blue"
    if one.cancelled_on:
        return f"{words}, cancelled", "grey"
    return (f"{words}, paid on {day_name(one.paid_on)}", "green") if one.paid_on else (f"{words}, not paid", "yellow")


PSPO_ACTION = Register(
    slug="pspo-actions",
    model=PspoAction,
    name="PSPO actions",
    one="PSPO action",
    says="Advice and warnings first, fixed penalties, referrals; checked against the order.",
    groups=(
        Group("What happened", ("order", "condition", "action", "starts", "team")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group(
            "The person",
            ("age_band", "subject_ref", "vulnerability_seen", "support_offered", "support_accepted", "is_drug_related"),
        ),
        Group(
            "Fixed penalty",
            ("fpn_number", "fpn_amount", "paid_on", "cancelled_on", "cancelled_reason", "prosecution", "body_worn_ref"),
        ),
        Group("In one line", ("title", "reference")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "When"},
    defaults={"strand": "protect", "status": "done"},
    is_moment=True,
    placed_by="order",
    columns=("action", "team"),
    filters=("action",),
    rules=law.RULES,
    look_up=law.look_up,
    complete=complete,
    state_of=state_of,
)
