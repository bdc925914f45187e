"""Rules of closure notices and orders. The clocks of the notice and of the hearing leave 25 December out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from hotspots.words import day_name
from interventions.calc.periods import hours_without_christmas, last_day_of, months_after
from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import left_words, moment_words, span_words
from interventions.models import Closure, Intervention, Variation
from partners.filters import day_ends

_Issuer, _Outcome = Closure.Issuer, Closure.Outcome
_SENIOR = (_Issuer.SUPERINTENDENT, _Issuer.CHIEF_EXECUTIVE)
_Status = Intervention.Status


def most_hours(issuer: str, law: Law, on: date) -> int | None:
    """How many hours a notice of such an issuer's holds at most; None = no limit is verified."""
    return law.whole("closure", "notice-max-senior" if issuer in _SENIOR else "notice-max", on)


def notice_end(record: Any, law: Law) -> datetime:
    """When a notice is over. 25 December is left out of what only a senior officer may give (s.77(3))."""
    ordinary = law.whole("closure", "notice-max", record.first_day)
    if ordinary is not None and record.notice_hours > ordinary:
        return hours_without_christmas(timezone.localtime(record.starts), record.notice_hours)
    end: datetime = record.starts.astimezone(UTC) + timedelta(hours=record.notice_hours)
    return end


def hearing_due(record: Any, law: Law) -> datetime | None:
    """By when a court must hear the application; None where nothing was served, or no limit is verified."""
    if record.served is None:
        return None
    served = timezone.localtime(record.served)
    hours = law.whole("closure", "hearing", served.date())
    return None if hours is None else hours_without_christmas(served, hours)


def order_end(record: Any, changes: list[Any]) -> date | None:
    """The last day of the order with its extensions; None where it is not known."""
    days = [one.ends_on for one in _extensions(changes) if one.ends_on]
    return max([record.order_to, *days]) if record.order_to else None


def _extensions(changes: list[Any]) -> list[Any]:
    return [one for one in changes if one.sort == Variation.Sort.EXTENSION]


@rule("closure.issuer", "Crime and Policing Act 2026; before it, 2014 Act, s.76(1)")
def issuer(draft: Draft) -> Iterator[Said]:
    """Who may issue a notice."""
    on = draft.record.first_day
    if draft.record.issuer == _Issuer.HOUSING and not draft.law.whole("closure", "housing-may", on):
        yield block(
            "issuer",
            f"On {day_name(on)} only the police and the council could issue closure notices: that housing providers "
            "may is not verified for that day.",
        )


@rule("closure.notice-too-long", "2014 Act, s.77")
def notice_too_long(draft: Draft) -> Iterator[Said]:
    """The hours of the notice, by who issued it."""
    one = draft.record
    most = most_hours(one.issuer, draft.law, one.first_day)
    if one.notice_hours < 1:
        yield block("notice_hours", "The notice lasts no time: give its hours.")
    elif most is not None and one.notice_hours > most:
        senior = draft.law.whole("closure", "notice-max-senior", one.first_day)
        more = ""
        if one.issuer not in _SENIOR and senior:
            more = f" For up to {senior}, a superintendent or the council’s chief executive issues or extends it."
        yield block("notice_hours", f"A notice by {_by(one.issuer)} holds for at most {most} hours.{more}")


def _by(issuer: str) -> str:
    return {
        _Issuer.INSPECTOR: "an inspector",
        _Issuer.SUPERINTENDENT: "a superintendent",
        _Issuer.OFFICER: "a council officer",
        _Issuer.CHIEF_EXECUTIVE: "the council’s chief executive",
        _Issuer.HOUSING: "a housing provider",
    }[_Issuer(issuer)]


@rule("closure.served", "2014 Act, s.79")
def served(draft: Draft) -> Iterator[Said]:
    """A notice is served from when it is issued until now, and heard after it was served."""
    one = draft.record
    if one.served is not None and one.served < one.starts:
        yield block("served", "It was served before it was issued.")
    if one.served is not None and one.served > draft.now:
        yield block("served", "It cannot have been served at a moment that is still to come.")
    if one.hearing is not None and one.hearing < (one.served or one.starts):
        yield block("hearing", "The hearing is before the notice was served.")


@rule("closure.hearing-late", "2014 Act, s.80(3) and (4)")
def hearing_late(draft: Draft) -> Iterator[Said]:
    """The court hears the application within so many hours of the service, 25 December left out."""
    one = draft.record
    due = hearing_due(one, draft.law)
    if due is not None and one.hearing is not None and one.hearing > due and one.outcome != _Outcome.ADJOURNED:
        yield warn("hearing", f"The court had to hear it by {moment_words(due)}; the hearing is later. Say why.")


@rule("closure.order", "2014 Act, s.80(6)")
def order(draft: Draft) -> Iterator[Said]:
    """When the order holds, and for how long at most."""
    one = draft.record
    if one.outcome == _Outcome.MADE and (one.order_from is None or one.order_to is None):
        name = "order_from" if one.order_from is None else "order_to"
        yield block(name, "The order was made: give the days from and until which it holds.")
    if one.order_from is None:
        return
    if one.order_from < one.first_day:
        yield block("order_from", f"The order begins before the notice of {day_name(one.first_day)}.")
    if one.order_to is None:
        return
    most = draft.law.whole("closure", "order-max", one.order_from)
    latest = last_day_of(one.order_from, months=most or 0)
    if one.order_to < one.order_from:
        yield block("order_to", "The order ends before it begins.")
    elif most is not None and one.order_to > latest:
        yield block("order_to", f"An order holds for at most {most} months: until {day_name(latest)} at the latest.")


@rule("closure.extension", "2014 Act, s.82")
def extension(draft: Draft) -> Iterator[Said]:
    """Each extension has a limit, and so has all of it together."""
    one = draft.record
    rows = _extensions(draft.of("variations"))
    if not rows:
        return
    if one.order_from is None or one.order_to is None:
        yield block("variations", "Only an order can be extended: give the days of the order.")
        return
    each = draft.law.whole("closure", "order-max", one.order_from)
    total = draft.law.whole("closure", "total-max", one.order_from)
    ends = one.order_to
    for row in rows:
        if row.ends_on is None:
            yield block("variations", "Give until when the extension holds.")
            return
        if row.ends_on <= ends:
            yield block("variations", f"The extension ends no later than the order does without it, {day_name(ends)}.")
        elif each is not None and row.ends_on > months_after(ends, each):
            latest = months_after(ends, each)
            yield block("variations", f"An extension adds at most {each} months: until {day_name(latest)}.")
        if total is not None and row.ends_on > last_day_of(one.order_from, months=total):
            latest = last_day_of(one.order_from, months=total)
            yield block(
                "variations", f"With all extensions a closure lasts at most {total} months: until {day_name(latest)}."
            )
        ends = max(ends, row.ends_on)


@rule("closure.extension-late", "2014 Act, s.82(1)")
def extension_late(draft: Draft) -> Iterator[Said]:
    """Whoever wants an extension asks before the order is over."""
    ends = draft.record.order_to
    for row in _extensions(draft.of("variations")):
        if ends is not None and row.decided_on > ends:
            yield warn(
                "variations",
                f"The extension was decided on {day_name(row.decided_on)}, after the order’s end. Say why.",
            )
        if ends is not None and row.ends_on:
            ends = max(ends, row.ends_on)


@rule("closure.advice", "2014 Act, s.76(5)(g)")
def advice(draft: Draft) -> Iterator[Said]:
    """The notice names contacts for advice."""
    if not draft.record.advice_given:
        yield warn(
            "advice_given", "The notice must name contacts for housing and legal advice, and nothing says it does."
        )


@rule("closure.premises", "2014 Act, s.76(5)(a)")
def premises(draft: Draft) -> Iterator[Said]:
    """The notice identifies the premises."""
    if not draft.of("premises_list"):
        yield warn("premises_list", "No premises are listed. A notice must identify them: list them, or say why not.")


@rule("closure.safeguarding", "Safeguarding (practice); Children Act 2004, s.11")
def safeguarding(draft: Draft) -> Iterator[Said]:
    """Nobody who needs care is put on the street unseen."""
    one = draft.record
    who = "Children live" if one.children_present else "A vulnerable adult lives"
    if (one.children_present or one.vulnerable_adult) and not one.safeguarding_referral:
        yield warn("safeguarding_referral", f"{who} there, and no safeguarding referral is written down.")


@rule("closure.standing", "2014 Act, s.77 and s.80")
def standing(draft: Draft) -> Iterator[Said]:
    """What is due, and what is left."""
    one = draft.record
    due = hearing_due(one, draft.law)
    if one.outcome == _Outcome.WAITING and due is not None:
        if draft.now <= due:
            yield show("hearing", f"The court must hear it by {moment_words(due)}: {span_words(due - draft.now)} left.")
        else:
            yield show("hearing", f"The court had to hear it by {moment_words(due)}. Write down what it decided.")
    last = order_end(one, draft.of("variations"))
    if one.outcome == _Outcome.MADE and last is not None:
        yield show("order_to", f"The order holds until {day_name(last)}: {left_words(last, draft.today)}.")
    if one.is_cuckooed:
        yield show("is_cuckooed", "The home was taken over (cuckooing): who lives there may be a victim.")
    number = len(draft.of("premises_list"))
    if number > 1:
        yield show("premises_list", f"It closes {number:,} premises.")


RULES = (
    *(issuer, notice_too_long, served, hearing_late, order, extension, extension_late, advice, premises, safeguarding),
    standing,
)


def complete(draft: Draft) -> None:
    """A title where none was given; the hearing, by the service; the end, by the order or the notice."""
    one = draft.record
    if not one.title:
        one.title = f"Closure from {moment_words(one.starts)}"
    if one.hearing is None:
        one.hearing = hearing_due(one, draft.law)
    last = order_end(one, draft.of("variations"))
    if one.outcome == _Outcome.MADE and last is not None:
        one.ends = day_ends(last)
    elif one.outcome == _Outcome.ADJOURNED and one.hearing is not None:
        # The court may let the notice hold until it goes on.
        one.ends = max(one.hearing, notice_end(one, draft.law))
    else:
        one.ends = notice_end(one, draft.law)


def state_of(record: Any, day: date) -> tuple[str, str]:
    """How a closure stands on a day."""
    if record.outcome == _Outcome.WITHDRAWN:
        return "Notice cancelled", "grey"
    if record.outcome == _Outcome.REFUSED:
        return "Refused by the court", "grey"
    if day > record.last_day:
        return f"Ended on {day_name(record.last_day)}", "grey"
    if record.outcome == _Outcome.MADE:
        return f"Closed until {day_name(record.last_day)}", "green"
    word = "Adjourned" if record.outcome == _Outcome.ADJOURNED else "Notice"
    return f"{word}, until {moment_words(record.ends)}", "yellow"


def status_of(record: Any) -> str:
    """A notice that was issued is made; refused or withdrawn, it is dropped."""
    return _Status.CANCELLED if record.outcome in (_Outcome.REFUSED, _Outcome.WITHDRAWN) else _Status.DONE
