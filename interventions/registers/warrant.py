"""Warrants: the owning team’s alone until executed."""

from __future__ import annotations

from interventions.law import warrant as law
from interventions.models import Warrant
from interventions.registers.register import Group, Register

WARRANT = Register(
    slug="warrants",
    model=Warrant,
    name="Warrants",
    one="warrant",
    says="Search warrants; nobody outside the owning team sees one before it is executed.",
    groups=(
        Group(
            "The warrant",
            ("title", "reference", "power", "premises", "court", "issued_on", "valid_until", "entries_allowed"),
        ),
        Group("When", ("status", "starts", "ends", "executed", "entry_forced", "unit")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group(
            "Result",
            (
                "result",
                "persons_searched",
                "arrests",
                "charged",
                "drugs",
                "cash",
                "weapons",
                "phones",
                "children_present",
                "safeguarding_referral",
                "damage",
                "follow_up",
            ),
        ),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "Planned for"},
    defaults={"strand": "pursue", "audience": "team", "marking": "official-sensitive"},
    columns=("power", "executed"),
    filters=("power",),
    rules=law.RULES,
    complete=law.complete,
    state_of=law.state_of,
)
