"""The partnership's agencies and their people, as the pages show them: plain rows, each page in a few queries.

Everybody who signs in sees which agencies there are. People, invitations and keys are for those who manage them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partners import areas
from partners.actions.rights import keeps_parts
from partners.models import Agency, Invitation, Membership, User
from partners.roles import Permission, Role
from partners.visibility import Viewer

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency in the tree: `depth` 0 is not part of another. `people` is None where the reader may not know."""

    pk: int
    name: str
    kind: str
    areas: str
    depth: int
    people: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One role of one person in an agency. `areas` is "" where the role is not narrowed."""

    membership: int
    user: int
    name: str
    email: str
    role: str
    areas: str
    second_factor: bool
    last_sign_in: datetime | None
    is_me: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation that nobody accepted yet. `sent` is None where no mail server took the mail."""

    pk: int
    email: str
    role: str
    areas: str
    sent: datetime | None
    expires: datetime
    expired: bool


@dataclass(frozen=True)
class AgencyPage:
    """One agency. `may_manage`: the reader looks after its people; `may_change`: after the agency itself."""

    agency: Agency
    areas: str
    wholes: list[Agency]
    parts: list[Agency]
    may_manage: bool
    may_change: bool
    is_member: bool
    invitations: list[InvitationRow] = field(default_factory=list)
    # Names of those whom its own people can ask; of no interest to others.
    administrators: list[str] = field(default_factory=list)


def tree(viewer: Viewer) -> list[AgencyRow]:
    """The agencies of the partnership, each followed by its parts, by name. Two queries and the areas'."""
    named = area_names()
    count = Count(
        "memberships__user",
        filter=Q(memberships__ended_at=None, memberships__user__is_active=True),
        distinct=True,
    )
    of_whole: dict[int | None, list[Agency]] = defaultdict(list)
    found = {agency.pk: agency for agency in Agency.objects.filter(left_at=None).annotate(people=count)}
    for agency in found.values():
        of_whole[agency.part_of_id if agency.part_of_id in found else None].append(agency)
    own = viewer.agencies()

    def rows(whole: int | None, depth: int) -> Iterable[AgencyRow]:
        for agency in of_whole[whole]:
            known = viewer.may(Permission.MANAGE_PEOPLE, agency=agency.pk)
            yield AgencyRow(
                agency.pk,
                agency.name,
                agency.get_kind_display(),
                in_words(agency.area_codes, named),
                depth,
                agency.people if known else None,  # type: ignore[attr-defined]
                agency.pk in own,
            )
            yield from rows(agency.pk, depth + 1)

    return list(rows(None, 0))


def those_that_left(viewer: Viewer) -> list[Agency]:
    """Agencies that left, newest first, for partnership administrators; else none."""
    if not viewer.may(Permission.MANAGE_AGENCIES):
        return []
    return list(Agency.objects.exclude(left_at=None).order_by("-left_at", "name"))


def agency_page(viewer: Viewer, pk: int) -> AgencyPage | None:
    """One agency; None where there is none, or it left and the reader does not look after the partnership."""
    agency = Agency.objects.select_related("part_of", "left_by").filter(pk=pk).first()
    if agency is None or (agency.left_at and not viewer.may(Permission.MANAGE_AGENCIES)):
        return None
    named = area_names()
    may_manage = not agency.left_at and viewer.may(Permission.MANAGE_PEOPLE, agency=pk)
    is_member = bool(viewer.agencies() & set(viewer.wholes_of(pk)))
    wholes = {one.pk: one for one in Agency.objects.filter(pk__in=viewer.wholes_of(pk)[1:], left_at=None)}
    return AgencyPage(
        agency=agency,
        areas=in_words(agency.area_codes, named),
        wholes=[wholes[one] for one in reversed(viewer.wholes_of(pk)) if one in wholes],
        parts=list(Agency.objects.filter(part_of=agency, left_at=None)),
        may_manage=may_manage,
        may_change=keeps_parts(viewer, agency.part_of_id),
        is_member=is_member,
        invitations=_invitations(agency, named) if may_manage else [],
        administrators=_administrators(viewer.wholes_of(pk)) if is_member and not may_manage else [],
    )


def roles_in(agency: Agency) -> QuerySet[Membership]:
    """The roles that people have in an agency now, by name, for `person_rows`."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=_FACTORS)
    found = Membership.objects.current().filter(agency=agency).select_related("user")
    return found.annotate(second_factor=Exists(factors)).order_by("user__full_name", "user", "role")


def person_rows(memberships: Iterable[Membership], me: User | None) -> list[PersonRow]:
    """`roles_in` as the page shows it."""
    named = area_names()
    return [
        PersonRow(
            one.pk,
            one.user_id,
            str(one.user),
            one.user.email,
            one.get_role_display(),
            in_words(one.area_codes, named) if one.area_codes else "",
            one.second_factor,  # type: ignore[attr-defined]
            one.user.last_login,
            one.user == me,
        )
        for one in memberships
    ]


def people(words: str = "") -> QuerySet[User]:
    """Everybody with an account, by name; with words, those whose name or address holds all of them."""
    found = User.objects.order_by("full_name", "pk").prefetch_related("memberships__agency")
    for word in words.split()[:5]:
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    return found


def roles_of(user: User) -> list[str]:
    """The roles of a person read by `people`: "Analyst, Havering Council"."""
    current = [one for one in user.memberships.all() if one.ended_at is None and one.agency.left_at is None]
    return sorted(f"{one.agency}: {one.get_role_display()}" for one in current) if user.is_active else []


def area_names() -> dict[str, str]:
    """Code -> name of the areas in force. One query."""
    return {choice.code: choice.name for choice in areas.choices()}


def in_words(codes: Iterable[str], named: dict[str, str]) -> str:
    """ "everywhere", or the areas by name."""
    return ", ".join(named.get(code, code) for code in codes) or "everywhere"


def _invitations(agency: Agency, named: dict[str, str]) -> list[InvitationRow]:
    now = timezone.now()
    return [
        InvitationRow(
            one.pk,
            one.email,
            one.get_role_display(),
            in_words(one.area_codes, named) if one.area_codes else "",
            one.sent,
            one.expires,
            one.expires <= now,
        )
        for one in Invitation.objects.waiting().filter(agency=agency).order_by("email", "role")
    ]


def _administrators(agencies: Iterable[int]) -> list[str]:
    found = Membership.objects.current().filter(agency__in=agencies, role=Role.ADMINISTRATOR).select_related("user")
    return list(dict.fromkeys(str(one.user) for one in found.order_by("user__full_name")))
