"""Drafts of orders that hold over whole days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from interventions.drafts import Draft
from interventions.law.rules import Finding
from interventions.registers.register import Register
from partners.filters import day_begins, day_ends
from tests.interventions.law.drafting import drafted, said


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def draft_of(
    register: Register,
    *,
    first: date = date(2026, 3, 1),
    last: date | None = None,
    now: date | None = None,
    **more: Any,
) -> Draft:
    """From its first day to its last (None = no end), looked at on a day: 2 March 2026 if none is given."""
    now = now or date(2026, 3, 2)
    starts, ends = day_begins(first), day_ends(last) if last else None
    return drafted(register, now=noon(now), starts=starts, ends=ends, **more)


def judged(register: Register, draft: Draft) -> dict[str, Finding]:
    """What the rules of a register say, by rule; of several, the last."""
    return {one.rule: one for one in said(register, draft)}


def verdict(register: Register, draft: Draft, rule: str) -> str:
    """ "block", "warn", "show", or "" where the rule says nothing."""
    found = judged(register, draft).get(rule)
    return found.severity.value if found else ""
