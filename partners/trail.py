"""Reads of the audit trail: which events somebody may know of, and what of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from partners import audit
from partners.models import Agency, AuditEvent, Record, User, record_types
from partners.roles import Permission
from partners.visibility import NOTHING, Viewer

# Everybody may know what these hold.
_OPEN_TYPES = frozenset({"area", "importrun"})


def may_read(viewer: Viewer) -> bool:
    """Whether somebody may open the audit page at all."""
    return viewer.may(Permission.READ_AUDIT)


def visible_to(viewer: Viewer) -> QuerySet[AuditEvent]:
    """The events that concern the reader's agencies and their parts; for partnership administrators those of all.

    What is about covert records: only for members of the very agency that owns them. Nothing while looking as
    somebody else.
    """
    if not may_read(viewer):
        return AuditEvent.objects.none()
    theirs = Q() if _everywhere(viewer) else _concerns(_own(viewer))
    covert = Q(team_only=True, owners__overlap=sorted(viewer.agencies(Permission.READ_AUDIT)))
    return AuditEvent.objects.filter(theirs & Q(team_only=False) | covert).order_by("-number")


def may_see_inside(viewer: Viewer, event: AuditEvent) -> bool:
    """Whether the reader sees what an event says beside who, what and when: reason, values before and after.

    Of records only people of the owner who see all of its records: an event does not know how they were marked.
    """
    types = {name.partition(":")[0] for name in event.objects_named}
    owners = set(event.owners)
    if types & set(record_types()):
        return bool(owners) and owners <= _content(viewer, covert=event.team_only)
    if owners and owners & _own(viewer):
        return True
    if "breakglass" in types:
        return False
    return types <= _OPEN_TYPES or _everywhere(viewer)


def of_record(viewer: Viewer, kind: str, pk: int) -> QuerySet[AuditEvent] | None:
    """Who read or changed a record, newest first; None where the reader sees no such record of the own agency."""
    model = record_types().get(kind)
    record = model.objects.visible_to(viewer).filter(pk=pk).only("pk", "owner").first() if model else None
    if record is None or not is_own(viewer, record):
        return None
    return AuditEvent.objects.filter(objects_named__contains=[audit.named(record)]).order_by("-number")


def names_of(things: set[str]) -> dict[str, str]:
    """ "user:7" -> "Ana Lyst", of people and agencies that are still there. Two queries, however many there are."""
    numbers: dict[str, list[int]] = {"user": [], "agency": []}
    for thing in things:
        kind, _, pk = thing.partition(":")
        if kind in numbers and pk.isdecimal():
            numbers[kind].append(int(pk))
    found = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=numbers["user"])}
    return found | {f"agency:{agency.pk}": agency.name for agency in Agency.objects.filter(pk__in=numbers["agency"])}


def is_own(viewer: Viewer, record: Record) -> bool:
    """Whether the reader is of the agency that a record belongs to, or of one that it is a part of."""
    return record.owner_id in viewer.agencies_with_parts(Permission.SEE)


def _everywhere(viewer: Viewer) -> bool:
    return viewer.may(Permission.MANAGE_AGENCIES)


def _own(viewer: Viewer) -> frozenset[int]:
    return viewer.agencies_with_parts(Permission.READ_AUDIT)


def _concerns(agencies: frozenset[int]) -> Q:
    whose = sorted(agencies)
    return Q(owners__overlap=whose) | Q(actor_agencies__overlap=whose) if whose else NOTHING


def _content(viewer: Viewer, *, covert: bool) -> frozenset[int]:
    """The agencies all of whose records the reader sees: by a role up to OFFICIAL-SENSITIVE that no areas narrow."""
    whole = [
        standing.agency
        for standing in viewer.standings
        if Permission.SEE_SENSITIVE in standing.permissions and not standing.areas
    ]
    return frozenset(whole if covert else (part for agency in whole for part in viewer.parts_of(agency)))
