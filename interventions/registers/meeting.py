"""Meetings: ward panels, tactical groups, the Monthly Intelligence Meeting, the board."""

from __future__ import annotations

from interventions.law import meeting as law
from interventions.models import Attendance, Bid, Decision, Meeting, MeetingPriority
from interventions.registers.register import Group, Panel, Part, Register
from interventions.tracker import panels as tracker

MEETING = Register(
    slug="meetings",
    model=Meeting,
    name="Meetings",
    one="meeting",
    says="Agenda, priorities, bids, decisions and actions of each meeting.",
    groups=(
        Group("The meeting", ("title", "reference", "sort", "status", "starts", "ends", "chair", "next_on")),
        Group("Where", ("wards", "hotspots", "place")),
        Group("What was said", ("summary",)),
        Group("More", ("strand", "details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("attendance", Attendance, "Who came", "line"),
        Part("priorities", MeetingPriority, "Priorities", "priority"),
        Part("bids", Bid, "Bids for assets", "bid"),
        Part("decisions", Decision, "Decisions", "decision"),
    ),
    defaults={"strand": "prepare"},
    columns=("sort",),
    filters=("sort",),
    rules=law.RULES,
    complete=law.complete,
    panels=(
        Panel("interventions/meetings/_panel.html", lambda viewer, record, parts: {}),
        Panel("interventions/tracker/_of_record.html", tracker.read),
    ),
)
