"""Shapes and months as the API takes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import orjson
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from hotspots.register import drawing
from hotspots.register.actions import Drawn
from partners.refusals import Refused

EXAMPLE: dict[str, Any] = {
    "type": "Polygon",
    "coordinates": [[[0.2201, 51.6049], [0.2243, 51.6049], [0.2243, 51.6071], [0.2201, 51.6071], [0.2201, 51.6049]]],
}
_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@extend_schema_field({"type": "string", "pattern": _MONTH})
class Month(s.CharField):
    """A month as 2025-04; read as its first day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, **options)

    def to_internal_value(self, data: Any) -> Any:
        if not re.fullmatch(_MONTH, data) or data < "2000":
            raise s.ValidationError("Give a month since 2000, such as 2025-04.")
        return date(int(data[:4]), int(data[5:]), 1)


@extend_schema_field(
    {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {"type": {"enum": ["Polygon", "MultiPolygon"]}, "coordinates": {"type": "array"}},
        "description": "A GeoJSON Polygon or MultiPolygon in WGS84, longitude first.",
    }
)
class Geometry(s.DictField):
    """A shape as GeoJSON has it; `read` makes a shape of it."""


def read(geometry: dict[str, Any], valid_from: date) -> Drawn:
    """The shape that was sent, judged as one that was drawn. Raises Refused (about `shape`) for what cannot be one."""
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise Refused("shape", "Send a GeoJSON Polygon or MultiPolygon.")
    try:
        text = orjson.dumps({name: geometry.get(name) for name in ("type", "coordinates")}).decode()
    except orjson.JSONEncodeError:
        raise Refused("shape", "The coordinates are nested deeper than those of any outline.") from None
    return drawing.read(text, on=valid_from, source="sent by API")
