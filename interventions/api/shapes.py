"""What is sent to a register and what it answers, made of its declaration: the API, its description, files of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from rest_framework import serializers as s

from hotspots.api.drawn import Geometry
from interventions.checks import DEGREES, LONGEST, MOST_REACHED
from interventions.contents import Content
from interventions.linked import leads_to_a_record, missing
from interventions.models import Intervention
from interventions.registers.register import Part, Register
from partners.api.bodies import Body, Moment
from partners.api.serializers import text, whole
from partners.filters import day_begins, day_ends
from partners.roles import Marking

_LARGEST = {models.PositiveSmallIntegerField: 32_767, models.PositiveIntegerField: 2_147_483_647}
# As fields of Content; how the API calls them where it differs.
_ASKED = {name: f"{name}_id" for name in ("day",)}
_CONTENT = {one.name for one in dataclass_fields(Content)}


def api_name(field: models.Field[Any, Any]) -> str:
    """How the API calls a field of a model: links by the number that they hold."""
    return f"{field.name}_id" if field.is_relation else field.name


def name_in_api(register: Register, name: str) -> str:
    """How the API calls what an action names."""
    own = register.own_fields.get(name)
    if own is not None:
        return api_name(own)
    return {"owner": "agency_id", "point": "latitude", **_ASKED}.get(name, name)


def _help(field: models.Field[Any, Any]) -> str:
    name, more = str(field.verbose_name).rstrip("."), str(field.help_text)
    return f"{name[:1].upper()}{name[1:]}{'' if name.endswith('?') else '.'} {more}".strip()


def _field(of: models.Field[Any, Any], *, asked: bool) -> s.Field[Any, Any, Any, Any]:
    """A field of a model as one of a body (`asked`), or of an answer, where anything may be withheld."""
    said: dict[str, Any] = {"help_text": _help(of)}
    if asked:
        said |= {"required": not of.blank and not of.has_default(), "allow_null": of.null}
    else:
        said["allow_null"] = True

    def limited(**limits: Any) -> dict[str, Any]:
        return {**said, **(limits if asked else {})}

    if of.is_relation:
        if leads_to_a_record(of):
            said["error_messages"] = dict.fromkeys(("required", "null"), missing(of, str(of.verbose_name)))
        return s.IntegerField(**limited(min_value=1, max_value=2**31))
    if of.choices:
        return s.ChoiceField(list(of.choices), allow_blank=of.blank or not asked, **said)
    if isinstance(of, ArrayField):
        child = s.CharField(max_length=of.base_field.max_length)
        return s.ListField(child=child, **limited(max_length=100))
    if isinstance(of, models.DateTimeField):
        return Moment(**said) if asked else s.DateTimeField(**said)
    for kind, made in (
        (models.BooleanField, s.BooleanField),
        (models.DateField, s.DateField),
        (models.TimeField, s.TimeField),
        (models.FloatField, s.FloatField),
    ):
        if isinstance(of, kind):
            return made(**said)
    if isinstance(of, models.DecimalField):
        most = 10 ** (of.max_digits - of.decimal_places)
        return s.FloatField(**limited(min_value=0, max_value=most))
    if isinstance(of, models.IntegerField):
        most = next((top for kind, top in _LARGEST.items() if isinstance(of, kind)), 2**31)
        return s.IntegerField(**limited(min_value=0, max_value=most))
    most = of.max_length or LONGEST["details"]
    return s.CharField(allow_blank=of.blank or not asked, **limited(max_length=most))


def class_name(register: Register, what: str = "") -> str:
    """ "NewPspoActionsRow": as the description names a shape."""
    return "".join(word.capitalize() for word in register.slug.split("-")) + what


def shown_fields(part: Part) -> list[models.Field[Any, Any]]:
    """The fields that are answered of a row: those that people fill in, and what follows from other steps."""
    follows = [one for one in part.model._meta.concrete_fields if not one.editable and not one.is_relation]
    return [*part.fields, *follows]


@cache
def _part_shape(register: Register, name: str, *, asked: bool) -> type[s.Serializer[Any]]:
    part = register.part[name]
    base: type[s.Serializer[Any]] = Body if asked else s.Serializer
    number = whole(f"Number of the {part.one}." + (" Leave it out for a new one." if asked else ""), required=not asked)
    fields = part.fields if asked else shown_fields(part)
    made = {"id": number, **{api_name(one): _field(one, asked=asked) for one in fields}}
    said = class_name(register, "".join(word.capitalize() for word in name.split("_")))
    return type(f"New{said}" if asked else f"{said}Row", (base,), made)


def part_fields(register: Register, *, asked: bool) -> dict[str, s.Field[Any, Any, Any, Any]]:
    found: dict[str, s.Field[Any, Any, Any, Any]] = {}
    for part in register.parts:
        shape = _part_shape(register, part.name, asked=asked)
        if asked:
            help_text = f"{part.title}: all of them, as they stand then. A row with an `id` stays what it is."
            found[part.name] = s.ListField(
                child=shape(), max_length=part.most, required=False, allow_empty=True, help_text=help_text
            )
        else:
            help_text = f"{part.title}." + (" Null where they are withheld." if part.withheld_as else "")
            found[part.name] = shape(many=True, allow_null=bool(part.withheld_as), help_text=help_text)
    return found


def _asks(register: Register, name: str) -> bool:
    return any(name in group.fields for group in register.groups)


def _times(register: Register, *, asked: bool) -> dict[str, s.Field[Any, Any, Any, Any]]:
    """Start and end, days or moments as the register has them."""
    made: Any = s.DateField if register.whole_days else Moment if asked else s.DateTimeField
    more = " A day." if register.whole_days else " With its offset."
    last = " That day is still in it." if register.whole_days else ""
    ends: dict[str, Any] = {"help_text": f"{register.label('ends')}.{last or more} Null = it has no end."}
    if not asked:
        return {"starts": made(help_text=f"{register.label('starts')}.{more}"), "ends": made(allow_null=True, **ends)}
    may_lack = register.may_lack_end or register.is_moment or register.complete is not None
    return {
        "starts": made(help_text=f"{register.label('starts')}.{more}"),
        "ends": made(allow_null=may_lack, required=not may_lack, **ends),
    }


def _shared_asked(register: Register) -> dict[str, s.Field[Any, Any, Any, Any]]:
    kinds = [one for one in Intervention.Kind.choices if one[0] in register.kinds]
    made: dict[str, Any] = {
        "agency_id": s.IntegerField(help_text="Whose record it is: an agency for which the caller may add records."),
        "kind": s.ChoiceField(kinds, required=len(kinds) > 1, help_text="What kind of record."),
        "title": s.CharField(
            max_length=LONGEST["title"],
            required=register.complete is None,
            help_text=f"{register.label('title')}; never withheld.",
        ),
        "reference": s.CharField(
            max_length=LONGEST["reference"],
            allow_blank=True,
            required=False,
            help_text="What your own system calls it.",
        ),
        "strand": s.ChoiceField(
            Intervention.Strand.choices,
            required="strand" not in register.defaults,
            help_text=f"Which of the four Ps. Else {register.defaults.get('strand', 'none')}.",
        ),
    }
    if not register.status_of:
        default = register.defaults.get("status", "planned")
        made["status"] = s.ChoiceField(Intervention.Status.choices, required=False, help_text=f"Else {default}.")
    made |= _times(register, asked=True)
    made |= {
        "wards": s.ListField(
            child=s.CharField(max_length=40),
            max_length=200,
            required=not _asks(register, "point"),
            help_text="Codes of its wards. Left out, it lies in that of its point"
            + (f", else of its {register.placed_by} where that has one only." if register.placed_by else "."),
        ),
        "hotspots": s.ListField(
            child=s.IntegerField(min_value=1, max_value=2**31),
            max_length=200,
            required=False,
            help_text="Numbers of its hotspots.",
        ),
    }
    options: dict[str, Any] = {
        "day": whole("Number of the day of action that it is a part of.", allow_null=True, required=False),
        "place": text("Where exactly.", max_length=LONGEST["place"], allow_blank=True, required=False),
        "zone": Geometry(allow_null=True, required=False, help_text="The ground that it covers: a GeoJSON polygon."),
        "details": text("More about it.", max_length=LONGEST["details"], allow_blank=True, required=False),
        "contact": text("Whom to ask.", max_length=LONGEST["contact"], allow_blank=True, required=False),
        "people_reached": s.IntegerField(
            min_value=0, max_value=MOST_REACHED, allow_null=True, required=False, help_text="A count."
        ),
    }
    made |= {_ASKED.get(name, name): one for name, one in options.items() if _asks(register, name)}
    if _asks(register, "point"):
        for name, most in DEGREES.items():
            made[name] = s.FloatField(
                min_value=-most, max_value=most, allow_null=True, required=False, help_text="WGS84, both or neither."
            )
    made |= {
        "marking": s.ChoiceField(Marking.choices, required=False, help_text="Else official."),
        "audience": s.ChoiceField(Intervention.Audience.choices, required=False, help_text="Else agreements."),
        "reasons": s.DictField(
            child=s.CharField(max_length=LONGEST["reason"]),
            required=False,
            help_text="Name of a rule that warns -> why the record is kept all the same.",
        ),
    }
    return made


@cache
def new_body(register: Register) -> type[Body]:
    """What is sent to add a record."""
    own = {api_name(one): _field(one, asked=True) for one in register.own_fields.values()}
    made = {**_shared_asked(register), **own, **part_fields(register, asked=True)}
    return type(f"New{class_name(register)}", (Body,), made)


@cache
def change_body(register: Register) -> type[Body]:
    """What is sent to change one."""
    seen = Moment(
        required=False,
        help_text="`changed_at` as it was read: 422, and nothing changed, where it has been changed since.",
    )
    return type(f"Change{class_name(register)}", (new_body(register),), {"agency_id": None, "changed_at": seen})


@cache
def row_body(register: Register) -> type[Body]:
    """One of many rows that are sent together: they are all one agency's."""
    return type(f"{class_name(register)}ToAdd", (new_body(register),), {"agency_id": None})


@cache
def row_shape(register: Register) -> type[s.Serializer[Any]]:
    """What is answered of a record."""
    kinds = [one for one in Intervention.Kind.choices if one[0] in register.kinds]
    withheld = "Null where it is withheld: see `withheld`."
    made: dict[str, Any] = {
        "id": whole("Number of the record."),
        "url": text("Its address."),
        "agency_id": whole("Whose record it is."),
        "agency": text("That agency's name."),
        "kind": s.ChoiceField(kinds, help_text="What kind of record."),
        "title": text("In one line; never withheld."),
        "reference": text("What the owner's own system calls it.", allow_blank=True),
        "strand": s.ChoiceField(Intervention.Strand.choices, help_text="Which of the four Ps."),
        "status": s.ChoiceField(
            Intervention.Status.choices, help_text="Planned, done or cancelled. Of an order, done = made."
        ),
        "state": text("Its state today, in words."),
        **_times(register, asked=False),
        "wards": s.ListField(child=s.CharField(), help_text="Codes of its wards, in order."),
        "hotspots": s.ListField(child=s.IntegerField(), help_text="Numbers of its hotspots that the caller sees."),
        "day_id": whole("Number of the day of action that it is a part of, where the caller sees it.", allow_null=True),
        "place": text(f"Where exactly. {withheld}", allow_null=True, allow_blank=True),
        "latitude": s.FloatField(allow_null=True, help_text="WGS84. Null where it is not said, or withheld."),
        "longitude": s.FloatField(allow_null=True, help_text="As `latitude`."),
        "zone": s.DictField(allow_null=True, help_text="The ground that it covers, as a GeoJSON MultiPolygon."),
        "details": text(f"More about it. {withheld}", allow_null=True, allow_blank=True),
        "contact": text(f"Whom to ask. {withheld}", allow_null=True, allow_blank=True),
        "people_reached": whole("How many people it reached. Null while unknown, or withheld.", allow_null=True),
    }
    made |= {api_name(one): _field(one, asked=False) for one in register.own_fields.values()}
    made |= part_fields(register, asked=False)
    made |= {
        "reasons": s.DictField(
            child=s.CharField(), allow_null=True, help_text=f"Rule -> why it was kept all the same. {withheld}"
        ),
        "marking": s.ChoiceField(Marking.choices, help_text="How sensitive it is."),
        "audience": s.ChoiceField(Intervention.Audience.choices, help_text="Whom it is meant for."),
        "withheld": s.ListField(
            child=s.ChoiceField(list(register.model.WITHHOLDABLE)),
            help_text="What agreements withhold from this caller.",
        ),
        "created_at": s.DateTimeField(help_text="When it was added."),
        "changed_at": s.DateTimeField(help_text="When it was last changed."),
    }
    return type(f"{class_name(register)}Row", (s.Serializer,), made)


def said(register: Register, given: Mapping[str, Any]) -> dict[str, Any]:
    """A body that was read, by the names of Content: what links to places (`wards`, `hotspots`, `day_id`) is left out
    for whoever looks those up."""
    found = {name: given[name] for name in given.keys() & _CONTENT - {"wards", "hotspots"}}
    if register.whole_days:
        if given.get("starts"):
            found["starts"] = day_begins(given["starts"])
        if given.get("ends"):
            # No day follows the last of all; one so late is refused as any out of range.
            found["ends"] = day_ends(min(given["ends"], date.max - timedelta(days=1)))
    own = {name: _plain(given[api_name(one)]) for name, one in register.own_fields.items() if api_name(one) in given}
    parts = {part.name: _rows(part, given[part.name]) for part in register.parts if part.name in given}
    return found | ({"particulars": own} if own else {}) | ({"parts": parts} if parts else {})


def _rows(part: Part, given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = {api_name(one): one.name for one in part.fields}
    return [{names.get(name, name): _plain(value) for name, value in row.items()} for row in given]


def _plain(value: Any) -> Any:
    """Numbers as they were written: 75.1, not the nearest that a float holds."""
    return Decimal(repr(value)) if isinstance(value, float) else value
