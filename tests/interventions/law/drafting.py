"""Drafts in memory, and what the rules of a register say of them: no database, and the clock as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shapely.geometry import box, mapping

from interventions.calc.clock import LONDON
from interventions.drafts import Draft
from interventions.law import shipped
from interventions.law.parameters import Law
from interventions.law.rules import Finding, Severity, findings
from interventions.models import Intervention, LegalParameter
from interventions.registers.register import Register
from partners.models import Agency

OWNER = Agency(pk=1, name="Romford Town SNT")
SHIPPED = Law(shipped.as_parameter(one) for one in shipped.PARAMETERS)


def at(text: str) -> datetime:
    """A moment by London's clocks, in UTC as records hold it; of a time that comes twice, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def zone(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A square of so many degrees."""
    return mapping(box(west, south, west + size, south + size))


def law_with(*more: LegalParameter) -> Law:
    """What is shipped, and other numbers that are on."""
    return Law([*(shipped.as_parameter(one) for one in shipped.PARAMETERS), *more])


def limit(instrument: str, key: str, value: str, **said: Any) -> LegalParameter:
    return LegalParameter(instrument=instrument, key=key, value=Decimal(value), is_on=True, **said)


def drafted(
    register: Register,
    *,
    now: datetime,
    law: Law = SHIPPED,
    parts: Mapping[str, Sequence[Any]] | None = None,
    known: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Draft:
    """A record as the register completes it."""
    fields.setdefault("kind", register.kinds[0])
    fields.setdefault("status", Intervention.Status.PLANNED)
    record = register.model(owner=OWNER, **fields)
    draft = Draft(record, OWNER, (), (), {name: list(rows) for name, rows in (parts or {}).items()}, law, now)
    if register.complete:
        register.complete(draft)
    if register.status_of:
        record.status = register.status_of(record)
    draft.known.update(known or {})
    return draft


def said(register: Register, draft: Draft) -> list[Finding]:
    """All that the rules say of it."""
    return findings(register.rules, draft)


def named(found: Sequence[Finding], severity: Severity) -> set[str]:
    """The names of the rules that said something of this severity."""
    return {one.rule for one in found if one.severity == severity}


def sentence(found: Sequence[Finding], rule: str) -> str:
    """What a rule said; "" where it said nothing."""
    return " ".join(one.sentence for one in found if one.rule == rule)
