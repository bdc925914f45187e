"""Pages of ward teams: who sees them, what they say, and what they refuse."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotspots.models import AbstractedDays, Area, WardTeam
from partners.models import Agency, AgreementParty, AuditEvent, SharingAgreement, User
from tests.factories import WardFactory

Make = Callable[..., WardTeam]
ADDRESSES = ("/teams/{}/", "/teams/{}/change/", "/teams/{}/correct/", "/teams/{}/days/")
DETAILS = {
    "valid_from": "2026-05-04",
    "officers_established": "2",
    "officers_in_post": "2",
    "pcsos_established": "2",
    "sergeants_established": "1",
    "marking": "open",
    "audience": "everyone",
}


@pytest.fixture
def partner(make_user: Callable[..., User]) -> Client:
    """Somebody of the council, which may or may not have an agreement."""
    client = Client()
    client.force_login(make_user("partner@example.org", role="manager", agency="Havering Council"))
    return client


@pytest.fixture
def agreement(partner: Client, snt: Agency) -> SharingAgreement:
    """The council sees the teams' posts and neither who is in post nor the days."""
    today = timezone.now()
    made = SharingAgreement.objects.create(
        title="Teams",
        record_types=["ward-team"],
        withheld_fields=["ward-team.in_post", "ward-team.abstracted"],
        highest_marking="official",
        valid_from=today - timedelta(1),
        valid_until=today + timedelta(30),
        status=SharingAgreement.Status.IN_FORCE,
        review_on=today.date(),
    )
    council = Agency.objects.get(name="Havering Council")
    AgreementParty.objects.create(agreement=made, agency=snt, gives=True, receives=False, accepted_at=today)
    AgreementParty.objects.create(agreement=made, agency=council, gives=False, receives=True, accepted_at=today)
    return made


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return (b"".join(answer) if answer.streaming else answer.content).decode()


def test_the_list_has_every_ward_of_a_borough_with_a_team(keeping: Client, heaton: Area, make_team: Make) -> None:
    WardFactory(name="Gooshays", parent=heaton.parent)
    WardFactory(name="Elsewhere")
    AbstractedDays.objects.create(team=make_team(), month=date(2026, 8, 1), days=9)
    page = text(keeping, "/teams/")
    assert "9 days in August 2026" in page
    assert "1 of 2" in page
    assert "Gooshays" in page
    assert "No team recorded" in page
    assert "Elsewhere" not in page


def test_days_follow_the_team_when_its_posts_change(keeping: Client, make_team: Make) -> None:
    old = make_team(valid_from=date(2025, 1, 1), valid_to=date(2026, 5, 4))
    new = make_team()
    AbstractedDays.objects.create(team=old, month=date(2026, 4, 1), days=Decimal("3.5"))
    assert "3.5 days in April 2026" in text(keeping, "/teams/")
    assert "1 January 2025 to 4 May 2026" in text(keeping, f"/teams/{new.pk}/")
    assert keeping.get(f"/teams/{old.pk}/")["Location"] == f"/teams/{new.pk}/"


def test_what_is_open_is_seen_by_all_and_kept_by_its_agency_alone(partner: Client, make_team: Make) -> None:
    team = make_team()
    page = text(partner, f"/teams/{team.pk}/")
    assert "heaton.snt@example.org" in page
    assert "Correct" not in page
    for address in ADDRESSES[1:]:
        assert "SNT leads, managers and administrators" in text(partner, address.format(team.pk), 403)
        assert partner.post(address.format(team.pk), DETAILS).status_code == 403
    assert not AuditEvent.objects.filter(action="ward-team.read").exists()


def test_a_stranger_finds_nothing_of_a_restricted_team(partner: Client, make_team: Make) -> None:
    team = make_team(marking="official", audience="agreements", contact_email="token@example.org")
    for address in ADDRESSES:
        assert "token@" not in text(partner, address.format(team.pk), 404)
        assert partner.post(address.format(team.pk), DETAILS).status_code in (404, 405)
    assert "Heaton" not in text(partner, "/teams/")
    assert "token@" not in text(partner, "/teams/teams.csv")


def test_a_partner_sees_what_the_agreement_gives_and_its_owner_is_told_in_the_trail(
    partner: Client, agreement: SharingAgreement, make_team: Make
) -> None:
    team = make_team(marking="official", audience="agreements", officers_established=77, officers_in_post=66)
    AbstractedDays.objects.create(team=team, month=date(2026, 8, 1), days=55)
    pages = [text(partner, path) for path in ("/teams/", f"/teams/{team.pk}/", "/teams/teams.csv")]
    for page in pages:
        assert "77" in page
        assert ">66 of" not in page
        assert ",66," not in page
        assert "55 days" not in page
        assert ">55<" not in page
    assert "withheld by agreement" in pages[0]
    row = next(iter(csv.DictReader(io.StringIO(pages[2].removeprefix("\ufeff")))))
    assert (row["Ward officer posts"], row["Ward officers in post"], row["Days abstracted"]) == ("77", "", "")
    said = AuditEvent.objects.filter(action="ward-team.read").order_by("number").values_list("summary", flat=True)
    assert list(said) == ["Read (list)", "Read (page)", "Read (csv)"]
    SharingAgreement.objects.update(status=SharingAgreement.Status.SUSPENDED)
    text(partner, f"/teams/{team.pk}/", 404)


def test_a_team_is_added_changed_corrected_and_its_days_entered(keeping: Client, snt: Agency, heaton: Area) -> None:
    new = {**DETAILS, "owner": snt.pk, "ward": heaton.code}
    answer = keeping.post("/teams/new/", new)
    team = WardTeam.objects.get()
    assert answer["Location"] == f"/teams/{team.pk}/"
    answer = keeping.post(f"/teams/{team.pk}/change/", {**DETAILS, "valid_from": "2026-09-01"})
    changed = WardTeam.objects.get(valid_to=None)
    assert answer["Location"] == f"/teams/{changed.pk}/"
    keeping.post(f"/teams/{changed.pk}/days/", {"month": "2026-09", "days": "9.5"})
    assert AbstractedDays.objects.get().days == Decimal("9.5")
    end = {**DETAILS, "valid_from": "2026-09-01", "valid_to": "2026-10-01"}
    keeping.post(f"/teams/{changed.pk}/correct/", end)
    assert WardTeam.objects.filter(valid_to=date(2026, 10, 1)).exists()
    assert "ended 1 October 2026" in text(keeping, "/teams/")


@pytest.mark.parametrize(
    ("address", "wrong", "sentence"),
    [
        ("correct", {"officers_established": "-1"}, "Enter a number from 0 up: Ward officers: posts."),
        ("correct", {"valid_to": "2026-01-01"}, "The day on which it ends must come after"),
        ("correct", {"audience": "team"}, "Choose who sees it."),
        ("correct", {"contact_phone": "call me"}, "Enter a telephone number"),
        ("correct", {"marking": "official"}, "Only what is marked OPEN can be seen by everyone."),
        ("change", {"valid_from": ""}, "Enter the day, such as 05/05/2026."),
        ("change", {}, "a change must come after that day"),
        ("days", {"month": "next", "days": "1"}, "Enter the month as year and month"),
        ("days", {"month": "2026-08", "days": "many"}, "Enter a number of days"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    keeping: Client, make_team: Make, address: str, wrong: dict[str, str], sentence: str
) -> None:
    team = make_team()
    answer = keeping.post(f"/teams/{team.pk}/{address}/", {**DETAILS, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AuditEvent.objects.exists()


def test_only_keepers_add_and_import(partner: Client, make_user: Callable[..., User], heaton: Area) -> None:
    viewing = Client()
    viewing.force_login(make_user("viewer@example.org", role="viewer", agency="Havering SNT"))
    for path in ("/teams/new/", "/teams/import/"):
        assert "SNT leads, managers and administrators" in text(viewing, path, 403)
    assert "Add a team" not in text(viewing, "/teams/")


def test_pages_cost_the_same_for_two_teams_and_for_twenty(keeping: Client, heaton: Area, make_team: Make) -> None:
    counts: dict[str, set[int]] = {"/teams/": set(), "/teams/teams.csv": set()}
    made = 0
    for number in (2, 20):
        while made < number:
            team = make_team(ward=WardFactory(parent=heaton.parent))
            AbstractedDays.objects.create(team=team, month=date(2026, 8, 1), days=made)
            made += 1
        for path, found in counts.items():
            text(keeping, path)  # what every page keeps is there
            with CaptureQueriesContext(connection) as queries:
                text(keeping, path)
            found.add(len(queries))
    assert [len(found) for found in counts.values()] == [1, 1], counts
