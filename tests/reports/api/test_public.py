"""Crime counts for publication."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from hotspots.models import Area
from partners.roles import Scope
from tests.factories import PARTIAL, BoroughFactory, WardFactory, summarise
from tests.reports.api.conftest import with_key

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/public/crime-counts/?year=2017&borough=E09800016"
JANUARY = date(2017, 1, 1)


@pytest.fixture
def wards() -> tuple[Area, Area]:
    borough = BoroughFactory(code="E09800016", name="Havering")
    made = WardFactory(parent=borough, name="Gooshays"), WardFactory(parent=borough, name="Heaton")
    summarise(made[0], "burglary", [3, *[10] * 11], since=JANUARY)
    summarise(made[1], "burglary", [20, 0, *[30] * 10], since=JANUARY)
    return made


@pytest.fixture
def public(db: None) -> Client:
    return with_key("Newspaper", Scope.PUBLIC)


def counts(client: Client, address: str = ADDRESS) -> dict[tuple[str | None, str | None], int | None]:
    rows = client.get(address).json()["results"]
    return {(row["ward_name"], row["month"]): row["count"] for row in rows}


def test_small_numbers_and_what_gives_them_away_are_hidden(public: Client, wards: tuple[Area, Area]) -> None:
    found = counts(public)
    assert len(found) == 3 * 13
    assert found["Gooshays", "2017-01"] is None
    # In its row and in its column something else is hidden as well: the cheapest way is through March.
    hidden = {key for key, count in found.items() if count is None}
    assert len({month for ward, month in hidden if ward == "Gooshays"}) == 2
    assert len({ward for ward, month in hidden if month == "2017-01"}) == 2
    assert found["Heaton", "2017-02"] == 0


def test_a_borough_is_there_once_its_year_is_known(public: Client, wards: tuple[Area, Area]) -> None:
    summarise(wards[0], "robbery", [9] * 12, since=JANUARY)
    summarise(wards[1], "robbery", [9] * 11, since=JANUARY)
    assert counts(public, f"{ADDRESS}&category=robbery") == {}
    summarise(wards[0], "drugs", [9] * 12, since=JANUARY)
    summarise(wards[1], "drugs", [9] * 12, since=JANUARY, coverage={JANUARY: PARTIAL})
    assert counts(public, f"{ADDRESS}&category=drugs") == {}


def test_only_types_and_years_that_are_over(public: Client, wards: tuple[Area, Area]) -> None:
    assert public.get(f"{ADDRESS}&category=all-crime").status_code == 400
    assert counts(public, "/api/v1/public/crime-counts/?year=2100") == {}
    assert counts(public, "/api/v1/public/crime-counts/") == {}


def test_a_key_for_publication_reads_nothing_else(public: Client, wards: tuple[Area, Area]) -> None:
    for address in ("summaries", "interventions", "ward-teams", "outcomes"):
        assert public.get(f"/api/v1/{address}/").status_code == 403
