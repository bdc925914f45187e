"""Rows of a record's parts: read without following them into other records, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from interventions import values
from interventions.registers.register import Part
from partners.models import Record


def leads_away(field: models.Field[Any, Any]) -> bool:
    """Whether a field leads to another record, or to a row of one: nobody follows it without asking for that record."""
    if not isinstance(field, models.ForeignKey):
        return False
    model: Any = field.related_model
    return issubclass(model, Record) or is_of_a_record(model)


def is_of_a_record(model: type[models.Model]) -> bool:
    """Whether its rows are parts of a record, as conditions and files are."""
    return any(one.name == "record" for one in model._meta.concrete_fields)


def plain_links(model: type[models.Model]) -> list[str]:
    """The foreign keys of a model that lead to plain rows, such as agencies: what may be joined."""
    return [
        one.name
        for one in model._meta.concrete_fields
        if isinstance(one, models.ForeignKey) and one.editable and one.name != "record" and not leads_away(one)
    ]


def of(part: Part) -> Any:
    """All rows of a part, with the plain rows that they name: a queryset."""
    names = [name for name in plain_links(part.model) if name in {one.name for one in part.fields}]
    rows: Any = part.model._default_manager
    return rows.select_related(*names)


def shown(part: Part, record: Any, its: Iterable[Any]) -> list[Any]:
    """The rows of a part of a record that its reader sees: without those of their fields that are withheld with it."""
    found = list(its)
    for name in [name for as_, names in part.hides.items() if as_ in record.withheld for name in names]:
        for row in found:
            setattr(row, name, None)
    return found


def cell(row: Any, field: models.Field[Any, Any], titles: Mapping[int, str]) -> str:
    """What a field of a row says. `titles` are those of the other records that the reader sees, by number."""
    if not leads_away(field):
        return values.said(row, field)
    pk = getattr(row, field.attname)
    return "" if pk is None or not issubclass(field.related_model, Record) else titles.get(pk, "")  # type: ignore[arg-type]


def in_one_line(part: Part, row: Any, titles: Mapping[int, str]) -> str:
    """One row in words: all that is said, in the order of the form: "1. Must not; Enter the Brewery"."""
    said = [cell(row, field, titles).replace("\n", ", ") for field in part.fields if field.name != "number"]
    words = "; ".join(one for one in said if one)
    return f"{row.number}. {words}" if hasattr(row, "number") else words
