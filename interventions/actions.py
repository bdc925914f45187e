"""What people and their systems do to the activity of their agency: `verb_noun(*, by, ...)`, atomic.

Forms and the API call the same functions. ValueError is a sentence for whoever asked; `Refused` names the field too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotspots.models import Area
from interventions.calc.clock import clock
from interventions.models import Intervention
from partners import audit
from partners.actions.rights import check_readers
from partners.models import Agency
from partners.refusals import ChangedMeanwhile, Refused, checked_text
from partners.roles import Marking, Permission
from partners.visibility import Viewer

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MOST_REACHED = 1_000_000
LONGEST = {"title": 150, "place": 200, "contact": 200, "details": 10_000}
# What its reader could take for blank or for something else.
_ONE_LINE = ("title", "place", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a person says about one piece of work. Times carry their zone; None and "" mean not said."""

    kind: str
    title: str
    strand: str
    starts: datetime
    ends: datetime
    wards: tuple[Area, ...]
    status: str = Intervention.Status.PLANNED
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    details: str = ""
    contact: str = ""
    people_reached: int | None = None
    marking: str = Marking.OFFICIAL
    audience: str = Intervention.Audience.AGREEMENTS

    @classmethod
    def of(cls, record: Intervention) -> Content:
        """What a record says now; it must be one that is read whole. One query."""
        said = {one.name: getattr(record, one.name) for one in fields(cls) if one.name != "wards"}
        said |= {name: said[name] or "" for name in ("place", "details", "contact")}
        return cls(**said, wards=tuple(record.wards.order_by("code")))


@transaction.atomic
def add_intervention(*, by: Viewer, owner: Agency, content: Content) -> Intervention:
    """A new record of an agency's. Raises Refused where the content cannot be, or the owner is none to add for."""
    if not by.may(Permission.ADD, agency=owner.pk):
        raise Refused("owner", "You can add activity only for an agency in which you may add records.")
    record = Intervention(owner=owner, created_by=by.user, changed_by=by.user)
    _write(record, _checked(content, owner, by, content.wards))
    audit.created(record, by=by)
    return record


@transaction.atomic
def change_intervention(*, by: Viewer, pk: int, seen: datetime | None, **said: Any) -> Intervention:
    """Changes what is `said` (names of Content) of a record.

    `seen` is its `changed_at` as it was when it was read; None = whatever it is now. Raises Refused as adding does,
    ChangedMeanwhile where somebody saved it since, and Intervention.DoesNotExist where it is none to change.
    """
    record = _locked(by, pk)
    if seen is not None and record.changed_at != seen:
        who = record.changed_by or "Another system"
        raise ChangedMeanwhile(
            "changed_at",
            f"{who} changed this record at {clock(record.changed_at)}, after you opened it. Nothing of yours is saved.",
        )
    before, old = audit.snapshot(record), Content.of(record)
    content = replace(old, **said)
    added = tuple(ward for ward in content.wards if ward not in old.wards)
    checked = _checked(content, record.owner, by, added)
    if checked == old:
        return record
    record.changed_by, record.changed_at = by.user, timezone.now()
    _write(record, checked)
    audit.changed(record, before, by=by)
    return record


def set_status(*, by: Viewer, pk: int, status: str) -> Intervention:
    """Says that a piece of work was done or cancelled, or is planned again. Raises as `change_intervention`."""
    return change_intervention(by=by, pk=pk, seen=None, status=status)


def is_covert(kind: str, status: str) -> bool:
    """Whether such work is for its own team's eyes alone, whatever is asked for: a warrant before it is executed."""
    return kind == Intervention.Kind.WARRANT and status == Intervention.Status.PLANNED


def _locked(by: Viewer, pk: int) -> Intervention:
    found: Intervention = (
        Intervention.objects.changeable_by(by)
        .select_for_update(of=("self",))
        .select_related("owner", "changed_by")
        .get(pk=pk)
    )
    return found


def _write(record: Intervention, content: Content) -> None:
    for one in fields(content):
        if one.name != "wards":
            setattr(record, one.name, getattr(content, one.name))
    boroughs = Area.objects.filter(children__in=content.wards).values_list("code", flat=True)
    record.area_codes = sorted({*boroughs, *(ward.code for ward in content.wards)})
    record.save()
    record.wards.set(content.wards)


def _checked(content: Content, owner: Agency, by: Viewer, new_wards: tuple[Area, ...]) -> Content:
    """The content as it will be kept. Raises Refused at the first thing that is wrong with it."""
    content = _texts(content)
    for name, choices in (
        ("kind", Intervention.Kind),
        ("strand", Intervention.Strand),
        ("status", Intervention.Status),
        ("marking", Marking),
        ("audience", Intervention.Audience),
    ):
        if getattr(content, name) not in choices.values:
            raise Refused(name, f"The {name} is one of: {', '.join(choices.values)}.")
    content = _times(content)
    if content.status == Intervention.Status.DONE and content.starts > timezone.now():
        raise Refused("status", "It has not begun yet, so it cannot be done.")
    _places(content, owner, by, new_wards)
    if content.people_reached is not None and not 0 <= content.people_reached <= MOST_REACHED:
        raise Refused("people_reached", f"The number of people reached is from 0 to {MOST_REACHED:,}.")
    if is_covert(content.kind, content.status):
        content = replace(content, audience=Intervention.Audience.TEAM)
    _readers(content, owner, by)
    return content


def _texts(content: Content) -> Content:
    said: dict[str, Any] = {
        name: checked_text(name, getattr(content, name), most, one_line=name in _ONE_LINE)
        for name, most in LONGEST.items()
    }
    if not said["title"]:
        raise Refused("title", "Say in one line what it is, such as “Evening patrol of the station approach”.")
    return replace(content, **said)


def _times(content: Content) -> Content:
    for name in ("starts", "ends"):
        if not EARLIEST <= getattr(content, name) < LATEST:
            raise Refused(name, "The date is from 2000 to 2099.")
    if content.ends < content.starts:
        raise Refused("ends", "The end is before the start.")
    return replace(content, starts=content.starts.astimezone(UTC), ends=content.ends.astimezone(UTC))


def _places(content: Content, owner: Agency, by: Viewer, new_wards: tuple[Area, ...]) -> None:
    if not content.wards:
        raise Refused("wards", "Choose at least one ward.")
    for ward in new_wards:
        if ward.kind != Area.Kind.WARD:
            raise Refused("wards", f"{ward} is no ward.")
        # A role may be narrowed to a ward, and its agency to the borough that it lies in.
        codes = [ward.code, *([ward.parent.code] if ward.parent else [])]
        if not by.may(Permission.ADD, agency=owner.pk, area=codes):
            raise Refused("wards", f"{ward} is not one of the wards in which you may add activity for {owner}.")
    if (content.longitude is None) != (content.latitude is None):
        raise Refused("longitude", "Give both the latitude and the longitude, or neither.")
    if not (-90 <= (content.latitude or 0) <= 90 and -180 <= (content.longitude or 0) <= 180):
        raise Refused("longitude", "The latitude is from -90 to 90, the longitude from -180 to 180.")


def _readers(content: Content, owner: Agency, by: Viewer) -> None:
    if content.audience == Intervention.Audience.TEAM and owner.pk not in by.agencies(Permission.ADD):
        raise Refused(
            "owner",
            f"Only people of {owner} itself may see this, so only they can add it: a record for the owning team alone, "
            "as a planned warrant always is.",
        )
    check_readers(by, owner, content.marking, content.audience, "record")
