"""The audit trail: who did what, and who looked at what. Written here, and never changed.

    audit.created(record, by=user)
    before = audit.snapshot(record); ...; audit.changed(record, before, by=user)
    audit.read(records, by=viewer, how="page")

Each event carries the hash of the one before (`AuditEvent`), so a changed, missing or reordered row is found by
`manage.py verify_audit`. Events of a transaction are written under a lock that is held until it ends: write them last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection, models, transaction
from django.utils import timezone

from partners.models import Agency, ApiKey, AuditEvent, Record, User
from partners.requests import origin
from partners.visibility import Viewer

FIRST_HASH = "0" * 64
# Any number, the same everywhere: whoever writes the next event holds this lock.
_LOCK = 0x6175646974
# Never written down, whatever the model.
_SECRET = frozenset({"password", "secret_hash", "answer", "last_login"})

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
    things = list(about)
    actor, name, agencies = _who(by)
    whose = sorted({*owners, *(owner for thing in things if (owner := _owner(thing)) is not None)})
    came = origin()
    event = AuditEvent(
        at=timezone.now(),
        action=action,
        actor=actor,
        actor_name=name,
        actor_agencies=agencies,
        objects_named=[named(thing) for thing in things],
        owners=whose,
        team_only=any(isinstance(thing, Record) and thing.audience == Record.Audience.TEAM for thing in things),
        before=before,
        after=after,
        reason=reason,
        summary=summary,
        request_id=came.request_id,
        ip_address=came.ip_address,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT number, hash FROM partners_auditevent ORDER BY number DESC LIMIT 1")
        last, previous = cursor.fetchone() or (0, FIRST_HASH)
        event.number, event.previous_hash = last + 1, previous
        event.hash = hash_of(event)
        event.save(force_insert=True)
    return event


def hash_of(event: AuditEvent) -> str:
    """What the event's hash must be: SHA-256 of its fields, in order, and of the hash before it."""
    covered = [
        event.number,
        event.at.isoformat(),
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


def created(thing: models.Model, *, by: Actor, **said: Any) -> AuditEvent:
    """A row was added: all its fields."""
    return write(f"{type_of(thing)}.created", by=by, about=[thing], after=snapshot(thing), **said)


def changed(thing: models.Model, before: dict[str, Any], *, by: Actor, **said: Any) -> AuditEvent | None:
    """A row was changed: the fields that differ from `before`, a `snapshot`. None, and no event, where none does."""
    after = snapshot(thing)
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


def read(records: Sequence[Record], *, by: Actor, how: str, reason: str = "") -> None:
    """Somebody was shown restricted records: one event for those of the team's own eyes, one for the others.

    `how` says where: "page", "list", "csv", "geojson", "calendar", "api", "search". Nothing is written for records
    that are open to everyone.
    """
    restricted = [record for record in records if record.is_restricted]
    for covert in (False, True):
        seen = [one for one in restricted if (one.audience == Record.Audience.TEAM) == covert]
        if seen:
            write(f"{seen[0].TYPE}.read", by=by, about=seen, reason=reason, summary=f"Read ({how})")


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
    return thing.TYPE if isinstance(thing, Record) else str(thing._meta.model_name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str | dict) else str(value)


def _who(by: Actor) -> tuple[str, str, list[int]]:
    if isinstance(by, Viewer):
        by = by.user or by.key
    if isinstance(by, User):
        agencies = by.current_memberships().values_list("agency_id", flat=True).distinct()
        return f"user-{by.pk}", f"{by.full_name} <{by.email}>"[:320], sorted(agencies)
    if isinstance(by, ApiKey):
        return f"key-{by.prefix}", f"{by.name} ({by.prefix})"[:320], [by.agency_id]
    return "server", "The server", []


def _owner(thing: models.Model) -> int | None:
    if isinstance(thing, Agency):
        return thing.pk
    owner = getattr(thing, "owner_id", None)
    return owner if owner is not None else getattr(thing, "agency_id", None)
