"""Rules of search warrants. What is printed on the warrant decides until when it can be executed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from hotspots.words import day_name, plural
from interventions.calc.periods import months_after
from interventions.drafts import Draft
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import left_words
from interventions.models import Intervention

_Status = Intervention.Status


@rule("warrant.valid-until", "Misuse of Drugs Act 1971, s.23(3); PACE 1984, s.16(3)")
def valid_until(draft: Draft) -> Iterator[Said]:
    """A warrant is valid for a while from its issue, usually a month."""
    one = draft.record
    if one.issued_on is None or one.valid_until is None:
        return
    months = draft.law.whole("warrant", "usual-max", one.issued_on)
    if one.valid_until < one.issued_on:
        yield block("valid_until", "The warrant ends before it was issued.")
    elif months is not None and one.valid_until > months_after(one.issued_on, months):
        yield warn(
            "valid_until",
            f"That is more than {plural(months, 'month')} after the issue. Give what is printed on the warrant, "
            "and say that it is.",
        )


@rule("warrant.executed", "PACE 1984, s.16(3)")
def executed(draft: Draft) -> Iterator[Said]:
    """It is executed while it is valid, and not in the future."""
    one = draft.record
    if one.executed is None:
        return
    day = timezone.localtime(one.executed).date()
    if one.status == _Status.CANCELLED:
        yield block("executed", "A cancelled warrant was not executed: take the time away, or correct the status.")
    if one.executed > draft.now:
        yield block("executed", "It cannot have been executed at a time that is still to come.")
    if one.issued_on is not None and day < one.issued_on:
        yield block("executed", f"It was issued only on {day_name(one.issued_on)}.")
    if one.valid_until is not None and day > one.valid_until:
        yield block(
            "executed", f"The warrant was valid until {day_name(one.valid_until)}: it could not be executed after."
        )


@rule("warrant.planned", "PACE 1984, s.16(3)")
def planned(draft: Draft) -> Iterator[Said]:
    """It is planned for a day on which it is valid."""
    one = draft.record
    if one.status == _Status.PLANNED and one.valid_until is not None and one.first_day > one.valid_until:
        yield warn(
            "starts", f"The warrant is valid until {day_name(one.valid_until)} only: plan it earlier, or say why not."
        )


@rule("warrant.children", "Children Act 2004, s.11")
def children(draft: Draft) -> Iterator[Said]:
    """Where children were, somebody is told."""
    if draft.record.children_present and not draft.record.safeguarding_referral:
        yield warn("safeguarding_referral", "Children were there, and no referral to the MASH is written down.")


@rule("warrant.standing", "PACE 1984, ss.16 and 18")
def standing(draft: Draft) -> Iterator[Said]:
    """What is still to do."""
    one = draft.record
    if one.status == _Status.PLANNED:
        yield show(
            "audience",
            "Only the owning team sees it until it is executed; to everybody else it does not exist, in counts too.",
        )
        if one.valid_until is not None and draft.today <= one.valid_until:
            left = left_words(one.valid_until, draft.today)
            yield show("valid_until", f"The warrant is valid until {day_name(one.valid_until)}: {left}.")
    if one.entries_allowed > 1:
        yield show("entries_allowed", "A second entry needs the written authority of an inspector.")
    if one.status == _Status.DONE and one.executed is None:
        yield show("executed", "Nothing says when it was executed.")
    if one.persons_searched and not one.result and one.arrests is None and not one.drugs:
        yield show("result", "People were searched, and no result is written down yet.")


RULES = (valid_until, executed, planned, children, standing)


def complete(draft: Draft) -> None:
    """Executed, it is done, though it was planned for later. Without an end, it is a moment."""
    one = draft.record
    if one.executed is not None and one.executed <= draft.now:
        if one.status == _Status.PLANNED:
            one.status = _Status.DONE
        if one.starts > draft.now:
            one.starts = one.ends = one.executed
    if one.ends is None:
        one.ends = one.starts


def state_of(record: Any, day: date) -> tuple[str, str]:
    """How a warrant stands on a day."""
    if record.status == _Status.CANCELLED:
        return "Not executed", "grey"
    if record.status == _Status.DONE:
        if record.executed is None:
            return "Executed", "green"
        return f"Executed on {day_name(timezone.localtime(record.executed).date())}", "green"
    if record.valid_until is not None and record.valid_until < day:
        return f"Ran out on {day_name(record.valid_until)}", "red"
    return f"Planned for {day_name(record.first_day)}", "yellow"
