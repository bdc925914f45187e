"""One register as a table, a map and files: rows in words, made from what the register declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse

from interventions import presenters, states, values
from interventions.linked import Links
from interventions.models import Intervention
from interventions.registers.register import Register
from partners.markings import WITHHELD, Tag, marking_tag

NOT_SHOWN = "A record that is not shared with you"


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a line of its register's table. `cells` are those of the register's own columns."""

    number: int
    href: str
    title: str
    # "" in registers of one kind.
    kind: str
    when: str
    cells: list[tuple[str, str]]
    wards: str
    agency: str
    state: Tag
    marking: Tag
    covert: bool
    withheld: str


def row(register: Register, record: Any, links: Links, at: datetime, number: int = 0) -> Row:
    """One record; its owner and wards must be at hand."""
    return Row(
        number=number,
        href=reverse("interventions:detail", args=[record.pk]),
        title=record.title,
        kind=record.get_kind_display() if len(register.kinds) > 1 else "",
        when=presenters.when(record.starts, record.ends),
        cells=[(register.label(name), own(register, record, name, links)) for name in register.columns],
        wards=presenters.ward_names(record),
        agency=record.owner.name,
        state=states.state(register, record, at),
        marking=marking_tag(record.marking),
        covert=record.audience == record.Audience.TEAM,
        withheld=presenters.withheld(record),
    )


def own(register: Register, record: Any, name: str, links: Links) -> str:
    """What one of the register's own fields says; of another record its title, where the reader sees it."""
    field = register.own_fields[name]
    if not isinstance(field, models.ForeignKey):
        return WITHHELD if name in hidden(record) else values.said(record, field)
    pk = getattr(record, field.attname)
    if name == "condition":
        return str(links.conditions[pk]) if pk in links.conditions else ""
    if issubclass(field.related_model, Intervention):
        return linked(pk, links)
    return values.said(record, field)


def linked(pk: int | None, links: Links) -> str:
    """The title of a record that another leads to; that it is not shown, where it is not; "" of none."""
    if pk is None:
        return ""
    return links.records[pk].title if pk in links.records else NOT_SHOWN


def hidden(record: Any) -> set[str]:
    """The names of the fields that are withheld from the reader."""
    return {column for name in record.withheld for column in record.WITHHOLDABLE[name]}


@dataclass(frozen=True, slots=True)
class Entry:
    """One register in the list of them."""

    href: str
    name: str
    says: str
    count: int
    # How many are in force; None = not a register of orders.
    in_force: int | None
    add: str


def entries(registers: Sequence[Register], seen: Any, in_force: Any) -> list[Entry]:
    """Some registers with what the reader sees of them, counted by kind."""
    return [
        Entry(
            href=reverse("interventions:of-register", args=[one.slug]),
            name=one.name,
            says=one.says,
            count=sum(seen[kind] for kind in one.kinds),
            in_force=sum(in_force[kind] for kind in one.kinds) if set(one.kinds) & set(states.ORDERS) else None,
            add=reverse("interventions:add-to", args=[one.slug]),
        )
        for one in registers
    ]
