"""Agreements from proposal to end, their pages, and what happens to sharing at each step."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interventions.models import Intervention
from partners.actions import sharing
from partners.models import Agency, ApiKey, AuditEvent, SharingAgreement, User
from partners.visibility import Viewer
from tests.partners.sharing import AREAS, DAY, HOUR, NOON, agency, agreement, api_key, intervention, person

pytestmark = pytest.mark.django_db
REASON = "A data breach is being looked into"


@pytest.fixture
def owner() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def partner() -> Agency:
    return agency("Havering SNT", kind="police-snt")


@pytest.fixture(autouse=True)
def _documents(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "documents"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def manager_of(of: Agency) -> Client:
    return client_of(person(of, "manager"))


def form(giver: Agency, receiver: Agency, **fields: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": "Activity in Romford",
        "giving": [giver.pk],
        "receiving": [receiver.pk],
        "types": ["intervention"],
        "withheld": ["intervention.contact", "intervention.place"],
        "highest": "official",
        "purpose": "Joint work on the town centre",
        "gateway": "cda-115",
        "first_day": today,
        "last_day": today + timedelta(days=365),
        "review_on": today + timedelta(days=180),
        **fields,
    }


def seen_by(of: Agency) -> set[Intervention]:
    return set(Intervention.objects.visible_to(Viewer.of_agency(of, "manager")))  # type: ignore[arg-type]


def test_from_proposal_to_end(owner: Agency, partner: Agency) -> None:
    record = intervention(owner)
    giving, receiving = manager_of(owner), manager_of(partner)
    answer = giving.post("/agreements/new/", form(owner, partner))
    made = SharingAgreement.objects.get()
    assert answer["Location"] == f"/agreements/{made.pk}/"
    assert (made.status, seen_by(partner)) == ("proposed", set())
    page = f"/agreements/{made.pk}/"
    steps: list[tuple[Client, str, dict[str, str], str, bool]] = [
        (receiving, "accept", {}, "in-force", True),
        (receiving, "suspend", {"reason": REASON}, "suspended", False),
        (giving, "suspend", {"reason": REASON}, "suspended", False),
        (receiving, "resume", {}, "suspended", False),
        (giving, "resume", {}, "in-force", True),
        (giving, "end", {"reason": REASON}, "ended", False),
    ]
    for client, step, data, status, shared in steps:
        assert client.get(f"{page}{step}/").status_code == 200
        before = AuditEvent.objects.count()
        assert client.post(f"{page}{step}/", data)["Location"] == page, step
        made.refresh_from_db()
        assert (made.status, seen_by(partner)) == (status, {record} if shared else set()), step
        assert AuditEvent.objects.count() > before
    text = receiving.get(page).content.decode()
    sentence = "Havering SNT sees activity records of Havering Council up to OFFICIAL, without: contact, place."
    assert sentence in text
    assert text.count(REASON) == 3


@pytest.mark.parametrize("step", ["accept", "suspend", "resume", "end"])
def test_what_makes_no_sense_now_is_refused_in_a_sentence(owner: Agency, partner: Agency, step: str) -> None:
    """An agreement that has ended."""
    made = agreement(owner, partner, status="ended")
    answer = manager_of(owner).post(f"/agreements/{made.pk}/{step}/", {"reason": REASON})
    assert answer.status_code == 422
    made.refresh_from_db()
    assert made.status == "ended"
    assert not AuditEvent.objects.exists()


def test_only_the_party_that_suspended_resumes(owner: Agency, partner: Agency) -> None:
    with time_machine.travel(NOON):
        made = agreement(owner, partner)
        manager_of(owner).post(f"/agreements/{made.pk}/suspend/", {"reason": REASON})
        assert manager_of(partner).post(f"/agreements/{made.pk}/resume/").status_code == 422
        made.refresh_from_db()
        assert made.status == "suspended"


def test_who_sees_an_agreement(owner: Agency, partner: Agency) -> None:
    made = agreement(owner, partner)
    made.document.save("x.pdf", SimpleUploadedFile("x.pdf", b"%PDF-1.7 terms"))
    page = f"/agreements/{made.pk}/"
    people = {
        "party": (person(owner, "viewer"), 200, 200, 403),
        "part of a party": (person(agency(part_of=partner)), 200, 200, 403),
        "manager": (person(partner, "manager"), 200, 200, 200),
        "partnership": (person(agency(), "partnership"), 200, 404, 403),
        "stranger": (person(agency(), "manager"), 404, 404, 404),
    }
    for name, (user, sees, document, acts) in people.items():
        client = client_of(user)
        assert client.get(page).status_code == sees, name
        file = client.get(f"{page}document/")
        if file.streaming:
            assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
        assert file.status_code == document, name
        assert client.get(f"{page}suspend/").status_code == acts, name
        assert client.get(f"{page}change/").status_code == acts, name
        assert (made.title in client.get("/agreements/").content.decode()) == (sees == 200), name


def test_the_document_is_checked_and_served_as_a_file(owner: Agency, partner: Agency) -> None:
    client = manager_of(owner)
    wrong = SimpleUploadedFile("terms.pdf", b"<html>")
    answer = client.post("/agreements/new/", form(owner, partner, document=wrong))
    assert answer.status_code == 422
    assert "This file is not a PDF" in answer.content.decode()
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    right = SimpleUploadedFile("Names of victims.docx", content.getvalue())
    assert client.post("/agreements/new/", form(owner, partner, document=right)).status_code == 302
    made = SharingAgreement.objects.get()
    assert "victims" not in str(made.document.name)
    answer = client.get(f"/agreements/{made.pk}/document/")
    assert answer["Content-Disposition"] == f'attachment; filename="agreement-{made.pk}.docx"'
    assert b"".join(answer.streaming_content) == content.getvalue()  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(action="sharingagreement.document.read").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"giving": []}, "Choose at least one agency that shares."),
        ({"types": ["ward-team"]}, "Something is ticked of records that are not shared"),
        ({"gateway": "other"}, "Write by what law the agencies may share."),
        ({"last_day": date(2020, 1, 1)}, "The last day comes before the first one."),
        ({"review_on": date(2020, 1, 1)}, "The review lies between today and the last day."),
        ({"area_codes": "Atlantis"}, "Atlantis"),
        ({"title": ""}, "required"),
        ({"highest": "secret"}, "Select a valid choice"),
    ],
)
def test_a_form_with_errors_says_what_is_wrong(
    owner: Agency, partner: Agency, change: dict[str, Any], sentence: str
) -> None:
    answer = manager_of(owner).post("/agreements/new/", form(owner, partner, **change))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SharingAgreement.objects.exists()


def test_nobody_proposes_for_others(owner: Agency, partner: Agency) -> None:
    stranger = agency()
    assert client_of(person(owner, "analyst")).get("/agreements/new/").status_code == 403
    answer = manager_of(stranger).post("/agreements/new/", form(owner, partner))
    assert answer.status_code == 422
    assert not SharingAgreement.objects.exists()


def test_a_narrowed_manager_agrees_to_nothing_beyond_these_areas(owner: Agency, partner: Agency) -> None:
    narrowed = client_of(person(owner, "manager", AREAS[:1]))
    assert "reaches further" in narrowed.post("/agreements/new/", form(owner, partner)).content.decode()
    assert not SharingAgreement.objects.exists()
    manager_of(partner).post("/agreements/new/", form(owner, partner))
    made = SharingAgreement.objects.get()
    assert narrowed.post(f"/agreements/{made.pk}/accept/").status_code == 422
    manager_of(owner).post(f"/agreements/{made.pk}/accept/")
    # Sharing less is anybody's; more again is not.
    assert narrowed.post(f"/agreements/{made.pk}/suspend/", {"reason": REASON}).status_code == 302
    assert narrowed.post(f"/agreements/{made.pk}/resume/").status_code == 422
    SharingAgreement.objects.update(area_codes=AREAS[:1])
    assert narrowed.post(f"/agreements/{made.pk}/resume/").status_code == 302


def test_an_agency_does_not_share_with_itself(owner: Agency) -> None:
    answer = manager_of(owner).post("/agreements/new/", form(owner, owner))
    assert "at least two agencies" in answer.content.decode()


def test_a_change_takes_over_when_all_have_accepted(owner: Agency, partner: Agency) -> None:
    old = agreement(owner, partner, valid_from=timezone.now() - DAY, valid_until=timezone.now() + 9 * DAY)
    page = manager_of(owner).get(f"/agreements/{old.pk}/change/").content.decode()
    assert old.purpose in page
    first_day = timezone.localdate() + timedelta(days=3)
    manager_of(owner).post(f"/agreements/{old.pk}/change/", form(owner, partner, first_day=first_day))
    new = SharingAgreement.objects.get(replaces=old)
    old.refresh_from_db()
    assert (old.status, new.status) == ("in-force", "proposed")
    manager_of(partner).post(f"/agreements/{new.pk}/accept/")
    old.refresh_from_db()
    assert (old.status, old.valid_until) == ("in-force", new.valid_from)


def test_a_change_from_today_ends_the_old_one_at_once(owner: Agency, partner: Agency) -> None:
    old = agreement(owner, partner, valid_from=timezone.now() - 9 * DAY, valid_until=timezone.now() + 9 * DAY)
    manager_of(owner).post(f"/agreements/{old.pk}/change/", form(owner, partner))
    new = SharingAgreement.objects.get(replaces=old)
    manager_of(partner).post(f"/agreements/{new.pk}/accept/")
    old.refresh_from_db()
    assert old.status == "ended"


def test_a_change_keeps_all_parties(owner: Agency, partner: Agency) -> None:
    old = agreement(owner, partner, valid_until=timezone.now() + DAY)
    answer = manager_of(owner).post(f"/agreements/{old.pk}/change/", form(owner, agency()))
    assert "has all parties of the other" in answer.content.decode()


@pytest.mark.parametrize("kind", ["health", "drug-treatment"])
def test_health_agencies_are_told_what_is_not_covered(partner: Agency, kind: str) -> None:
    health = agency(kind=kind)
    made = agreement(health, partner)
    assert "Section 16 of the Police, Crime, Sentencing" in manager_of(partner).get(f"/agreements/{made.pk}/").text


def test_the_list_says_in_words_what_state_each_is_in(owner: Agency, partner: Agency) -> None:
    with time_machine.travel(NOON):
        for status in ("in-force", "proposed", "suspended", "ended"):
            agreement(owner, partner, status=status, title=f"Is {status}")
        agreement(owner, partner, valid_until=NOON, title="Is lapsed")
        agreement(owner, partner, valid_from=NOON + DAY, title="Is to come")
        agreement(owner, partner, review_on=(NOON - DAY).date(), title="To review")
        text = manager_of(owner).get("/agreements/").text
    for state in ("In force", "Proposed", "Suspended", "Ended", "Lapsed", "Starts later", "Overdue"):
        assert state in text


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_asks_as_much_for_two_as_for_twenty(
    owner: Agency, partner: Agency, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        agreement(owner, partner)
    client = manager_of(owner)
    client.get("/agreements/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/agreements/")


LIST_QUERIES = 5


def key_of(of: Agency) -> tuple[ApiKey, dict[str, str]]:
    key = api_key(of, ["records"], expires=NOON + 30 * DAY)
    _, secret, key.secret_hash = ApiKey.new_secret()
    key.save()
    return key, {"Authorization": f"Bearer {key.prefix}.{secret}"}


def test_a_lapse_denies_to_the_microsecond_in_an_open_session_and_with_a_key(owner: Agency, partner: Agency) -> None:
    agreement(owner, partner, valid_until=NOON)
    with time_machine.travel(NOON - HOUR / 60, tick=False) as clock:
        record = intervention(owner)
        pages = client_of(person(partner))
        _, headers = key_of(partner)
        api = Client(headers=headers)
        paths = [
            (pages, f"/activity/{record.pk}/"),
            (pages, f"/api/v1/interventions/{record.pk}/"),
            (api, f"/api/v1/interventions/{record.pk}/"),
        ]
        # What each list, file and feed shows of it. The search box repeats the word, so there it is the link.
        lists = [
            *((pages, f"/activity/{rest}", record.title) for rest in ("", "activity.csv", "activity.geojson")),
            (pages, "/activity/activity.ics", record.title),
            (pages, f"/search/?q={record.title}", f"/activity/{record.pk}/"),
            (pages, "/api/v1/interventions/", record.title),
            (api, "/api/v1/interventions/", record.title),
            (api, "/api/v1/interventions/geojson/", record.title),
        ]

        def answered() -> tuple[list[int], list[bool]]:
            statuses = [client.get(path).status_code for client, path in paths]
            return statuses, [word in b"".join(client.get(path)).decode() for client, path, word in lists]

        clock.move_to(NOON - timedelta(microseconds=1))
        assert answered() == ([200] * len(paths), [True] * len(lists))
        for moment in (NOON, NOON + timedelta(microseconds=1), NOON + timedelta(seconds=1)):
            clock.move_to(moment)
            assert answered() == ([404] * len(paths), [False] * len(lists))


def test_an_agency_that_leaves_suspends_what_it_is_party_to(owner: Agency, partner: Agency) -> None:
    made = agreement(owner, partner)
    boss = Viewer.of_user(person(agency(), "partnership"))
    assert sharing.suspend_agreements_of(by=boss, agency=owner, reason="Havering left the partnership") == 1
    made.refresh_from_db()
    assert (made.status, made.suspended_by()) == ("suspended", {owner.pk})
    with pytest.raises(ValueError, match="Only a partnership administrator"):
        sharing.suspend_agreements_of(by=Viewer.of_user(person(owner, "manager")), agency=owner, reason=REASON)
