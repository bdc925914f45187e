"""Injunctions and other orders, of types that the partnership sets up."""

from __future__ import annotations

from interventions.law import further_order as law
from interventions.models import Breach, Condition, FurtherOrder, Hearing, Support, Variation
from interventions.registers.register import Group, Part, Register

FURTHER_ORDER = Register(
    slug="orders",
    model=FurtherOrder,
    name="Injunctions and other orders",
    one="injunction or other order",
    says="Injunctions, and order types that your partnership has switched on.",
    groups=(
        Group(
            "The order",
            (
                "title",
                "reference",
                "order_type",
                "stage",
                "court",
                "applicant",
                "applied_on",
                "made_on",
                "starts",
                "ends",
                "discharged_on",
                "power_of_arrest",
                "risk_assessed_on",
            ),
        ),
        Group("The person", ("subject_ref", "age_band")),
        Group("Where it holds", ("wards", "hotspots", "place", "zone", "exclusion_times")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("conditions", Condition, "Prohibitions and requirements", "condition"),
        Part("support", Support, "Support offered", "offer", withheld_as="support"),
        Part("breaches", Breach, "Breaches", "breach", withheld_as="breaches", hides={"place": ("place",)}),
        Part("variations", Variation, "Variations and discharge", "change"),
        Part("hearings", Hearing, "Hearings", "hearing"),
    ),
    labels={"starts": "In force from", "ends": "Ends on"},
    defaults={"strand": "pursue"},
    whole_days=True,
    may_lack_end=True,
    columns=("order_type", "court"),
    filters=("order_type", "stage"),
    rules=law.RULES,
    look_up=law.look_up,
    complete=law.complete,
    status_of=law.status_of,
    state_of=law.state_of,
)
