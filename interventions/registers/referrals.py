"""Referrals to offender and safeguarding schemes, in counts."""

from __future__ import annotations

from interventions.models import ReferralCount, Referrals
from interventions.registers.register import Group, Part, Register

REFERRALS = Register(
    slug="referrals",
    model=Referrals,
    name="Referrals",
    one="set of referrals",
    says="Counts of referrals to IOM, DIP, MARAC, MASH and YOS; no cases.",
    groups=(
        Group("What", ("title", "strand", "status", "reference")),
        Group("When", ("starts", "ends")),
        Group("Where", ("wards",)),
        Group("More", ("details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("counts", ReferralCount, "Referrals by scheme", "count"),),
    defaults={"strand": "prevent", "status": "done"},
    whole_days=True,
)
