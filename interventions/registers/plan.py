"""Problem-solving plans (OSARA)."""

from __future__ import annotations

from interventions.law import plan
from interventions.models import PlanResponse, ProblemSolvingPlan
from interventions.plans import panels
from interventions.registers.register import Group, Panel, Part, Register

PLAN = Register(
    slug="problem-solving-plans",
    model=ProblemSolvingPlan,
    name="Problem-solving plans",
    one="problem-solving plan",
    says="Objective, scanning, analysis, response and assessment of one problem.",
    groups=(
        Group("The plan", ("title", "reference", "stage", "starts", "ends", "review_on")),
        Group("Objective", ("objective", "metric", "baseline", "target", "target_by")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("Scanning", ("scanning", "who_cares")),
        Group("Analysis", ("victim", "offender", "location", "hypotheses")),
        Group(
            "Assessment",
            (
                "assessment_method",
                "comparator",
                "result",
                "result_count",
                "displacement",
                "lessons",
                "closed_reason",
                "signed_off_on",
            ),
        ),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("responses", PlanResponse, "Responses", "response"),),
    labels={"starts": "Begun on", "ends": "Ended on"},
    defaults={"strand": "prepare"},
    whole_days=True,
    may_lack_end=True,
    columns=("objective", "target_by", "review_on"),
    filters=("stage",),
    rules=plan.RULES,
    complete=plan.complete,
    status_of=plan.status_of,
    state_of=plan.state_of,
    leading=5,
    panels=(
        Panel("interventions/plans/_analysis.html", panels.analysis),
        Panel("interventions/plans/_beside.html", panels.beside),
    ),
)
