"""Rules of problem-solving plans: an objective that can be judged, stages that rest on each other, an honest end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from hotspots.words import day_name, plural
from interventions.drafts import Draft
from interventions.law.rules import Said, block, rule, show, warn
from interventions.models import Intervention, ProblemSolvingPlan
from partners.filters import day_ends

_STAGES = list(ProblemSolvingPlan.Stage.values)
_SARA = "College of Policing, problem-solving (SARA); Durham Constabulary, OSARA"
# "Reduce demand on police" says nothing about the problem, and counting fewer reports is no result.
_DEMAND = re.compile(r"\b(reduc\w*|cut\w*|lower\w*|less)\b.{0,30}\bdemands?\b|\bdemands? reduction", re.IGNORECASE)
OBJECTIVE = {
    "objective": "what is to be reached",
    "metric": "what it is measured by",
    "baseline": "the count to begin with",
    "target": "the count to reach",
    "target_by": "the day by which",
}


def reached(plan: ProblemSolvingPlan, stage: str) -> bool:
    """Whether a plan is at a stage or after it."""
    return _STAGES.index(plan.stage) >= _STAGES.index(stage) if plan.stage in _STAGES else False


@rule("plan.objective", _SARA)
def objective(draft: Draft) -> Iterator[Said]:
    plan = draft.record
    missing = [words for name, words in OBJECTIVE.items() if getattr(plan, name) in (None, "")]
    if missing and reached(plan, "analysis"):
        yield warn("objective", f"After scanning, the objective says all of this. Missing: {', '.join(missing)}.")
    if plan.objective and _DEMAND.search(plan.objective):
        yield warn(
            "objective",
            "Reducing demand is no objective: say which harm to whom is to become less, and by how much.",
        )
    if None not in (plan.baseline, plan.target) and plan.baseline == plan.target:
        yield warn("target", "The target is the baseline: nothing would have to change to reach it.")


@rule("plan.dates", "As dates go")
def dates(draft: Draft) -> Iterator[Said]:
    plan, first = draft.record, draft.record.first_day
    for name, words in (("target_by", "The day of the target"), ("review_on", "The next review")):
        day = getattr(plan, name)
        if day and day < first:
            yield block(name, f"{words}, {day_name(day)}, is before the plan began on {day_name(first)}.")
    if plan.signed_off_on and plan.signed_off_on > draft.today:
        yield block(
            "signed_off_on", f"It cannot have been signed off on {day_name(plan.signed_off_on)}: that is to come."
        )
    for number, response in enumerate(draft.of("responses"), start=1):
        if response.done_on and response.done_on > draft.today:
            yield block(
                "responses",
                f"Response {number} cannot have been done on {day_name(response.done_on)}: that is to come.",
            )


@rule("plan.stages", _SARA)
def stages(draft: Draft) -> Iterator[Said]:
    plan = draft.record
    if reached(plan, "analysis") and not plan.scanning:
        yield warn("scanning", "The plan is past scanning, and nothing says how the problem came to notice.")
    if reached(plan, "response") and not any((plan.victim, plan.offender, plan.location, plan.hypotheses)):
        yield warn("victim", "The plan is past analysis, and nothing is said of victims, offenders or the location.")
    if reached(plan, "assessment") and not draft.of("responses"):
        yield warn("responses", "The plan is past response, and no response is named.")


@rule("plan.close", _SARA)
def close(draft: Draft) -> Iterator[Said]:
    plan = draft.record
    if plan.stage != ProblemSolvingPlan.Stage.CLOSED:
        return
    for name, words in (
        ("assessment_method", "how the result was judged"),
        ("result", "what came of it"),
        ("lessons", "what was learnt"),
        ("closed_reason", "why it is closed"),
    ):
        if not getattr(plan, name):
            yield block(name, f"A plan is closed once its assessment is filled in: say {words}.")
    if not plan.signed_off_on:
        yield warn(
            "signed_off_on", "Nobody has signed the plan off: a sergeant does, or the manager of the lead agency."
        )


@rule("plan.coming", _SARA)
def coming(draft: Draft) -> Iterator[Said]:
    plan = draft.record
    if plan.stage == ProblemSolvingPlan.Stage.CLOSED:
        if None not in (plan.baseline, plan.result_count):
            yield show("result_count", outcome(plan))
        return
    if plan.review_on:
        yield show("review_on", f"Review {until(plan.review_on, draft.today)}.")
    else:
        yield show("review_on", "No review is planned.")
    if plan.target_by and plan.target_by < draft.today and not reached(plan, "assessment"):
        yield show("target_by", f"The target was due on {day_name(plan.target_by)}: assess what was reached.")
    late = [one for one in draft.of("responses") if one.due_on and not one.done_on and one.due_on < draft.today]
    if late:
        yield show("responses", f"{plural(len(late), 'response is', 'responses are')} overdue.")
    without = [str(strand.label) for strand in Intervention.Strand if strand not in strands(draft.of("responses"))]
    if reached(plan, "response") and without:
        yield show("responses", f"No response under {' or '.join(without)}.")


def strands(responses: Any) -> set[str]:
    """The strands under which something is done."""
    return {one.strand for one in responses}


def until(day: date, today: date) -> str:
    """ "due in 12 days, on 4 March 2026", "due today", "overdue by 3 days (4 March 2026)"."""
    days = (day - today).days
    if days < 0:
        return f"overdue by {plural(-days, 'day')} ({day_name(day)})"
    return "due today" if not days else f"due in {plural(days, 'day')}, on {day_name(day)}"


def outcome(plan: ProblemSolvingPlan) -> str:
    """ "From 210 to 160; the target was 150." Says what was counted and claims no cause."""
    said = f"From {plan.baseline:,} to {plan.result_count:,}"
    return f"{said}; the target was {plan.target:,}." if plan.target is not None else f"{said}."


def complete(draft: Draft) -> None:
    """A plan that is closed ends on the day on which that is written down, where nobody says when."""
    plan = draft.record
    if plan.stage == ProblemSolvingPlan.Stage.CLOSED and plan.ends is None:
        plan.ends = max(day_ends(draft.today), plan.starts)


def status_of(plan: Any) -> str:
    """Running until it is closed."""
    closed = plan.stage == ProblemSolvingPlan.Stage.CLOSED
    return Intervention.Status.DONE if closed else Intervention.Status.PLANNED


def state_of(plan: Any, day: date) -> tuple[str, str]:
    """ "Response", "Closed", "Analysis, review overdue"."""
    stage = str(plan.get_stage_display())
    if plan.stage == ProblemSolvingPlan.Stage.CLOSED:
        return stage, "grey"
    if plan.review_on and plan.review_on < day:
        return f"{stage}, review overdue", "red"
    return stage, "blue"


RULES = (objective, dates, stages, close, coming)
