"""What is in force at a place, in plain words for somebody who stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from hotspots.words import day_name
from interventions import maps
from interventions.calc.clock import LONDON, clock
from interventions.law.words import span_words
from interventions.live.powers import may_do
from interventions.live.queries import Live, Order
from interventions.models import Intervention
from partners.markings import Tag, marking_tag

Kind = Intervention.Kind
# What is written down about an order: (the words, the address to which its number is added).
_ADDS = {
    Kind.PSPO: ("Record what you did", "/activity/pspo-action/?order="),
    Kind.DISPERSAL: ("Record a direction", "/activity/new/directions/?authorisation="),
}
_OF_A_PERSON = (Kind.CBO, Kind.DIRECTION, Kind.ORDER, Kind.CPW, Kind.CPN)


@dataclass(frozen=True, slots=True)
class Card:
    """One order. Texts are "" where there is nothing to say."""

    number: int
    href: str
    title: str
    kind: str
    # "Until 21:40 today", "2 hours 10 minutes left", and the moment for the script that counts it down.
    until: str
    left: str
    ends: str
    is_soon: bool
    # "120 m away".
    off: str
    who: str
    keep_away: str
    conditions: list[str]
    may_do: str
    source: str
    agency: str
    contact: str
    marking: Tag
    covert: bool
    add: str
    add_words: str


@dataclass(frozen=True, slots=True)
class Group:
    """Orders of one kind with one thing that may be done about them."""

    kind: str
    may_do: str
    source: str
    cards: list[Card]


def grouped(some: Sequence[Card]) -> list[Group]:
    """Cards that stand beside each other and say the same of what may be done, so that it is said once."""
    runs = groupby(some, key=lambda card: (card.kind, card.may_do, card.source))
    return [Group(*said, list(its)) for said, its in runs]


def cards(orders: Sequence[Order], now: datetime, *, may_add: bool) -> list[Card]:
    """Some orders in their order, numbered from 1."""
    return [_card(one, now, number, may_add) for number, one in enumerate(orders, start=1)]


def _card(order: Order, now: datetime, number: int, may_add: bool) -> Card:
    record = order.record
    may, source = may_do(record)
    words, address = _ADDS.get(record.kind, ("", ""))
    ends = record.ends
    return Card(
        number=number,
        href=reverse("interventions:detail", args=[record.pk]),
        title=record.title,
        kind=record.get_kind_display(),
        until=until(ends, now),
        left=f"{span_words(ends - now)} left" if ends else "",
        ends=ends.isoformat() if ends else "",
        is_soon=ends is not None and ends - now < timedelta(days=2),
        off=f"{order.metres} m away" if order.metres else "",
        who=_who(record),
        keep_away=_keep_away(order),
        conditions=[condition(one) for one in order.conditions],
        may_do=may,
        source=source,
        agency=record.owner.name,
        contact=record.contact or "",
        marking=marking_tag(record.marking),
        covert=record.audience == record.Audience.TEAM,
        add=f"{address}{record.pk}" if address and may_add else "",
        add_words=words,
    )


def until(ends: datetime | None, now: datetime) -> str:
    """ "Until 21:40 today", "Until 02:00 tomorrow", "Until 3 March 2028"; "Without an end"."""
    if ends is None:
        return "Without an end"
    local, today = ends.astimezone(LONDON), timezone.localtime(now).date()
    if (local.hour, local.minute) == (0, 0):
        last = (local - timedelta(microseconds=1)).date()
        return "Until midnight tonight" if last == today else f"Until {day_name(last)}"
    days = (local.date() - today).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {day_name(local.date())}")
    return f"Until {clock(ends)} {day}"


def _who(record: Any) -> str:
    if record.kind not in _OF_A_PERSON:
        return "Everybody in the area" if record.kind == Kind.PSPO else ""
    if "subject" in record.withheld:
        return f"One person; who it is, is withheld by agreement: ask {record.owner}"
    if not record.subject_ref:
        return "One person; no reference is given"
    age = f", {record.get_age_band_display().lower()}" if record.age_band else ""
    return f"{record.subject_ref}{age}"


def _keep_away(order: Order) -> str:
    """Where and when somebody must keep away."""
    record = order.record
    times = getattr(record, "exclusion_times", "")
    if record.kind in (Kind.CBO, Kind.ORDER) and record.zone:
        return f"Must keep away from the area on the map{f': {times}' if times else ''}."
    if record.kind == Kind.DIRECTION:
        return "Must not come back to the area."
    if record.kind == Kind.CLOSURE:
        where = f"{record.place}: closed" if record.place else "Closed"
        return f"{where}. Nobody may be there but those whom the notice or order allows."
    return ""


def condition(one: Any) -> str:
    """ "2. Must not: drink alcohol (in the High Street; from 18:00 to 06:00; but for licensed premises)." """
    more = [
        *([one.area] if one.area else []),
        *([one.times] if one.times else []),
        *([f"for {one.applies_to}"] if one.applies_to else []),
        *([f"except {one.exceptions}"] if one.exceptions else []),
    ]
    said = one.text.rstrip().rstrip(".")
    limits = f" ({'; '.join(part.rstrip('.') for part in more)})" if more else ""
    return f"{one.number}. {one.get_sort_display()}: {said}{limits}."


def marks(found: Live, shown: Sequence[Card]) -> list[maps.Mark]:
    """What the map shows: the grounds that are known, numbered as the cards are."""
    return [
        maps.Mark(order.shape, card.title, card.number, f"#order-{card.number}")
        for order, card in zip(found.all, shown, strict=True)
        if order.shape is not None
    ]
