"""The search: what is in its index, what it shows first, and what it makes of rubbish."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from hotspots import categories, facts
from hotspots.models import Area, PostcodeDistrict, Source
from partners.models import User
from reports import methods, search
from reports.search import Kind
from reports.streets import streets
from tests import factories

pytestmark = pytest.mark.django_db
MARCH = date(2018, 3, 1)
COLUMNS = facts.SCHEMA[Source.STREET]


def slice_of(month: date, rows: list[tuple[str, str, int]]) -> None:
    """A slice of crimes: (LSOA code, location, how many)."""
    number = categories.by_slug(categories.POLICE_UK)["burglary"].number
    every = [(number, lsoa or None, None, None, None, place, None, None) for lsoa, place, n in rows for _ in range(n)]
    frame = pl.DataFrame(every, schema=COLUMNS, orient="row")
    factories.SliceFactory(month=month, path=facts.write(Source.STREET, frame))


@pytest.fixture
def gooshays() -> Area:
    """Havering with Gooshays (as now, and until May 2016), Heaton, three LSOAs and a year of streets; and Barnet."""
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    ward = factories.WardFactory(parent=borough, name="Gooshays", code="E05013970", valid_from=date(2016, 5, 5))
    heaton = factories.WardFactory(parent=borough, name="Heaton", code="E05013975", valid_from=date(2016, 5, 5))
    factories.WardFactory(parent=borough, name="Gooshays", code="E05000310", valid_from=None, valid_to=date(2016, 5, 5))
    for number, of in ((1, ward), (2, heaton), (3, ward)):
        lsoa = factories.LsoaFactory(parent=borough, name=f"Havering 001{'ABC'[number - 1]}", code=f"E0100000{number}")
        factories.MembershipFactory(child=lsoa, parent=of)
    barnet = factories.BoroughFactory(name="Barnet", code="E09000003")
    high_barnet = factories.WardFactory(parent=barnet, name="High Barnet", valid_from=date(2016, 5, 5))
    factories.MembershipFactory(child=factories.LsoaFactory(parent=barnet, code="E01000009"), parent=high_barnet)
    for area in (borough, barnet):
        factories.summarise(area, "all-crime", [10], since=MARCH)
    slice_of(MARCH, [("E01000001", "On or near Straight Road", 2), ("E01000002", "On or near Straight Road", 3)])
    slice_of(
        date(2018, 2, 1),
        [
            ("E01000003", "On or near Straight Road", 2),
            ("E01000002", "On or near Hilldene Avenue", 1),
            ("E01000009", "On or near High Street", 9),
            ("E01000002", "on or near  High Street", 1),
            ("E01000001", "No Location", 5),
            ("E01999999", "On or near Elsewhere Lane", 5),
            ("", "On or near Nowhere Lane", 5),
        ],
    )
    slice_of(date(2017, 3, 1), [("E01000001", "On or near Forgotten Road", 5)])
    PostcodeDistrict.objects.create(outward="RM3", ward=ward, postcodes=30)
    PostcodeDistrict.objects.create(outward="RM3", ward=heaton, postcodes=40)
    return ward


def found(text: str, home: int = 0) -> dict[Kind, list[str]]:
    return {one.kind: [entry.name for entry in one.entries] for one in search.find(text, search.index(), home)}


def test_streets_lie_in_the_wards_where_their_crimes_are_counted(gooshays: Area) -> None:
    names = dict(Area.objects.values_list("pk", "name"))
    rows = [(street, names[ward], n) for street, ward, n in streets().iter_rows()]
    assert sorted(rows, key=lambda row: (row[0], -row[2])) == [
        ("High Street", "High Barnet", 9),
        ("High Street", "Heaton", 1),
        ("Hilldene Avenue", "Heaton", 1),
        ("Straight Road", "Gooshays", 4),
        ("Straight Road", "Heaton", 3),
    ]


def test_no_slices_no_streets() -> None:
    assert streets().is_empty()
    assert found("high street") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Goosehays", {Kind.WARD: ["Gooshays", "Gooshays"]}),
        ("E05000310", {Kind.WARD: ["Gooshays"]}),
        ("gooshays barnet", {}),
        ("straight", {Kind.STREET: ["Straight Road"]}),
        ("strait road", {Kind.STREET: ["Straight Road"]}),
        ("straight road heaton", {Kind.STREET: ["Straight Road"]}),
        ("havering", {Kind.BOROUGH: ["Havering"]}),
        ("havering 001", {Kind.LSOA: ["Havering 001A", "Havering 001B", "Havering 001C"]}),
        ("E01000002", {Kind.LSOA: ["Havering 001B"]}),
        ("rm3", {Kind.POSTCODE: ["RM3"]}),
        ("RM3 7AA", {Kind.POSTCODE: ["RM3"]}),
        ("rm37aa", {Kind.POSTCODE: ["RM3"]}),
        ("shop lifting", {Kind.CATEGORY: ["Shoplifting"]}),
        ("upload", {Kind.PAGE: ["Upload files"]}),
        ("anonymisation", {}),
        ("licences", {Kind.PAGE: ["Licences"]}),
    ],
)
def test_what_is_found(gooshays: Area, text: str, expected: dict[Kind, list[str]]) -> None:
    assert found(text) == expected


def test_what_is_alike_stays_away_where_something_is_called_so(gooshays: Area) -> None:
    """ "Heaton" is no slip of "Hearton"."""
    factories.WardFactory(name="Hearton", valid_from=None)
    cache.clear()
    assert found("heaton") == {Kind.WARD: ["Heaton"]}
    assert found("heeton") == {Kind.WARD: ["Heaton", "Hearton"]}


def test_wards_that_ended_come_last_and_say_when(signed_in: Client, gooshays: Area) -> None:
    page = signed_in.get("/search/?q=gooshays").content.decode()
    assert page.index("/wards/E05013970/") < page.index("/wards/E05000310/")
    assert "Havering, boundaries until May 2016" in page


def test_the_own_boroughs_wards_come_first(client: Client, make_user: Callable[..., User], gooshays: Area) -> None:
    for agency, first in (("Havering Council", "Heaton (Havering)"), ("Barnet Council", "High Barnet (Barnet)")):
        client.force_login(make_user(f"{agency[:4]}@example.org", agency=agency))
        page = client.get("/search/?q=high street").content.decode()
        assert min(page.index(name) for name in ("Heaton (Havering)", "High Barnet (Barnet)")) == page.index(first)


def test_every_link_of_the_results_leads_somewhere(signed_in: Client, gooshays: Area) -> None:
    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                hrefs.add(dict(attrs)["href"] or "")

    hrefs: set[str] = set()
    for text in (
        "havering",
        "gooshays",
        "straight road",
        "havering 001a",
        "rm3",
        "burglary",
        *(p[0] for p in search.PAGES),
    ):
        Links().feed(
            signed_in.get("/search/", {"q": text}).content.decode().split('id="results"')[1].split("<footer")[0]
        )
    assert {f"/wards/{gooshays.code}/", "/wards/?category=burglary"} <= hrefs
    for href in sorted(hrefs):
        status = signed_in.get(href).status_code
        assert status == 200 or (status == 400 and href.startswith(("/map/", "/hotspots/find/"))), (href, status)


def test_sections_of_the_methods_page(gooshays: Area) -> None:
    for anchor, asked in (*methods.CONTENTS, ("rolling-12", "rolling 12"), ("coverage", "missing months")):
        entries = [e for one in search.find(asked, search.index()) for e in one.entries]
        assert f"/methods/#{anchor}" in [entry.code for entry in entries]


def test_at_most_ten_of_a_kind_and_the_rest_is_counted(signed_in: Client) -> None:
    borough = factories.BoroughFactory()
    for number in range(23):
        factories.WardFactory(parent=borough, name=f"Mill {number:02d}")
    page = signed_in.get("/search/?q=mill").content.decode()
    assert page.count('app-found__name"') == 10
    assert "23 results" in page
    assert "and 13 more" in page


RUBBISH = [
    "",
    " ",
    "a",
    "%",
    "%25",
    "_",
    "'; DROP TABLE hotspots_area; --",
    "<script>alert(1)</script>",
    "🙂👩‍👩‍👧",
    "\u202e",
    "x" * 100,
]


@pytest.mark.parametrize("text", RUBBISH)
def test_rubbish_is_answered(signed_in: Client, gooshays: Area, text: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = signed_in.get("/search/", {"q": text}, headers=headers)
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
    if text.strip(" ") and not search.find(text, search.index()):
        assert "Nothing was found for" in answer.content.decode()


@given(text=st.text(max_size=100))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered(signed_in: Client, gooshays: Area, text: str) -> None:
    assert signed_in.get("/search/", {"q": text}).status_code == (400 if "\x00" in text else 200)


def test_what_is_too_long_or_no_text_is_said(signed_in: Client) -> None:
    for text, words in (("x" * 200, "at most 100 characters"), ("a\x00b", "Null characters")):
        answer = signed_in.get("/search/", {"q": text})
        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_what_is_looked_for_is_not_logged(signed_in: Client, gooshays: Area, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django").propagate = True
        signed_in.get("/search/", {"q": "secret" * 30})
        signed_in.get("/search/", {"q": "secret"})
        logging.getLogger("django").propagate = False
    assert "secret" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def test_the_index_is_made_once_a_version_and_shared(
    gooshays: Area, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = search.index()
    with django_assert_num_queries(1):
        assert search.index() is first
    search._held = None  # another process
    with django_assert_num_queries(1):
        assert search.index().entries == first.entries
    factories.WardFactory(name="Brand New", valid_from=None)
    assert found("brand new") == {}
    factories.next_data_version()
    assert found("brand new") == {Kind.WARD: ["Brand New"]}


def test_a_search_costs_the_same_however_much_there_is(
    signed_in: Client, gooshays: Area, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in.get("/search/?q=gooshays")
    for text in ("gooshays", "a", "straight road", "nothing at all"):
        with django_assert_max_num_queries(10):
            signed_in.get("/search/", {"q": text})
