"""Examples of every register, made of its fields: for the description of the API, and for templates of files."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from hotspots.api import drawn
from interventions.api.shapes import new_body, row_shape
from interventions.registers.register import Register
from partners.api.bodies import Moment

_SAID: dict[str, Any] = {
    "agency_id": 4,
    "agency": "Havering Council",
    "latitude": 51.5754,
    "longitude": 0.1827,
    "hotspots": [3],
    "wards": ["E05013976"],
    "place": "Station approach",
    "contact": "Desk sergeant",
    "reference": "HV/2026/118",
    "details": "As agreed at the tactical meeting.",
    "zone": drawn.EXAMPLE,
    "reasons": {},
    "marking": "official",
    "audience": "agreements",
    "withheld": [],
    "subject_ref": "N-0417",
    "fpn_number": "HV004711",
    "created_at": "2026-11-06T22:01:03.554000+00:00",
    "changed_at": "2026-11-06T22:01:03.554000+00:00",
    "uprn": "100023336956",
}
_NOT_SENT = ("id", "day_id", "zone", "reasons", "hotspots", "latitude", "longitude")


def sent(register: Register) -> dict[str, Any]:
    """A body that adds a record: what a register needs, and some of what it may be told."""
    fields = new_body(register)().fields
    said = {
        name: _value(register, name, one)
        for name, one in fields.items()
        if (one.required or name in ("title", "kind", "ends", "place")) and name not in _NOT_SENT
    }
    if "ends" in said:
        later = said["starts"] if register.is_moment else "2026-11-06T21:00:00Z"
        said["ends"] = "2028-11-05" if register.whole_days else later
    return said


def answer(register: Register) -> dict[str, Any]:
    """What is answered of one."""
    said = {name: _value(register, name, one) for name, one in row_shape(register)().fields.items()}
    said |= {"url": f"/api/v1/{register.slug}/12/", "state": "In force"}
    return said | {"zone": None, "day_id": None}


def _value(register: Register, name: str, of: Any) -> Any:
    if name == "title":
        return f"{register.one[0].upper()}{register.one[1:]} at the station approach"
    if name in _SAID:
        return _SAID[name]
    if isinstance(of, s.ChoiceField):
        return next(iter(of.choices))
    if isinstance(of, s.ListSerializer | s.ListField):
        inner = of.child
        if isinstance(inner, s.Serializer):
            return [{key: _value(register, key, one) for key, one in inner.fields.items()}]
        return [_value(register, "", inner)]
    if name == "id":
        return 12
    for kind, value in (
        (Moment, "2026-11-06T19:00:00Z"),
        (s.DateTimeField, "2026-11-06T19:00:00+00:00"),
        (s.DateField, "2026-11-06"),
        (s.TimeField, "19:00:00"),
        (s.BooleanField, True),
        (s.FloatField, 75.0),
        (s.IntegerField, 12),
    ):
        if isinstance(of, kind):
            return value
    return "Romford"[: getattr(of, "max_length", None) or 20]
