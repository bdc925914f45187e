"""The pages of agencies and their people: who sees what, who may do what, and that they cost the same at any size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.actions.invitations import invite_person
from partners.actions.keys import make_api_key
from partners.models import Agency, Invitation, Membership, Role, User
from tests.factories import BoroughFactory, WardFactory
from tests.partners.people import acting, agency, member, role_of

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]
REASON = "It merged with its neighbour in April."


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def part(council: Agency) -> Agency:
    return agency("Havering Licensing", part_of=council, kind=Agency.Kind.COUNCIL_LICENSING)


@pytest.fixture
def stranger() -> Agency:
    return agency("Housing Association", kind=Agency.Kind.HOUSING)


@pytest.fixture
def kim(council: Agency) -> User:
    return member(council, Role.ANALYST, "kim@example.org")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    """What the page says, without markup and repeated spaces."""
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    body = answer.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_everybody_sees_the_tree_and_nobody_elses_people(
    council: Agency, part: Agency, stranger: Agency, kim: User
) -> None:
    outsider = client_of(member(stranger, Role.ADMINISTRATOR))
    page = text(outsider, "/agencies/")
    assert page.index("Havering Council") < page.index("Havering Licensing") < page.index("Housing Association")
    assert "Council: licensing" in page
    invite_person(
        by=acting(member(council, Role.ADMINISTRATOR)), agency=council, email="new@example.org", role=Role.VIEWER
    )
    for reader in (outsider, client_of(kim), client_of(member(part, Role.ADMINISTRATOR))):
        page = text(reader, f"/agencies/{council.pk}/")
        assert "Havering Council" in page
        assert "kim@example.org" not in page
        assert "new@example.org" not in page
        assert "Invite" not in page
    nobody = client_of(User.objects.create_user("nobody@example.org", None, full_name="No Body"))
    for page in ("/agencies/", f"/agencies/{council.pk}/", "/roles/"):
        assert nobody.get(page)["Location"].startswith("/account/login/")


def test_administrators_see_people_counts_and_invitations(council: Agency, part: Agency, kim: User) -> None:
    borough = BoroughFactory(name="Havering", code="E09000016")
    ward = WardFactory(name="Gooshays", parent=borough)
    Membership.objects.filter(user=kim).update(area_codes=[ward.code])
    Authenticator.objects.create(user=kim, type=Authenticator.Type.TOTP, data={})
    admin = member(council, Role.ADMINISTRATOR, "admin@example.org")
    invite_person(by=acting(admin), agency=part, email="new@example.org", role=Role.SNT_LEAD)
    client = client_of(admin)
    page = text(client, f"/agencies/{council.pk}/")
    assert re.search(r"Kim : change or end the role Analyst kim@example.org Analyst, in Gooshays Yes Never", page)
    assert re.search(r"Admin \(you\): give it up", page)
    page = text(client, f"/agencies/{part.pk}/")
    assert "Part of Havering Council" in page
    assert "Nobody yet" in page
    assert re.search(r"new@example.org Send again .* SNT lead Not sent yet", page)
    assert re.search(r"Havering Council Yours Council Everywhere 2 ", text(client, "/agencies/"))


def test_members_learn_whom_to_ask(council: Agency, part: Agency, stranger: Agency, kim: User) -> None:
    member(council, Role.ADMINISTRATOR, "ada@example.org")
    in_part = member(part, Role.VIEWER)
    for user, of in ((kim, council), (in_part, part)):
        assert "Looks after access Ada" in text(client_of(user), f"/agencies/{of.pk}/")
    assert "Ada" not in text(client_of(member(stranger, Role.MANAGER)), f"/agencies/{council.pk}/")


def test_what_left_is_for_the_partnership_alone(council: Agency, stranger: Agency) -> None:
    chief = member(council, Role.PARTNERSHIP)
    was_admin = member(stranger, Role.ADMINISTRATOR)
    client = client_of(chief)
    assert "Let Housing Association leave" in text(client, f"/agencies/{stranger.pk}/leave/")
    assert client.post(f"/agencies/{stranger.pk}/leave/", {"reason": ""}).status_code == 422
    assert client.post(f"/agencies/{stranger.pk}/leave/", {"reason": "short"}).status_code == 422
    assert client.post(f"/agencies/{stranger.pk}/leave/", {"reason": REASON}).status_code == 302
    assert "Left the partnership on" in text(client, f"/agencies/{stranger.pk}/")
    other = client_of(member(council, Role.ADMINISTRATOR))
    assert other.get(f"/agencies/{stranger.pk}/").status_code == 404
    assert other.post(f"/agencies/{stranger.pk}/return/").status_code == 404
    assert "Housing" not in text(other, "/agencies/")
    assert client_of(was_admin).get("/agencies/")["Location"].startswith("/account/login/")
    assert client.get(f"/agencies/{stranger.pk}/invite/").status_code == 404
    assert client.post(f"/agencies/{stranger.pk}/return/").status_code == 302
    assert "Housing" in text(other, "/agencies/")


@pytest.mark.parametrize("role", Role)
def test_who_reaches_the_pages_that_manage(role: Role, council: Agency, part: Agency, stranger: Agency) -> None:
    lee = member(part, Role.VIEWER, "lee@example.org")
    held = role_of(lee, part).pk
    made, _ = invite_person(
        by=acting(member(council, Role.ADMINISTRATOR)), agency=part, email="new@example.org", role=Role.VIEWER
    )
    looks_after = role in (Role.ADMINISTRATOR, Role.PARTNERSHIP)
    for of in (council, stranger):
        client = client_of(member(of, role))
        may = role == Role.PARTNERSHIP or (looks_after and of == council)
        for path in (
            f"/agencies/{part.pk}/invite/",
            f"/agencies/{part.pk}/roles/{held}/",
            f"/agencies/{part.pk}/roles/{held}/end/",
            f"/agencies/{part.pk}/change/",
        ):
            assert client.get(path).status_code == (200 if may else 403), (path, of)
        for path in ("/agencies/new/", "/agencies/import/", "/agencies/import/people.csv"):
            assert client.get(path).status_code == (200 if looks_after else 403), (path, of)
        for path in ("/agencies/people/", f"/agencies/people/{lee.pk}/", f"/agencies/{part.pk}/leave/"):
            assert client.get(path).status_code == (200 if role == Role.PARTNERSHIP else 403), (path, of)
        if not may:
            for path in (
                f"/agencies/{part.pk}/roles/{held}/end/",
                f"/agencies/{part.pk}/invitations/{made.pk}/send/",
                f"/agencies/{part.pk}/invitations/{made.pk}/withdraw/",
            ):
                assert client.post(path).status_code == 403, (path, of)
    assert role_of(lee, part).ended_at is None
    assert Invitation.objects.get().withdrawn_at is None


def test_a_role_is_found_in_its_own_agency_only(council: Agency, stranger: Agency, kim: User) -> None:
    """An administrator cannot reach another agency's people through the own agency's address."""
    client = client_of(member(stranger, Role.ADMINISTRATOR))
    held = role_of(kim, council).pk
    made, _ = invite_person(
        by=acting(member(council, Role.ADMINISTRATOR)), agency=council, email="new@example.org", role=Role.VIEWER
    )
    assert client.get(f"/agencies/{stranger.pk}/roles/{held}/").status_code == 404
    assert client.post(f"/agencies/{stranger.pk}/roles/{held}/end/").status_code == 404
    assert client.post(f"/agencies/{stranger.pk}/invitations/{made.pk}/withdraw/").status_code == 404


def test_agencies_are_added_and_changed_by_the_form(council: Agency, stranger: Agency) -> None:
    ward = WardFactory(name="Gooshays", parent=BoroughFactory(name="Havering"))
    client = client_of(member(council, Role.PARTNERSHIP))
    answer = client.post(
        "/agencies/new/", {"name": "CCTV room", "kind": "council-cctv", "part_of": council.pk, "area_codes": ward.code}
    )
    made = Agency.objects.get(name="CCTV room")
    assert answer["Location"] == f"/agencies/{made.pk}/"
    assert (made.part_of, made.area_codes) == (council, [ward.code])
    page = text(client, f"/agencies/{made.pk}/change/")
    assert "Change CCTV room" in page
    answer = client.post(f"/agencies/{made.pk}/change/", {"name": "", "kind": "spaceship", "area_codes": "Atlantis"})
    assert answer.status_code == 422
    wrong = answer.content.decode()
    assert "Give the agency a name." in wrong
    assert "is not one of the available choices" in wrong or "Choose what kind" in wrong
    assert "No borough or ward in force is called “Atlantis”" in wrong
    answer = client.post(f"/agencies/{made.pk}/change/", {"name": "havering council", "kind": "other"})
    assert answer.status_code == 422
    assert "There is an agency named “Havering Council” already" in answer.content.decode()
    in_council = client_of(member(council, Role.ADMINISTRATOR))
    form = text(in_council, f"/agencies/new/?part_of={council.pk}")
    assert "Housing Association" not in form
    refused = in_council.post("/agencies/new/", {"name": "Mine", "kind": "other", "part_of": stranger.pk})
    assert refused.status_code == 422
    assert not Agency.objects.filter(name="Mine").exists()


def test_a_role_is_changed_and_ended_by_the_pages(
    council: Agency, kim: User, django_capture_on_commit_callbacks: Capture
) -> None:
    admin = member(council, Role.ADMINISTRATOR, "admin@example.org")
    client = client_of(admin)
    address = f"/agencies/{council.pk}/roles/{role_of(kim, council).pk}/"
    assert client.post(address, {"role": "emperor"}).status_code == 422
    assert client.post(address, {"role": Role.PARTNERSHIP}).status_code == 422
    assert client.post(address, {"role": Role.MANAGER}).status_code == 302
    assert role_of(kim, council).role == Role.MANAGER
    make_api_key(agency=council, name="Feed of Kim", days=30)
    council.api_keys.update(made_by=kim)
    page = text(client, f"{address}end/")
    assert "Kim is no longer Manager in Havering Council." in page
    assert "The API key “Feed of Kim” of Havering Council is revoked" in page
    assert "Kim is signed out everywhere" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{address}end/").status_code == 302
    assert client.get(address).status_code == 404
    mine = f"/agencies/{council.pk}/roles/{role_of(admin, council).pk}/end/"
    answer = client.post(mine)
    assert answer.status_code == 422
    assert "Admin is the last administrator of Havering Council" in answer.content.decode()


def test_anybody_gives_up_the_own_role(council: Agency, stranger: Agency, kim: User) -> None:
    Membership.objects.create(user=kim, agency=stranger, role=Role.VIEWER)
    client = client_of(kim)
    address = f"/agencies/{stranger.pk}/roles/{role_of(kim, stranger).pk}/end/"
    assert "Give up your role Viewer?" in text(client, address)
    assert client.post(address)["Location"] == "/"
    assert client.get(address).status_code == 403
    assert client.get(f"/agencies/{council.pk}/roles/{role_of(kim, council).pk}/").status_code == 403


def test_accounts_are_switched(council: Agency, kim: User, django_capture_on_commit_callbacks: Capture) -> None:
    chief = member(council, Role.PARTNERSHIP, "chief@example.org")
    client = client_of(chief)
    page = text(client, "/agencies/people/?q=kim+example")
    assert "1 person" in page
    assert "Havering Council: Analyst" in page
    assert "Nobody found" in text(client, "/agencies/people/?q=zzz")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/agencies/people/{kim.pk}/", {"do": "off"}).status_code == 302
    assert "Switched off" in text(client, "/agencies/people/?q=kim")
    assert client.post(f"/agencies/people/{chief.pk}/", {"do": "off"}).status_code == 422
    assert client.post(f"/agencies/people/{kim.pk}/", {"do": "on"}).status_code == 302
    assert "Switch the account off" in text(client, f"/agencies/people/{kim.pk}/")


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(timezone.now(), tick=False):
        yield


def queries(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as counted:
        assert client.get(path).status_code == 200
    return len(counted)


def test_pages_cost_the_same_at_any_size(noon: None, council: Agency) -> None:
    chief = member(council, Role.PARTNERSHIP)
    client = client_of(chief)
    paths = ["/agencies/", f"/agencies/{council.pk}/", "/agencies/people/", "/roles/", "/agencies/new/"]
    paths += [f"/agencies/{council.pk}/leave/"]

    def fill(names: range) -> None:
        for number in names:
            part = agency(f"Part {number}", part_of=council)
            member(part, Role.ANALYST)
            member(council, Role.ANALYST)
            Membership.objects.create(user=chief, agency=part, role=Role.VIEWER)
            invite_person(by=acting(chief), agency=council, email=f"new{number}@example.org", role=Role.VIEWER)

    fill(range(2))
    few = {path: queries(client, path) for path in paths}
    fill(range(2, 20))
    assert {path: queries(client, path) for path in paths} == few
    assert max(few.values()) <= 16, few


def test_the_roles_page_says_what_each_may(council: Agency, kim: User) -> None:
    page = text(client_of(kim), "/roles/")
    assert "Analyst Your role For those who make sense of it" in page
    assert "You have it in Havering Council." in page
    for role in Role:
        assert role.label in page
    assert "Invite people, give and end roles – – – – – Yes Yes" in page
