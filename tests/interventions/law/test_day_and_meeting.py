"""Days of action and meetings: each rule at its edge."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from interventions.days.presenters import state
from interventions.drafts import Draft
from interventions.law import shipped
from interventions.law.parameters import Law
from interventions.law.rules import findings
from interventions.models import Bid, DayAgency, DayOfAction, DayResult, MeetingPriority
from interventions.registers.day import DAY
from interventions.registers.meeting import MEETING
from interventions.registers.register import Register
from partners.models import Agency

OWNER, FIRE, SCHOOL = (Agency(pk=pk, name=name) for pk, name in ((1, "Council"), (2, "Fire"), (3, "School")))
LAW = Law(shipped.as_parameter(one) for one in shipped.PARAMETERS)
# Thursday 5 March 2026: five working days later is Thursday 12 March.
STARTS, ENDS = datetime(2026, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 5, 17, tzinfo=UTC)


def verdict(register: Register, draft: Draft, rule: str) -> str:
    """What one rule says: "block", "warn", "show", or "" nothing."""
    return next((one.severity.value for one in findings(register.rules, draft) if one.rule == rule), "")


def day(*, now: datetime, law: Law = LAW, agencies: Any = (), results: Any = (), **fields: Any) -> Draft:
    """A day of action, complete but for what is said."""
    said = {"starts": STARTS, "ends": ENDS, "objective": "Fewer thefts by May", "audience": "agreements", **fields}
    record = DayOfAction(kind="day", **said)
    draft = Draft(record, OWNER, (), (), {"agencies": list(agencies), "results": list(results)}, law, now)
    draft.known["agencies"] = {one.pk: one.name for one in (OWNER, FIRE, SCHOOL)}
    assert DAY.complete is not None
    DAY.complete(draft)
    return draft


def asked(agency: Agency, answer: str = "accepted") -> DayAgency:
    return DayAgency(agency=agency, answer=answer)


def counted(agency: Agency, measure: str = "letters", what: str = "", value: int = 1) -> DayResult:
    return DayResult(agency=agency, measure=measure, what=what, value=value)


BEFORE, DURING = datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 5, 12, tzinfo=UTC)
LAST, LATE = datetime(2026, 3, 12, 23, 59, tzinfo=UTC), datetime(2026, 3, 13, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "results", "said"),
    [
        (BEFORE, [], ""),
        (DURING, [], "show"),
        (LAST, [], "show"),
        (LATE, [], "warn"),
        (LATE, [counted(OWNER)], "warn"),
        (LATE, [counted(FIRE)], ""),
        (LATE, [counted(FIRE, value=0)], ""),
    ],
)
def test_results_are_due_five_working_days_later(now: datetime, results: list[DayResult], said: str) -> None:
    draft = day(now=now, agencies=[asked(FIRE), asked(SCHOOL, "declined")], results=results)
    assert verdict(DAY, draft, "day.results-due") == said


def test_without_a_limit_nothing_is_late() -> None:
    assert verdict(DAY, day(now=LATE, law=Law([])), "day.results-due") == ""
    assert verdict(DAY, day(now=LATE, status="cancelled"), "day.results-due") == ""
    said = [one.sentence for one in findings(DAY.rules, day(now=LATE)) if one.rule == "day.results-due"]
    assert said == ["No results are reported: they were due by 12 March 2026."]


@pytest.mark.parametrize(
    ("rule", "fields", "said"),
    [
        ("day.asked-can-see", {"audience": "agency", "agencies": [asked(FIRE)]}, "block"),
        ("day.asked-can-see", {"audience": "team", "agencies": [asked(FIRE)]}, "block"),
        ("day.asked-can-see", {"audience": "agency", "agencies": [asked(OWNER)]}, ""),
        ("day.asked-can-see", {"agencies": [asked(FIRE)]}, ""),
        ("day.asked-can-see", {"audience": "everyone", "agencies": [asked(FIRE)]}, ""),
        ("day.agencies-once", {"agencies": [asked(FIRE), asked(FIRE)]}, "block"),
        ("day.agencies-once", {"results": [counted(OWNER), counted(OWNER)]}, "block"),
        ("day.agencies-once", {"results": [counted(OWNER), counted(OWNER, what="flats")]}, ""),
        ("day.results-of", {"results": [counted(SCHOOL)]}, "block"),
        ("day.results-of", {"results": [counted(SCHOOL)], "agencies": [asked(SCHOOL)]}, ""),
        ("day.results-of", {"results": [counted(OWNER, "other")]}, "block"),
        ("day.results-of", {"results": [counted(OWNER, "other", "dogs")]}, ""),
        ("day.results-of", {"results": [counted(OWNER)], "now": BEFORE}, "block"),
        ("day.debriefed", {"debriefed_on": date(2026, 3, 4)}, "block"),
        ("day.debriefed", {"debriefed_on": date(2026, 3, 5)}, ""),
        ("day.debriefed", {"debriefed_on": date(2026, 3, 6)}, "block"),
        ("day.objective", {"objective": ""}, "show"),
        ("day.objective", {}, ""),
        ("day.answers", {"agencies": [asked(FIRE, "asked")], "now": BEFORE}, "show"),
        ("day.answers", {"agencies": [asked(FIRE, "asked")]}, ""),
        ("day.answers", {"agencies": [asked(FIRE)], "now": BEFORE}, ""),
    ],
)
def test_a_day(rule: str, fields: dict[str, Any], said: str) -> None:
    assert verdict(DAY, day(**{"now": DURING, **fields}), rule) == said


def test_a_day_has_a_title_and_a_state() -> None:
    made = day(now=BEFORE).record
    assert made.title == "Day of action, 5 March 2026"
    assert day(now=BEFORE, title="Op Cubo").record.title == "Op Cubo"
    assert [state(made, date(2026, 3, on))[0] for on in (4, 5, 6)] == [
        "In 1 day",
        "Today",
        "Not marked as held",
    ]
    made.status = "done"
    assert state(made, date(2026, 3, 6))[0] == "No debrief yet"
    made.debriefed_on = date(2026, 3, 6)
    assert state(made, date(2026, 3, 6))[0] == "Held"


def meeting(*, sort: str = "ward-panel", next_on: date | None = None, **parts: Any) -> Draft:
    record = MEETING.model(kind="meeting", sort=sort, starts=STARTS, ends=ENDS, next_on=next_on)  # type: ignore[misc]
    draft = Draft(record, OWNER, (), (), {name: list(rows) for name, rows in parts.items()}, LAW, DURING)
    assert MEETING.complete is not None
    MEETING.complete(draft)
    return draft


def priority(**said: Any) -> MeetingPriority:
    given: dict[str, Any] = {"measure": "Thefts", "starts_on": date(2026, 3, 5), "ends_on": date(2026, 5, 5), **said}
    return MeetingPriority(text="Shop theft", **given)


@pytest.mark.parametrize(
    ("rule", "fields", "said"),
    [
        ("meeting.next", {"next_on": date(2026, 3, 5)}, "block"),
        ("meeting.next", {"next_on": date(2026, 3, 6)}, ""),
        ("meeting.priority-measure", {"priorities": [priority(measure="")]}, "warn"),
        ("meeting.priority-measure", {"priorities": [priority()]}, ""),
        ("meeting.priority-dates", {"priorities": [priority(ends_on=date(2026, 3, 4))]}, "block"),
        ("meeting.priority-dates", {"priorities": [priority(ends_on=date(2026, 3, 5))]}, ""),
        ("meeting.priority-length", {"priorities": [priority(ends_on=date(2026, 6, 5))]}, ""),
        ("meeting.priority-length", {"priorities": [priority(ends_on=date(2026, 6, 6))]}, "warn"),
        ("meeting.priority-report", {"priorities": [priority(outcome="missed")]}, "warn"),
        ("meeting.priority-report", {"priorities": [priority(outcome="missed", report="Said so")]}, ""),
        ("meeting.bid-reason", {"bids": [Bid(asked_for="Dogs", answer="refused")]}, "warn"),
        ("meeting.bid-reason", {"bids": [Bid(asked_for="Dogs", answer="refused", reason="Elsewhere")]}, ""),
        ("meeting.bid-reason", {"bids": [Bid(asked_for="Dogs")]}, ""),
    ],
)
def test_a_meeting(rule: str, fields: dict[str, Any], said: str) -> None:
    assert verdict(MEETING, meeting(**fields), rule) == said


def test_a_meeting_has_a_title() -> None:
    assert meeting().record.title == "Ward panel, 5 March 2026"
    assert meeting(sort="other").record.title == "Meeting, 5 March 2026"
