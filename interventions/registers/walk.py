"""Environmental visual audits."""

from __future__ import annotations

from interventions.models import Observation, Walk
from interventions.registers.register import Group, Part, Register

WALK = Register(
    slug="walks",
    model=Walk,
    name="Environmental visual audits",
    one="environmental visual audit",
    says="Walks with residents: what invites crime, who mends it, and whether it was mended.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("The walk", ("light", "weather", "took_part", "repeat_on")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("observations", Observation, "Observations", "observation"),),
    defaults={"strand": "protect"},
    filters=("light",),
)
