"""The pages of an agency's API keys: who keeps them, what is shown, and what is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.actions.keys import make_api_key
from partners.keys import ending_soon
from partners.models import Agency, ApiKey, AuditEvent, Membership, Role, User
from partners.roles import Scope
from partners.visibility import Viewer

pytestmark = pytest.mark.django_db
NEW = {"name": "Power BI", "scopes": ["figures", "records"], "networks": "192.0.2.0/24\n2001:db8::/32\n", "days": "90"}


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> Client:
    return signed_in_as(make_user("admin@example.org", role=Role.ADMINISTRATOR))


@pytest.fixture
def council(administrator: Client) -> Agency:
    return Agency.objects.get(name="Havering Council")


def pages(agency: Agency, key: ApiKey) -> list[str]:
    return [f"/agencies/{agency.pk}/keys/{rest}" for rest in ("", "new/", f"{key.pk}/rotate/", f"{key.pk}/revoke/")]


def works(shown_once: str) -> bool:
    answer = Client().get("/api/v1/me/", headers={"authorization": f"Bearer {shown_once}"})
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)


def secret_in(response: object) -> str:
    found = re.search(r'<code id="key">([^<]+)</code>', response.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_a_key_is_made_and_shown_once(administrator: Client, council: Agency) -> None:
    response = administrator.post(f"/agencies/{council.pk}/keys/new/", NEW)
    assert response.status_code == 201
    assert response["Cache-Control"] == "private, no-store"
    assert f'href="/agencies/{council.pk}/keys/"' in response.content.decode()
    shown = secret_in(response)
    key = ApiKey.objects.get()
    assert (key.scopes, key.networks, key.area_codes) == (["figures", "records"], ["192.0.2.0/24", "2001:db8::/32"], [])
    assert key.made_by == User.objects.get(email="admin@example.org")
    assert timedelta(days=89) < key.expires - timezone.now() <= timedelta(days=90)
    secret = shown.partition(".")[2]
    for path in pages(council, key):
        assert secret not in administrator.get(path).content.decode()
    event = AuditEvent.objects.get(action="apikey.created")
    assert event.owners == [council.pk]
    assert secret not in f"{event.after}{event.summary}"
    assert not works(shown)  # tests come from 127.0.0.1
    ApiKey.objects.update(networks=["127.0.0.0/8"])
    assert works(shown)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Enter what the key is for."),
        ({"scopes": []}, "Choose what the key may do."),
        ({"scopes": ["records-write"]}, "You cannot let a key do this: choose from the list."),
        ({"scopes": ["public", "figures"]}, "A key for publication reads nothing else"),
        ({"networks": "192.0.2.7/24"}, "“192.0.2.7/24” is not a network."),
        ({"networks": "\n".join(f"192.0.2.{n}" for n in range(51))}, "Give at most 50 networks."),
        ({"area_codes": "Nowhere"}, "Nowhere"),
        ({"days": "367"}, "A key works for at most 366 days"),
        ({"days": "soon"}, "Enter the days as a whole number."),
    ],
)
def test_what_is_wrong_is_named(
    administrator: Client, council: Agency, change: dict[str, object], sentence: str
) -> None:
    response = administrator.post(f"/agencies/{council.pk}/keys/new/", {**NEW, **change})
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is a problem" in page
    assert sentence in page
    assert not ApiKey.objects.exists()


def test_rotation_overlaps(administrator: Client, council: Agency) -> None:
    old, old_shown = make_api_key(agency=council, name="Power BI", days=60, scopes=[Scope.RECORDS], area_codes=["SYN1"])
    response = administrator.post(f"/agencies/{council.pk}/keys/{old.pk}/rotate/", {"overlap_days": "7", "days": "90"})
    assert response.status_code == 201
    new_shown = secret_in(response)
    new = ApiKey.objects.exclude(pk=old.pk).get()
    assert (new.replaces, new.name, new.scopes, new.area_codes) == (old, old.name, old.scopes, old.area_codes)
    assert works(old_shown)
    assert works(new_shown)
    again = administrator.post(f"/agencies/{council.pk}/keys/{old.pk}/rotate/", {"overlap_days": "7", "days": "90"})
    assert (again.status_code, ApiKey.objects.count()) == (422, 2)
    assert "This key was replaced already." in again.content.decode()
    page = administrator.get(f"/agencies/{council.pk}/keys/").content.decode()
    assert page.count("/rotate/") == 1
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert not works(old_shown)
        assert works(new_shown)


def test_an_old_key_never_works_longer_for_being_replaced(administrator: Client, council: Agency) -> None:
    old, _ = make_api_key(agency=council, name="Power BI", days=2)
    administrator.post(f"/agencies/{council.pk}/keys/{old.pk}/rotate/", {"overlap_days": "30", "days": "90"})
    assert ApiKey.objects.get(pk=old.pk).expires == old.expires


@pytest.mark.parametrize("overlap", ["31", "-1", ""])
def test_the_overlap_is_at_most_a_month(administrator: Client, council: Agency, overlap: str) -> None:
    old, _ = make_api_key(agency=council, name="Power BI", days=60)
    sent = {"overlap_days": overlap, "days": "90"}
    response = administrator.post(f"/agencies/{council.pk}/keys/{old.pk}/rotate/", sent)
    assert (response.status_code, ApiKey.objects.count()) == (422, 1)


def test_revoking_ends_it_at_once(administrator: Client, council: Agency) -> None:
    key, shown = make_api_key(agency=council, name="Power BI", days=60)
    address = f"/agencies/{council.pk}/keys/{key.pk}/revoke/"
    asked = administrator.get(address).content.decode()
    assert "stops working at once" in asked
    assert (
        f'Revoke “Power BI” <span class="app-break">{key.prefix}</span>?' in asked
    )  # after rotation two have one name
    assert works(shown)
    page = administrator.post(address, follow=True).content.decode()
    assert f"Revoked “Power BI” {key.prefix}." in page
    assert "Revoked by Admin" in page
    assert not works(shown)
    assert "This key has ended already." in administrator.post(address, follow=True).content.decode()
    rotated = administrator.post(f"/agencies/{council.pk}/keys/{key.pk}/rotate/", {"overlap_days": "1", "days": "9"})
    assert rotated.status_code == 422
    assert AuditEvent.objects.filter(action="apikey.changed").count() == 1


def test_keys_of_an_agency_that_left_are_dead(administrator: Client, council: Agency) -> None:
    _, shown = make_api_key(agency=council, name="Power BI", days=60)
    assert works(shown)
    Agency.objects.update(left_at=timezone.now())
    assert not works(shown)


def test_only_administrators_keep_keys(council: Agency, make_user: Callable[..., User]) -> None:
    key, _ = make_api_key(agency=council, name="Power BI", days=60)
    part = Agency.objects.create(name="Housing", kind=Agency.Kind.COUNCIL_HOUSING, part_of=council)
    part_key, _ = make_api_key(agency=part, name="Housing system", days=60)
    allowed = {
        "partnership@example.org": (Role.PARTNERSHIP, "The partnership", True),
        "manager@example.org": (Role.MANAGER, "Havering Council", False),
        "stranger@example.org": (Role.ADMINISTRATOR, "Peabody", False),
    }
    administrator = signed_in_as(User.objects.get(email="admin@example.org"))
    for path in [*pages(council, key), *pages(part, part_key)]:
        assert administrator.get(path).status_code == 200
        assert Client().get(path)["Location"].startswith("/account/login/")
    for email, (role, agency, may) in allowed.items():
        client = signed_in_as(make_user(email, role=role, agency=agency))
        for path in pages(council, key):
            response = client.get(path)
            assert response.status_code == (200 if may else 403), (email, path)
            if not may:
                assert "kept by its administrators" in response.content.decode()
                assert client.post(path, NEW).status_code in (403, 405)
    assert ApiKey.objects.filter(revoked_at=None).count() == 2
    assert administrator.get(f"/agencies/{council.pk}/keys/{part_key.pk}/revoke/").status_code == 404
    assert administrator.get("/agencies/999999/keys/").status_code == 404


def test_the_form_offers_what_its_reader_may_give_and_says_who_gives_the_rest(
    administrator: Client, council: Agency, make_user: Callable[..., User]
) -> None:
    path = f"/agencies/{council.pk}/keys/new/"
    partnership = signed_in_as(make_user("partnership@example.org", role=Role.PARTNERSHIP, agency="The partnership"))
    both = make_user("both@example.org", role=Role.ADMINISTRATOR)
    Membership.objects.create(user=both, agency=council, role=Role.MANAGER)
    for client, scopes in (
        (administrator, ["figures", "records", "public"]),
        (partnership, ["figures", "public"]),
        (signed_in_as(both), Scope.values),
    ):
        page = client.get(path).content.decode()
        assert re.findall(r'name="scopes"\s+value="([^"]+)"', page) == scopes
        assert ("is given by an administrator of Havering Council itself" in page) is (len(scopes) < len(Scope))
        refused = client.post(path, {**NEW, "scopes": ["records", "records-write"]})
        assert refused.status_code == (422 if len(scopes) < len(Scope) else 201)
    assert "You cannot let a key do this" in partnership.post(path, NEW).content.decode()
    assert ApiKey.objects.get().made_by == both
    # What one cannot rotate is not offered; revoking always is.
    lists = [client.get(f"/agencies/{council.pk}/keys/").content.decode() for client in (administrator, partnership)]
    assert [(page.count("/rotate/"), page.count("/revoke/")) for page in lists] == [(0, 1), (0, 1)]
    address = f"/agencies/{council.pk}/keys/{ApiKey.objects.get().pk}/rotate/"
    for method in (administrator.get, administrator.post):
        response = method(address)
        assert response.status_code == 403
        assert "who is also its Analyst, SNT lead or Manager" in response.content.decode()


def test_the_list_costs_the_same_for_many_keys(administrator: Client, council: Agency) -> None:
    administrator.get(f"/agencies/{council.pk}/keys/")
    queries = []
    for count in (2, 20):
        while ApiKey.objects.count() < count:
            make_api_key(agency=council, name="System", days=20, area_codes=["SYN1"])
        with CaptureQueriesContext(connection) as captured:
            page = administrator.get(f"/agencies/{council.pk}/keys/").content.decode()
        queries.append(len(captured))
        assert page.count("ends in 20 days") == count
    assert queries[0] == queries[1] <= 6


def test_the_overview_warns_before_a_key_ends(administrator: Client, council: Agency) -> None:
    for days in (31, 20, 5):
        make_api_key(agency=council, name=f"System {days}", days=days)
    replaced, _ = make_api_key(agency=council, name="Replaced", days=5)
    ApiKey.objects.filter(name="System 31").update(replaces=replaced)
    make_api_key(agency=Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING), name="Theirs", days=5)
    viewer = Viewer.of_user(User.objects.get(email="admin@example.org"))
    assert [(key.name, when) for key, when in ending_soon(viewer)] == [
        ("System 5", "ends in 5 days"),
        ("System 20", "ends in 20 days"),
    ]
