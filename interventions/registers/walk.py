"""Environmental visual audits."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.ground import panels
from interventions.law import ground as law
from interventions.models import Observation, Walk
from interventions.registers.register import Group, Panel, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed."""
    one = draft.record
    if not one.title:
        what = f"Walk {one.get_light_display().lower()}" if one.light else "Walk"
        one.title = f"{what}: {', '.join(sorted(ward.name for ward in draft.wards))}"[:150]


WALK = Register(
    slug="walks",
    model=Walk,
    name="Environmental visual audits",
    one="environmental visual audit",
    says="Walks with residents: what invites crime, who mends it, and whether it was mended.",
    groups=(
        Group("The walk", ("starts", "ends", "status", "light", "weather", "took_part", "repeat_on", "title")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("More", ("strand", "reference", "details", "contact", "people_reached", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part(
            *("observations", Observation, "Observations", "observation"),
            hides={"place": ("spot", "longitude", "latitude")},
        ),
    ),
    defaults={"strand": "protect"},
    columns=("light", "repeat_on"),
    filters=("light",),
    rules=law.WALK,
    complete=complete,
    panels=(Panel("interventions/ground/_walk.html", panels.walk),),
)
