"""Reads of twelve-month plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interventions.models import DayOfAction, YearPlan, YearPlanItem
from partners.models import Agency
from partners.visibility import Viewer


def plan(viewer: Viewer, pk: int) -> YearPlan | None:
    """One plan as far as it is shown; None where there is none for this reader. Two queries."""
    found = YearPlan.objects.visible_to(viewer).select_related("owner").prefetch_related("wards")
    row: YearPlan | None = found.filter(pk=pk).first()
    return row


def may_change(viewer: Viewer, pk: int) -> bool:
    """Whether it is this person's to change. One query."""
    return bool(YearPlan.objects.changeable_by(viewer).filter(pk=pk).exists())


def items(shown: YearPlan) -> list[YearPlanItem]:
    """The lines of a plan that the reader sees, by month and lane. One query."""
    return list(YearPlanItem.objects.filter(record_id=shown.pk).select_related("agency"))


def days(viewer: Viewer, lines: Sequence[YearPlanItem]) -> Mapping[int, DayOfAction]:
    """The days of action that lines are linked with, as far as the reader sees them. One query at most."""
    numbers = {one.day_id for one in lines if one.day_id}
    if not numbers:
        return {}
    return {one.pk: one for one in DayOfAction.objects.visible_to(viewer).filter(pk__in=numbers)}


def days_to_link(viewer: Viewer, shown: YearPlan) -> list[DayOfAction]:
    """The days of action within a plan's twelve months that the reader sees, the first first. One query."""
    found = DayOfAction.objects.visible_to(viewer).filter(starts__gte=shown.starts)
    if shown.ends:
        found = found.filter(starts__lt=shown.ends)
    return list(found.order_by("starts", "pk"))


def agencies() -> list[Agency]:
    """The agencies of the partnership, by name. One query."""
    return list(Agency.objects.filter(left_at=None).order_by("name"))
