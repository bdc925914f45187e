"""Public Spaces Protection Orders."""

from __future__ import annotations

from interventions.models import Condition, Consultation, Publication, PublicSpacesOrder, Sign, Variation
from interventions.registers.register import Group, Part, Register

PSPO = Register(
    slug="pspos",
    model=PublicSpacesOrder,
    name="Public Spaces Protection Orders",
    one="Public Spaces Protection Order",
    says="What is forbidden or required in a public place, for everybody, for up to three years at a time.",
    groups=(
        Group(
            "The order", ("title", "number", "reference", "stage", "starts", "ends", "first_in_force", "is_expedited")
        ),
        Group("Where it holds", ("wards", "hotspots", "place", "zone")),
        Group("Why", ("activities", "grounds", "rights_statement", "equality_statement")),
        Group(
            "The decision",
            (
                "decided_by",
                "decided_on",
                "minute_ref",
                "is_delegated",
                "sealed_on",
                "published_on",
                "published_url",
                "discharged_on",
            ),
        ),
        Group("Penalties", ("penalty", "penalty_early", "penalty_early_days", "enforced_by")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("consultations", Consultation, "Consultations", "consultation"),
        Part("publications", Publication, "Notices and publication", "publication"),
        Part("signs", Sign, "Signs", "sign"),
        Part("variations", Variation, "Extensions, variations, discharge", "change"),
    ),
    labels={"starts": "This term from", "ends": "Expires on", "title": "Title"},
    defaults={"strand": "protect"},
    whole_days=True,
    filters=("stage",),
)
