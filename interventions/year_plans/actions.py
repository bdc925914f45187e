"""What people do to the lines of a twelve-month plan: all of it changes the plan, by the rules of its register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from interventions.actions import change_intervention
from interventions.models import Intervention, YearPlan, YearPlanItem
from partners.refusals import Refused
from partners.visibility import Viewer


@transaction.atomic
def add_items(*, by: Viewer, plan: int, lines: Sequence[Mapping[str, Any]]) -> Intervention:
    """Adds lines (mappings of fields of YearPlanItem) to a plan. A line that stands there already, in the same month
    and lane with the same words, is passed over.

    Raises Refused where one cannot be, and Intervention.DoesNotExist where it is no plan of this person's to change.
    """
    there = _locked(by, plan)
    known = {(one["month"], one["lane"], one["text"]) for one in there}
    new = [line for line in lines if (_month(line["month"]), line["lane"], line["text"]) not in known]
    return change_intervention(by=by, pk=plan, seen=None, parts={"items": [*there, *new]})


@transaction.atomic
def change_item(*, by: Viewer, plan: int, item: int, **said: Any) -> Intervention:
    """Changes what is said of one line. Raises as `add_items`, and Refused where the plan has no such line."""
    there = _locked(by, plan)
    if item not in [one["id"] for one in there]:
        raise Refused("items", "This line is no longer in the plan.")
    rows = [one | said if one["id"] == item else one for one in there]
    return change_intervention(by=by, pk=plan, seen=None, parts={"items": rows})


@transaction.atomic
def remove_item(*, by: Viewer, plan: int, item: int) -> Intervention:
    """Takes a line out of a plan; one that was planned and is not done is rather dropped. Raises as `change_item`."""
    there = _locked(by, plan)
    rows = [one for one in there if one["id"] != item]
    if len(rows) == len(there):
        raise Refused("items", "This line is no longer in the plan.")
    return change_intervention(by=by, pk=plan, seen=None, parts={"items": rows})


def _locked(by: Viewer, plan: int) -> list[dict[str, Any]]:
    """The lines as they are now. The plan's row is locked until the transaction ends, so that nobody's line is lost."""
    Intervention.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=plan, kind__in=YearPlan.KINDS)
    return [
        {"id": one.pk, "month": one.month, "status": one.status} | {"lane": one.lane, "text": one.text}
        for one in YearPlanItem.objects.filter(record_id=plan)
    ]


def _month(said: Any) -> Any:
    return said.replace(day=1) if isinstance(said, date) else said
