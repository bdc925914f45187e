"""Activity that has no register of its own."""

from __future__ import annotations

from interventions.models import Intervention
from interventions.registers.register import Group, Register

OTHER = Register(
    slug="other-activity",
    model=Intervention,
    name="Other activity",
    one="activity",
    says="What fits into no other register.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("Where", ("wards", "hotspots", "place", "point", "zone")),
        Group("More", ("details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
)
