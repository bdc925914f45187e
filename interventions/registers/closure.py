"""Closure notices and orders."""

from __future__ import annotations

from interventions.law import closure as law
from interventions.models import Breach, Closure, ClosureVisit, Premises, Variation
from interventions.registers.register import Group, Part, Register

CLOSURE = Register(
    slug="closures",
    model=Closure,
    name="Closures",
    one="closure",
    says="Premises closed by notice and by order of the court.",
    groups=(
        Group(
            "The notice",
            ("starts", "issuer", "served", "notice_hours", "consulted", "advice_given", "reference", "title"),
        ),
        Group("Where", ("wards", "hotspots", "place", "point", "zone")),
        Group("The premises", ("premises_type", "tenure", "landlord")),
        Group(
            "Who lives there",
            (
                "occupants",
                "children_present",
                "vulnerable_adult",
                "is_cuckooed",
                "safeguarding_referral",
                "alternative_accommodation",
                "persons_excluded",
            ),
        ),
        Group(
            "The court",
            ("court", "hearing", "outcome", "order_from", "order_to", "extent", "licensing_notified", "costs"),
        ),
        Group("Afterwards", ("relet_plan",)),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(
        Part("premises_list", Premises, "Premises", "premises", withheld_as="premises", most=1000),
        Part("variations", Variation, "Extensions", "extension"),
        Part("breaches", Breach, "Breaches", "breach", hides={"place": ("place",), "premises": ("place",)}),
        Part("visits", ClosureVisit, "Visits afterwards", "visit"),
    ),
    labels={"starts": "Notice issued", "ends": "Closed until"},
    defaults={"strand": "pursue"},
    columns=("issuer", "hearing"),
    filters=("outcome", "issuer"),
    rules=law.RULES,
    complete=law.complete,
    status_of=law.status_of,
    state_of=law.state_of,
)
