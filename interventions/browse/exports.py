"""The records of one register as files: they hold what the page shows the same reader, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import models
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from interventions import exports, rows, states, values
from interventions.browse.presenters import hidden, linked
from interventions.linked import Links
from interventions.models import Intervention
from interventions.registers.register import Part, Register
from partners import csvs
from partners.markings import highest_marking

_BEFORE = ("id", "title", "reference", "kind", "status", "state", "starts", "ends", "agency", "wards", "ward_codes")
_AFTER = ("place", "latitude", "longitude", "details", "contact", "marking", "audience", "withheld", "changed")


def as_csv(register: Register, records: Sequence[Any], links: Links) -> StreamingHttpResponse:
    """One line a record: what all records have, then the register's own fields, then each of its parts as one cell.

    The rows of parts must be at hand. Days and moments are ISO 8601, moments in UTC.
    """
    header = [*_BEFORE, *register.own_fields, *(part.name for part in register.parts), *_AFTER]
    lines = (_line(register, record, links) for record in records)
    name = f"{register.slug}.csv"
    return csvs.response(name, [f"Marking: {highest_marking(records)}"], chain([header], lines))


def _line(register: Register, record: Any, links: Links) -> list[Any]:
    plain = exports.as_json(record)
    wards = sorted((ward.name, ward.code) for ward in record.wards.all())
    made: dict[str, Any] = {
        **plain,
        "reference": record.reference,
        "starts": _when(register, record.starts, record.first_day),
        "ends": _when(register, record.ends, record.last_day),
        "wards": "; ".join(name for name, _ in wards),
        "ward_codes": " ".join(code for _, code in wards),
        "state": states.state(register, record, timezone.now()).text,
        "marking": record.get_marking_display(),
        "withheld": " ".join(plain["withheld"]),
        "changed": exports.utc(record.changed_at),
    }
    own = [_own(record, field, links) for field in register.own_fields.values()]
    parts = [_rows(part, record, links) for part in register.parts]
    return [*(made[name] for name in _BEFORE), *own, *parts, *(made[name] for name in _AFTER)]


def _when(register: Register, moment: Any, day: Any) -> str:
    if moment is None:
        return ""
    return day.isoformat() if register.whole_days else exports.utc(moment)


def _own(record: Any, field: models.Field[Any, Any], links: Links) -> Any:
    if field.name in hidden(record):
        return ""
    value = getattr(record, field.attname)
    if isinstance(field, models.ForeignKey):
        if field.name == "condition":
            return str(links.conditions[value]) if value in links.conditions else ""
        if issubclass(field.related_model, Intervention):
            return linked(value, links) if value in links.records else ""
        return values.said(record, field)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(field, models.DateTimeField):
        return exports.utc(value)
    return value


def _rows(part: Part, record: Any, links: Links) -> str:
    """The rows of a part in one cell, a line each; "" where they are withheld."""
    if part.withheld_as and part.withheld_as in record.withheld:
        return ""
    its = rows.shown(part, record, getattr(record, part.name).all())
    return "\n".join(rows.in_one_line(part, one, links.titles) for one in its)


def as_geojson(register: Register, records: Sequence[Any]) -> HttpResponse:
    """A FeatureCollection: the zone of each record, else its point, else the geometry null."""
    features = (
        exports.feature(record, record.zone, state=states.state(register, record, timezone.now()).text)
        for record in records
    )
    return exports.geojson_file(register.slug, records, features)
