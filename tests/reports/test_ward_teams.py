"""A ward's team on the page of the ward: beside kept content, for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots.models import AbstractedDays, Area, WardTeam
from partners.models import Agency, User
from tests.factories import WardFactory, next_data_version, summarise

LINE = "Heaton.snt@example.org".lower()


@pytest.fixture
def ward(db: None) -> Area:
    made: Area = WardFactory(name="Heaton")
    summarise(made, "burglary", [9, 9, 9], since=date(2026, 1, 1))
    summarise(made, "all-crime", [9, 9, 9], since=date(2026, 1, 1))
    next_data_version()
    return made


@pytest.fixture
def team(ward: Area) -> WardTeam:
    assert ward.parent is not None
    made: WardTeam = WardTeam.objects.create(
        owner=Agency.objects.create(name="Havering SNT", kind="police-snt"),
        ward=ward,
        marking="open",
        audience="everyone",
        area_codes=[ward.code, ward.parent.code],
        valid_from=date(2026, 5, 4),
        officers_established=2,
        officers_in_post=2,
        pcsos_established=2,
        pcsos_in_post=1,
        contact_email=LINE,
        contact_phone="020 7946 0000",
    )
    AbstractedDays.objects.create(team=made, month=date(2026, 8, 1), days=9)
    return made


def shown(client: Client, ward: Area) -> str:
    answer = client.get(f"/wards/{ward.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_polices_the_ward_and_how_to_reach_them(
    signed_in: Client, ward: Area, team: WardTeam
) -> None:
    page = shown(signed_in, ward)
    assert "2 dedicated ward officers of 2, 1 PCSO of 2, 1 sergeant post; 9 days abstracted in August 2026." in page
    assert f'href="mailto:{LINE}"' in page
    assert 'href="tel:02079460000"' in page
    assert f'href="/teams/{team.pk}/"' in page


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "agency"},
        {"audience": "agreements", "marking": "official"},
        {"valid_to": date(2026, 6, 1)},
        {"valid_from": date(2099, 1, 1)},
    ],
    ids=str,
)
def test_the_kept_page_forgets_at_once_what_is_no_longer_open_or_in_force(
    signed_in: Client, ward: Area, team: WardTeam, fields: dict[str, object]
) -> None:
    assert LINE in shown(signed_in, ward)
    WardTeam.objects.update(**fields)
    assert LINE not in shown(signed_in, ward)


def test_a_role_that_ends_elsewhere_or_sees_no_records_sees_no_team(
    client: Client, make_user: Callable[..., User], ward: Area, team: WardTeam
) -> None:
    user = make_user()
    client.force_login(user)
    assert LINE in shown(client, ward)
    user.memberships.update(area_codes=["E05000000"])
    assert LINE not in shown(client, ward)
    user.memberships.update(area_codes=[], role="partnership")
    assert LINE not in shown(client, ward)


def test_other_wards_and_boroughs_have_no_team(signed_in: Client, ward: Area, team: WardTeam) -> None:
    other: Area = WardFactory(parent=ward.parent)
    summarise(other, "all-crime", [9, 9, 9], since=date(2026, 1, 1))
    assert LINE not in shown(signed_in, other)


def test_teams_cost_the_ward_page_no_query(signed_in: Client, ward: Area, team: WardTeam) -> None:
    assert ward.parent is not None
    summarise(ward.parent, "all-crime", [9, 9, 9], since=date(2026, 1, 1))
    counts = []
    for path in (f"/boroughs/{ward.parent.code}/", f"/wards/{ward.code}/"):
        signed_in.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(path).status_code == 200
        counts.append(len(queries))
    # The teams come with the version of the figures, the reader's roles with the person.
    assert counts[1] == counts[0]
