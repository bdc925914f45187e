"""Patrols: planned and delivered, in officer-minutes."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.ground import panels
from interventions.law import ground as law
from interventions.models import Patrol, PatrolStint
from interventions.registers.register import Group, Panel, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed, and it is said what for."""
    one = draft.record
    if not one.title and one.purpose:
        one.title = f"Patrol: {one.purpose}"[:150]


PATROL = Register(
    slug="patrols",
    model=Patrol,
    name="Patrols",
    one="patrol",
    says="What was planned and what was delivered, in officer-minutes by agency.",
    groups=(
        Group("The patrol", ("title", "purpose", "starts", "ends", "planned_minutes", "status")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("stints", PatrolStint, "Delivered, never by named officer", "stint"),),
    defaults={"strand": "protect"},
    columns=("purpose", "planned_minutes"),
    rules=law.PATROL,
    complete=complete,
    panels=(Panel("interventions/ground/_delivered.html", panels.delivered),),
)
