"""Whether what is said can be kept: types, texts, times, places, links, readers; then the rules of the register."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from shapely.geometry import mapping, shape

from hotspots.models import Area, Hotspot
from interventions.contents import Content, Unlawful
from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.law.rules import Finding, Severity, findings
from interventions.linked import missing
from interventions.models import DayOfAction, Intervention
from interventions.registers.register import Part, Register
from interventions.rows import is_of_a_record
from partners.actions.rights import check_readers
from partners.models import Agency, Record
from partners.refusals import Refused, checked_text
from partners.roles import Marking, Permission
from partners.visibility import Viewer

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NOT_KEPT = "The date is from 2000 to 2099."
MOST_REACHED = 1_000_000
MOST_CORNERS = 20_000
LONGEST = {"title": 150, "reference": 60, "place": 200, "contact": 200, "details": 10_000, "reason": 500}
_CHOICES = (
    ("strand", tuple(Intervention.Strand.values)),
    ("status", tuple(Intervention.Status.values)),
    ("marking", tuple(Marking.values)),
    ("audience", tuple(Intervention.Audience.values)),
)
# How far a coordinate goes to either side.
DEGREES = {"latitude": 90, "longitude": 180}
NO_POINT = "The latitude is from -90 to 90, the longitude from -180 to 180."
NO_TITLE = "Say in one line what it is, such as “Evening patrol of the station approach”."
NO_WARDS = "Choose at least one ward."
NO_WARD_THERE = "The point lies in no ward that is loaded here: mend the point, or choose at least one ward."
# What its reader could take for blank or for something else.
_ONE_LINE = ("title", "reference", "place", "contact")
_PLAIN = (
    *("kind", "title", "reference", "strand", "status", "starts", "ends", "place", "longitude", "latitude", "details"),
    *("contact", "people_reached", "marking", "audience"),
)


def is_kept(day: date) -> bool:
    """Whether records may bear such a day."""
    return EARLIEST.year <= day.year < LATEST.year


def in_degrees(name: str, value: float | None) -> bool:
    """Whether a "latitude" or a "longitude" can be; None = not said."""
    return value is None or abs(value) <= DEGREES[name]


def may_add_in(by: Viewer, owner: int, ward: Area) -> bool:
    """Whether somebody may add records of an agency in a ward."""
    # A role may be narrowed to a ward, and its agency to the borough that it lies in.
    codes = (ward.code, ward.parent.code) if ward.parent else (ward.code,)
    return by.may(Permission.ADD, agency=owner, area=codes)


def is_covert(kind: str, status: str) -> bool:
    """Whether such work is for its own team's eyes alone, whatever is asked for: a warrant before it is executed."""
    return kind == Intervention.Kind.WARRANT and status == Intervention.Status.PLANNED


def drafted(
    register: Register,
    record: Any,
    content: Content,
    *,
    by: Viewer,
    new_wards: Sequence[Area],
    law: Law,
    links: dict[Any, Any] | None = None,
) -> Draft:
    """The record with all that is said set, before the rules look. `links` keeps linked records, by (model, number),
    between the rows of one import. Raises Refused at the first thing that is wrong with it."""
    owner: Agency = record.owner
    links = {} if links is None else links
    draft = Draft(record, owner, content.wards, content.hotspots, {}, law, timezone.now())
    content = _texts(content)
    _set_own(register, draft, content, by, links)
    _set_parts(register, draft, content, by, links)
    _set_shared(register, draft, content)
    _check_dates(record)
    if register.complete:
        register.complete(draft)
    if register.status_of:
        record.status = register.status_of(record)
    _check_shared(register, draft)
    _check_places(draft, by, new_wards, links)
    if is_covert(record.kind, record.status):
        record.audience = Intervention.Audience.TEAM
    _check_readers(draft, by)
    return draft


def judged(register: Register, drafts: Sequence[Draft], reasons: Mapping[str, str]) -> list[dict[str, str]]:
    """What the rules warn of in each draft: rule -> sentence. Raises Unlawful where a rule forbids one, or warns and no
    reason is among `reasons`."""
    return [settled(found, reasons) for found in looked_at(register, drafts)]


def looked_at(register: Register, drafts: Sequence[Draft]) -> list[list[Finding]]:
    """All that the rules say of each draft."""
    if register.look_up and drafts:
        register.look_up(drafts)
    return [findings(register.rules, draft) for draft in drafts]


def settled(found: Sequence[Finding], reasons: Mapping[str, str]) -> dict[str, str]:
    """What is warned of and kept all the same: rule -> sentence. Raises Unlawful as `judged` does."""
    blocks = [one for one in found if one.severity == Severity.BLOCK]
    warns = [one for one in found if one.severity == Severity.WARN]
    bare = [one for one in warns if not reasons.get(one.rule, "").strip()]
    if blocks or bare:
        raise Unlawful([*blocks, *bare])
    return {one.rule: one.sentence for one in warns}


def _texts(content: Content) -> Content:
    said: dict[str, Any] = {
        name: checked_text(name, getattr(content, name) or "", most, one_line=name in _ONE_LINE)
        for name, most in LONGEST.items()
        if name != "reason"
    }
    reasons = {
        rule: checked_text("reason", text, LONGEST["reason"], one_line=True) for rule, text in content.reasons.items()
    }
    return replace(content, **said, reasons=reasons)


def _set_own(register: Register, draft: Draft, content: Content, by: Viewer, links: dict[Any, Any]) -> None:
    """Sets the fields of the register's own table that are said."""
    unknown = content.particulars.keys() - register.own_fields.keys()
    if unknown:
        raise Refused(min(unknown), f"Nothing in {register.a_one} is called {min(unknown)!r}.")
    for name, said in content.particulars.items():
        _set(draft.record, register.own_fields[name], register.label(name), said, by, links)
    if draft.record._state.adding:
        for name, one in register.own_fields.items():
            if name not in content.particulars and not one.blank and not one.has_default():
                raise Refused(name, missing(one, register.label(name)))


def _set(
    row: Any,
    of: models.Field[Any, Any],
    label: str,
    said: Any,
    by: Viewer,
    links: dict[Any, Any],
    field: str = "",
) -> None:
    """Sets one field to what is said, as its model takes it."""
    field = field or of.name
    if isinstance(of, models.ForeignKey):
        setattr(row, of.name, None if said in (None, "") else _linked(of, label, said, by, links, field))
        if said in (None, "") and not of.null:
            raise Refused(field, missing(of, label))
        return
    if isinstance(of, models.CharField | models.TextField) and not of.choices:
        most = of.max_length or LONGEST["details"]
        said = checked_text(label, "" if said is None else str(said), most, one_line=isinstance(of, models.CharField))
    if said == "" and of.null:
        said = None
    try:
        setattr(row, of.attname, of.clean(said, row))
    except ValidationError as error:
        if said in (None, ""):
            raise Refused(field, f"Give this: {label}.") from None
        raise Refused(field, f"{label}: {' '.join(error.messages)}") from None
    value = getattr(row, of.attname)
    if of.name in DEGREES and not in_degrees(of.name, value):
        raise Refused(field, f"{label}: this is from -{DEGREES[of.name]} to {DEGREES[of.name]} degrees.")
    if isinstance(value, date) and not is_kept(value):
        raise Refused(field, f"{label}: the date is from {EARLIEST.year} to {LATEST.year - 1}.")


def _linked(
    of: models.ForeignKey[Any, Any], label: str, said: Any, by: Viewer, links: dict[Any, Any], field: str
) -> Any:
    """The row that is meant, whole. Of records, one that the person sees."""
    model: Any = of.related_model
    if isinstance(said, model) and not issubclass(model, Record) and not is_of_a_record(model):
        return said
    pk = said.pk if isinstance(said, models.Model) else said
    if (model, pk) not in links:
        links[model, pk] = next(iter(linkable(model, [pk], by).values()), None)
    if links[model, pk] is None:
        raise Refused(field, f"{label}: there is no such one, or it is not shared with you.")
    return links[model, pk]


def linkable(model: Any, numbers: Collection[Any], by: Viewer) -> dict[Any, Any]:
    """Of some rows to which a record may be linked, those to which this person may link it, whole, by number: records
    that the person sees, rows that belong to such a record, and whatever belongs to none. One query."""
    rows = model._base_manager.filter(pk__in=numbers)
    if issubclass(model, Record):
        rows = rows.filter(pk__in=model.objects.visible_to(by).values("pk"))
    elif is_of_a_record(model):
        rows = rows.filter(record__in=Intervention.objects.visible_to(by).values("pk"))
    return {row.pk: row for row in rows}


def _set_parts(register: Register, draft: Draft, content: Content, by: Viewer, links: dict[Any, Any]) -> None:
    """Sets the rows of the parts that are said; those of the others are read as they are."""
    unknown = content.parts.keys() - register.part.keys()
    if unknown:
        raise Refused(min(unknown), f"Nothing in {register.a_one} is called {min(unknown)!r}.")
    is_new = draft.record._state.adding
    for name, part in register.part.items():
        there = {} if is_new else {row.pk: row for row in getattr(draft.record, name).all()}
        if name in content.parts:
            draft.parts[name] = _rows(part, content.parts[name], there, by, links)
        else:
            draft.parts[name] = list(there.values())


def _rows(
    part: Part, said: Sequence[Mapping[str, Any]], there: dict[Any, Any], by: Viewer, links: dict[Any, Any]
) -> list[Any]:
    if len(said) > part.most:
        raise Refused(part.name, f"At most {part.most} can be kept with one record; these are {len(said)}.")
    rows = []
    for number, given in enumerate(said, start=1):
        pk = given.get("id")
        if pk is not None and pk not in there:
            raise Refused(part.name, f"Row {number}: there is no {part.one} with the number {pk} in this record.")
        row = there.pop(pk) if pk is not None else part.model()
        whose = getattr(row, f"{part.whose}_id") if part.whose else None
        _set_row(part, row, number, given, by, links)
        if pk is not None and part.whose and getattr(row, f"{part.whose}_id") != whose:
            # What one has answered or reported is not another's.
            row = part.model()
            _set_row(part, row, number, given, by, links)
        rows.append(row)
    return rows


def _set_row(part: Part, row: Any, number: int, given: Mapping[str, Any], by: Viewer, links: dict[Any, Any]) -> None:
    """Sets what is said of one row of a part."""
    known = {one.name: one for one in part.fields}
    unknown = given.keys() - known.keys() - {"id"}
    if unknown:
        raise Refused(part.name, f"Row {number}: a {part.one} has nothing called {min(unknown)!r}.")
    for name, of in known.items():
        if name in given:
            label = f"{part.one.capitalize()} {number}, {str(of.verbose_name).lower()}"
            _set(row, of, label, given[name], by, links, part.name)
        elif row.pk is None and not of.blank and not of.has_default():
            raise Refused(part.name, f"Row {number}: give the {str(of.verbose_name).lower()}.")


def _set_shared(register: Register, draft: Draft, content: Content) -> None:
    record = draft.record
    for name in _PLAIN:
        setattr(record, name, getattr(content, name))
    draft.is_new_day = content.day is not None and (record._state.adding or record.day_id != content.day.pk)
    record.day = content.day
    record.strand = content.strand or register.defaults.get("strand", "")
    if register.is_moment and record.ends is None:
        record.ends = record.starts
    _set_zone(record, content.zone)


def _set_zone(record: Intervention, said: Mapping[str, Any] | None) -> None:
    """Keeps a shape as a MultiPolygon with its extent."""
    if said is None:
        record.zone = record.west = record.south = record.east = record.north = None
        return
    try:
        found = shape(said)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        raise Refused("zone", "The area is no GeoJSON polygon.") from None
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty:
        raise Refused("zone", "The area must be a polygon, or several.")
    if shapely.get_num_coordinates(found) > MOST_CORNERS:
        raise Refused("zone", f"The area has more than {MOST_CORNERS:,} corners.")
    if not found.is_valid:
        raise Refused("zone", f"The area crosses itself: {shapely.is_valid_reason(found)}.")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused("zone", "The area must be in degrees: longitude, latitude.")
    if found.geom_type == "Polygon":
        found = shapely.MultiPolygon([found])
    record.zone = mapping(found)
    record.west, record.south, record.east, record.north = west, south, east, north


def _check_shared(register: Register, draft: Draft) -> None:
    record: Intervention = draft.record
    if not record.title:
        raise Refused("title", NO_TITLE)
    for name, choices in (("kind", register.kinds), *_CHOICES):
        if getattr(record, name) not in choices:
            raise Refused(name, f"The {name} is one of: {', '.join(choices)}.")
    _check_times(register, record)
    if record.status == Intervention.Status.DONE and record.starts > draft.now and not register.status_of:
        raise Refused("status", "It has not begun yet, so it cannot be done.")
    if record.people_reached is not None and not 0 <= record.people_reached <= MOST_REACHED:
        raise Refused("people_reached", f"The number of people reached is from 0 to {MOST_REACHED:,}.")


def _check_times(register: Register, record: Intervention) -> None:
    if record.ends is None and not register.may_lack_end:
        raise Refused("ends", f"Give this: {register.label('ends')}.")
    _check_dates(record)
    if record.ends is not None and record.ends < record.starts:
        raise Refused("ends", "The end is before the start.")


def _check_dates(record: Intervention) -> None:
    for name in ("starts", "ends"):
        moment = getattr(record, name)
        if moment is None:
            continue
        if not EARLIEST <= moment < LATEST:
            raise Refused(name, NOT_KEPT)
        setattr(record, name, moment.astimezone(UTC))


def _check_places(draft: Draft, by: Viewer, new_wards: Sequence[Area], links: dict[Any, Any]) -> None:
    record, owner = draft.record, draft.owner
    if not draft.wards:
        raise Refused("wards", NO_WARDS if record.longitude is None else NO_WARD_THERE)
    for ward in new_wards:
        if ward.kind != Area.Kind.WARD:
            raise Refused("wards", f"{ward} is no ward.")
        if not may_add_in(by, owner.pk, ward):
            raise Refused("wards", f"{ward} is not one of the wards in which you may add activity for {owner}.")
    if (record.longitude is None) != (record.latitude is None):
        raise Refused("longitude", "Give both the latitude and the longitude, or neither.")
    if not all(in_degrees(name, getattr(record, name)) for name in DEGREES):
        raise Refused("longitude", NO_POINT)
    kept = set() if record._state.adding else set(record.hotspots.values_list("pk", flat=True))
    new = {one.pk for one in draft.hotspots if (Hotspot, one.pk) not in links} - kept
    if new and Hotspot.objects.visible_to(by).filter(pk__in=new).count() != len(new):
        raise Refused("hotspots", "One of the hotspots is none, or not shared with you.")
    is_known = (DayOfAction, record.day_id) in links
    if draft.is_new_day and not is_known and not DayOfAction.objects.visible_to(by).filter(pk=record.day_id).exists():
        raise Refused("day", "There is no such day of action, or it is not shared with you.")


def _check_readers(draft: Draft, by: Viewer) -> None:
    record, owner = draft.record, draft.owner
    if record.audience == Intervention.Audience.TEAM and owner.pk not in by.agencies(Permission.ADD):
        raise Refused(
            "owner",
            f"Only people of {owner} itself may see this, so only they can add it: a record for the owning team alone, "
            "as a planned warrant always is.",
        )
    check_readers(by, owner, record.marking, record.audience, "record")
