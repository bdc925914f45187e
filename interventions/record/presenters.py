"""One record in words: what it says group by group, the rows of its parts, and what leads to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from hotspots.calc.metres import area_m2
from hotspots.register.drawing import hectares
from interventions import maps, presenters, rows, states, values
from interventions.browse.presenters import NOT_SHOWN, hidden
from interventions.drafts import zone_of
from interventions.linked import Following
from interventions.models import Intervention
from interventions.record.queries import Whole
from interventions.registers import register_of
from interventions.registers.register import Part, Register
from partners.markings import Tag

# What stands at the head of the page, whatever its group.
_AT_ONCE = ("starts", "ends", "wards", "hotspots", "place", "point", "zone", "audience")
_ABOVE = ("title", "marking", "status", *_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `text` is "" where nothing is said, None where it is withheld; `links` (text, address) stand for it."""

    name: str
    text: str | None = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields that says something, and the names of those that say nothing yet."""

    title: str
    lines: list[Line]
    unsaid: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one part: only the columns in which some row says something. None of them is shown: withheld."""

    name: str
    title: str
    one: str
    columns: list[str]
    rows: list[list[str]] | None


@dataclass(frozen=True, slots=True)
class Linked:
    """The newest records of one register that lead to this one; `every` = the address of all, "" = these are."""

    title: str
    counted: str
    rows: list[tuple[str, str, str, Tag]]
    every: str


def sections(whole: Whole) -> list[Section]:
    """All groups that say something, without what stands at the head."""
    found = []
    for at, group in enumerate(whole.register.groups):
        lines = [line(whole, name) for name in group.fields if name not in _ABOVE]
        there = [one for one in lines if one.text is None or one.text or one.links]
        if there:
            unsaid = ", ".join(one.name for one in lines if one not in there)
            found.append(Section(group.title, there, unsaid, leads=at < whole.register.leading))
    return found


def at_once(whole: Whole) -> list[Line]:
    """What an officer looks for first: when, whose, where, and who knows of it."""
    record, register = whole.record, whole.register
    named = {name for group in register.groups for name in group.fields}
    size = zone_of(record)
    lines = [
        Line("When", presenters.when(record.starts, record.ends)),
        Line("Agency", record.owner.name),
        Line("Wards", presenters.ward_names(record)),
        Line("Hotspots", "", tuple((one.name, reverse("reports:place", args=[one.pk])) for one in whole.hotspots)),
        line(whole, "place") if "place" in named else Line(""),
        line(whole, "point") if "point" in named else Line(""),
        Line(register.label("zone"), f"{hectares(area_m2(size))}, drawn on the map") if size else Line(""),
        line(whole, "audience"),
    ]
    return [one for one in lines if one.text is None or one.text or one.links]


def line(whole: Whole, name: str) -> Line:
    """One field of a record, of its own table or the shared one."""
    record, register = whole.record, whole.register
    label = register.label(name)
    fields = ("longitude", "latitude") if name == "point" else (name,)
    if any(one in hidden(record) for one in fields):
        return Line(label, None)
    if name == "point":
        return Line(label, presenters.point(record))
    field = register.own_fields.get(name) or record._meta.get_field(name)
    if rows.leads_away(field):
        return _link(whole, label, field)
    is_box = isinstance(field, models.BooleanField)
    if is_box and record.status == record.Status.PLANNED and getattr(record, name) == field.get_default():
        # A box that nobody ticked yet says nothing of what is still to come.
        return Line(label)
    text = values.said(record, field)
    if isinstance(field, models.URLField) and text.startswith(("https://", "http://")):
        return Line(label, "", ((text, text),))
    return Line(label, text)


def _link(whole: Whole, label: str, field: Any) -> Line:
    pk = getattr(whole.record, field.attname)
    if pk is None:
        return Line(label)
    if pk in whole.links.records and issubclass(field.related_model, Intervention):
        one = whole.links.records[pk]
        return Line(label, "", ((one.title, reverse("interventions:detail", args=[pk])),))
    if field.name == "condition" and pk in whole.links.conditions:
        return Line(label, str(whole.links.conditions[pk]))
    return Line(label, NOT_SHOWN)


def tables(whole: Whole) -> list[Table]:
    """The parts that have rows, and those that are withheld, in the register's order; what a panel shows left out."""
    elsewhere = {name for panel in whole.register.panels for name in panel.instead_of}
    found = []
    for part in whole.register.parts:
        if part.name in elsewhere:
            continue
        if part.name not in whole.parts:
            found.append(Table(part.name, part.title, part.one, [], None))
        elif whole.parts[part.name]:
            found.append(_table(part, whole.parts[part.name], whole))
    return found


def _table(part: Part, its: Sequence[Any], whole: Whole) -> Table:
    titles: Mapping[int, str] = whole.links.titles
    files = {one.pk: one.title for one in whole.attachments}

    def cell(row: Any, field: models.Field[Any, Any]) -> str:
        pk = getattr(row, field.attname)
        return files.get(pk, "") if field.name in ("photo", "after_photo") else rows.cell(row, field, titles)

    cells = {field.name: [cell(row, field) for row in its] for field in part.fields}
    kept = [field for field in part.fields if any(cells[field.name])]
    return Table(
        part.name,
        part.title,
        part.one,
        [str(field.verbose_name) for field in kept],
        [[cells[field.name][index] for field in kept] for index in range(len(its))],
    )


def linked(whole: Whole) -> list[Linked]:
    """What leads to the record, register by register."""
    found = []
    for one in whole.following:
        if not one.count:
            continue
        register = _register_of(one)
        every = reverse("interventions:of-register", args=[register.slug]) if register else ""
        found.append(
            Linked(
                title=register.name if register else "What was done",
                counted=f"{one.count:,}",
                rows=[
                    (it.title, reverse("interventions:detail", args=[it.pk]), presenters.when(it.starts, it.ends), tag)
                    for it in one.newest
                    for tag in [states.state(register, it, timezone.now())]
                ],
                every=f"{every}?{one.field}={whole.record.pk}" if every and one.count > len(one.newest) else "",
            )
        )
    return found


def adds(whole: Whole) -> list[tuple[str, str]]:
    """(words, address) of what can be added that leads to this record."""
    found = []
    for one in whole.following:
        register = _register_of(one)
        new = reverse("interventions:add-to", args=[register.slug]) if register else reverse("interventions:add")
        words = f"Add {register.one}" if register else "Add what was done"
        found.append((words, f"{new}?{one.field}={whole.record.pk}"))
    return found


def kind(record: Any) -> str:
    """What sort of record it is: of an order of a type that the partnership has set up, that type."""
    return str(getattr(record, "order_type", None) or record.get_kind_display())


def pages(whole: Whole) -> list[tuple[str, str]]:
    """(words, address) of the pages beside the record's own."""
    return [(words, reverse(name, args=[whole.record.pk])) for words, name in whole.register.pages]


def _register_of(one: Following) -> Register | None:
    """The register of what leads here by a field of its own; None = records of any (work of a day of action)."""
    return None if one.model is Intervention else register_of(one.model.KINDS[0])


def ground(whole: Whole, wards: Sequence[Any]) -> SafeString:
    """The record's zone and point on a map; "" where neither is shown."""
    record = whole.record
    marks = [one for one in [maps.mark(record)] if one]
    return maps.drawn(marks, wards, title=f"Map of {record.title}")
