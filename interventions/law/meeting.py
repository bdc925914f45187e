"""Rules of meetings: priorities that can be judged, bids with a decision that can be understood."""

from __future__ import annotations

from collections.abc import Iterator

from hotspots.words import day_name
from interventions.calc.periods import months_after
from interventions.drafts import Draft
from interventions.law.rules import Said, block, rule, warn
from interventions.models import Bid, Meeting, MeetingPriority

_PRACTICE = "Metropolitan Police ward panel guidance: priorities are specific, measurable, and last about two months"
# "About two months": a priority may run on to the meeting after.
LONGEST_MONTHS = 3


def complete(draft: Draft) -> None:
    """A title where none was typed: "Ward panel, 4 March 2026"."""
    record = draft.record
    if not record.title and record.starts:
        sort = dict(Meeting.Sort.choices).get(record.sort, "Meeting")
        record.title = f"{sort if record.sort != Meeting.Sort.OTHER else 'Meeting'}, {day_name(record.first_day)}"


@rule("meeting.next", "As dates go")
def next_meeting(draft: Draft) -> Iterator[Said]:
    on = draft.record.next_on
    if on and on <= draft.record.first_day:
        yield block(
            "next_on", f"The next meeting, {day_name(on)}, is not after this one on {day_name(draft.record.first_day)}."
        )


@rule("meeting.priority-dates", "As dates go")
def priority_dates(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("priorities"), start=1):
        if one.starts_on and one.ends_on and one.ends_on < one.starts_on:
            yield block("priorities", f"Priority {number} ends before it starts.")


@rule("meeting.priority-measure", _PRACTICE)
def priority_measure(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("priorities"), start=1):
        if not one.measure:
            yield warn(
                "priorities", f"Priority {number} says nothing by which the next meeting can tell whether it was met."
            )


@rule("meeting.priority-length", _PRACTICE)
def priority_length(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("priorities"), start=1):
        if one.starts_on and one.ends_on and one.ends_on > months_after(one.starts_on, LONGEST_MONTHS):
            yield warn(
                "priorities",
                f"Priority {number} runs until {day_name(one.ends_on)}. Priorities are set for two months or so, and "
                "then looked at again.",
            )


@rule("meeting.priority-report", "What was promised to the public is reported back to them")
def priority_report(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("priorities"), start=1):
        if one.outcome != MeetingPriority.Outcome.OPEN and not one.report:
            yield warn(
                "priorities", f"Priority {number} has an outcome, and nothing is said of what was reported back."
            )


@rule("meeting.bid-reason", "A bid that is decided needs the reason")
def bid_reason(draft: Draft) -> Iterator[Said]:
    for number, one in enumerate(draft.of("bids"), start=1):
        if one.answer != Bid.Answer.WAITING and not one.reason:
            yield warn("bids", f"Bid {number} is decided without a reason.")


RULES = (next_meeting, priority_dates, priority_measure, priority_length, priority_report, bid_reason)
