"""Criminal Behaviour Orders: how long they may last, what they must have, and the yearly reviews of under-18s.

Sentencing Act 2020, part 11, chapter 1 (sections 330 to 342).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hotspots.words import day_name, plural
from interventions.calc.periods import last_day_of, years_after
from interventions.drafts import Draft
from interventions.law.common import condition_numbers, no_name
from interventions.law.rules import Said, block, rule, show, warn
from interventions.law.words import due_words, left_words
from interventions.models import Condition, CriminalBehaviourOrder, OnPerson, Review, Variation

Stage = CriminalBehaviourOrder.Stage
# The court has made it, whatever became of it since.
MADE = (Stage.MADE, Stage.APPEALED, Stage.DISCHARGED)
_HOLDS = (Stage.MADE, Stage.APPEALED)
_ACT = "Sentencing Act 2020"
# Days before its end on which people are reminded.
_REMINDED = 90
_ADULT = 18


def is_youth(order: Any) -> bool | None:
    """Whether the person was under 18 when the order was made; None = not known, or withheld."""
    return order.age_band in OnPerson.UNDER_18 if order.age_band else None


def in_force(order: Any, day: date) -> bool:
    """Whether an order that was made is in force on a day."""
    return order.stage in _HOLDS and order.first_day <= day and (order.last_day is None or day <= order.last_day)


# --- How long it lasts --------------------------------------------------------------------------------------------


@rule("cbo.adult-duration", f"{_ACT}, s.334")
def adult_duration(draft: Draft) -> Iterator[Said]:
    """An adult's order is indefinite, or lasts at least so many years."""
    order = draft.record
    least = draft.law.whole("cbo", "adult-min", on=order.first_day)
    if least is None or is_youth(order) is not False or order.last_day is None or not _has_its_period(order):
        return
    earliest = last_day_of(order.first_day, years=least)
    if order.last_day < earliest:
        yield block(
            "ends",
            f"An adult’s order lasts at least {plural(least, 'year')} or is indefinite: from "
            f"{day_name(order.first_day)}, it can end on {day_name(earliest)} at the earliest.",
        )


@rule("cbo.youth-duration", f"{_ACT}, s.334")
def youth_duration(draft: Draft) -> Iterator[Said]:
    """An order on somebody under 18 has an end, between a least and a most."""
    order = draft.record
    if not is_youth(order) or not _has_its_period(order):
        return
    least = draft.law.whole("cbo", "youth-min", on=order.first_day)
    most = draft.law.whole("cbo", "youth-max", on=order.first_day)
    if order.is_indefinite:
        yield block("is_indefinite", "An order on somebody under 18 cannot be indefinite: give its last day.")
    if order.last_day is None:
        return
    if least is not None and order.last_day < (earliest := last_day_of(order.first_day, years=least)):
        yield block(
            "ends",
            f"An order on somebody under 18 lasts at least {plural(least, 'year')}: from "
            f"{day_name(order.first_day)}, it can end on {day_name(earliest)} at the earliest.",
        )
    if most is not None and order.last_day > (latest := last_day_of(order.first_day, years=most)):
        yield block(
            "ends",
            f"An order on somebody under 18 lasts at most {plural(most, 'year')}: from "
            f"{day_name(order.first_day)}, it can end on {day_name(latest)} at the latest.",
        )


@rule("cbo.end", f"{_ACT}, s.334")
def end(draft: Draft) -> Iterator[Said]:
    """Made, it has an end or is indefinite, and not both."""
    order = draft.record
    if not _has_its_period(order):
        return
    if order.is_indefinite and order.ends is not None:
        yield block("ends", "It cannot be indefinite and have an end: take one of them away.")
    if order.stage in _HOLDS and not order.is_indefinite and order.ends is None:
        yield block("ends", "Give the last day of the order, or say that it is indefinite.")


@rule("cbo.dates", f"{_ACT}, ss.331 to 336")
def dates(draft: Draft) -> Iterator[Said]:
    """What happened, happened in order."""
    order, first = draft.record, draft.record.first_day
    if order.stage in MADE and order.made_on and order.made_on > draft.today:
        yield block("made_on", "It cannot have been made on a day that is still to come.")
    if order.applied_on and order.made_on and order.made_on < order.applied_on:
        yield block("made_on", f"It cannot be made before it was applied for ({day_name(order.applied_on)}).")
    if order.stage in MADE and order.made_on and first < order.made_on:
        yield block("starts", f"It cannot be in force before it was made ({day_name(order.made_on)}).")
    if order.stage == Stage.DISCHARGED:
        if order.discharged_on is None:
            yield block("discharged_on", "Give the day on which it was discharged.")
        elif order.discharged_on < first:
            yield block("discharged_on", f"It cannot be discharged before it was in force ({day_name(first)}).")
    if order.publicity_from and order.publicity_to and order.publicity_to < order.publicity_from:
        yield block("publicity_to", "The publicity ends before it begins.")
    began = min(filter(None, (first, order.interim_from)))
    for row in draft.of("breaches"):
        if order.stage in (*MADE, Stage.INTERIM) and row.happened_on < began:
            yield block("breaches", f"A breach on {day_name(row.happened_on)} is before the order ({day_name(began)}).")


@rule("cbo.interim", f"{_ACT}, s.335")
def interim(draft: Draft) -> Iterator[Said]:
    """An interim order has a beginning, and ends after it."""
    order = draft.record
    if order.stage == Stage.INTERIM and order.interim_from is None:
        yield block("interim_from", "Give the day from which the interim order is in force.")
    if order.interim_to and order.interim_from is None:
        yield block("interim_from", "The interim order has an end and no beginning.")
    elif order.interim_to and order.interim_from and order.interim_to < order.interim_from:
        yield block("interim_to", "The interim order ends before it begins.")


# --- What it must have --------------------------------------------------------------------------------------------


@rule("cbo.turns-18", f"{_ACT}, s.337")
def turns_18(draft: Draft) -> Iterator[Said]:
    """The eighteenth birthday is kept of under-18s, for the reviews, and of nobody else."""
    order, youth = draft.record, is_youth(draft.record)
    if youth and order.turns_18_on is None and order.stage in MADE:
        yield block("turns_18_on", "Give the day on which the person turns 18: the yearly reviews follow from it.")
    if youth is False and order.turns_18_on is not None:
        yield block("turns_18_on", "Only of somebody under 18 is the birthday kept. Take it away, or correct the age.")
    made = order.made_on or order.first_day
    if youth and order.turns_18_on and order.stage in MADE and order.turns_18_on <= made:
        yield block("turns_18_on", f"On {day_name(made)}, when it was made, the person was 18 already.")
    if youth and order.turns_18_on and order.turns_18_on > years_after(order.first_day, _ADULT):
        yield block("turns_18_on", "The person was not born when the order began: correct one of the dates.")


@rule("cbo.no-conditions", f"{_ACT}, s.330(3)")
def no_conditions(draft: Draft) -> Iterator[Said]:
    """An order forbids or requires something."""
    if draft.record.stage in (*_HOLDS, Stage.INTERIM) and not draft.of("conditions"):
        yield warn("conditions", "The order has no prohibition and no requirement.")


@rule("cbo.no-supervisor", f"{_ACT}, s.332")
def no_supervisor(draft: Draft) -> Iterator[Said]:
    """A requirement names who supervises it."""
    bare = [
        row.number
        for row in draft.of("conditions")
        if row.sort == Condition.Sort.REQUIREMENT and not row.supervisor.strip()
    ]
    if bare and draft.record.stage in (*_HOLDS, Stage.INTERIM):
        which = ", ".join(map(str, bare))
        yield warn("conditions", f"A requirement must name who supervises it. Nobody is named for: {which}.")


@rule("cbo.youth-team", f"{_ACT}, s.331")
def youth_team(draft: Draft) -> Iterator[Said]:
    """Before an order on somebody under 18 is applied for, the youth offending team is asked."""
    order = draft.record
    if not is_youth(order) or order.stage == Stage.PREPARING:
        return
    if order.youth_team_consulted_on is None:
        yield warn(
            "youth_team_consulted_on",
            "Of somebody under 18, the views of the youth offending team must be found out before applying.",
        )
    elif order.applied_on and order.youth_team_consulted_on > order.applied_on:
        yield warn("youth_team_consulted_on", "The youth offending team was asked only after the application.")


# --- What its reader should know ----------------------------------------------------------------------------------


@rule("cbo.age", f"{_ACT}, s.334")
def age(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in MADE and not draft.record.age_band:
        yield show("age_band", "The age is not said: whether the order is long or short enough was not checked.")


@rule("cbo.support", "Practice: support goes with every order")
def support(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in (Stage.APPLIED, Stage.INTERIM, *_HOLDS) and not draft.of("support"):
        yield show("support", "No support was offered yet: treatment, housing, outreach.")


@rule("cbo.publicity", "Practice: publicity is considered for every order")
def publicity(draft: Draft) -> Iterator[Said]:
    if draft.record.stage in _HOLDS and draft.record.publicity == draft.record.Publicity.UNDECIDED:
        yield show("publicity", "Whether to publicise the order was not yet considered.")


@rule("cbo.expiry", f"{_ACT}, s.334")
def expiry(draft: Draft) -> Iterator[Said]:
    order = draft.record
    if order.stage not in (*_HOLDS, Stage.INTERIM) or order.last_day is None:
        return
    if draft.today <= order.last_day <= draft.today + timedelta(days=_REMINDED):
        yield show("ends", f"Its last day is {day_name(order.last_day)}: {left_words(order.last_day, draft.today)}.")


@rule("cbo.review", f"{_ACT}, ss.337 and 338")
def review(draft: Draft) -> Iterator[Said]:
    order = draft.record
    if not in_force(order, draft.today):
        return
    months = draft.law.whole("cbo", "youth-review", on=order.first_day)
    due = next_review(reviews_due(order, draft.of("variations"), draft.of("reviews"), months))
    if due and due.is_overdue(draft.today):
        yield show("reviews", f"Overdue: the review that was due by {day_name(due.due_on)} was not held.")
    elif due:
        yield show("reviews", f"Next review due by {day_name(due.due_on)}: {due_words(due.due_on, draft.today)}.")


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """One review that the law asks for: over which period, and when it was held. None = not held.

    It is due on any day of the period, `due_on` its last.
    """

    starts_on: date
    due_on: date
    held_on: date | None

    def is_overdue(self, today: date) -> bool:
        return self.held_on is None and today > self.due_on


def reviews_due(
    order: Any, variations: Iterable[Variation], reviews: Sequence[Review], months: int | None
) -> list[ReviewDue]:
    """The reviews of an order on somebody under 18, in order.

    One is due before the end of each period of `months` at whose end the person is still under 18 and the order in
    force; a variation within a period begins it anew. [] of adults, of orders not made, where the birthday is not
    known or withheld, or no period is verified.
    """
    if not months or not is_youth(order) or order.turns_18_on is None or order.stage not in MADE:
        return []
    # Nobody is under 18 for longer than 18 years, whatever date was typed.
    adult_on = min(order.turns_18_on, years_after(order.first_day, _ADULT))
    varied = sorted(row.decided_on for row in variations if row.sort == Variation.Sort.VARIATION)
    left = [row for row in reviews if row.held_on is not None]
    found: list[ReviewDue] = []
    start = order.first_day
    while True:
        last = last_day_of(start, months=months)
        for day in varied:
            # The latest variation within the period that it begins anew.
            if start < day <= last:
                start, last = day, last_day_of(day, months=months)
        if last >= adult_on or (order.last_day is not None and last > order.last_day):
            return found
        found.append(ReviewDue(start, last, _held(left, start, last)))
        start = last + timedelta(days=1)


def next_review(reviews: Sequence[ReviewDue]) -> ReviewDue | None:
    """The first review that was not held, overdue or to come. None = none is left."""
    return next((one for one in reviews if one.held_on is None), None)


def _held(reviews: list[Review], start: date, last: date) -> date | None:
    """When the review of a period was held: in it, or later where its row says that it was this one that was due.

    Takes it from `reviews`: a late one does not count for the next period too.
    """
    its = [
        row for row in reviews if row.held_on and row.held_on >= start and (row.held_on <= last or row.due_on == last)
    ]
    first = min(its, key=lambda row: row.held_on or last, default=None)
    if first is None:
        return None
    reviews.remove(first)
    return first.held_on


def _has_its_period(order: Any) -> bool:
    """Whether start and end are the order's own: of an interim order they are its, of a discharged one cut short."""
    return order.stage not in (Stage.INTERIM, Stage.DISCHARGED, Stage.REFUSED)


RULES = (
    *(no_name, condition_numbers, adult_duration, youth_duration, end, dates, interim, turns_18),
    *(no_conditions, no_supervisor, youth_team, age, support, publicity, expiry, review),
)
