"""Work with schools, British Transport Police, the CCTV room and others."""

from __future__ import annotations

from interventions.models import JointWork
from interventions.registers.register import Group, Register

JOINT = Register(
    slug="joint-work",
    model=JointWork,
    name="Joint work",
    one="piece of joint work",
    says="Schools, British Transport Police, the CCTV room, head-teacher meetings.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("The work", ("together_with", "topic", "outcome", "incidents_seen", "arrests", "next_on")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    defaults={"strand": "prepare"},
)
