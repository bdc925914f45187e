"""Outreach, treatment, youth and community work."""

from __future__ import annotations

from interventions.models import BuildActivity
from interventions.registers.register import Group, Register

BUILD = Register(
    slug="build",
    model=BuildActivity,
    name="Outreach, treatment, youth and community",
    one="piece of work with people",
    says="Support and community work, with its reach.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group(
            "The work",
            (
                "programme",
                "provider",
                "people_reached",
                "new_contacts",
                "referred",
                "entered_treatment",
                "housed",
                "volunteers",
            ),
        ),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    defaults={"strand": "prevent"},
)
