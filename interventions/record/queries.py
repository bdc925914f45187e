"""All that the page of one record reads: always what its viewer may see, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotspots.models import Hotspot
from interventions import linked, rows
from interventions.attachments.queries import attachments
from interventions.linked import Following, Links
from interventions.models import Attachment, Intervention, RuleReason
from interventions.queries import hotspots_of
from interventions.registers import register_of
from interventions.registers.register import Register
from partners.models import Record
from partners.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Whole:
    """A record, as far as its reader is shown it, with what belongs to it."""

    register: Register
    record: Any
    # Name of the part -> its rows; a part that is withheld is not among them.
    parts: Mapping[str, Sequence[Any]]
    links: Links
    hotspots: list[Hotspot]
    following: list[Following]
    reasons: list[RuleReason]
    attachments: list[Attachment]


def typed(viewer: Viewer, pk: int) -> tuple[Register, Any] | None:
    """The register of a record, and the record as its own model has it; None where there is none for this viewer.

    Three queries.
    """
    kind = Intervention._base_manager.filter(pk=pk).values_list("kind", flat=True).first()
    if kind is None:
        return None
    register = register_of(kind)
    plain = [name for name in rows.plain_links(register.model) if name in register.own_fields]
    seen = register.model.objects.visible_to(viewer).select_related("owner", "created_by", "changed_by", *plain)
    record = seen.prefetch_related("wards").filter(pk=pk).first()
    return None if record is None else (register, record)


def whole(viewer: Viewer, pk: int) -> Whole | None:
    """All of a record's page. None as `typed`. As many queries for many rows as for few: one a part, two a link."""
    found = typed(viewer, pk)
    if found is None:
        return None
    register, record = found
    parts = {
        part.name: rows.shown(part, record, rows.of(part).filter(record=pk))
        for part in register.parts
        if not (part.withheld_as and part.withheld_as in record.withheld)
    }
    return Whole(
        register=register,
        record=record,
        parts=parts,
        links=linked.of(viewer, register, [record], more=_named_by(register, parts)),
        hotspots=list(hotspots_of(viewer, pk)),
        following=linked.following(viewer, record),
        # What a rule warned of may say anything of the record: "somebody under 18".
        reasons=[] if record.withheld else list(RuleReason.objects.filter(record=pk).select_related("given_by")),
        attachments=attachments(record),
    )


def _named_by(register: Register, parts: Mapping[str, Sequence[Any]]) -> set[int]:
    """The numbers of the other records that rows of parts lead to."""
    return {
        getattr(row, field.attname)
        for name, found in parts.items()
        for field in register.part[name].fields
        if rows.leads_away(field) and issubclass(field.related_model, Record)  # type: ignore[arg-type]
        for row in found
    } - {None}
