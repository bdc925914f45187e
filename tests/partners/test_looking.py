"""Looking as somebody else: what is shown, the banner, and that nothing can be changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from interventions.models import Intervention
from partners.models import Agency, AuditEvent, User
from tests.partners.sharing import DAY, agency, agreement, api_key, intervention, person

pytestmark = pytest.mark.django_db
BANNER = "You are looking as"


@pytest.fixture
def owner() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def partner() -> Agency:
    return agency("Havering SNT", kind="police-snt")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shared(giver: Agency, receiver: Agency) -> None:
    now = timezone.now()
    agreement(
        giver,
        receiver,
        withheld_fields=["intervention.contact"],
        valid_from=now - DAY,
        valid_until=now + DAY,
    )


def test_a_manager_sees_what_the_partner_sees_of_the_own_records(owner: Agency, partner: Agency) -> None:
    shared(owner, partner)
    record, hidden, theirs = intervention(owner), intervention(owner, audience="agency"), intervention(partner)
    client = client_of(person(owner, "manager"))
    assert hidden.title in client.get("/activity/").text
    assert client.post("/looking-as/", {"agency": partner.pk, "role": "viewer"})["Location"] == "/"
    page = client.get("/activity/").text
    assert (record.title in page, hidden.title in page, theirs.title in page) == (True, False, False)
    detail = client.get(f"/activity/{record.pk}/").text
    assert (str(record.details) in detail, str(record.contact) in detail) == (True, False)
    assert client.get(f"/activity/{hidden.pk}/").status_code == 404
    assert str(record.contact) not in client.get(f"/api/v1/interventions/{record.pk}/").text
    for path in ("/activity/", "/agreements/", "/looking-as/", "/methods/", "/nowhere/"):
        assert f"{BANNER} <strong>Viewer of Havering SNT</strong>" in client.get(path).text, path
    assert client.post("/looking-as/stop/").status_code == 302
    assert hidden.title in client.get("/activity/").text
    assert BANNER not in client.get("/methods/").text
    assert list(AuditEvent.objects.filter(action__startswith="looking-as").values_list("action", flat=True)) == [
        "looking-as.stopped",
        "looking-as.started",
    ]


def test_nothing_can_be_changed_meanwhile(owner: Agency, partner: Agency) -> None:
    shared(owner, partner)
    record = intervention(owner)
    client = client_of(person(owner, "manager"))
    client.post("/looking-as/", {"agency": owner.pk, "role": "manager"})
    events = AuditEvent.objects.count()
    for path in (f"/activity/{record.pk}/change/", "/activity/new/", "/agreements/new/", "/glass/", "/views/save/"):
        answer = client.post(path, {"title": "Changed", "reason": "A good reason to do it"})
        assert answer.status_code == 403, path
        assert "Nothing was changed" in answer.text
    answer = client.post("/api/v1/interventions/", {"title": "New"}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert Intervention.objects.get().title == record.title
    assert AuditEvent.objects.count() == events


def test_as_a_key(owner: Agency, partner: Agency) -> None:
    record, sensitive = intervention(owner), intervention(owner, marking="official-sensitive")
    key = api_key(owner, ["records"], expires=timezone.now() + DAY)
    client = client_of(person(owner, "manager"))
    assert client.post("/looking-as/", {"key": key.pk}).status_code == 302
    page = client.get("/activity/").text
    assert (record.title in page, sensitive.title in page) == (True, False)
    key.revoked_at, key.revoked_by = timezone.now(), User.objects.get()
    key.save()
    assert record.title not in client.get("/activity/").text
    client.post("/looking-as/stop/")
    other = api_key(partner, ["records"], expires=timezone.now() + DAY)
    assert client.post("/looking-as/", {"key": other.pk}).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *((role, 403) for role in ("viewer", "contributor", "analyst", "snt-lead")),
        *((role, 200) for role in ("manager", "administrator", "partnership")),
    ],
)
def test_who_may(owner: Agency, role: str, status: int) -> None:
    client = client_of(person(owner, role))
    assert client.get("/looking-as/").status_code == status
    started = client.post("/looking-as/", {"agency": owner.pk, "role": "viewer"}).status_code
    assert started == (302 if status == 200 else 403)


@pytest.mark.parametrize("data", [{}, {"agency": "x"}, {"agency": "0", "role": "viewer"}, {"key": "7"}])
def test_a_choice_of_nobody_is_refused(owner: Agency, data: dict[str, str]) -> None:
    client = client_of(person(owner, "manager"))
    assert client.post("/looking-as/", data).status_code == 422
    assert BANNER not in client.get("/methods/").text


def test_kept_content_holds_nothing_of_it(owner: Agency, partner: Agency) -> None:
    looking, other = client_of(person(owner, "manager")), client_of(person(partner))
    looking.post("/looking-as/", {"agency": partner.pk, "role": "viewer"})
    for path in ("/", "/wards/", "/map/", "/explore/"):
        assert BANNER in looking.get(path).text, path
        assert BANNER not in other.get(path).text, path
        assert BANNER in looking.get(path).text, path
