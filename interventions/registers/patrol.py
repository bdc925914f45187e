"""Patrols: planned and delivered, in officer-minutes."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.ground import panels
from interventions.law import ground as law
from interventions.models import Patrol, PatrolStint
from interventions.registers.register import Group, Panel, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed: what for, or else the wards."""
    one = draft.record
    said = one.purpose or ", ".join(sorted(ward.name for ward in draft.wards))
    if not one.title and said:
        one.title = f"Patrol: {said}"[:150]


PATROL = Register(
    slug="patrols",
    model=Patrol,
    name="Patrols",
    one="patrol",
    says="What was planned and what was delivered, in officer-minutes by agency.",
    groups=(
        Group("The patrol", ("starts", "ends", "status", "purpose", "planned_minutes", "title")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("stints", PatrolStint, "Delivered, never by named officer", "stint"),),
    defaults={"strand": "protect"},
    begins_today=True,
    columns=("purpose", "planned_minutes"),
    rules=law.PATROL,
    complete=complete,
    panels=(Panel("interventions/ground/_delivered.html", panels.delivered, is_first=True),),
)
