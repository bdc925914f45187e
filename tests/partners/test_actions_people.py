"""Roles change and end at once, with sessions and keys; nobody lifts oneself; somebody always looks after access."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from partners.actions import people as actions
from partners.actions.invitations import invite_person
from partners.actions.keys import make_api_key
from partners.models import Agency, ApiKey, AuditEvent, Invitation, Membership, Role, User
from partners.visibility import Viewer
from tests.conftest import PASSWORD
from tests.partners.people import acting, agency, member, role_of

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def chief(council: Agency) -> User:
    return member(council, Role.PARTNERSHIP, "chief@example.org")


@pytest.fixture
def admin(council: Agency) -> User:
    return member(council, Role.ADMINISTRATOR, "admin@example.org")


@pytest.fixture
def kim(council: Agency) -> User:
    return member(council, Role.VIEWER, "kim@example.org", password=PASSWORD)


def signed_in(user: User) -> Client:
    """As people sign in: only then the product knows of the session."""
    client = Client()
    assert client.post("/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    assert client.get("/agencies/").status_code == 200
    return client


def test_a_narrowed_administrator_gives_and_takes_within_these_areas(admin: User, kim: User, council: Agency) -> None:
    """Else a second account, or a colleague, would reach what one's own role does not."""
    Membership.objects.filter(user=admin).update(area_codes=["E05013968"])
    held = role_of(kim, council)
    invited: Any = {"agency": council, "email": "second@example.org", "role": Role.MANAGER}
    for beyond in ([], ["E05013969"], ["E05013968", "E05013969"]):
        with pytest.raises(ValueError, match="narrowed to E05013968, and this reaches further"):
            invite_person(by=acting(admin), **invited, area_codes=beyond)
        with pytest.raises(ValueError, match="reaches further"):
            actions.change_role(by=acting(admin), membership=held, role=Role.ANALYST, area_codes=beyond)
        Membership.objects.filter(pk=held.pk).update(area_codes=beyond)
        with pytest.raises(ValueError, match="reaches further"):
            actions.end_role(by=acting(admin), membership=held)
    invite_person(by=acting(admin), **invited, area_codes=["E05013968"])
    Membership.objects.filter(pk=held.pk).update(area_codes=["E05013968"])
    actions.change_role(by=acting(admin), membership=held, role=Role.ANALYST, area_codes=["E05013968"])
    # A second role that is not narrowed lifts it.
    Membership.objects.create(user=admin, agency=council, role=Role.PARTNERSHIP)
    actions.change_role(by=acting(admin), membership=held, role=Role.ANALYST, area_codes=[])


def test_a_role_changes_and_narrows(admin: User, kim: User, council: Agency) -> None:
    actions.change_role(
        by=acting(admin), membership=role_of(kim, council), role=Role.SNT_LEAD, area_codes=["E05013968"]
    )
    (standing,) = Viewer.of_user(kim).standings
    assert standing.areas == {"E05013968"}
    event = AuditEvent.objects.get(action="membership.changed")
    assert event.before == {"area_codes": [], "role": "viewer"}
    assert event.after == {"area_codes": ["E05013968"], "role": "snt-lead"}
    assert event.owners == [council.pk]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER, Role.ADMINISTRATOR, Role.PARTNERSHIP])
def test_who_may_give_and_take(role: Role, council: Agency, kim: User) -> None:
    """In another agency only a partnership administrator may, whatever the role at home."""
    elsewhere = agency("Housing Association")
    at_home, away = acting(member(council, role)), acting(member(elsewhere, role))
    member(council, Role.ADMINISTRATOR)
    for by, may in ((at_home, role in (Role.ADMINISTRATOR, Role.PARTNERSHIP)), (away, role == Role.PARTNERSHIP)):
        held = role_of(kim, council)
        if may:
            actions.change_role(by=by, membership=held, role=Role.ANALYST, area_codes=[])
            actions.change_role(by=by, membership=held, role=Role.VIEWER, area_codes=[])
            continue
        with pytest.raises(ValueError, match="Only an administrator of Havering Council or of the partnership"):
            actions.change_role(by=by, membership=held, role=Role.ANALYST, area_codes=[])
        with pytest.raises(ValueError, match="Only an administrator of Havering Council or of the partnership"):
            actions.end_role(by=by, membership=held)


def test_an_administrator_of_the_whole_manages_its_parts_and_not_the_other_way(council: Agency, admin: User) -> None:
    part = agency("Licensing", part_of=council)
    in_part = member(part, Role.ADMINISTRATOR)
    lee = member(part, Role.VIEWER)
    actions.end_role(by=acting(admin), membership=role_of(lee, part))
    with pytest.raises(ValueError, match="Only an administrator"):
        actions.end_role(by=acting(in_part), membership=role_of(admin, council))


def test_the_partnerships_role_is_the_partnerships_to_give(
    council: Agency, admin: User, chief: User, kim: User
) -> None:
    other = member(council, Role.PARTNERSHIP)
    for held, role in ((role_of(kim, council), Role.PARTNERSHIP), (role_of(other, council), Role.VIEWER)):
        with pytest.raises(ValueError, match="Only a partnership administrator can give or take"):
            actions.change_role(by=acting(admin), membership=held, role=role, area_codes=[])
    actions.change_role(by=acting(chief), membership=role_of(kim, council), role=Role.PARTNERSHIP, area_codes=[])
    assert role_of(kim, council).role == Role.PARTNERSHIP


def test_nobody_changes_the_own_role(council: Agency, admin: User, chief: User) -> None:
    for user in (admin, chief):
        with pytest.raises(ValueError, match="You cannot change your own role"):
            actions.change_role(by=acting(user), membership=role_of(user, council), role=Role.MANAGER, area_codes=[])


def test_a_role_is_held_once(council: Agency, admin: User, kim: User) -> None:
    held = role_of(kim, council)
    Membership.objects.create(user=kim, agency=council, role=Role.ANALYST)
    with pytest.raises(ValueError, match="Kim has the role Analyst in Havering Council already"):
        actions.change_role(by=acting(admin), membership=held, role=Role.ANALYST, area_codes=[])


def test_the_last_administrator_stays(council: Agency, admin: User, chief: User) -> None:
    held = role_of(admin, council)
    with pytest.raises(ValueError, match="Admin is the last administrator of Havering Council"):
        actions.end_role(by=acting(admin), membership=held)
    second = member(council, Role.ADMINISTRATOR, "second@example.org")
    actions.end_role(by=acting(second), membership=held)
    with pytest.raises(ValueError, match="Second is the last administrator"):
        actions.end_role(by=acting(second), membership=role_of(second, council))
    actions.end_role(by=acting(chief), membership=role_of(second, council))
    with pytest.raises(ValueError, match="Chief is the only partnership administrator"):
        actions.end_role(by=acting(chief), membership=role_of(chief, council))


def test_ending_a_role_ends_access_sessions_and_keys(
    council: Agency, admin: User, django_capture_on_commit_callbacks: Capture
) -> None:
    leaver = member(council, Role.ADMINISTRATOR, "leaver@example.org", password=PASSWORD)
    stays = agency("Housing Association")
    client = signed_in(leaver)
    assert client.get("/agencies/").status_code == 200
    mine, secret = make_api_key(agency=council, name="Mine", days=30)
    elsewhere, _ = make_api_key(agency=stays, name="Elsewhere", days=30)
    make_api_key(agency=council, name="Not mine", days=30)
    ApiKey.objects.filter(pk__in=[mine.pk, elsewhere.pk]).update(made_by=leaver)
    invite_person(by=acting(leaver), agency=council, email="friend@example.org", role=Role.MANAGER)
    invite_person(by=acting(admin), agency=council, email="leaver@example.org", role=Role.MANAGER)
    with django_capture_on_commit_callbacks(execute=True):
        actions.end_role(by=acting(admin), membership=role_of(leaver, council))
    assert client.get("/agencies/").status_code == 302
    assert Client().get("/api/v1/me/", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    live = ApiKey.objects.filter(revoked_at=None)
    assert {key.name for key in live} == {"Elsewhere", "Not mine"}
    assert not Invitation.objects.filter(withdrawn_at=None).exists()
    assert not Viewer.of_user(leaver).standings
    with pytest.raises(ValueError, match="Leaver has no such role any more"):
        actions.end_role(by=acting(admin), membership=role_of(leaver, council))


def test_another_role_keeps_the_session_and_another_in_the_agency_the_keys(
    council: Agency, admin: User, kim: User, django_capture_on_commit_callbacks: Capture
) -> None:
    second = Membership.objects.create(user=kim, agency=council, role=Role.ANALYST)
    key, _ = make_api_key(agency=council, name="Feed", days=30)
    ApiKey.objects.update(made_by=kim)
    client = signed_in(kim)
    with django_capture_on_commit_callbacks(execute=True):
        actions.end_role(by=acting(admin), membership=second)
    assert client.get("/agencies/").status_code == 200
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_account_is_switched_off_and_on(
    council: Agency, chief: User, kim: User, admin: User, django_capture_on_commit_callbacks: Capture
) -> None:
    client = signed_in(kim)
    for by in (acting(admin), acting(kim)):
        with pytest.raises(ValueError, match="Only a partnership administrator"):
            actions.deactivate_person(by=by, user=kim)
    with pytest.raises(ValueError, match="cannot switch off your own account"):
        actions.deactivate_person(by=acting(chief), user=chief)
    with django_capture_on_commit_callbacks(execute=True):
        actions.deactivate_person(by=acting(chief), user=kim)
    kim.refresh_from_db()
    assert not kim.is_active
    assert client.get("/").status_code == 302
    assert role_of(kim, council).ended_by == chief
    with pytest.raises(ValueError, match="is switched off"):
        invite_person(by=acting(admin), agency=council, email="kim@example.org", role=Role.VIEWER)
    actions.activate_person(by=acting(chief), user=kim)
    assert not Viewer.of_user(kim).standings
    invite_person(by=acting(admin), agency=council, email="kim@example.org", role=Role.VIEWER)
    events = AuditEvent.objects.filter(action="user.changed").order_by("number")
    assert [event.after for event in events] == [{"is_active": False}, {"is_active": True}]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_leave_one(council: Agency) -> None:
    one, two = (member(council, Role.ADMINISTRATOR, f"{name}@example.org") for name in ("one", "two"))
    go = threading.Barrier(2)
    refused: list[str] = []

    def end(by: User, other: User) -> None:
        who, held = acting(by), role_of(other, council)
        go.wait()
        try:
            actions.end_role(by=who, membership=held)
        except ValueError as problem:
            refused.append(str(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.current().filter(role=Role.ADMINISTRATOR).count() == 1
