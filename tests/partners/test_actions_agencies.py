"""Agencies join, change, leave and come back: by whom, and what ends with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners.actions import agencies as actions
from partners.actions.invitations import invite_person
from partners.actions.keys import make_api_key
from partners.models import (
    Agency,
    AgreementParty,
    ApiKey,
    AuditEvent,
    Invitation,
    Membership,
    Role,
    SharingAgreement,
    User,
)
from partners.visibility import Viewer
from tests.partners.people import acting, agency, member, role_of

pytestmark = pytest.mark.django_db
REASON = "It merged with its neighbour in April."


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def chief(council: Agency) -> User:
    """A partnership administrator."""
    return member(council, Role.PARTNERSHIP, "chief@example.org")


@pytest.fixture
def licensing(council: Agency) -> Agency:
    return agency("Havering Licensing", part_of=council, kind=Agency.Kind.COUNCIL_LICENSING)


def terms(of: Agency, **other: object) -> dict[str, Any]:
    return {"name": of.name, "kind": of.kind, "part_of": of.part_of, "area_codes": of.area_codes, **other}


def test_a_partnership_administrator_adds_any_agency(chief: User) -> None:
    made = actions.add_agency(by=acting(chief), name="  British  Transport Police ", kind="transport-police")
    assert (made.name, made.part_of, made.area_codes) == ("British Transport Police", None, [])
    event = AuditEvent.objects.get(action="agency.created")
    assert (event.actor, (event.after or {})["name"]) == (f"user-{chief.pk}", "British Transport Police")


def test_an_agency_administrator_adds_and_changes_parts_of_the_own_agency_only(
    council: Agency, licensing: Agency
) -> None:
    by = acting(member(council, Role.ADMINISTRATOR))
    other = agency("Housing Association")
    part = actions.add_agency(by=by, name="Noise team", kind="other", part_of=licensing)
    actions.change_agency(by=by, agency=part, **terms(part, name="Noise"))
    assert Agency.objects.get(part_of=licensing).name == "Noise"
    for not_theirs in (council, other):
        with pytest.raises(ValueError, match="Only a partnership administrator"):
            actions.change_agency(by=by, agency=not_theirs, **terms(not_theirs, name="Mine"))
    for whole in (None, other):
        with pytest.raises(ValueError, match="Only a partnership administrator"):
            actions.add_agency(by=by, name="Another", kind="other", part_of=whole)
        with pytest.raises(ValueError, match="Only a partnership administrator"):
            actions.change_agency(by=by, agency=part, **terms(part, part_of=whole))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_others_do_neither(role: Role, council: Agency, licensing: Agency) -> None:
    by = acting(member(council, role))
    with pytest.raises(ValueError, match="Only a partnership administrator"):
        actions.add_agency(by=by, name="Another", kind="other", part_of=council)
    with pytest.raises(ValueError, match="Only a partnership administrator"):
        actions.change_agency(by=by, agency=licensing, **terms(licensing, name="Mine"))
    with pytest.raises(ValueError, match="Only a partnership administrator"):
        actions.remove_agency(by=by, agency=licensing, reason=REASON)


def test_nothing_while_looking_as_somebody_else(chief: User, council: Agency) -> None:
    by = Viewer.of_user(chief, looking_as=Viewer.of_agency(council, Role.MANAGER))
    with pytest.raises(ValueError, match="Only a partnership administrator"):
        actions.add_agency(by=by, name="Another", kind="other")


@pytest.mark.parametrize("name", ["", "   ", "x" * 151, "two\x00"])
def test_a_name_must_be_one(name: str, chief: User) -> None:
    with pytest.raises(ValueError, match="Give the agency a name of at most 150 characters"):
        actions.add_agency(by=acting(chief), name=name, kind="other")


def test_names_are_unique_in_any_letters(chief: User, council: Agency) -> None:
    with pytest.raises(ValueError, match="There is an agency named “Havering Council” already"):
        actions.add_agency(by=acting(chief), name="HAVERING council", kind="council")
    actions.change_agency(by=acting(chief), agency=council, **terms(council, name="Havering COUNCIL"))


def test_no_agency_is_a_part_of_itself(chief: User, council: Agency, licensing: Agency) -> None:
    for whole in (council, licensing):
        with pytest.raises(ValueError, match="cannot be a part of itself"):
            actions.change_agency(by=acting(chief), agency=council, **terms(council, part_of=whole))


def test_leaving_ends_all_that_hangs_on_it(
    chief: User, council: Agency, django_capture_on_commit_callbacks: object
) -> None:
    btp = agency("British Transport Police")
    team = agency("BTP Romford", part_of=btp)
    boss = member(btp, Role.ADMINISTRATOR, "boss@example.org")
    both = member(team, Role.ANALYST, "both@example.org")
    Membership.objects.create(user=both, agency=council, role=Role.VIEWER)
    key, _ = make_api_key(agency=team, name="Feed", days=30)
    invite_person(by=acting(boss), agency=btp, email="new@example.org", role=Role.VIEWER)
    now = timezone.now()
    shared = SharingAgreement.objects.create(
        title="Data both ways",
        purpose="Reduce crime",
        legal_gateway="Section 115",
        record_types=["intervention"],
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=100),
        review_on=now.date(),
        status=SharingAgreement.Status.IN_FORCE,
    )
    for party in (btp, council):
        AgreementParty.objects.create(agreement=shared, agency=party, accepted_at=now)
    actions.remove_agency(by=acting(chief), agency=btp, reason=REASON)
    assert set(Agency.objects.exclude(left_at=None)) == {btp, team}
    assert [str(one) for one in Membership.objects.current().order_by("user__email")] == [
        "Both (Viewer, Havering Council)",
        "Chief (Partnership administrator, Havering Council)",
    ]
    assert ApiKey.objects.get(pk=key.pk).revoked_by == chief
    assert Invitation.objects.get().withdrawn_by == chief
    shared.refresh_from_db()
    assert shared.status == SharingAgreement.Status.SUSPENDED
    assert shared.statuses.get().reason == REASON
    assert not Viewer.of_user(boss).standings
    actions_written = set(AuditEvent.objects.filter(reason=REASON).values_list("action", flat=True))
    assert {"membership.changed", "apikey.changed", "invitation.changed", "agency.left"} <= actions_written
    actions.readmit_agency(by=acting(chief), agency=btp)
    assert not Viewer.of_user(boss).standings
    with pytest.raises(ValueError, match="is in the partnership"):
        actions.readmit_agency(by=acting(chief), agency=btp)


def test_a_part_comes_back_after_its_whole(chief: User) -> None:
    whole = agency("Whole")
    part = agency("Part", part_of=whole)
    actions.remove_agency(by=acting(chief), agency=whole, reason=REASON)
    part.refresh_from_db()
    with pytest.raises(ValueError, match="Take Whole back first"):
        actions.readmit_agency(by=acting(chief), agency=part)
    with pytest.raises(ValueError, match="Take it back rather than adding it again"):
        actions.add_agency(by=acting(chief), name="part", kind="other")
    with pytest.raises(ValueError, match="has left the partnership already"):
        actions.remove_agency(by=acting(chief), agency=part, reason=REASON)


def test_the_partnership_keeps_an_administrator(chief: User, council: Agency) -> None:
    with pytest.raises(ValueError, match="All partnership administrators are in Havering Council"):
        actions.remove_agency(by=acting(chief), agency=council, reason=REASON)
    assert role_of(chief, council).ended_at is None
    assert not AuditEvent.objects.filter(action="agency.left").exists()
