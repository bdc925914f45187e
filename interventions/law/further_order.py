"""Rules of injunctions and other orders: their limits stand in the type of order, which the partnership sets up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from hotspots.words import day_name, plural
from interventions.calc.periods import last_day_of
from interventions.drafts import Draft
from interventions.law.common import condition_numbers, no_name
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import is_younger, left_words
from interventions.models import FurtherOrder, Intervention, OnPerson
from partners.filters import day_begins

_Stage, _Status = FurtherOrder.Stage, Intervention.Status
_MADE = (_Stage.MADE, _Stage.DISCHARGED)
_HOLDS = (_Stage.MADE, _Stage.INTERIM)
# Of which the applicant must assess the risk before applying.
RISK_ASSESSED = ("respect-order",)
# Days before its end on which people are reminded.
_REMINDED = 90


@rule("order.type-off", "Order types of the partnership")
def type_off(draft: Draft) -> Iterator[Said]:
    """Only a type that is switched on can be chosen; an order that had it before keeps it."""
    kind = draft.record.order_type
    if not kind.is_on and draft.known.get("kept_type") != kind.pk:
        yield block(
            "order_type",
            f"“{kind.name}” is switched off: whether it is in force here is not verified. A partnership administrator "
            "switches it on.",
        )


@rule("order.age", "The law of its type of order")
def age(draft: Draft) -> Iterator[Said]:
    """Its type may ask for a least age."""
    youngest = draft.record.order_type.youngest
    if is_younger(draft.record.age_band, youngest):
        yield block("age_band", f"{draft.record.order_type.name}: only of somebody of {youngest} or older.")


@rule("order.duration", "The law of its type of order")
def duration(draft: Draft) -> Iterator[Said]:
    """Its type may have a limit, for somebody under 18 and for others. Of somebody whose age is not known, none."""
    order, of = draft.record, draft.record.order_type
    if order.stage not in _HOLDS or not order.age_band:
        return
    is_young = order.age_band in OnPerson.UNDER_18
    most = of.youth_max_months if is_young else of.adult_max_months
    if most is None:
        return
    latest = last_day_of(order.first_day, months=most)
    whom = "somebody under 18" if is_young else "an adult"
    if order.last_day is None or order.last_day > latest:
        yield block(
            "ends",
            f"{of.name}: on {whom}, it lasts at most {plural(most, 'month')}. From {day_name(order.first_day)}, "
            f"it can end on {day_name(latest)} at the latest.",
        )


@rule("order.dates", "The order of events")
def dates(draft: Draft) -> Iterator[Said]:
    """What happened, happened in order."""
    order = draft.record
    if order.stage in _MADE and order.made_on is None:
        yield block("made_on", "Give the day on which it was made.")
    if order.stage in _MADE and order.made_on and order.made_on > draft.today:
        yield block("made_on", "It cannot have been made on a day that is still to come.")
    if order.applied_on and order.made_on and order.made_on < order.applied_on:
        yield block("made_on", f"It cannot be made before it was applied for ({day_name(order.applied_on)}).")
    if order.stage in _MADE and order.made_on and order.first_day < order.made_on:
        yield block("starts", f"It cannot be in force before it was made ({day_name(order.made_on)}).")
    if order.stage == _Stage.DISCHARGED:
        if order.discharged_on is None:
            yield block("discharged_on", "Give the day on which it was discharged.")
        elif order.discharged_on < order.first_day:
            yield block(
                "discharged_on", f"It cannot be discharged before it was in force ({day_name(order.first_day)})."
            )
    elif order.discharged_on is not None:
        yield block("discharged_on", "It has a day of discharge: choose the stage “Discharged”, or take the day away.")
    for row in draft.of("breaches"):
        if row.happened_on > draft.today:
            yield block("breaches", f"The breach of {day_name(row.happened_on)} has not happened yet.")
        elif row.happened_on < order.first_day:
            yield block("breaches", f"The breach of {day_name(row.happened_on)} was before the order.")


@rule("order.no-conditions", "An order forbids or requires something")
def no_conditions(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in _HOLDS and not draft.of("conditions"):
        yield warn("conditions", "The order has no prohibition and no requirement.")


@rule("order.risk", "Crime and Policing Act 2026, Part A1 of the 2014 Act")
def risk(draft: Draft) -> Iterator[Said]:
    """Of some orders the applicant assesses the risk before applying."""
    order = draft.record
    if order.order_type.slug not in RISK_ASSESSED or order.stage == _Stage.PREPARING:
        return
    if order.risk_assessed_on is None:
        yield warn("risk_assessed_on", f"{order.order_type.name}: the applicant must assess the risk before applying.")
    elif order.applied_on and order.risk_assessed_on > order.applied_on:
        yield warn("risk_assessed_on", "The risk was assessed only after the application.")


@rule("order.standing", "The law of its type of order")
def standing(draft: Draft) -> Iterator[Said]:
    """What breaking it means, and what is left."""
    order = draft.record
    if order.stage not in _HOLDS:
        return
    if order.order_type.breach_is_crime:
        yield show("order_type", "Breaking it is a crime.")
    elif order.power_of_arrest:
        yield show("power_of_arrest", "It has a power of arrest. Breaking it is contempt of court, no crime in itself.")
    last = order.last_day
    if last is not None and 0 <= (last - draft.today).days <= _REMINDED:
        yield show("ends", f"Its last day is {day_name(last)}: {left_words(last, draft.today)}.")


RULES = (no_name, condition_numbers, type_off, age, duration, dates, no_conditions, risk, standing)


def complete(draft: Draft) -> None:
    """A title where none was given; the end of what was discharged: it binds nobody on that day any more."""
    order = draft.record
    if not order.title:
        order.title = f"{order.order_type.name} from {day_name(order.first_day)}"[:150]
    if order.stage == _Stage.DISCHARGED and order.discharged_on and order.discharged_on >= order.first_day:
        over = day_begins(order.discharged_on)
        order.ends = over if order.ends is None else min(order.ends, over)


def look_up(drafts: Sequence[Draft]) -> None:
    """The type that each order had before."""
    kept = FurtherOrder._base_manager.filter(pk__in=[draft.record.pk for draft in drafts if draft.record.pk])
    before = dict(kept.values_list("pk", "order_type_id"))
    for draft in drafts:
        draft.known["kept_type"] = before.get(draft.record.pk)


def state_of(record: Any, day: date) -> tuple[str, str]:
    """How an order stands on a day."""
    stage = _Stage(record.stage)
    if stage in (_Stage.PREPARING, _Stage.APPLIED, _Stage.REFUSED):
        return str(stage.label), "grey" if stage == _Stage.REFUSED else "light-blue"
    if stage == _Stage.DISCHARGED:
        return (f"Discharged on {day_name(record.discharged_on)}" if record.discharged_on else "Discharged"), "grey"
    called = "Interim order" if stage == _Stage.INTERIM else "In force"
    if day < record.first_day:
        return f"{called} from {day_name(record.first_day)}", "light-blue"
    if record.last_day is None:
        return f"{called}, no end", "green"
    if record.last_day < day:
        return f"Ended on {day_name(record.last_day)}", "grey"
    return f"{called} until {day_name(record.last_day)}", "green"


def status_of(record: Any) -> str:
    """Made (an interim order too) = done."""
    if record.stage == _Stage.REFUSED:
        return _Status.CANCELLED
    return _Status.PLANNED if record.stage in (_Stage.PREPARING, _Stage.APPLIED) else _Status.DONE
