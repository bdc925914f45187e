"""Referrals to offender and safeguarding schemes, in counts."""

from __future__ import annotations

from interventions.drafts import Draft
from interventions.law import ground as law
from interventions.models import ReferralCount, Referrals
from interventions.registers.register import Group, Part, Register


def complete(draft: Draft) -> None:
    """A title where none was typed."""
    draft.record.title = draft.record.title or "Referrals to schemes"


REFERRALS = Register(
    slug="referrals",
    model=Referrals,
    name="Referrals",
    one="count of referrals",
    says="Counts of referrals to IOM, DIP, MARAC, MASH and YOS; no cases.",
    groups=(
        Group("What", ("starts", "ends", "wards", "title")),
        Group("More", ("status", "strand", "reference", "details", "contact")),
        Group("Who sees it", ("marking", "audience")),
    ),
    parts=(Part("counts", ReferralCount, "Referrals by scheme", "count", is_open=True),),
    labels={"starts": "First day", "ends": "Last day"},
    defaults={"strand": "prevent", "status": "done"},
    whole_days=True,
    rules=law.REFERRALS,
    complete=complete,
)
