"""What the renewal of a PSPO rests on: how it was used, what people answered, its steps.

Counts are of the actions that the reader sees, cancelled ones left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from interventions.calc.clock import LONDON
from interventions.calc.periods import months_after
from interventions.models import (
    Condition,
    Consultation,
    PspoAction,
    PublicSpacesOrder,
    RenewalStep,
)
from partners.visibility import Viewer

# (pk of the condition or None, action, first day of the month) -> how many.
Uses = Counter[tuple[int | None, str, date]]


@dataclass(frozen=True, slots=True)
class ConditionUse:
    """How often one condition of an order was acted on, by action. `condition` None = no condition was said."""

    condition: Condition | None
    by_action: Counter[str]

    @property
    def total(self) -> int:
        return self.by_action.total()


@dataclass(frozen=True, slots=True)
class Responses:
    """What was answered in the consultations on an order, one after the other. Counts are of what is known."""

    rounds: list[Consultation]
    in_favour: int
    against: int
    neutral: int


def uses(order: PublicSpacesOrder, viewer: Viewer) -> Uses:
    """The actions on an order that a reader sees, counted. One query."""
    rows: Any = PspoAction.objects.visible_to(viewer).filter(order=order.pk)
    rows = rows.exclude(status=PspoAction.Status.CANCELLED).order_by()
    counted = (
        rows.annotate(month=TruncMonth("starts", tzinfo=LONDON))
        .values_list("condition", "action", "month")
        .annotate(n=Count("pk"))
    )
    return Counter({(condition, action, month.date()): n for condition, action, month, n in counted})


def use_by_condition(counted: Uses, conditions: Sequence[Condition]) -> list[ConditionUse]:
    """All conditions of an order, the most used first, the unused last by number; then what names no condition, where
    there is any."""
    by_condition: dict[int | None, Counter[str]] = {}
    for (condition, action, _), n in counted.items():
        by_condition.setdefault(condition, Counter())[action] += n
    found = [ConditionUse(one, by_condition.pop(one.pk, Counter())) for one in conditions]
    found.sort(key=lambda use: (-use.total, use.condition.number if use.condition else 0))
    rest = sum(by_condition.values(), Counter())
    return [*found, ConditionUse(None, rest)] if rest else found


def actions_by_month(counted: Uses) -> list[tuple[date, Counter[str]]]:
    """Action by action, for every month from the first with any to the last; [] where there is none."""
    if not counted:
        return []
    months = {month for _, _, month in counted}
    found: dict[date, Counter[str]] = {}
    month = min(months)
    while month <= max(months):
        found[month] = Counter()
        month = months_after(month, 1)
    for (_, action, month), n in counted.items():
        found[month][action] += n
    return list(found.items())


def responses(order: PublicSpacesOrder) -> Responses:
    """The consultations on an order, the first one first. One query."""
    rounds: list[Consultation] = list(order.consultations.all())

    def total(name: str) -> int:
        return sum(getattr(one, name) or 0 for one in rounds)

    return Responses(rounds, total("in_favour"), total("against"), total("neutral"))


def order_of(viewer: Viewer, pk: int) -> PublicSpacesOrder | None:
    """A PSPO that somebody sees, with its owner; None where there is none. One query."""
    rows = PublicSpacesOrder.objects.visible_to(viewer).select_related("owner")
    found: PublicSpacesOrder | None = rows.filter(pk=pk).first()
    return found


def steps(order: PublicSpacesOrder) -> list[RenewalStep]:
    """The steps towards the renewal that the order's expiry asks for, the first due first; [] where they are not begun.
    One query."""
    if order.last_day is None:
        return []
    return list(RenewalStep.objects.filter(record=order.pk, expires_on=order.last_day).order_by("due_on", "pk"))
