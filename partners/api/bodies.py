"""What is sent to the API: read strictly, and documented from the same declaration.

class NewVisit(Body):
    title = text("In one line.", max_length=150)
    starts = Moment(help_text="When it begins.")
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers as s
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType

from partners.api.errors import Refused

MAX_BYTES = 1_000_000
JSON = "application/json"
# Serializer field -> what JSON must hold; the first that fits counts. Without this, 1 would do for "1" and for true.
_KINDS: tuple[tuple[type[s.Field], type | tuple[type, ...], str], ...] = (
    (s.ListField, list, "a list"),
    (s.ManyRelatedField, list, "a list"),
    (s.BooleanField, bool, "true or false"),
    (s.IntegerField, int, "a whole number"),
    (s.FloatField, (int, float), "a number"),
    (s.DictField, dict, "an object"),
    (s.BaseSerializer, dict, "an object"),
    (s.Field, str, "a text"),
)


class TooLarge(APIException):
    """413."""

    status_code = 413


class Moment(s.DateTimeField):
    """A time, given with its offset from UTC, as local time is ambiguous in October; read as UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, datetime):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                self.fail("invalid", format="2026-10-25T01:30:00Z")
        if value.tzinfo is None:
            raise s.ValidationError("Give the offset from UTC as well, such as 2026-10-25T01:30:00Z.")
        try:
            # Not in local time: Python holds no two moments of an ambiguous hour for the same.
            return value.astimezone(UTC)
        except OverflowError:
            raise s.ValidationError("This time is out of range.") from None


class Body(s.Serializer[Any]):
    """A JSON object with these fields and no others, each of its own kind: nothing is converted."""

    def get_fields(self) -> dict[str, Any]:
        """A word that is none of a field's is answered with those that are."""
        fields: dict[str, Any] = super().get_fields()
        for field in fields.values():
            if isinstance(field, s.ChoiceField):
                known = ", ".join(str(value) for value in field.choices if value != "")
                field.error_messages["invalid_choice"] += f" Known are: {known}."
        return fields

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        fields = self.fields
        errors = {
            name: [f"There is no such field here. Known are: {', '.join(fields)}."]
            for name in data
            if name not in fields
        }
        for name in fields.keys() & data.keys():
            if sentence := _wrong_kind(fields[name], data[name]):
                errors[name] = [sentence]
        if errors:
            raise s.ValidationError(errors)
        read: dict[str, Any] = super().to_internal_value(data)
        return read


def _wrong_kind(field: s.Field, value: Any) -> str | None:
    """What is wrong with the kind of a value; None where it fits. None is a field's own matter."""
    if value is None:
        return None
    kind, called = next((kind, called) for of, kind, called in _KINDS if isinstance(field, of))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return f"This must be {called}."
    if isinstance(field, s.ListField) and isinstance(value, list):
        return next((f"In the list: {wrong}" for item in value if (wrong := _wrong_kind(field.child, item))), None)
    return None


def check_form(request: HttpRequest, forms: Collection[str] = (JSON,), most: int = MAX_BYTES) -> None:
    """Before anything is read: one of these forms, not compressed, not too long. Raises 415 and 413 problems."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise TooLarge(f"Send at most {most:,} bytes at once.")
    if int(length) == 0:
        return
    if request.content_type not in forms or request.headers.get("Content-Encoding", "identity") != "identity":
        detail = f"Send {' or '.join(forms)}, not compressed."
        raise UnsupportedMediaType(request.content_type or "", detail=detail)


def read(sent: bytes, shape: type[Body] | None, *, partial: bool) -> dict[str, Any]:
    """The fields as Python values; with `partial`, those that were sent. {} where `shape` is None: nothing may be sent.

    Raises ParseError for what is not JSON, Refused that names every bad field.
    """
    if shape is None:
        if sent:
            raise ParseError("Send no body here.")
        return {}
    try:
        data = orjson.loads(sent)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error
    if not isinstance(data, dict):
        raise Refused("The body is not an object.", {"body": ["Send an object."]})
    body = shape(data=data, partial=partial)
    if not body.is_valid():
        raise Refused("The body has fields that cannot be used: " + ", ".join(body.errors) + ".", flat(body.errors))
    return dict(body.validated_data)


def flat(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Field -> sentences; what is wrong within a list or an object is said of the whole."""
    return {str(name): sorted(set(_sentences(found))) for name, found in errors.items()}


def _sentences(found: Any, where: str = "") -> list[str]:
    if isinstance(found, Mapping):
        return [text for name, one in found.items() for text in _sentences(one, _within(where, name))]
    if isinstance(found, list):
        return [text for one in found for text in _sentences(one, where)]
    return [f"{where}: {found}" if where else str(found)]


def _within(where: str, name: Any) -> str:
    """Names a field of a list's object: "Row 2, minutes"."""
    if isinstance(name, int):
        return f"Row {name + 1}"
    return f"{where}, {name}" if where else str(name)


class _StrictBody(OpenApiSerializerExtension):
    """Describes bodies: no other fields."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}
