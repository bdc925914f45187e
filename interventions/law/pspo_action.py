"""What is done under a PSPO, checked against the order: its area, its days, its conditions, its penalty.

Anti-social Behaviour, Crime and Policing Act 2014, sections 63, 67 and 68.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import shapely

from hotspots.words import day_name, plural
from interventions.drafts import Draft, zone_of
from interventions.law import fixed_penalties
from interventions.law.common import no_name
from interventions.law.pspo import MADE
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import is_younger, left_words, pounds
from interventions.models import Condition, PspoAction

Action = PspoAction.Action
_ACT = "Anti-social Behaviour, Crime and Policing Act 2014"
# Degrees, about a tenth of a metre: a point on a slanting edge is inside, however it was rounded.
_ON_THE_EDGE = 1e-6
_DRINK = re.compile(r"\b(alcohol\w*|drink\w*|intoxicat\w*)\b", re.IGNORECASE)


def look_up(drafts: Sequence[Draft]) -> None:
    """The numbers of fixed penalties that other records have, and of each order its area. Three queries at most, and
    one for each order that was not read with its action."""
    fixed_penalties.look_up(drafts)
    zones: dict[int, Any] = {}
    for draft in drafts:
        one = draft.record
        if one.order_id not in zones:
            zones[one.order_id] = zone_of(one.order)
            shapely.prepare(zones[one.order_id])
        draft.known["zone"] = zones[one.order_id]


# --- The order ----------------------------------------------------------------------------------------------------


@rule("pspo-action.order", f"{_ACT}, ss.59(7), 60 and 67")
def order_in_force(draft: Draft) -> Iterator[Said]:
    """The order was in force on the day."""
    order, day = draft.record.order, draft.record.first_day
    if order.stage not in MADE:
        yield block(
            "order", f"The order is not made ({order.get_stage_display().lower()}): nothing can be done under it."
        )
        return
    first = min(filter(None, (order.first_in_force, order.first_day)))
    if day < first:
        yield block("starts", f"On {day_name(day)} the order was not yet in force: it is from {day_name(first)}.")
    if order.last_day is not None and day > order.last_day:
        yield block("starts", f"On {day_name(day)} the order was over: its last day was {day_name(order.last_day)}.")


@rule("pspo-action.outside", f"{_ACT}, s.59(4): the restricted area")
def outside(draft: Draft) -> Iterator[Said]:
    """It was inside the order's area, or on its edge."""
    zone, point = draft.known.get("zone") or zone_of(draft.record.order), draft.point
    if zone is not None and point is not None and not shapely.dwithin(zone, point, _ON_THE_EDGE):
        yield block("point", "The point is outside the order’s area: the order does not hold there.")


@rule("pspo-action.condition", f"{_ACT}, s.67(1)")
def condition(draft: Draft) -> Iterator[Said]:
    """The condition is one of the order's, and held on the day."""
    one = draft.record
    its: Condition | None = one.condition
    if its is None:
        return
    if its.record_id != one.order_id:
        yield block("condition", "This condition is not one of the order’s.")
    elif its.starts_on and one.first_day < its.starts_on:
        yield block("condition", f"Condition {its.number} holds only from {day_name(its.starts_on)}.")
    elif its.ends_on and one.first_day > its.ends_on:
        yield block("condition", f"Condition {its.number} held only until {day_name(its.ends_on)}.")


# --- The fixed penalty --------------------------------------------------------------------------------------------


@rule("pspo-action.penalty", f"{_ACT}, s.68")
def penalty(draft: Draft) -> Iterator[Said]:
    """A fixed penalty has a number and an amount; nothing else has."""
    one = draft.record
    if one.action != Action.FPN:
        if one.fpn_number:
            yield block("fpn_number", "Only a fixed penalty notice has a number.")
        if one.fpn_amount is not None:
            yield block("fpn_amount", "Only a fixed penalty notice has an amount.")
        return
    yield from fixed_penalties.number_and_amount(draft)


@rule("pspo-action.limit", f"{_ACT}, s.68(6)")
def limit(draft: Draft) -> Iterator[Said]:
    """No more than the law allowed on the day of the offence, nor than the order says."""
    one = draft.record
    if one.fpn_amount is None or one.action != Action.FPN:
        return
    most = draft.law.number("fpn", "pspo-max", on=one.first_day)
    if most is not None and one.fpn_amount > most:
        yield block("fpn_amount", f"On {day_name(one.first_day)} a fixed penalty was at most {pounds(most)}.")
    elif one.order.penalty is not None and one.fpn_amount > one.order.penalty:
        yield block("fpn_amount", f"Under this order a fixed penalty is {pounds(one.order.penalty)}.")


@rule("pspo-action.number", "One fixed penalty has one number, whichever agency gives it")
def number(draft: Draft) -> Iterator[Said]:
    yield from fixed_penalties.one_number(draft)


@rule("pspo-action.youngest", "Children and Young Persons Act 1933, s.50; local policy")
def youngest(draft: Draft) -> Iterator[Said]:
    """Nobody is penalised who is too young for it."""
    one = draft.record
    least = draft.law.whole("fpn", "youngest", on=one.first_day)
    if one.action in (Action.FPN, Action.SUMMONS) and is_younger(one.age_band, least):
        yield block("age_band", f"Nobody under {least} can be given a fixed penalty or be reported for summons.")


@rule("pspo-action.dates", f"{_ACT}, s.68")
def dates(draft: Draft) -> Iterator[Said]:
    """What followed a fixed penalty, followed it."""
    one, given = draft.record, draft.record.first_day
    for name, words in (("paid_on", "paid"), ("cancelled_on", "cancelled")):
        day = getattr(one, name)
        if day is None:
            continue
        if one.action != Action.FPN:
            yield block(name, f"Only a fixed penalty notice is {words}.")
        elif day < given:
            yield block(name, f"It cannot be {words} before it was given ({day_name(given)}).")
        elif day > draft.today:
            yield block(name, f"It cannot have been {words} on a day that is still to come.")
    if one.cancelled_on and not (one.cancelled_reason or "").strip():
        yield warn("cancelled_reason", "It was cancelled, and no reason is given.")


# --- What its reader should know ----------------------------------------------------------------------------------


@rule("pspo-action.drinking", f"{_ACT}, ss.63 and 67(4)")
def drinking(draft: Draft) -> Iterator[Said]:
    one = draft.record
    if one.action not in (Action.FPN, Action.SUMMONS) or one.condition is None:
        return
    if _DRINK.search(one.condition.text):
        yield show(
            "condition",
            "Drinking where an order controls alcohol is not itself an offence: refusing to stop, or to hand over the "
            "alcohol, when asked to is.",
        )


@rule("pspo-action.payment", f"{_ACT}, s.68(3)")
def payment(draft: Draft) -> Iterator[Said]:
    """Until when it can be paid, early and in full."""
    one = draft.record
    if one.action != Action.FPN or one.fpn_amount is None or one.paid_on or one.cancelled_on:
        return
    days = draft.law.whole("fpn", "pay-days", on=one.first_day)
    if days is None:
        return
    last = one.first_day + timedelta(days=days)
    if draft.today > last:
        yield show("paid_on", f"Not paid by {day_name(last)}, {plural(days, 'day')} after it was given.")
        return
    early = one.order.penalty_early, one.order.penalty_early_days
    if all(early) and (until := one.first_day + timedelta(days=early[1])) >= draft.today:
        yield show(
            "paid_on", f"{pounds(early[0])} if it is paid by {day_name(until)}: {left_words(until, draft.today)}."
        )
    yield show("paid_on", f"{pounds(one.fpn_amount)} to be paid by {day_name(last)}: {left_words(last, draft.today)}.")


RULES = (
    *(no_name, order_in_force, outside, condition, penalty, limit, number, youngest, dates),
    *(drinking, payment),
)
