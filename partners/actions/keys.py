"""What people do to API keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_network

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from partners import areas, audit
from partners.models import Agency, ApiKey
from partners.roles import NEEDED_TO_GIVE, PERMISSIONS, Permission, Role, Scope
from partners.visibility import Viewer

LONGEST_DAYS = 366
LONGEST_OVERLAP_DAYS = 30
MOST_NETWORKS = 50


@transaction.atomic
def make_api_key(
    *,
    agency: Agency,
    name: str,
    days: int,
    scopes: Iterable[str] = (Scope.FIGURES,),
    area_codes: Iterable[str] = (),
    networks: Iterable[str] = (),
    by: Viewer | None = None,
) -> tuple[ApiKey, str]:
    """A saved key that is valid for `days` days, and the text `prefix.secret` that can be shown only now.

    `area_codes` and `networks` narrow it; empty = nowhere narrowed. `by` None is whoever runs commands on the server,
    and may give any scope. Raises ValueError (a sentence) for a blank or too long name, scopes that do not go together,
    areas beyond those of the maker's role, networks that are none, and unless 1 <= days <= 366; PermissionDenied, also
    where the key would hold more than its maker.
    """
    _check_may(by, agency)
    scopes, area_codes = checked_scopes(scopes), sorted(set(area_codes))
    check_gives(by, agency, scopes)
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise ValueError("Give the key a name of at most 100 characters, for example the system that will use it.")
    _check_days(days)
    if agency.left_at:
        raise ValueError(f"{agency} has left the partnership.")
    _check_areas(by, agency, scopes, area_codes)
    return _made(
        by,
        agency=agency,
        name=name,
        scopes=scopes,
        area_codes=area_codes,
        networks=checked_networks(networks),
        expires=timezone.now() + timedelta(days=days),
    )


@transaction.atomic
def rotate_api_key(*, key: ApiKey, days: int, overlap_days: int, by: Viewer) -> tuple[ApiKey, str]:
    """A new key of the same name and rights in place of this one, which ends `overlap_days` from now, or when it would.

    Raises ValueError (a sentence) where the key has ended or was replaced, and unless 1 <= days <= 366 and
    0 <= overlap_days <= 30; PermissionDenied and ValueError as `make_api_key`, as the secret is a new person's to read.
    """
    _check_may(by, key.agency)
    check_gives(by, key.agency, key.scopes)
    key = ApiKey.objects.select_for_update(of=["self"]).select_related("agency").get(pk=key.pk)
    if not key.is_live:
        raise ValueError("This key has ended: make a new one.")
    if ApiKey.objects.filter(replaces=key).exists():
        raise ValueError("This key was replaced already.")
    _check_days(days)
    if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS:
        raise ValueError(f"The old key can work for 0 to {LONGEST_OVERLAP_DAYS} more days, not {overlap_days}.")
    _check_areas(by, key.agency, key.scopes, key.area_codes)
    now = timezone.now()
    before = audit.snapshot(key)
    key.expires = min(key.expires, now + timedelta(days=overlap_days))
    key.save(update_fields=["expires"])
    made = _made(
        by,
        agency=key.agency,
        name=key.name,
        scopes=key.scopes,
        area_codes=key.area_codes,
        networks=key.networks,
        expires=now + timedelta(days=days),
        replaces=key,
    )
    audit.changed(key, before, by=by, summary="The API key was replaced by a new one.")
    return made


@transaction.atomic
def revoke_api_key(*, key: ApiKey, by: Viewer) -> None:
    """Ends a key at once. Raises ValueError (a sentence) where it has ended already; PermissionDenied."""
    _check_may(by, key.agency)
    key = ApiKey.objects.select_for_update(of=["self"]).select_related("agency").get(pk=key.pk)
    if not key.is_live:
        raise ValueError("This key has ended already.")
    before = audit.snapshot(key)
    key.revoked_at, key.revoked_by = timezone.now(), by.user
    key.save(update_fields=["revoked_at", "revoked_by"])
    audit.changed(key, before, by=by)


def scopes_to_give(by: Viewer | None, agency: Agency) -> list[Scope]:
    """What somebody who keeps an agency's keys may let them do: no more than the person may do there.

    As a member of that very agency: a key of a part reads what is the part's alone, as the whole's people do not.
    """
    return [
        scope
        for scope in Scope
        if by is None or scope not in NEEDED_TO_GIVE or agency.pk in by.agencies(NEEDED_TO_GIVE[scope])
    ]


def who_gives(scope: Scope, agency: Agency) -> str:
    """Who may give an agency's key this scope, as a sentence."""
    needed = NEEDED_TO_GIVE[scope]
    roles = [role.label for role in Role if needed in PERMISSIONS[role]]
    is_also = f" who is also its {', '.join(roles[:-1])} or {roles[-1]}"
    who = "" if needed in PERMISSIONS[Role.ADMINISTRATOR] else is_also
    return f"“{scope.label}” is given by an administrator of {agency} itself{who}."


def check_gives(by: Viewer | None, agency: Agency, scopes: Iterable[str]) -> None:
    """Raises PermissionDenied (a sentence) where a key with these scopes would hold more than its maker."""
    allowed = scopes_to_give(by, agency)
    if beyond := [Scope(scope) for scope in scopes if scope not in allowed]:
        raise PermissionDenied(f"A key never holds more than who makes it. {who_gives(beyond[-1], agency)}")


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """Scopes in their order. Raises ValueError (a sentence) for none, and for some that do not go together."""
    chosen = set(scopes)
    if not chosen:
        raise ValueError("Choose what the key may do.")
    if unknown := chosen.difference(Scope.values):
        raise ValueError(f"There is no scope {min(unknown)}. Known are: {', '.join(Scope.values)}.")
    if chosen & {Scope.SENSITIVE, Scope.WRITE} and Scope.RECORDS not in chosen:
        raise ValueError(f"A key with the scope {max(chosen & {Scope.SENSITIVE, Scope.WRITE})} needs records as well.")
    if Scope.PUBLIC in chosen and len(chosen) > 1:
        raise ValueError("A key for publication reads nothing else: make another key for the rest.")
    return [scope.value for scope in Scope if scope in chosen]


def checked_networks(networks: Iterable[str]) -> list[str]:
    """Networks as they are written, such as 192.0.2.0/24 and 2001:db8::/32. Raises ValueError (a sentence)."""
    written: list[str] = []
    for text in filter(None, map(str.strip, networks)):
        try:
            network = str(ip_network(text))
        except ValueError:
            shown = text if len(text) <= 50 else f"{text[:50]}..."
            raise ValueError(
                f"“{shown}” is not a network. Write it like 192.0.2.0/24, 2001:db8::/32, or one address 192.0.2.7."
            ) from None
        if network not in written:
            written.append(network)
    if len(written) > MOST_NETWORKS:
        raise ValueError(f"Give at most {MOST_NETWORKS} networks.")
    return written


def _made(by: Viewer | None, **fields: object) -> tuple[ApiKey, str]:
    prefix, secret, secret_hash = ApiKey.new_secret()
    key = ApiKey.objects.create(prefix=prefix, secret_hash=secret_hash, made_by=by.user if by else None, **fields)
    audit.created(key, by=by)
    return key, f"{prefix}.{secret}"


def _check_may(by: Viewer | None, agency: Agency) -> None:
    if by is not None and not by.may(Permission.MANAGE_KEYS, agency=agency.pk):
        raise PermissionDenied(f"Keys of {agency} are kept by its administrators.")


def _check_areas(by: Viewer | None, agency: Agency, scopes: Iterable[str], area_codes: Iterable[str]) -> None:
    """Raises ValueError (a sentence) where a key would read where its maker does not."""
    if by is None:
        return
    for needed in {NEEDED_TO_GIVE[Scope(scope)] for scope in scopes if scope in NEEDED_TO_GIVE}:
        narrowed = [one.areas for one in by.standings if one.agency == agency.pk and needed in one.permissions]
        mine = frozenset[str]().union(*narrowed)
        if all(narrowed) and not (set(area_codes) and areas.with_wards(mine).issuperset(area_codes)):
            named = ", ".join(areas.names(sorted(mine)))
            raise ValueError(
                f"A key never holds more than who makes it. Your role here is narrowed to {named}: narrow the key to "
                "areas within."
            )


def _check_days(days: int) -> None:
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A key is valid for 1 to {LONGEST_DAYS} days, not {days}.")
