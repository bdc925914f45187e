"""What is done under a PSPO, from advice to a report for summons."""

from __future__ import annotations

from interventions.models import PspoAction
from interventions.registers.register import Group, Register

PSPO_ACTION = Register(
    slug="pspo-actions",
    model=PspoAction,
    name="PSPO actions",
    one="PSPO action",
    says="Advice and warnings first, fixed penalties, referrals; checked against the order.",
    groups=(
        Group("What happened", ("order", "condition", "action", "starts", "team")),
        Group("Where", ("wards", "hotspots", "place", "point")),
        Group(
            "The person",
            ("age_band", "subject_ref", "vulnerability_seen", "support_offered", "support_accepted", "is_drug_related"),
        ),
        Group(
            "Fixed penalty",
            ("fpn_number", "fpn_amount", "paid_on", "cancelled_on", "cancelled_reason", "prosecution", "body_worn_ref"),
        ),
        Group("In one line", ("title", "reference")),
        Group("More", ("strand", "details", "contact", "day")),
        Group("Who sees it", ("marking", "audience")),
    ),
    labels={"starts": "When"},
    defaults={"strand": "protect", "status": "done"},
    is_moment=True,
    columns=("action",),
    filters=("action",),
)
