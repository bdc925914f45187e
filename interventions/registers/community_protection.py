"""Community Protection Warnings and Notices."""

from __future__ import annotations

from interventions.models import Breach, CommunityProtection, Condition
from interventions.registers.register import Group, Part, Register

COMMUNITY_PROTECTION = Register(
    slug="community-protection",
    model=CommunityProtection,
    name="Community Protection Warnings and Notices",
    one="warning or notice",
    says="A written warning first; a notice where it was not heeded.",
    groups=(
        Group(
            "The notice",
            (
                "title",
                "reference",
                "warning",
                "conduct",
                "starts",
                "ends",
                "served_how",
                "comply_by",
                "informed",
                "outcome",
                "disposal",
            ),
        ),
        Group("To whom", ("age_band", "subject_ref", "premises_name")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group("Fixed penalty", ("fpn_number", "fpn_amount")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("breaches", Breach, "Breaches", "breach", withheld_as="breaches"),
    ),
    labels={"starts": "Issued on", "ends": "Ends on"},
    defaults={"strand": "protect"},
    whole_days=True,
    filters=("outcome",),
)
