"""Patrols: planned and delivered, in officer-minutes."""

from __future__ import annotations

from interventions.models import Patrol, PatrolStint
from interventions.registers.register import Group, Part, Register

PATROL = Register(
    slug="patrols",
    model=Patrol,
    name="Patrols",
    one="patrol",
    says="What was planned and what was delivered, in officer-minutes by agency.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("The patrol", ("purpose", "planned_minutes")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("stints", PatrolStint, "Delivered", "stint"),),
    defaults={"strand": "protect"},
)
