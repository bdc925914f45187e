"""Criminal Behaviour Orders."""

from __future__ import annotations

from interventions.models import (
    Breach,
    Briefing,
    Condition,
    CriminalBehaviourOrder,
    Hearing,
    Review,
    Support,
    Variation,
)
from interventions.registers.register import Group, Part, Register

CBO = Register(
    slug="criminal-behaviour-orders",
    model=CriminalBehaviourOrder,
    name="Criminal Behaviour Orders",
    one="Criminal Behaviour Order",
    says="What a court forbids or requires of somebody who was convicted, and the support that goes with it.",
    groups=(
        Group(
            "The order",
            (
                "title",
                "reference",
                "stage",
                "court",
                "applicant",
                "lead_officer",
                "applied_on",
                "made_on",
                "starts",
                "is_indefinite",
                "ends",
                "interim_from",
                "interim_to",
                "discharged_on",
            ),
        ),
        Group("The person", ("subject_ref", "age_band", "turns_18_on", "youth_team_consulted_on", "conviction_group")),
        Group("Where they must keep away", ("wards", "hotspots", "place", "zone", "exclusion_times")),
        Group("Publicity", ("publicity", "publicity_reason", "publicity_from", "publicity_to")),
        Group("Retention", ("retention_review_on",)),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("support", Support, "Support offered", "offer", withheld_as="support"),
        Part("hearings", Hearing, "Hearings", "hearing"),
        Part("reviews", Review, "Reviews", "review"),
        Part("variations", Variation, "Variations and discharge", "change"),
        Part("breaches", Breach, "Breaches", "breach", withheld_as="breaches"),
        Part("briefings", Briefing, "Briefed to", "briefing"),
    ),
    labels={"starts": "In force from", "ends": "Ends on"},
    defaults={"strand": "pursue"},
    whole_days=True,
    may_lack_end=True,
    filters=("stage",),
)
