"""API keys as pages show them: plain rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from partners import areas
from partners.models import ApiKey
from partners.roles import Permission, Scope
from partners.visibility import Viewer

# A key that ends within so many days wants replacing; of so few, it is urgent.
SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """One key. `ended` says how, "" while it works; `ends_soon` is "ends in 6 days", "" where there is time."""

    pk: int
    name: str
    prefix: str
    scopes: list[str]
    areas: list[str]
    networks: list[str]
    made_at: datetime
    made_by: str
    last_used: datetime | None
    ends: datetime
    ended: str
    ends_soon: str
    urgent: bool
    replaced: bool
    may_rotate: bool


def groups(keys: Iterable[ApiKey], given: Collection[str]) -> dict[str, list[Row]]:
    """{"live": the next to end first, "ended": the last made first}. Two queries, however many keys.

    `given` are the scopes that the reader may give: with others, a key is not the reader's to rotate.
    """
    every = list(keys)
    named = _names(code for key in every for code in key.area_codes)
    rows = [_row(key, named, given) for key in every]
    return {
        "live": sorted((one for one in rows if not one.ended), key=lambda one: one.ends),
        "ended": [one for one in rows if one.ended],
    }


def ending_soon(viewer: Viewer) -> list[tuple[ApiKey, str]]:
    """Keys that somebody keeps, that end within a month and have no successor, next first, and when. One query.

    Of the own agencies, without their parts; to administrators of the partnership, of all.
    """
    if not viewer.may(Permission.MANAGE_KEYS):
        return []
    found = ApiKey.objects.live(viewer.now).filter(expires__lte=viewer.now + SOON, replaced_by=None)
    if not viewer.may(Permission.MANAGE_AGENCIES):
        found = found.filter(agency__in=viewer.agencies(Permission.MANAGE_KEYS))
    return [
        (key, ends_soon(key.expires, viewer.now)) for key in found.select_related("agency").order_by("expires", "pk")
    ]


def row(key: ApiKey, given: Collection[str]) -> Row:
    """One key's row, as `groups`."""
    return _row(key, _names(key.area_codes), given)


def ends_soon(ends: datetime, now: datetime) -> str:
    """ "ends in 6 days"; "" where there is more than a month."""
    if ends - now > SOON:
        return ""
    days = (timezone.localdate(ends) - timezone.localdate(now)).days
    return {0: "ends today", 1: "ends tomorrow"}.get(days, f"ends in {days} days")


def _names(codes: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(codes))
    return dict(zip(wanted, areas.names(wanted), strict=True))


def _row(key: ApiKey, named: dict[str, str], given: Collection[str]) -> Row:
    now = timezone.now()
    replaced: Any = getattr(key, "replaced_by", None)
    return Row(
        pk=key.pk,
        name=key.name,
        prefix=key.prefix,
        scopes=[str(Scope(scope).label) for scope in key.scopes],
        areas=[named[code] for code in key.area_codes],
        networks=key.networks,
        made_at=key.made_at,
        made_by=str(key.made_by or "the server's operator"),
        last_used=key.last_used,
        ends=key.revoked_at or key.expires,
        ended="" if key.is_live else _how_ended(key),
        ends_soon="" if not key.is_live or replaced else ends_soon(key.expires, now),
        urgent=key.expires - now <= VERY_SOON,
        replaced=replaced is not None,
        may_rotate=replaced is None and set(key.scopes).issubset(given),
    )


def _how_ended(key: ApiKey) -> str:
    if key.revoked_at:
        return f"Revoked by {key.revoked_by}"
    if key.expires <= timezone.now():
        return "Replaced" if getattr(key, "replaced_by", None) else "Expired"
    return "Its agency has left"
