"""Twelve-month plans."""

from __future__ import annotations

from interventions.models import YearPlan, YearPlanItem
from interventions.registers.register import Group, Part, Register

YEAR_PLAN = Register(
    slug="year-plans",
    model=YearPlan,
    name="Twelve-month plans",
    one="twelve-month plan",
    says="A year by month: business as usual, partnership opportunities, joint days of action.",
    groups=(
        Group("The plan", ("title", "reference", "starts", "ends", "objective", "analysis")),
        Group("Where", ("wards", "hotspots")),
        Group("More", ("strand", "details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("items", YearPlanItem, "What is planned", "line"),),
    labels={"starts": "From", "ends": "Until"},
    defaults={"strand": "prepare"},
    whole_days=True,
)
