"""What a PSPO's page shows beside its fields: how it is used, and how its renewal stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from interventions.law.words import left_words
from interventions.models import PublicSpacesOrder
from interventions.renewal import presenters, queries
from partners.visibility import Viewer

Stage = PublicSpacesOrder.Stage


def use(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """How often each condition was acted on, and by month; None while the order is not made. One query."""
    if record.stage not in (Stage.IN_FORCE, Stage.DISCHARGED):
        return None
    counted = queries.uses(record, viewer)
    uses = queries.use_by_condition(counted, parts.get("conditions", ()))
    months = queries.actions_by_month(counted)
    return {
        "summary": presenters.summary(uses),
        "unused": presenters.unused(uses),
        "tables": [("condition", presenters.by_condition(uses)), ("month", presenters.by_month(months))],
    }


def renewal(viewer: Viewer, record: Any, parts: Mapping[str, Sequence[Any]]) -> Mapping[str, Any] | None:
    """The steps towards the renewal, if any; None of an order that is not made, or was discharged. One query."""
    if record.stage != Stage.IN_FORCE or record.last_day is None:
        return None
    today, steps = timezone.localdate(), queries.steps(record)
    return {
        "order": record,
        "last_day": record.last_day,
        "left": left_words(record.last_day, today),
        "is_over": record.last_day < today,
        "verdict": presenters.verdict(steps, today),
        "steps": presenters.step_rows(steps, today),
    }
