"""Outreach, treatment, youth and community work."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.law import ground as law
from interventions.models import BuildActivity
from interventions.registers.register import Group, Register


def complete(draft: Draft) -> None:
    """A title where none was typed: the programme, or what kind of work it is."""
    one = draft.record
    one.title = one.title or one.programme or one.get_kind_display()


BUILD = Register(
    slug="build",
    model=BuildActivity,
    name="Outreach, treatment, youth and community",
    one="outreach or community activity",
    says="Support and community work, with its reach.",
    groups=(
        Group("What", ("programme", "provider", "starts", "ends", "status", "title")),
        Group(
            "Reach",
            (
                "people_reached",
                "new_contacts",
                "referred",
                "entered_treatment",
                "housed",
                "volunteers",
            ),
        ),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    defaults={"strand": "prevent"},
    columns=("programme", "provider"),
    rules=law.BUILD,
    complete=complete,
)
