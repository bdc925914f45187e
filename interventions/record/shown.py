"""What rules say of a record as it is read: the notices on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.law.rules import Finding, Severity, findings
from interventions.linked import Links
from interventions.registers.register import Register
from partners.roles import Permission
from partners.visibility import Viewer


def shown_findings(
    viewer: Viewer,
    register: Register,
    record: Any,
    parts: Mapping[str, Sequence[Any]],
    links: Links,
    *,
    hotspots: Sequence[Any] = (),
) -> list[Finding]:
    """What the rules of its register SHOW of a record now. [] where anything that they look at is not the reader's to
    see: something of the record withheld, a record that it leads to, or, of rules that look around, another agency's.

    One query for the law, and what the register looks up.
    """
    if not register.rules or record.withheld or not _sees_links(register, record, links):
        return []
    own = record.owner_id in viewer.agencies_with_parts(Permission.SEE)
    if register.look_up and not own:
        return []
    # Rules follow links without asking the database.
    pk = getattr(record, "condition_id", None)
    if pk is not None and pk in links.conditions:
        record.condition = links.conditions[pk]
    draft = Draft(
        record=record,
        owner=record.owner,
        wards=tuple(record.wards.all()),
        hotspots=tuple(hotspots),
        parts={name: list(rows) for name, rows in parts.items()},
        law=Law.now(),
        now=viewer.now,
    )
    if register.look_up:
        register.look_up([draft])
    return [one for one in findings(register.rules, draft) if one.severity == Severity.SHOW]


def _sees_links(register: Register, record: Any, links: Links) -> bool:
    """Whether the reader sees, whole, every record that this one leads to."""
    for field in register.own_fields.values():
        pk = getattr(record, field.attname)
        if isinstance(field, models.ForeignKey) and pk is not None and field.related_model is not None:
            if field.name == "condition":
                if pk not in links.conditions:
                    return False
            elif hasattr(field.related_model, "WITHHOLDABLE"):
                linked = links.records.get(pk)
                if linked is None or linked.withheld:
                    return False
    return True
