"""What people and their systems do to the places of the register: `verb_noun(*, by, ...)`, atomic, audited.

Forms and the API call the same functions. `Refused` is a sentence for whoever asked, and names the field it is about.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import Area, Boundary, Hotspot, HotspotStatus
from hotspots.register import boundaries
from hotspots.words import day_name
from partners import audit, jobs
from partners.actions.rights import check_readers
from partners.models import Agency, Membership, User
from partners.refusals import ChangedMeanwhile, Refused, checked_text
from partners.roles import Marking, Permission
from partners.visibility import Viewer

LONGEST = {
    "name": 100,
    "public_name": 100,
    "objective": 300,
    "identified_note": 5_000,
    "equality_people": 5_000,
    "equality_balance": 5_000,
    "equality_other": 5_000,
}
# The equality prompt.
EQUALITY = ("equality_people", "equality_balance", "equality_other")
# What its reader could take for blank or for something else.
_ONE_LINE = ("name", "public_name", "objective")
_MAY_BE_WITHHELD = ("identified_note", *EQUALITY)
# Months between the baseline's end and the selection: see docs/methods.
BASELINE_MONTHS = 24
_DONE = {Hotspot.Status.CLOSED: "close", Hotspot.Status.ARCHIVED: "archive"}
# No figures are from before: the first baselines by default reach back to before the first figures.
EARLIEST_MONTH = date(2005, 1, 1)
# No boundary holds from a day before.
EARLIEST = date(2010, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a person says about one place but its boundary. None and "" mean not said."""

    name: str
    kind: str = Hotspot.Kind.HOTSPOT
    public_name: str = ""
    lead: User | None = None
    partners: tuple[Agency, ...] = ()
    identified_by: str = Hotspot.IdentifiedBy.ANALYSIS
    identified_note: str = ""
    # Slugs of police.uk categories.
    problems: tuple[str, ...] = ()
    objective: str = ""
    objective_category: str = ""
    objective_baseline: int | None = None
    objective_target: int | None = None
    objective_by: date | None = None
    # First days of months; the baseline follows from the selection where it is not said.
    selected_from: date | None = None
    selected_to: date | None = None
    baseline_from: date | None = None
    baseline_to: date | None = None
    review_on: date | None = None
    equality_people: str = ""
    equality_balance: str = ""
    equality_other: str = ""
    marking: str = Marking.OFFICIAL
    audience: str = Hotspot.Audience.AGREEMENTS

    @classmethod
    def of(cls, record: Hotspot) -> Content:
        """What a place says now; it must be one that is read whole. One query."""
        said = {one.name: getattr(record, one.name) for one in fields(cls) if one.name != "partners"}
        said |= {name: said[name] or "" for name in _MAY_BE_WITHHELD}
        said["problems"] = tuple(said["problems"])
        return cls(**said, partners=tuple(record.partners.order_by("name", "pk")))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape that `drawing.read` has accepted, and in a few words where it came from ("drawn", "LSOAs E01...")."""

    shape: shapely.Geometry
    source: str


@transaction.atomic
def add_hotspot(
    *, by: Viewer, owner: Agency, content: Content, drawn: Drawn, valid_from: date, ring_m: int = 500
) -> Hotspot:
    """A new place of an agency's, proposed, with its first boundary. Its counts are made in the background.

    Raises Refused where the content cannot be or it is none for this person to add.
    """
    touched = _touched(drawn.shape)
    if not by.may(Permission.CHANGE, agency=owner.pk, area=[one.code for one in touched]):
        raise Refused("owner", "You can add places only for an agency whose records you may change, in its areas.")
    checked = _checked(content, owner, by)
    _check_lead(checked, owner)
    record = Hotspot(owner=owner, created_by=by.user, changed_by=by.user, ring_m=_width(ring_m))
    record.area = Area.objects.create(kind=Area.Kind.HOTSPOT, code=_code(Area.Kind.HOTSPOT), name="A drawn place")
    _write(record, checked)
    HotspotStatus.objects.create(hotspot=record, status=record.status, changed_by=by.user)
    _draw(record, drawn, valid_from)
    audit.created(record, by=by)
    return record


@transaction.atomic
def change_hotspot(*, by: Viewer, pk: int, seen: datetime | None, **said: Any) -> Hotspot:
    """Changes what is `said` (names of Content) of a place.

    `seen` is its `changed_at` as it was when it was read; None = whatever it is now. Raises Refused as adding does,
    ChangedMeanwhile where somebody saved it since, and Hotspot.DoesNotExist where it is none to change.
    """
    record = locked(by, pk)
    if seen is not None and record.changed_at != seen:
        who = record.changed_by or "Another system"
        raise ChangedMeanwhile(
            "changed_at", f"{who} changed this place after you opened it. Nothing of yours is saved yet."
        )
    before, old = audit.snapshot(record), Content.of(record)
    checked = _checked(replace(old, **said), record.owner, by)
    if checked == old:
        return record
    if checked.lead != old.lead:
        _check_lead(checked, record.owner)
    if checked.kind == Hotspot.Kind.WATCH and record.phases.exists():
        raise Refused("kind", "It has phases, and a watch place has none: keep it as a hotspot.")
    for name in EQUALITY:
        if getattr(old, name) and not getattr(checked, name) and record.status != Hotspot.Status.PROPOSED:
            raise Refused(name, "Work began with this answer: change it, but do not leave it empty.")
    record.changed_by, record.changed_at = by.user, timezone.now()
    _write(record, checked)
    if (checked.kind, checked.audience) != (old.kind, old.audience):
        _tell_rings_near(record)
    audit.changed(record, before, by=by)
    return record


@transaction.atomic
def redraw(
    *, by: Viewer, pk: int, drawn: Drawn, valid_from: date, ring_m: int | None = None, seen: int | None = None
) -> Boundary:
    """A new boundary of a place from a day on; earlier versions, and what was counted in them, stay.

    `seen` is the pk of the boundary that was on the screen; None = whichever there is. Raises ChangedMeanwhile where
    somebody drew another since, Refused, and Hotspot.DoesNotExist where it is none to change.
    """
    record = locked(by, pk)
    newest = Boundary.objects.filter(area=record.area_id).order_by("-pk").first()
    if seen is not None and newest is not None and newest.pk != seen:
        raise ChangedMeanwhile(
            "shape", "Somebody drew another boundary of this place after you opened it. Nothing of yours is saved yet."
        )
    if not by.may(Permission.CHANGE, agency=record.owner_id, area=[one.code for one in _touched(drawn.shape)]):
        raise Refused("shape", "You can draw places only in the areas of your role.")
    if ring_m is not None:
        record.ring_m = _width(ring_m)
    before = {"boundary": newest.source if newest else None, "from": str(newest.valid_from) if newest else None}
    record.changed_by, record.changed_at = by.user, timezone.now()
    boundary = _draw(record, drawn, valid_from)
    audit.write(
        "hotspot.redrawn",
        by=by,
        about=[record],
        before=before,
        after={"boundary": drawn.source, "from": str(valid_from), "ring_m": record.ring_m},
    )
    return boundary


@transaction.atomic
def set_status(*, by: Viewer, pk: int, status: str, reason: str = "") -> Hotspot:
    """Proposed, active, closed or archived, with the reason. Places with records are archived, never deleted."""
    record = locked(by, pk)
    if status not in Hotspot.Status.values:
        raise Refused("status", f"The status is one of: {', '.join(Hotspot.Status.values)}.")
    reason = " ".join(reason.split())
    if status in (Hotspot.Status.CLOSED, Hotspot.Status.ARCHIVED) and not reason:
        raise Refused("reason", "Say why it is closed or archived, in one line.")
    if len(reason) > 500:
        raise Refused("reason", f"The reason has at most 500 characters; this has {len(reason)}.")
    if status == record.status:
        return record
    _check_status(record, status)
    before = audit.snapshot(record)
    record.status, record.changed_by, record.changed_at = status, by.user, timezone.now()
    archived = Hotspot.Status.ARCHIVED in (record.status, before["status"])
    record.save(update_fields=["status", "changed_by", "changed_at"])
    if archived:
        _tell_rings_near(record)
    HotspotStatus.objects.create(hotspot=record, status=status, reason=reason, changed_by=by.user)
    audit.changed(record, before, by=by, reason=reason)
    return record


def locked(by: Viewer, pk: int) -> Hotspot:
    """The place, whole, locked until the transaction ends. Raises Hotspot.DoesNotExist where it is none to change."""
    found: Hotspot = (
        Hotspot.objects.changeable_by(by)
        .select_for_update(of=("self",))
        .select_related("owner", "changed_by", "area", "ring")
        .get(pk=pk)
    )
    return found


def has_answers(record: Hotspot) -> bool:
    """Whether the equality prompt is answered; the place must be one that is read whole."""
    return all(getattr(record, name) for name in EQUALITY)


def default_baseline(selected_from: date) -> tuple[date, date]:
    """The first and last month of the baseline that goes with a selection: the 24 months before it."""
    return back(selected_from, BASELINE_MONTHS), back(selected_from, 1)


def _draw(record: Hotspot, drawn: Drawn, valid_from: date) -> Boundary:
    """Writes the boundary and the ring, where the place lies and what rings near by leave out; asks for the counts."""
    _check_day(valid_from)
    boundaries.lock()
    before = list(Boundary.objects.filter(area=record.area))
    boundary = boundaries.write(record.area, drawn.shape, valid_from, drawn.source, shown=drawn.shape)
    # Where it lies now and from any later day: an older version than these makes no agency of another area its reader.
    ahead = boundaries.from_day_on(record.area, timezone.localdate())
    record.area_codes = sorted({one.code for row in ahead for one in _touched(boundaries.shape_of(row))})
    if record.ring_m:
        if record.ring is None:
            record.ring = Area.objects.create(kind=Area.Kind.RING, code=_code(Area.Kind.RING), name="A ring")
        boundaries.write_ring(record, drawn.shape, valid_from)
    record.save()
    neighbours = boundaries.redo_rings_near(record, valid_from, before)
    transaction.on_commit(partial(_ask_for_counts, [record, *neighbours]))
    return boundary


def _tell_rings_near(record: Hotspot) -> None:
    """From today the rings near by leave this place out, or no longer: `boundaries.left_out_of_ring` says."""
    boundaries.lock()
    if neighbours := boundaries.redo_rings_near(record, timezone.localdate()):
        transaction.on_commit(partial(_ask_for_counts, neighbours))


def _check_day(valid_from: date) -> None:
    """Nothing is published by map point from before 2010; a plan more than a year ahead is a slip of the pen."""
    latest = timezone.localdate() + timedelta(days=366)
    if not EARLIEST <= valid_from <= latest:
        raise Refused("valid_from", f"The day is from {day_name(EARLIEST)} to {day_name(latest)}, a year from now.")


def _ask_for_counts(records: list[Hotspot]) -> None:
    """Queues the recount of some places and their rings; nothing where the same is waiting already."""
    areas = sorted({pk for one in records for pk in (one.area_id, one.ring_id) if pk})
    # A job that is at work may have read the shapes before the newest of them was there.
    newest = Boundary.objects.filter(area__in=areas).aggregate(Max("pk"))
    jobs.enqueue(
        "recount-places",
        title="Count what was recorded inside new boundaries",
        arguments={"areas": areas},
        unique_key=f"recount-places:{sha256(repr((areas, newest)).encode()).hexdigest()[:32]}",
        by=None,
    )


def _touched(shape: shapely.Geometry) -> list[Area]:
    """The boroughs and wards of today: roles and agreements are narrowed to these, whenever the shape holds from."""
    touched = boundaries.areas_touched(shape, timezone.localdate())
    if not touched:
        raise Refused("shape", "No borough or ward that is loaded lies there. Draw it where figures are loaded.")
    return touched


def _write(record: Hotspot, content: Content) -> None:
    for one in fields(content):
        if one.name not in ("partners", "problems"):
            setattr(record, one.name, getattr(content, one.name))
    record.problems = list(content.problems)
    record.save()
    record.partners.set(content.partners)


def _width(metres: int) -> int:
    if metres and not boundaries.NARROWEST <= metres <= boundaries.WIDEST:
        raise Refused(
            "ring_m",
            f"The ring is {boundaries.NARROWEST} to {boundaries.WIDEST} m wide, or 0 for none: map points are moved by "
            "up to some 100 m, so a narrower one would mean nothing.",
        )
    return metres


def _check_status(record: Hotspot, status: str) -> None:
    """Raises Refused where a place is not ready to be active, or not yet to be closed or archived."""
    if status == Hotspot.Status.ACTIVE and record.kind == Hotspot.Kind.HOTSPOT and not has_answers(record):
        raise Refused("status", "Answer the three equality questions first: work begins with these answers kept.")
    if status in (Hotspot.Status.CLOSED, Hotspot.Status.ARCHIVED):
        going_on = [one.get_phase_display() for one in record.phases.filter(ends=None)]
        if going_on:
            raise Refused(
                "status",
                f"{' and '.join(going_on)} {'is' if len(going_on) == 1 else 'are'} still going on. End "
                f"{'it' if len(going_on) == 1 else 'them'} under Phases first, then "
                f"{_DONE[Hotspot.Status(status)]} the place.",
            )


def _check_lead(content: Content, owner: Agency) -> None:
    """Raises Refused where the lead has no role in the lead agency, in a part of it or in a partner."""
    agencies = Q(agency=owner) | Q(agency__part_of=owner) | Q(agency__in=content.partners)
    if content.lead and not Membership.objects.current().filter(agencies, user=content.lead).exists():
        raise Refused("lead", f"Who leads is somebody of {owner}, of a part of it or of a partner.")


def _checked(content: Content, owner: Agency, by: Viewer) -> Content:
    """The content as it will be kept. Raises Refused at the first thing that is wrong with it."""
    content = replace(_texts(content), partners=tuple(one for one in content.partners if one != owner))
    for name, choices in (
        ("kind", Hotspot.Kind),
        ("identified_by", Hotspot.IdentifiedBy),
        ("marking", Marking),
        ("audience", Hotspot.Audience),
    ):
        if getattr(content, name) not in choices.values:
            raise Refused(name, f"The {name.replace('_', ' ')} is one of: {', '.join(choices.values)}.")
    known = categories.by_slug(categories.POLICE_UK)
    for name, slugs in (("problems", content.problems), ("objective_category", (content.objective_category,))):
        for slug in slugs:
            if slug and slug not in known:
                raise Refused(name, f"“{slug[:60]}” is no type of crime that police.uk publishes.")
    # A group that is one category has two names here.
    content = replace(content, problems=tuple(dict.fromkeys(known[slug].slug for slug in content.problems)))
    content = _periods(content)
    check_readers(by, owner, content.marking, content.audience, "place")
    return content


def _texts(content: Content) -> Content:
    said: dict[str, Any] = {
        name: checked_text(name, getattr(content, name), most, one_line=name in _ONE_LINE)
        for name, most in LONGEST.items()
    }
    if not said["name"]:
        raise Refused("name", "Give it the name that partners use, such as “Hilldene shops”.")
    return replace(content, **said)


def _periods(content: Content) -> Content:
    """Whole months, in order; the default baseline where a selection is said and no baseline."""
    months = {name: getattr(content, name) for name in ("selected_from", "selected_to", "baseline_from", "baseline_to")}
    months = {name: day.replace(day=1) if day else None for name, day in months.items()}
    # Every page of the place goes through its months one by one.
    last_month = timezone.localdate() + timedelta(days=366)
    for name, month in months.items():
        if month and not EARLIEST_MONTH <= month <= last_month:
            raise Refused(name, f"Give a month from {EARLIEST_MONTH.year} to {last_month.year}.")
    if months["selected_from"] and not months["baseline_from"] and not months["baseline_to"]:
        months["baseline_from"], months["baseline_to"] = default_baseline(months["selected_from"])
    for first, last, called in (
        ("selected_from", "selected_to", "selection period"),
        ("baseline_from", "baseline_to", "baseline"),
    ):
        start, end = months[first], months[last]
        if (start is None) != (end is None):
            raise Refused(last if start else first, f"Give both the first and the last month of the {called}, or none.")
        if start and end and end < start:
            raise Refused(last, f"The {called} ends before it begins.")
    said = content.objective_target, content.objective_baseline
    if said != (None, None) and not content.objective_category:
        raise Refused("objective_category", "Say of which type of crime the target is a count.")
    return replace(content, **months)


def _code(kind: str) -> str:
    """A code of an area from which nothing can be told but its kind."""
    return f"{kind}-{secrets.token_hex(5)}"
