"""Work with schools, British Transport Police, the CCTV room and others."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.law import ground as law
from interventions.models import JointWork
from interventions.registers.register import Group, Register


def complete(draft: Draft) -> None:
    """A title where none was typed: what kind of work, and what about."""
    one = draft.record
    if not one.title:
        one.title = ": ".join(filter(None, (one.get_kind_display(), one.topic or one.together_with)))[:150]


JOINT = Register(
    slug="joint-work",
    model=JointWork,
    name="Joint work",
    one="joint activity",
    says="Schools, British Transport Police, the CCTV room, head-teacher meetings.",
    groups=(
        Group("What", ("title", "starts", "ends", "status")),
        Group("The work", ("together_with", "topic", "outcome", "incidents_seen", "arrests", "next_on")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    defaults={"strand": "prepare"},
    columns=("together_with", "topic", "next_on"),
    rules=law.JOINT,
    complete=complete,
)
