"""Query parameters: declared once, read and documented from the same declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from partners.api.errors import BadParameters

PAGE_SIZE = 1_000
MAX_PAGE_SIZE = 10_000
MAX_OFFSET = 1_000_000_000


@dataclass(frozen=True)
class Parameter:
    """One query parameter. `parse` turns its text into a value or raises ValueError with a sentence.

    A repeatable parameter reads as a list of values, in the order given; absent ones read as `default`.
    """

    name: str
    description: str
    parse: Callable[[str], Any]
    schema: Mapping[str, Any]
    repeatable: bool = False
    default: Any = None


def read(given: QueryDict, parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Parameter name -> value. Raises BadParameters that names every bad, repeated or unknown parameter."""
    known = {parameter.name: parameter for parameter in parameters}
    values = {name: parameter.default for name, parameter in known.items()}
    errors: dict[str, list[str]] = {}
    for name, texts in given.lists():
        parameter = known.get(name)
        if parameter is None:
            if name != "format":  # read by content negotiation
                errors[name] = [f"There is no such parameter here. Known are: {', '.join([*known, 'format'])}."]
            continue
        if len(texts) > 1 and not parameter.repeatable:
            errors[name] = ["Give this once."]
            continue
        try:
            parsed = [parameter.parse(text) for text in texts]
        except ValueError as error:
            errors[name] = [str(error)]
        else:
            values[name] = parsed if parameter.repeatable else parsed[0]
    if errors:
        raise BadParameters(errors)
    if values.get("from") and values.get("to") and values["from"] > values["to"]:
        raise BadParameters({"from": ["`from` must not be after `to`."]})
    return values


def documented(parameters: Iterable[Parameter]) -> list[OpenApiParameter]:
    """The parameters as OpenAPI describes them."""
    return [
        OpenApiParameter(
            parameter.name,
            {"type": "array", "items": dict(parameter.schema)} if parameter.repeatable else dict(parameter.schema),
            description=parameter.description,
            explode=True if parameter.repeatable else None,
        )
        for parameter in parameters
    ]


# --- Kinds of value ---------------------------------------------------------------------------------------------

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(f"{shown(text)} is not an area code, such as E05000310.")
    return text


def slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,60}", text):
        raise ValueError(f"{shown(text)} is not a name of the form burglary or all-crime.")
    return text


def month(text: str) -> date:
    if not _MONTH.fullmatch(text) or text < "0001":
        raise ValueError(f"{shown(text)} is not a month of the form 2016-04.")
    return date(int(text[:4]), int(text[5:]), 1)


def day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{shown(text)} is not a day of the form 2022-05-05.")


def moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{shown(text)} is not a moment of the form 2026-10-25T01:30:00Z.")


def words(text: str) -> str:
    if not 1 <= len(text) <= 100 or not text.isprintable():
        raise ValueError("Give 1 to 100 letters, digits or signs.")
    return text


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,10}", text) or not low <= int(text) <= high:
            raise ValueError(f"{shown(text)} is not a whole number from {low} to {high}.")
        return int(text)

    return parse


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    allowed = tuple(choices)

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{shown(text)} is none of: {', '.join(allowed)}.")
        return text

    return parse


def shown(text: str) -> str:
    """What was sent, short enough and safe to repeat in a sentence."""
    return repr(text if len(text) <= 40 else text[:40] + "...")


def choice(name: str, description: str, choices: Iterable[str], default: str | None = None) -> Parameter:
    """A parameter that is one of some words."""
    allowed = list(choices)
    schema = {"type": "string", "enum": allowed, **({"default": default} if default else {})}
    return Parameter(name, description, one_of(allowed), schema, default=default)


def number(name: str, description: str) -> Parameter:
    """A parameter that is the number of a row."""
    return Parameter(name, description, whole(1, 2**31), {"type": "integer", "minimum": 1, "maximum": 2**31})


CODE_SCHEMA = {"type": "string", "pattern": f"^{CODE.pattern}$"}
SLUG_SCHEMA = {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"}
MONTH_SCHEMA = {"type": "string", "pattern": f"^{_MONTH.pattern}$"}
DAY_SCHEMA = {"type": "string", "format": "date"}
MOMENT_SCHEMA = {"type": "string", "format": "date-time"}

LIMIT = Parameter(
    "limit",
    "Rows of a page.",
    whole(1, MAX_PAGE_SIZE),
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    default=PAGE_SIZE,
)
OFFSET = Parameter(
    "offset",
    "Rows to pass over; follow `next` instead of counting.",
    whole(0, MAX_OFFSET),
    {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
    default=0,
)
PAGING = (LIMIT, OFFSET)
