"""The audit trail: who did what, and who looked at what. Written here, and never changed.

    audit.created(record, by=user)
    before = audit.snapshot(record); ...; audit.changed(record, before, by=user)
    audit.read(records, by=viewer, how="page")

Each event carries the hash of the one before (`AuditEvent`), so a changed, missing or reordered row is found by
`manage.py verify_audit`. An event is written in the transaction of what it tells, so neither stays without the other.
The next event waits for that transaction to end: write events last, and only short work after them. The database
itself refuses to change or remove an event, and to add one that does not follow the last (`migrations/0003`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from enum import Enum
from ipaddress import AddressValueError, IPv6Address, ip_address
from typing import Any

import orjson
from django.db import connection, models, transaction
from django.utils import timezone

from partners.models import Agency, ApiKey, AuditEvent, Record, User
from partners.requests import origin
from partners.visibility import Viewer

FIRST_HASH = "0" * 64
# Any number, the same everywhere and in `migrations/0003`: whoever writes the next event holds this lock.
_LOCK = 0x6175646974
_LARGEST_NUMBER = 2**63
# Never written down, whatever the model.
_SECRET = frozenset({"password", "secret", "secret_hash", "last_login"})

Actor = User | ApiKey | Viewer | None


def write(
    action: str,
    *,
    by: Actor,
    about: Iterable[models.Model] = (),
    owners: Iterable[int] = (),
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    summary: str = "",
) -> AuditEvent:
    """One event, in the transaction at hand. `by` None is the server, or nobody who is known.

    `about` are the things it is about; their owners are added to `owners`. `summary` must hold nothing restricted.
    """
    event = _event(action, _who(by), list(about), owners, before, after, reason, summary)
    _append([event])
    return event


def _event(
    action: str,
    by: tuple[str, str, list[int]],
    things: list[models.Model],
    owners: Iterable[int] = (),
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    summary: str = "",
) -> AuditEvent:
    """An event that has its place in the chain still to get."""
    actor, name, agencies = by
    whose = sorted({*owners, *(owner for thing in things for owner in _owners(thing))})
    came = origin()
    return AuditEvent(
        at=timezone.now(),
        action=action,
        actor=actor,
        actor_name=_text(name)[:320],
        actor_agencies=agencies,
        objects_named=[named(thing) for thing in things],
        owners=whose,
        team_only=any(_is_covert(thing) for thing in things),
        before=_plain(before),
        after=_plain(after),
        reason=_text(reason)[:500],
        summary=_text(summary)[:300],
        request_id=came.request_id,
        ip_address=_address(came.ip_address),
    )


def _is_covert(thing: models.Model) -> bool:
    """Whether it is for its owning team alone, or says that it belongs to such a record."""
    if isinstance(thing, Record):
        return thing.audience == Record.Audience.TEAM
    return bool(getattr(thing, "is_covert", False))


def _append(events: Sequence[AuditEvent]) -> None:
    """Puts events at the end of the chain. Three queries, however many there are."""
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SELECT number, hash FROM partners_auditevent ORDER BY number DESC LIMIT 1")
            number, previous = cursor.fetchone() or (0, FIRST_HASH)
        for event in events:
            event.number, event.previous_hash = number + 1, previous
            event.hash = hash_of(event)
            number, previous = event.number, event.hash
        AuditEvent.objects.bulk_create(events)


def hash_of(event: AuditEvent) -> str:
    """What the event's hash must be: SHA-256 of its fields, in order, and of the hash before it.

    The same for an event that was just made and for one read from the database: `write` keeps plain values only.
    """
    covered = [
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.action,
        event.actor,
        event.actor_name,
        list(event.actor_agencies),
        list(event.objects_named),
        list(event.owners),
        event.team_only,
        event.before,
        event.after,
        event.reason,
        event.summary,
        event.request_id,
        str(event.ip_address or ""),
        event.previous_hash,
    ]
    return hashlib.sha256(orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)).hexdigest()


def created(thing: models.Model, *, by: Actor, more: dict[str, Any] | None = None, **said: Any) -> AuditEvent:
    """A row was added: all its fields, and `more` that belongs to it."""
    return write(f"{type_of(thing)}.created", by=by, about=[thing], after=snapshot(thing) | (more or {}), **said)


def changed(
    thing: models.Model, before: dict[str, Any], *, by: Actor, more: dict[str, Any] | None = None, **said: Any
) -> AuditEvent | None:
    """A row was changed: the fields that differ from `before`, a `snapshot` with what belongs to it, as `more` is now.

    None, and no event, where none does.
    """
    after = snapshot(thing) | (more or {})
    differing = sorted(name for name in after if after[name] != before.get(name))
    if not differing:
        return None
    return write(
        f"{type_of(thing)}.changed",
        by=by,
        about=[thing],
        before={name: before.get(name) for name in differing},
        after={name: after[name] for name in differing},
        **said,
    )


def deleted(thing: models.Model, *, by: Actor, **said: Any) -> AuditEvent:
    """A row is about to be removed: all its fields. Call it before, while the row has its number."""
    return write(f"{type_of(thing)}.deleted", by=by, about=[thing], before=snapshot(thing), **said)


def read(records: Iterable[Record], *, by: Actor, how: str, reason: str = "") -> None:
    """Somebody was shown restricted records: one event for each agency that owns some of them.

    Call it once for all that an answer shows. `how` says where: "page", "list", "csv", "geojson", "calendar", "api",
    "search". Nothing is written for records that are open to everyone. What is for the team's own eyes has an event of
    its own, so that nobody else learns of it.
    """
    seen: dict[tuple[str, int, bool], list[models.Model]] = defaultdict(list)
    for record in records:
        if record.is_restricted:
            seen[record.type, record.owner_id, record.audience == Record.Audience.TEAM].append(record)
    if not seen:
        return
    as_whom = by.looking_as if isinstance(by, Viewer) else None
    summary = f"Read ({how})" + (f", looking as {', '.join(as_whom.agency_names) or 'nobody'}" if as_whom else "")
    who = _who(by)
    _append(
        [_event(f"{kind}.read", who, things, reason=reason, summary=summary) for (kind, _, _), things in seen.items()]
    )


def snapshot(thing: models.Model) -> dict[str, Any]:
    """The row's fields as plain values that JSON keeps exactly. Many-to-many fields as sorted ids; no secrets."""
    values = {
        field.attname: _plain(getattr(thing, field.attname))
        for field in thing._meta.concrete_fields
        if field.name not in _SECRET
    }
    for field in thing._meta.many_to_many:
        through = field.remote_field.through
        if through and through._meta.auto_created:
            values[field.name] = sorted(getattr(thing, field.name).order_by().values_list("pk", flat=True))
    return values


def named(thing: models.Model) -> str:
    """ "intervention:12": how events name a thing."""
    return f"{type_of(thing)}:{thing.pk}"


def type_of(thing: models.Model) -> str:
    """A record's TYPE; of other rows, the model's name."""
    return thing.type if isinstance(thing, Record) else str(thing._meta.model_name)


def _plain(value: Any) -> Any:
    """The value as JSON that PostgreSQL gives back exactly: what is no whole number, truth or list is text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, int):
        return int(value) if -_LARGEST_NUMBER <= value < _LARGEST_NUMBER else str(int(value))
    if isinstance(value, float):
        return repr(float(value))  # jsonb would make 1e16 a whole number, and refuses NaN
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {_text(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(one) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return _text(value if isinstance(value, str) else str(value))


def _text(text: str) -> str:
    """Text that PostgreSQL stores: no NUL, no half characters."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


def _address(text: str | None) -> str | None:
    """An address as PostgreSQL gives it back; None for what is none, such as the name of a socket."""
    try:
        address = ip_address((text or "").split("%")[0])
    except (AddressValueError, ValueError):
        return None
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(inner or address)


def _who(by: Actor) -> tuple[str, str, list[int]]:
    agencies = None
    if isinstance(by, Viewer):
        agencies = sorted(by.agencies())
        by = by.user or by.key
    if isinstance(by, User):
        if agencies is None:
            agencies = _agencies_of(by)
        return f"user-{by.pk}", f"{by.full_name} <{by.email}>", agencies
    if isinstance(by, ApiKey):
        return f"key-{by.prefix}", f"{by.name} ({by.prefix})", [by.agency_id]
    if origin().request_id:
        return "nobody", "Somebody who is not signed in", []
    return "server", "The server", []


def _owners(thing: models.Model) -> list[int]:
    """The agencies that a thing belongs to, or that a person is in."""
    if isinstance(thing, Agency):
        return [thing.pk]
    if isinstance(thing, User):
        return _agencies_of(thing)
    owner = getattr(thing, "owner_id", None) or getattr(thing, "agency_id", None)
    return [] if owner is None else [owner]


def _agencies_of(user: User) -> list[int]:
    return sorted(user.current_memberships().values_list("agency_id", flat=True).distinct())
