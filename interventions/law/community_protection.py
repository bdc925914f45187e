"""Rules of Community Protection Warnings (CPW) and the Notices (CPN) that follow them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hotspots.words import day_name
from interventions.calc.periods import last_day_of, months_after
from interventions.drafts import Draft
from interventions.law import fixed_penalties
from interventions.law.common import condition_numbers, no_name
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import is_younger, left_words, pounds
from interventions.models import CommunityProtection, Intervention
from partners.filters import day_ends

_Kind, _Outcome = Intervention.Kind, CommunityProtection.Outcome


def _is_notice(draft: Draft) -> bool:
    return bool(draft.record.kind == _Kind.CPN)


@rule("cpn.warning-first", "2014 Act, s.43(5)")
def warning_first(draft: Draft) -> Iterator[Said]:
    """A notice only after a written warning, of the same conduct."""
    one, before = draft.record, draft.record.warning
    if not _is_notice(draft):
        if before is not None:
            yield block("warning", "A warning follows no other warning: leave this empty, or record a notice.")
        return
    if before is None:
        yield block(
            "warning", "A notice can be issued only after a written warning: record the warning, and choose it here."
        )
    elif before.kind != _Kind.CPW:
        yield block("warning", "This is a notice, not a warning: choose the written warning that came first.")
    elif before.outcome == _Outcome.QUASHED:
        yield block("warning", "This warning was withdrawn: a notice needs one that stands.")
    elif before.first_day > one.first_day:
        yield block("warning", f"The warning of {day_name(before.first_day)} came after the notice.")


@rule("cpn.time-to-comply", "2014 Act, s.43(5)(b)")
def time_to_comply(draft: Draft) -> Iterator[Said]:
    """Between warning and notice there was time enough to put it right."""
    one, before = draft.record, draft.record.warning
    if one.comply_by is not None and one.comply_by < one.first_day:
        yield block("comply_by", "The day by which to comply is before the day of issue.")
    elif one.comply_by == one.first_day:
        yield warn("comply_by", "That leaves less than a day to comply. Say why that is enough.")
    if not _is_notice(draft) or before is None or before.first_day > one.first_day:
        return
    if before.first_day == one.first_day:
        yield warn("warning", "Warning and notice are of the same day: say why that was time enough.")
    elif before.comply_by is not None and one.first_day <= before.comply_by:
        yield warn(
            "warning", f"The warning gave until {day_name(before.comply_by)} to comply. Say why the notice came sooner."
        )


@rule("cpn.warning-lapsed", "Local practice")
def warning_lapsed(draft: Draft) -> Iterator[Said]:
    """An old warning does not carry a notice."""
    one, before = draft.record, draft.record.warning
    if not _is_notice(draft) or before is None:
        return
    months = draft.law.whole("cpn", "warning-lapses", one.first_day)
    if months is not None and one.first_day >= (since := months_after(before.first_day, months)):
        yield warn(
            "warning", f"The warning lapsed on {day_name(since)}, after {months} months. Say why it still counts."
        )


@rule("cpn.other-subject", "2014 Act, s.43(5)")
def other_subject(draft: Draft) -> Iterator[Said]:
    """The warning went to whom the notice goes to. Another agency's warning may be withheld: it is not compared."""
    one, before = draft.record, draft.record.warning
    if before is None or before.owner_id != draft.owner.pk:
        return
    for name, what in (("subject_ref", "another person or body"), ("premises_name", "other premises")):
        ours, theirs = getattr(one, name), getattr(before, name)
        if ours and theirs and ours.casefold() != theirs.casefold():
            yield warn(name, f"The warning was about {what}. Choose the right warning, or say why this one counts.")


@rule("cpn.age", "2014 Act, s.43(1)")
def age(draft: Draft) -> Iterator[Said]:
    """A notice is issued to somebody who is old enough, or to a body."""
    youngest = draft.law.whole("cpn", "youngest", draft.record.first_day)
    if is_younger(draft.record.age_band, youngest):
        what = "notice" if _is_notice(draft) else "warning"
        yield block("age_band", f"A {what} can go only to somebody of {youngest} or older, or to a body.")


@rule("cpn.informed", "2014 Act, s.43(6)")
def informed(draft: Draft) -> Iterator[Said]:
    """Bodies that should know are told."""
    if _is_notice(draft) and not draft.record.informed:
        yield warn("informed", "Nothing says which bodies were informed, as they must be. Name them, or say why none.")


@rule("cpn.conditions", "2014 Act, s.43(3)")
def conditions(draft: Draft) -> Iterator[Said]:
    """A notice requires something."""
    if _is_notice(draft) and not draft.of("conditions"):
        yield warn("conditions", "The notice requires nothing: add what must stop or be done, or say why not.")


@rule("cpn.penalty", "2014 Act, s.52(7)")
def penalty(draft: Draft) -> Iterator[Said]:
    """A fixed penalty is for breach of a notice, up to the amount of the day of the breach."""
    one = draft.record
    if not one.fpn_number and one.fpn_amount is None:
        return
    if not _is_notice(draft):
        yield block("fpn_number", "A warning carries no fixed penalty: only breaking a notice does.")
        return
    yield from fixed_penalties.number_and_amount(draft)
    if one.fpn_amount is not None:
        on = max((row.happened_on for row in draft.of("breaches")), default=one.first_day)
        most = draft.law.number("fpn", "cpn-max", on)
        if most is not None and one.fpn_amount > most:
            yield block(
                "fpn_amount", f"The most that a fixed penalty for a breach on {day_name(on)} may be is {pounds(most)}."
            )
    if one.fpn_number:
        yield from fixed_penalties.one_number(draft)


@rule("cpn.breaches", "2014 Act, s.48")
def breaches(draft: Draft) -> Iterator[Said]:
    """What is broken is in force, and has begun."""
    for row in draft.of("breaches"):
        if row.happened_on < draft.record.first_day:
            yield block("breaches", f"The breach of {day_name(row.happened_on)} was before it was issued.")
        elif row.happened_on > draft.today:
            yield block("breaches", f"The breach of {day_name(row.happened_on)} has not happened yet.")


@rule("cpn.standing", "2014 Act, s.46(2)")
def standing(draft: Draft) -> Iterator[Said]:
    """Until when it can be appealed, and how long it still holds."""
    one = draft.record
    days = draft.law.whole("cpn", "appeal", one.first_day)
    if _is_notice(draft) and days is not None:
        # The day of issue is the first of them.
        last = one.first_day + timedelta(days=days - 1)
        until = f"until {day_name(last)}: {left_words(last, draft.today)}"
        if draft.today <= last:
            yield show("starts", f"It can be appealed {until}.")
    if one.comply_by is not None and one.outcome == _Outcome.OPEN and one.comply_by >= one.first_day:
        yield show("comply_by", f"To comply by {day_name(one.comply_by)}: {left_words(one.comply_by, draft.today)}.")


RULES = (
    *(no_name, condition_numbers, warning_first, time_to_comply, warning_lapsed, other_subject, age),
    *(informed, conditions, penalty, breaches, standing),
)


def complete(draft: Draft) -> None:
    """A title where none was given; the end, by local practice, where none was said; the number as all write it."""
    one = draft.record
    one.fpn_number = fixed_penalties.as_written(one.fpn_number)
    if not one.title:
        one.title = f"{_Kind(one.kind).label} of {day_name(one.first_day)}"
    key = "notice-lapses" if _is_notice(draft) else "warning-lapses"
    months = draft.law.whole("cpn", key, one.first_day)
    if one.ends is None and months is not None:
        one.ends = day_ends(last_day_of(one.first_day, months=months))


def state_of(record: Any, day: date) -> tuple[str, str]:
    """How a warning or notice stands on a day."""
    if record.outcome in (_Outcome.QUASHED, _Outcome.APPEALED, _Outcome.BROKEN):
        return record.get_outcome_display(), "grey" if record.outcome == _Outcome.QUASHED else "red"
    if day > record.last_day:
        return f"Ended on {day_name(record.last_day)}", "grey"
    if record.outcome == _Outcome.KEPT:
        return f"Complied with, until {day_name(record.last_day)}", "turquoise"
    return f"In force until {day_name(record.last_day)}", "green"


def status_of(record: Any) -> str:
    """It is made once it is written down; quashed or withdrawn, it is dropped."""
    return Intervention.Status.CANCELLED if record.outcome == _Outcome.QUASHED else Intervention.Status.DONE
