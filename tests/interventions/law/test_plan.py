"""Problem-solving plans and twelve-month plans: what is asked of them at each stage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from interventions.law.rules import Severity
from interventions.models import PlanResponse, YearPlanItem
from interventions.registers.plan import PLAN
from interventions.registers.year_plan import YEAR_PLAN
from tests.interventions.law.drafting import at, drafted, named, said, sentence

NOW = at("2026-03-04 12:00")
SMART: dict[str, Any] = {
    "objective": "A third fewer thefts from shops in South Street",
    "metric": "Shoplifting in twelve months",
    "baseline": 210,
    "target": 140,
    "target_by": date(2026, 12, 31),
}
FULL: dict[str, Any] = {
    **SMART,
    "scanning": "Shops and the ward panel told of it.",
    "victim": "Four shops.",
    "assessment_method": "Twelve months before and after.",
    "result": "Fewer thefts in three of the four shops.",
    "lessons": "Doors matter more than guards.",
    "closed_reason": "Target reached.",
    "signed_off_on": date(2026, 3, 4),
}


def plan(stage: str, *, responses: list[PlanResponse] | None = None, **fields: Any) -> Any:
    parts = {"responses": [PlanResponse(text="Alarms", strand="protect")] if responses is None else responses}
    begun = {"starts": at("2026-01-01 00:00"), "title": "Shops"}
    return drafted(PLAN, now=NOW, parts=parts, stage=stage, **{**begun, **fields})


def warned(draft: Any) -> set[str]:
    return named(said(PLAN, draft), Severity.WARN)


def test_scanning_asks_for_nothing_and_every_stage_after_it_for_what_it_rests_on() -> None:
    assert warned(plan("scanning", responses=[])) == set()
    assert warned(plan("analysis")) == {"plan.objective", "plan.stages"}
    assert warned(plan("analysis", scanning="Told.", **SMART)) == set()
    assert warned(plan("response", scanning="Told.", **SMART)) == {"plan.stages"}
    assert warned(plan("response", scanning="Told.", location="Alleys.", **SMART)) == set()
    assert warned(plan("assessment", responses=[], scanning="Told.", location="Alleys.", **SMART)) == {"plan.stages"}


@pytest.mark.parametrize("missing", list(SMART))
def test_a_missing_part_of_the_objective_is_named(missing: str) -> None:
    fields = {**FULL, missing: None if missing in ("baseline", "target", "target_by") else ""}
    found = said(PLAN, plan("assessment", **fields))
    assert named(found, Severity.WARN) == {"plan.objective"}
    # A baseline of none is a count.
    assert "Missing" not in sentence(said(PLAN, plan("analysis", **{**FULL, "target": 0})), "plan.objective")


@pytest.mark.parametrize(
    ("words", "is_demand"),
    [
        ("Reduce demand on police by a fifth", True),
        ("To cut calls and demands", True),
        ("Demand reduction in the ward", True),
        ("Fewer burglaries, reduced by a third", False),
        ("Reduce harm to shop staff", False),
    ],
)
def test_reducing_demand_is_no_objective(words: str, is_demand: bool) -> None:
    found = said(PLAN, plan("scanning", objective=words))
    assert ("no objective" in sentence(found, "plan.objective")) is is_demand


@pytest.mark.parametrize("missing", ["assessment_method", "result", "lessons", "closed_reason"])
def test_a_plan_is_not_closed_without_its_assessment(missing: str) -> None:
    assert named(said(PLAN, plan("closed", **FULL)), Severity.BLOCK) == set()
    found = said(PLAN, plan("closed", **{**FULL, missing: ""}))
    assert [one.field for one in found if one.severity == Severity.BLOCK] == [missing]


def test_a_closed_plan_ends_when_it_is_closed_and_says_what_was_counted() -> None:
    draft = plan("closed", result_count=160, **FULL)
    assert (draft.record.last_day, draft.record.status) == (date(2026, 3, 4), "done")
    assert "From 210 to 160; the target was 140." in sentence(said(PLAN, draft), "plan.coming")
    kept = plan("closed", ends=at("2026-02-01 00:00"), **{**FULL, "signed_off_on": None})
    assert kept.record.last_day == date(2026, 1, 31)
    assert warned(kept) == {"plan.close"}
    # Without a sign-off it is closed with a reason.


def test_days_before_the_plan_and_days_to_come_are_refused() -> None:
    assert named(said(PLAN, plan("scanning", target_by=date(2026, 1, 1))), Severity.BLOCK) == set()
    assert named(said(PLAN, plan("scanning", target_by=date(2025, 12, 31))), Severity.BLOCK) == {"plan.dates"}
    assert named(said(PLAN, plan("scanning", signed_off_on=date(2026, 3, 5))), Severity.BLOCK) == {"plan.dates"}
    done = PlanResponse(text="Alarms", strand="protect", done_on=date(2026, 3, 5))
    assert "Response 1" in sentence(said(PLAN, plan("response", responses=[done])), "plan.dates")


def test_what_is_coming_is_shown_with_its_days() -> None:
    late = PlanResponse(text="Alarms", strand="protect", due_on=date(2026, 3, 3))
    found = said(PLAN, plan("response", responses=[late], review_on=date(2026, 3, 5), **SMART))
    words = sentence(found, "plan.coming")
    assert "Review due in 1 day, on 5 March 2026." in words
    assert "1 response is overdue." in words
    assert "No response under Prepare or Pursue or Prevent." in words
    assert PLAN.state_of is not None
    record = plan("response", review_on=date(2026, 3, 3)).record
    assert PLAN.state_of(record, date(2026, 3, 3)) == ("Response", "blue")
    assert PLAN.state_of(record, date(2026, 3, 4)) == ("Response, review overdue", "red")


# --- Twelve-month plans -----------------------------------------------------------------------------------------------


def year(starts: str, ends: str | None = None, items: list[YearPlanItem] | None = None) -> Any:
    return drafted(
        YEAR_PLAN,
        now=NOW,
        parts={"items": items or []},
        starts=at(starts),
        ends=at(ends) if ends else None,
    )


@pytest.mark.parametrize(
    ("starts", "first", "last"),
    [
        ("2026-01-01 00:00", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-03-15 00:00", date(2026, 3, 1), date(2027, 2, 28)),
        # The last day of February in a leap year; summer time at one end and not at the other.
        ("2027-03-01 00:00", date(2027, 3, 1), date(2028, 2, 29)),
        ("2024-02-29 00:00", date(2024, 2, 1), date(2025, 1, 31)),
        ("2026-10-25 00:00", date(2026, 10, 1), date(2027, 9, 30)),
    ],
)
def test_a_plan_covers_twelve_whole_months(starts: str, first: date, last: date) -> None:
    draft = year(starts)
    assert (draft.record.first_day, draft.record.last_day) == (first, last)
    assert named(said(YEAR_PLAN, draft), Severity.BLOCK) == set()
    assert draft.record.title.startswith("Twelve-month plan")


def test_another_end_is_refused_and_lines_lie_within_the_months() -> None:
    assert named(said(YEAR_PLAN, year("2026-01-01 00:00", "2027-02-01 00:00")), Severity.BLOCK) == {"year-plan.months"}
    inside = YearPlanItem(month=date(2026, 12, 31), lane="joint", text="Day", strand="pursue")
    outside = YearPlanItem(month=date(2027, 1, 1), lane="joint", text="Day", strand="pursue")
    found = said(YEAR_PLAN, year("2026-01-01 00:00", items=[inside, outside]))
    assert inside.month == date(2026, 12, 1)
    assert "Line 2 is for January 2027" in sentence(found, "year-plan.months")
    assert sentence(found, "year-plan.joint") == "11 months have no joint day of action."
