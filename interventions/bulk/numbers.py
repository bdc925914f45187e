"""What rows of a file name by number or code, such as orders and wards: what the form of one record offers by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from interventions.api.shapes import name_in_api
from interventions.forms.form import RegisterForm
from interventions.forms.queries import wards_to_choose
from interventions.registers.register import Register
from partners import audit
from partners.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Named:
    """One column, and what may stand in it: (what is written, what that is, what it is a part of)."""

    column: str
    title: str
    rows: list[tuple[Any, str, str]]


def named(register: Register, by: Viewer) -> list[Named]:
    """By column, those with nothing to choose left out. The records that it names are read."""
    form = RegisterForm(None, viewer=by, register=register, wards=wards_to_choose())
    links = [name for name, of in register.own_fields.items() if of.is_relation]
    found = []
    for name in (*links, "hotspots", "wards", "day"):
        field = form.fields.get(name)
        if isinstance(field, forms.ChoiceField) and (rows := list(_flat(cast("Iterable[Any]", field.choices)))):
            found.append(Named(name_in_api(register, name), str(field.label), rows))
    audit.read([*form.offers.read, *form.places.values()], by=by, how="list")
    return found


def _flat(choices: Iterable[Any], of: str = "") -> Iterator[tuple[Any, str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label, str(value))
        elif value:
            yield value, str(label), of
