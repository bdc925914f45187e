"""Days of action."""

from __future__ import annotations

from interventions.days import panels
from interventions.days.presenters import state
from interventions.law import day as law
from interventions.models import DayAgency, DayItem, DayOfAction, DayResult
from interventions.registers.register import Group, Panel, Part, Register
from interventions.tracker import panels as tracker

DAY = Register(
    slug="days-of-action",
    model=DayOfAction,
    name="Days of action",
    one="day of action",
    says="Joint days: what for, who does what, what came of it.",
    groups=(
        Group("The day", ("title", "reference", "status", "starts", "ends", "objective")),
        Group("Where", ("wards", "hotspots", "place", "point", "zone")),
        Group("Briefing", ("briefing", "risk", "comms_plan", "cost")),
        Group("Debrief", ("went_well", "went_badly", "debriefed_on", "public_summary")),
        Group("More", ("strand", "details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("agencies", DayAgency, "Agencies", "agency", whose="agency"),
        Part("items", DayItem, "Timetable", "line", withheld_as="briefing", hides={"place": ("where",)}),
        Part("results", DayResult, "Results", "result", whose="agency"),
    ),
    defaults={"strand": "pursue"},
    rules=law.RULES,
    look_up=law.look_up,
    complete=law.complete,
    state_of=state,
    leading=1,
    pages=(("Briefing sheet", "interventions:day-briefing"),),
    panels=(
        Panel("interventions/days/_panel.html", panels.read, instead_of=("agencies", "results")),
        Panel("interventions/tracker/_of_record.html", tracker.read),
    ),
)
