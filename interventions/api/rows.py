"""Records of a register as the API answers them: everything that the caller is shown, parts and links included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone

from interventions import rows
from interventions.api.shapes import api_name, shown_fields
from interventions.models import DayOfAction, Intervention
from interventions.queries import hotspots_by_record
from interventions.registers.register import Register
from partners.models import Record
from partners.visibility import Viewer


def readable(register: Register, viewer: Viewer) -> Any:
    """The register's records that somebody sees, with all that `answered` needs: a queryset, in no order."""
    found = register.model.objects.visible_to(viewer)
    if register.model is Intervention:
        found = found.filter(kind__in=register.kinds)
    return _with_all(register, found)


def written(register: Register, pk: int) -> Any:
    """A record that the caller has just written, whole, as `answered` needs it: who moved it out of the own areas sees
    it here for the last time."""
    return _with_all(register, register.model._base_manager.filter(pk=pk)).get()


def _with_all(register: Register, found: Any) -> Any:
    parts = [part.name for part in register.parts]
    return found.select_related("owner").prefetch_related("wards", "reasons", *parts)


def address_name(register: Register) -> str:
    """The name of the address of one record: the type by which webhooks tell of it, where it has one of its own."""
    return f"api:{detail_name(register)}"


def detail_name(register: Register) -> str:
    own = "TYPE" in vars(register.model) and register.model is not Intervention
    return register.model.TYPE if own else f"{register.slug}-record"


def answered(register: Register, viewer: Viewer, records: Sequence[Any]) -> list[dict[str, Any]]:
    """Records that were read by `readable`, or are the caller's own to change. Links to records that the caller does
    not see are left out. A fixed number of queries, however many records there are."""
    hotspots = hotspots_by_record(viewer, [one.pk for one in records])
    links = _Links(viewer)
    links.know(DayOfAction, (record.day_id for record in records))
    for of in register.own_fields.values():
        if of.is_relation:
            links.know(of.related_model, (getattr(record, of.attname) for record in records))
    for part in register.parts:
        for of in part.fields:
            if of.is_relation:
                values = (getattr(row, of.attname) for record in records for row in getattr(record, part.name).all())
                links.know(of.related_model, values)
    return [_answered(register, record, [one.pk for one in hotspots[record.pk]], links) for record in records]


class _Links:
    """Which linked records a viewer sees."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.seen: dict[Any, set[int]] = defaultdict(set)

    def know(self, model: Any, numbers: Iterable[int | None]) -> None:
        asked = {one for one in numbers if one is not None} - self.seen[model]
        if asked and issubclass(model, Record):
            asked = set(model.objects.visible_to(self.viewer).filter(pk__in=asked).values_list("pk", flat=True))
        elif asked and rows.is_of_a_record(model):
            seen = Intervention.objects.visible_to(self.viewer).values("pk")
            asked = set(model.objects.filter(pk__in=asked, record__in=seen).values_list("pk", flat=True))
        self.seen[model] |= asked

    def value(self, of: models.Field[Any, Any], row: Any) -> Any:
        """What a field says; None where it leads to a record that is not shown."""
        said = getattr(row, of.attname)
        if of.is_relation:
            return said if said in self.seen[of.related_model] else None
        return float(said) if isinstance(said, Decimal) else list(said) if isinstance(of, ArrayField) and said else said


def _answered(register: Register, record: Any, hotspots: list[int], links: _Links) -> dict[str, Any]:
    days = register.whole_days
    state = register.state_of(record, timezone.localdate())[0] if register.state_of else record.get_status_display()
    own = {api_name(of): links.value(of, record) for of in register.own_fields.values()}
    parts = {
        part.name: None
        if part.withheld_as in record.withheld
        else [
            {"id": row.pk} | {api_name(of): links.value(of, row) for of in shown_fields(part)}
            for row in rows.shown(part, record, getattr(record, part.name).all())
        ]
        for part in register.parts
    }
    return {
        "id": record.pk,
        "url": reverse(address_name(register), args=[record.pk]),
        "agency_id": record.owner_id,
        "agency": record.owner.name,
        "kind": record.kind,
        "title": record.title,
        "reference": record.reference,
        "strand": record.strand,
        "status": record.status,
        "state": state,
        "starts": record.first_day if days else record.starts,
        "ends": record.last_day if days else record.ends,
        "wards": sorted(ward.code for ward in record.wards.all()),
        "hotspots": hotspots,
        "day_id": record.day_id if record.day_id in links.seen[DayOfAction] else None,
        "place": record.place,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "zone": record.zone,
        "details": record.details,
        "contact": record.contact,
        "people_reached": record.people_reached,
        **own,
        **parts,
        # They may say anything of the record, and the names of their rules do: "cbo.youth-team".
        "reasons": None if record.withheld else {one.rule: one.reason for one in record.reasons.all()},
        "marking": record.marking,
        "audience": record.audience,
        "withheld": sorted(record.withheld),
        "created_at": record.created_at,
        "changed_at": record.changed_at,
    }
