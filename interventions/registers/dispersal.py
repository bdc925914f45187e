"""Section 34 authorisations and section 35 directions."""

from __future__ import annotations

from interventions.models import DispersalAuthorisation, DispersalDirection
from interventions.registers.register import Group, Register

DISPERSAL = Register(
    slug="dispersals",
    model=DispersalAuthorisation,
    name="Dispersal authorisations",
    one="dispersal authorisation",
    says="Section 34: where and for how long people may be told to leave.",
    groups=(
        Group(
            "The authorisation",
            ("title", "reference", "starts", "ends", "authorised_rank", "officer_ref", "cancelled_from"),
        ),
        Group("Where", ("wards", "hotspots", "place", "zone")),
        Group(
            "Why",
            (
                "grounds",
                "rights_considered",
                "community_impact",
                "displacement_considered",
                "council_informed",
                "published_url",
            ),
        ),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "From", "ends": "Until"},
    defaults={"strand": "pursue"},
)

DIRECTION = Register(
    slug="directions",
    model=DispersalDirection,
    name="Dispersal directions",
    one="dispersal direction",
    says="Section 35: one person told to leave and not to come back for a time.",
    groups=(
        Group("The direction", ("authorisation", "starts", "ends", "is_written", "told_offence", "reason", "outcome")),
        Group("Where", ("wards", "hotspots", "place", "point", "zone")),
        Group("The person", ("age_band", "subject_ref", "ethnicity", "under_16_action", "property_surrendered")),
        Group("More", ("title", "reference", "details")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "Given", "ends": "Not to return until"},
    defaults={"strand": "pursue", "status": "done"},
    columns=("outcome",),
    filters=("outcome",),
)
