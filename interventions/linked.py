"""Records that lead to each other: an action to its order, a direction to its authorisation, work to its day of action.

What a reader is not shown stays unnamed: nothing here follows a foreign key without asking `visible_to`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from interventions.models import Intervention
from interventions.models.parts import Condition
from interventions.registers.register import Register
from partners.models import Record
from partners.visibility import Viewer

MOST = 10


@dataclass(frozen=True, slots=True)
class Links:
    """The records, and conditions of theirs, that some rows lead to, as far as the reader sees them: by number."""

    records: Mapping[int, Intervention] = field(default_factory=dict)
    conditions: Mapping[int, Condition] = field(default_factory=dict)

    @property
    def titles(self) -> dict[int, str]:
        return {pk: one.title for pk, one in self.records.items()}


@dataclass(frozen=True, slots=True)
class Following:
    """The records that lead to a record by one field of theirs: how many the reader sees, and the newest."""

    # "order", of which model.
    field: str
    model: type[Intervention]
    count: int
    newest: list[Intervention]


def leads_to_a_record(one: models.Field[Any, Any]) -> bool:
    """Whether a field leads to another record."""
    return isinstance(one, models.ForeignKey) and issubclass(one.related_model, Record)


def missing(one: models.Field[Any, Any], label: str) -> str:
    """What to say where a field that must be filled in is not: of a link to a record, why it must be."""
    if not leads_to_a_record(one):
        return f"Give this: {label}."
    return f"{label}: say which. There can be no {one.model._meta.verbose_name} without one."


def names(register: Register) -> list[str]:
    """The fields of a register that lead to other records."""
    return [name for name, one in register.own_fields.items() if leads_to_a_record(one)]


def of(viewer: Viewer, register: Register, rows: Sequence[Any], more: Iterable[int] = ()) -> Links:
    """What rows of one register lead to, and `more` records by number. One query, and one for conditions where the
    register has them."""
    columns = ("day_id", *(f"{name}_id" for name in names(register)))
    wanted = {*more, *(getattr(row, column) for row in rows for column in columns)} - {None}
    seen = {one.pk: one for one in Intervention.objects.visible_to(viewer).filter(pk__in=wanted)} if wanted else {}
    numbers = {row.condition_id for row in rows if "condition" in register.own_fields} - {None}
    conditions = Condition.objects.filter(pk__in=numbers, record__in=list(seen)) if numbers else ()
    return Links(seen, {one.pk: one for one in conditions})


def following(viewer: Viewer, record: Intervention) -> list[Following]:
    """What leads to a record, field by field. Two queries for each field that can, one where nothing does."""
    found = []
    for relation in type(record)._meta.related_objects:
        model: Any = relation.related_model
        if not issubclass(model, Intervention) or relation.one_to_one:
            continue
        rows = model.objects.visible_to(viewer).filter(**{relation.field.name: record.pk})
        newest = list(rows.select_related("owner").order_by("-starts", "-pk")[:MOST])
        count = len(newest) if len(newest) < MOST else rows.count()
        found.append(Following(relation.field.name, model, count, newest))
    return found
