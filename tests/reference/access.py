"""Who sees which records and which parts of them, recomputed one record at a time from the rules' text.

Shares no code with the product: roles, markings and what they mean are written down again here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MARKINGS = ["open", "official", "official-sensitive"]
# The most sensitive marking that a role sees; None = no records.
CEILING = {
    "viewer": "official",
    "contributor": "official",
    "analyst": "official-sensitive",
    "snt-lead": "official-sensitive",
    "manager": "official-sensitive",
    "administrator": "official",
    "partnership": None,
}
PARTS = {
    "intervention": {"place", "details", "contact", "people_reached"},
    "ward-team": {"in_post", "abstracted"},
    "hotspot": {"reasons", "equality", "documents", "gates"},
    "candidate-set": set(),
}


@dataclass(frozen=True)
class Post:
    """What a reader is in one agency."""

    agency: Any
    ceiling: str | None
    areas: frozenset[str]
    breaks_glass: bool = False


@dataclass
class World:
    """Everything the rules speak of, as rows with attributes. `parties` are those of all agreements."""

    agencies: dict[int, Any]
    agreements: list[Any]
    parties: list[Any]
    glasses: list[Any] = field(default_factory=list)


def posts_of_person(person: Any, memberships: Iterable[Any], world: World) -> list[Post]:
    """The roles that have not ended, in agencies that have not left; none of a person who may not sign in."""
    found = []
    for membership in memberships:
        agency = world.agencies[membership.agency_id]
        if membership.user_id == person.pk and person.is_active and not membership.ended_at and not agency.left_at:
            role = membership.role
            found.append(Post(agency, CEILING[role], frozenset(membership.area_codes), role == "manager"))
    return found


def posts_of_key(key: Any, world: World, moment: datetime) -> list[Post]:
    """One post while the key lives: its scopes say how much it reads."""
    agency = world.agencies[key.agency_id]
    if key.revoked_at or key.expires <= moment or agency.left_at:
        return []
    ceiling = None
    if "records" in key.scopes:
        ceiling = "official"
    if "records-sensitive" in key.scopes:
        ceiling = "official-sensitive"
    return [Post(agency, ceiling, frozenset(key.area_codes))]


def shown_to(
    posts: list[Post], record: Any, world: World, moment: datetime, person: Any = None
) -> frozenset[str] | None:
    """The parts of a record that somebody is shown; None where the record does not exist for them."""
    shown: set[str] | None = None
    for post in posts:
        parts = _through(post, record, world, moment, person)
        if parts is not None:
            shown = parts | (shown or set())
    return None if shown is None else frozenset(shown)


def shown_to_both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """What somebody is shown who looks as somebody else."""
    return None if one is None or other is None else one & other


def _through(post: Post, record: Any, world: World, moment: datetime, person: Any) -> set[str] | None:
    everything = PARTS[record.TYPE]
    if post.ceiling is None or MARKINGS.index(record.marking) > MARKINGS.index(post.ceiling):
        return None
    if post.areas and not post.areas & set(record.area_codes):
        return None
    if record.owner_id == post.agency.pk:
        return set(everything)
    if record.audience == "team":
        return None
    if post.agency.pk in _upwards(record.owner_id, world):
        return set(everything)
    if record.audience == "everyone" and record.marking == "open":
        return set(everything)
    if record.audience != "agreements" or world.agencies[record.owner_id].left_at:
        return None
    shown: set[str] | None = None
    for agreement in world.agreements:
        if _gives(agreement, post, record, world, moment):
            kept_back = {name.split(".")[1] for name in agreement.withheld_fields if name.startswith(f"{record.TYPE}.")}
            shown = (shown or set()) | (everything - kept_back)
    if shown is not None and post.breaks_glass and person is not None:
        for glass in world.glasses:
            about_it = (glass.record_type, glass.record_id) == (record.TYPE, record.pk)
            if about_it and glass.opened_by_id == person.pk and glass.opened_at <= moment < glass.expires:
                return set(everything)
    return shown


def _gives(agreement: Any, post: Post, record: Any, world: World, moment: datetime) -> bool:
    if agreement.status != "in-force" or not agreement.valid_from <= moment < agreement.valid_until:
        return False
    if record.TYPE not in agreement.record_types:
        return False
    if MARKINGS.index(record.marking) > MARKINGS.index(agreement.highest_marking):
        return False
    if agreement.area_codes and not set(agreement.area_codes) & set(record.area_codes):
        return False
    parties = [
        party
        for party in world.parties
        if party.agreement_id == agreement.pk and not world.agencies[party.agency_id].left_at
    ]
    for receiver in parties:
        for giver in parties:
            if (
                receiver.receives
                and giver.gives
                and receiver.agency_id != giver.agency_id
                and receiver.agency_id in _upwards(post.agency.pk, world)
                and giver.agency_id in _upwards(record.owner_id, world)
            ):
                return True
    return False


def _upwards(agency: int, world: World) -> list[int]:
    """An agency, what it is a part of, what that is a part of, and so on."""
    found = [agency]
    while (whole := world.agencies[found[-1]].part_of_id) and whole not in found:
        found.append(whole)
    return found
