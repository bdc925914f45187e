"""What a register is: a kind of record, how its form, page, table, files and API are laid out, and its rules.

Each module beside this one declares one register (or two that belong together); `registers.ALL` has them in the order
in which people find them. Fields are declared once, in the models: labels and help come from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.db import models

from interventions.drafts import Draft
from interventions.law.rules import Rule
from interventions.models import Intervention
from partners.visibility import Viewer

# The fields of the shared table, by which groups of every register may name them, and what they are called; `kind` is
# asked for by itself.
SHARED = {
    "kind": "Kind",
    "title": "What, in one line",
    "reference": "Reference",
    "strand": "Strand",
    "status": "Status",
    "starts": "Start",
    "ends": "End",
    "day": "Day of action",
    "wards": "Wards",
    "hotspots": "Hotspots",
    "place": "Place",
    "point": "Point (latitude, longitude)",
    "zone": "Area",
    "details": "Details",
    "contact": "Contact",
    "people_reached": "People reached",
    "marking": "Marking",
    "audience": "Who may see it",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of another table that belong to a record: `name` is the related name ("conditions")."""

    name: str
    model: type[models.Model]
    # "Prohibitions and requirements", "condition".
    title: str
    one: str
    # The name in WITHHOLDABLE that hides them; "" = they are never withheld.
    withheld_as: str = ""
    # Of rows that are shown: the fields that a name in WITHHOLDABLE hides, {"place": ("spot",)}.
    hides: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    # Of which fields rows are filled in, in order; () = all editable ones.
    only: tuple[str, ...] = ()
    most: int = 200
    # Open on the form from the beginning: without rows a record says nothing.
    is_open: bool = False
    # The field that says whose a row is, where others answer in it for themselves: named anew, it is another row.
    whose: str = ""

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """The fields that people fill in, in order."""
        own = {one.name: one for one in self.model._meta.concrete_fields if one.editable}
        names = self.only or [name for name in own if name not in ("id", "record")]
        return [own[name] for name in names]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under a heading, on the form and on the page: names of the model or of SHARED."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of one record's page that only this register has: what it reads, and the template that shows it.

    `read(viewer, record, parts)` gives the template's context; None = there is nothing to show this reader.
    """

    template: str
    read: Callable[[Viewer, Any, Mapping[str, Sequence[Any]]], Mapping[str, Any] | None]
    # The parts whose rows it shows in its own way, which therefore have no table on the page.
    instead_of: tuple[str, ...] = ()
    # It sums up the rows of parts, and stands before their tables.
    is_first: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Register:
    """One register; each is itself alone, so that what is made of it can be kept."""

    # In addresses: "criminal-behaviour-orders".
    slug: str
    model: type[Intervention]
    # "Criminal Behaviour Orders", "Criminal Behaviour Order"; one sentence for the list of registers.
    name: str
    one: str
    says: str
    groups: tuple[Group, ...]
    parts: tuple[Part, ...] = ()
    # What a field of the shared table is called here: {"starts": "In force from"}.
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # What a new one has before anybody says anything: {"strand": "pursue"}.
    defaults: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    # What its form says below its start or end, in place of what it says of every register: {"ends": "..."}.
    hints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # Its start and end are days, the last of them included, not moments.
    whole_days: bool = False
    # Its form begins with today: mostly it is written down on the day.
    begins_today: bool = False
    # It may be without an end.
    may_lack_end: bool = False
    # Its end is its start where nothing is said: something that happens at a moment.
    is_moment: bool = False
    # The link to the record at whose hotspots it is, where it names none itself, and in whose ward, where that has one
    # only: an action is where its order is.
    placed_by: str = ""
    # Fields of the model that stand in the table, beside title, when, agency and status; and by which it is filtered.
    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    # Fills `draft.known` of several drafts at once: the only place where what rules need is asked of the database.
    look_up: Callable[[Sequence[Draft]], None] | None = None
    # Sets what follows from what was said, before the rules look: a title, a hearing, the owner's status.
    complete: Callable[[Draft], None] | None = None
    # The status that follows from the model's own fields; None = people choose it.
    status_of: Callable[[Any], str] | None = None
    # The words and the tag's colour of its state on a day, of a record as it is read, whatever is withheld of it:
    # (record, day) -> ("In force until 3 March 2028", "green"). None = its status says it.
    state_of: Callable[[Any, date], tuple[str, str]] | None = None
    panels: tuple[Panel, ...] = ()
    # How many of the groups stand before parts and panels on a record's page: what says what it is about.
    leading: int = 0
    # Pages of a record that stand beside its own: (words, name of the address, which takes its number).
    pages: tuple[tuple[str, str], ...] = ()

    @property
    def a_one(self) -> str:
        """ "a patrol", "an injunction or other order"."""
        return f"{'an' if self.one[0] in 'aeio' else 'a'} {self.one}"

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.model.KINDS

    @cached_property
    def own_fields(self) -> dict[str, models.Field[Any, Any]]:
        """The fields of its own table that people fill in, by name."""
        if self.model is Intervention:
            return {}
        return {
            one.name: one
            for one in self.model._meta.local_concrete_fields
            if one.editable and not one.primary_key and not getattr(one.remote_field, "parent_link", False)
        }

    @cached_property
    def part(self) -> dict[str, Part]:
        return {one.name: one for one in self.parts}

    def label(self, name: str) -> str:
        """What a field is called here."""
        if name in self.labels:
            return self.labels[name]
        if name in self.own_fields:
            return str(self.own_fields[name].verbose_name)
        return SHARED[name]
