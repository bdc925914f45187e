"""Ward teams from CSV: every row's errors by number, all or nothing, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hotspots.models import AbstractedDays, Area, WardTeam
from hotspots.teams import importing
from partners import csv_import
from partners.models import Agency, AuditEvent, User
from partners.visibility import Viewer
from tests.factories import WardFactory

HEADER = "Ward,From,Ward officer posts,Ward officers in post,PCSO posts,Sergeant posts,Month,Days abstracted\n"
HEATON = "Heaton,2026-05-04,2,2,2,1,2026-08,9\n"
Make = Callable[..., WardTeam]


def post(client: Client, text: str, do: str = "import") -> tuple[int, str]:
    answer = client.post("/teams/import/", {"text": text, "do": do})
    return answer.status_code, answer.content.decode()


def test_what_is_shown_first_is_what_is_done_and_twice_changes_nothing(keeping: Client, heaton: Area) -> None:
    status, page = post(keeping, HEADER + HEATON, do="check")
    assert status == 200
    assert "A team from 4 May 2026. August 2026: 9 days abstracted." in page
    assert not WardTeam.objects.exists()
    for _ in range(2):
        assert post(keeping, HEADER + HEATON)[0] == 302
    team = WardTeam.objects.get()
    assert (team.ward, team.officers_in_post, team.pcsos_in_post) == (heaton, 2, None)
    assert AbstractedDays.objects.get().days == 9
    assert AuditEvent.objects.filter(action__startswith="ward-team").count() == 2
    assert "0 new teams, 0 changed, 1 as they are" in post(keeping, HEADER + HEATON, do="check")[1]


def test_the_day_decides_between_a_correction_and_a_change(keeping: Client, make_team: Make) -> None:
    team = make_team()
    assert post(keeping, HEADER + "Heaton,2026-05-04,3,2,2,1,,\n")[0] == 302
    assert WardTeam.objects.get().officers_established == 3
    assert post(keeping, HEADER + "Heaton,01/09/2026,3,1,2,1,,\n")[0] == 302
    old, new = WardTeam.objects.order_by("valid_from")
    assert (old.pk, old.valid_to, old.officers_in_post) == (team.pk, date(2026, 9, 1), 2)
    # Columns that the file does not have stay as they were.
    assert (new.officers_in_post, new.pcsos_in_post, new.contact_email) == (1, 1, "heaton.snt@example.org")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Heeton,2026-05-04,2,2,2,1,,", "There is no ward “Heeton” in force. Did you mean Heaton?"),
        ("Nowhere,2026-05-04,2,2,2,1,,", "There is no ward “Nowhere” in force."),
        (",2026-05-04,2,2,2,1,,", "The ward is missing."),
        ("Heaton,soon,2,2,2,1,,", "From: Enter a day, such as 05/05/2026."),
        ("Heaton,2026-05-04,two,2,2,1,,", "Ward officer posts: Enter a whole number: Ward officers: posts."),
        ("Heaton,2026-05-04,2,2,2,1,August,9", "Enter the month as year and month, such as 2026-08."),
        ("Heaton,2026-05-04,2,2,2,1,2026-04,9", "There was no team in April 2026."),
        ("Heaton,2026-05-04,2,2,2,1,,,more", "It has 9 cells, but the header has 8."),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_imported(keeping: Client, heaton: Area, row: str, sentence: str) -> None:
    WardFactory(name="Gooshays", parent=heaton.parent)
    status, page = post(keeping, f"{HEADER}Gooshays,2026-05-04,2,2,2,1,,\n{row}\n")
    assert status == 422
    assert sentence in page.replace("&#x27;", "'")
    assert '<td class="govuk-table__cell">3</td>' in page
    assert not WardTeam.objects.exists()


def test_a_file_that_is_no_such_table_is_refused_at_its_field(keeping: Client, heaton: Area) -> None:
    status, page = post(keeping, "Ward,From\nHeaton,2026-05-04\n")
    assert status == 422
    assert "The header has no column “Ward officer posts”." in page


def test_two_rows_of_a_ward_and_two_wards_of_a_name_are_told_apart(keeping: Client, heaton: Area) -> None:
    assert "Row 2 is about this ward already." in post(keeping, HEADER + HEATON + HEATON)[1]
    WardFactory(name="Heaton")
    status, page = post(keeping, HEADER + HEATON)
    assert status == 422
    assert "Several boroughs have a ward “Heaton”." in page
    assert post(keeping, HEADER + HEATON.replace("Heaton", "E05990001"))[0] == 302
    assert WardTeam.objects.get().ward == heaton


def test_our_own_file_brought_back_changes_nothing(keeping: Client, make_team: Make) -> None:
    team = make_team(contact_phone="+44 20 7946 0000", marking="official", audience="agency")
    AbstractedDays.objects.create(team=team, month=date(2026, 8, 1), days=Decimal("9.5"))
    text = b"".join(keeping.get("/teams/teams.csv")).decode()
    assert "'+44" in text
    assert "0 new teams, 0 changed, 1 as they are" in post(keeping, text, do="check")[1]


def test_the_template_can_be_imported(keeping: Client, heaton: Area) -> None:
    text = b"".join(keeping.get("/teams/template.csv")).decode()
    assert post(keeping, text)[0] == 302
    assert WardTeam.objects.get().contact_email == "heaton.snt@example.org"


def test_agencies_of_others_are_not_ones_own(keeping: Client, heaton: Area) -> None:
    Agency.objects.create(name="Hidden", kind="police")
    for name in ("Hidden", "Never heard of"):
        status, page = post(keeping, HEADER.replace("Ward,", "Agency,Ward,", 1) + f"{name},{HEATON}")
        assert status == 422
        assert f"You keep no teams of an agency “{name}”." in page


def test_it_costs_the_same_for_two_rows_and_for_twenty(
    keeper: User, heaton: Area, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wards: list[Area] = [heaton, *(WardFactory(parent=heaton.parent) for _ in range(19))]
    for number in (2, 20):
        text = HEADER + "".join(f"{ward.code},2026-05-04,2,2,2,1,2026-08,9\n" for ward in wards[:number])
        table = csv_import.read(text, importing.COLUMNS)
        with django_assert_num_queries(6):  # roles, agencies, and what the file is held against
            planned = importing.plan(table, Viewer.of_user(keeper))
        assert [one.errors for one in planned] == [[]] * number
