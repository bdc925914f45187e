"""Rules of twelve-month plans: twelve whole months, and lines that lie in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from hotspots.words import day_name, month_name, plural
from interventions.calc.clock import LONDON
from interventions.calc.periods import months_after
from interventions.drafts import Draft
from interventions.law.rules import Said, block, rule, show
from interventions.models import Intervention, YearPlanItem
from partners.filters import day_begins

MONTHS = 12
_PAPER = "Practice: the council’s paper asks for a year by month"


def months_of(first: date) -> list[date]:
    """The first days of the twelve months of a plan, from the month of its first day."""
    return [months_after(first.replace(day=1), number) for number in range(MONTHS)]


def end_of(first: date) -> date:
    """The last day of a plan from the month of a day."""
    return months_after(first.replace(day=1), MONTHS) - timedelta(days=1)


@rule("year-plan.months", _PAPER)
def twelve_months(draft: Draft) -> Iterator[Said]:
    plan = draft.record
    last = end_of(plan.first_day)
    if plan.last_day != last:
        yield block(
            "ends",
            f"A plan covers twelve whole months: from {month_name(plan.first_day)} it goes on until {day_name(last)}.",
        )
    months = months_of(plan.first_day)
    for number, item in enumerate(draft.of("items"), start=1):
        if item.month is not None and item.month not in months:
            yield block(
                "items",
                f"Line {number} is for {month_name(item.month)}, and the plan goes from {month_name(months[0])} to "
                f"{month_name(months[-1])}.",
            )


@rule("year-plan.joint", _PAPER)
def a_joint_day_each_month(draft: Draft) -> Iterator[Said]:
    joint = {
        item.month
        for item in draft.of("items")
        if item.lane == YearPlanItem.Lane.JOINT and item.status != YearPlanItem.Status.DROPPED
    }
    without = [month for month in months_of(draft.record.first_day) if month not in joint]
    if without:
        yield show("items", f"{plural(len(without), 'month has', 'months have')} no joint day of action.")


def complete(draft: Draft) -> None:
    """A plan begins on the first of a month and, where nobody says more, lasts twelve; lines stand under the first of
    their month."""
    plan = draft.record
    if plan.starts is not None:
        first = timezone.localtime(plan.starts, LONDON).date()
        was_whole = plan.ends == day_begins(months_after(first, MONTHS))
        plan.starts = day_begins(first.replace(day=1))
        if plan.ends is None or was_whole:
            plan.ends = day_begins(end_of(first) + timedelta(days=1))
        if not plan.title:
            where = ", ".join(ward.name for ward in draft.wards[:3])
            plan.title = f"Twelve-month plan{f', {where}' if where else ''}, from {month_name(first)}"[:150]
    for item in draft.of("items"):
        if item.month is not None:
            item.month = item.month.replace(day=1)


def state_of(plan: Any, day: date) -> tuple[str, str]:
    """ "Runs until 31 December 2027", "From 1 January 2027", "Over"."""
    if plan.status == Intervention.Status.CANCELLED:
        return "Cancelled", "grey"
    if day < plan.first_day:
        return f"From {day_name(plan.first_day)}", "light-blue"
    if plan.last_day is not None and plan.last_day < day:
        return "Over", "grey"
    return f"Runs until {day_name(plan.last_day)}" if plan.last_day else "Runs", "blue"


RULES = (twelve_months, a_joint_day_each_month)
