"""Twelve-month plans."""

from __future__ import annotations

from interventions.law import year_plan
from interventions.models import YearPlan, YearPlanItem
from interventions.registers.register import Group, Panel, Part, Register
from interventions.year_plans.panels import summary

YEAR_PLAN = Register(
    slug="year-plans",
    model=YearPlan,
    name="Twelve-month plans",
    one="twelve-month plan",
    says=(
        "A year by month: business as usual, partnership opportunities, joint days of action; drafted from the figures "
        "once it is saved."
    ),
    groups=(
        Group("The plan", ("title", "reference", "starts", "ends", "objective", "analysis")),
        Group("Where", ("wards", "hotspots")),
        Group("More", ("strand", "details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("items", YearPlanItem, "What is planned", "line"),),
    labels={"starts": "First month", "ends": "Last day"},
    hints={"starts": "Any day in it.", "ends": "Left empty, it is that of the twelfth month."},
    defaults={"strand": "prepare"},
    whole_days=True,
    # Left empty, its end is made.
    may_lack_end=True,
    columns=("objective",),
    rules=year_plan.RULES,
    complete=year_plan.complete,
    state_of=year_plan.state_of,
    leading=1,
    pages=(("The board: month by month", "interventions:year"),),
    panels=(Panel("interventions/year_plans/_panel.html", summary, instead_of=("items",)),),
)
