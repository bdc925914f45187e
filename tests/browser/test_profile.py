"""Profiles in a real browser: their choices with and without scripts, what is printed, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hotspots import categories
from hotspots.models import Area
from partners.models import User
from tests import factories
from tests.browser.conftest import WIDTHS
from tests.factories import summarise

SINCE = date(2015, 4, 1)


@pytest.fixture
def ward(transactional_db: None) -> Area:
    """One of five wards of Havering with all that a ward can have; there were others before, of the same names."""
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    summarise(borough, "all-crime", range(900, 936), since=SINCE, residents=90_000)
    plain = [d.slug for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK and not d.members]
    groups = ["all-crime", "all-crime-and-asb", "victim-reported", "found-by-police"]
    factories.WardFactory(parent=borough, name="Ward 0", valid_to=date(2016, 5, 5))
    made = []
    for index in range(5):
        ward = factories.WardFactory(parent=borough, name=f"Ward {index}", valid_from=date(2016, 5, 5))
        for slug in [*plain, *groups]:
            counts = [*range(100 + index, 120 + index), None, *range(100, 115)]
            converted = factories.months_from(SINCE, 14)
            summarise(ward, slug, counts, since=SINCE, residents=10_000, converted=converted)
        summarise(ward, "all-searches", range(36), since=SINCE, scheme=categories.SEARCH)
        for slug, count in (("all-outcomes", 20), ("charged-or-summonsed", 5), ("no-suspect-identified", 15)):
            summarise(ward, slug, [count] * 36, since=SINCE, scheme=categories.OUTCOME)
        made.append(ward)
    return made[0]


def test_every_choice_is_accessible(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, ward: Area
) -> None:
    page = make_page(user=analyst)
    for query in ("", "lines=years&scale=same&months=12"):
        page.goto(f"/wards/{ward.code}/?{query}")
        assert_accessible(page, *WIDTHS)


@pytest.mark.parametrize("js", [True, False])
def test_years_and_one_scale_are_chosen_by_keyboard(
    make_page: Callable[..., Page], analyst: User, ward: Area, js: bool
) -> None:
    page = make_page(user=analyst, js=js)
    page.goto(f"/wards/{ward.code}/")
    page.get_by_label("Main chart").select_option(label="Each year a line")
    page.get_by_label("Charts by type").select_option(label="One scale for all")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("img", name="All crime, each year a line")).to_be_visible()
    expect(page.get_by_role("table", name="All crime, January 2015 to March 2018")).to_be_visible()
    assert "lines=years" in page.url
    assert "scale=same" in page.url
    page.get_by_role("heading", name="Burglary").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Burglary in March 2018")).to_be_visible()
    expect(page.get_by_label("Main chart")).to_have_value("years")


def test_from_a_ward_to_one_like_it_and_to_its_old_boundaries(
    make_page: Callable[..., Page], analyst: User, ward: Area
) -> None:
    page = make_page(user=analyst)
    page.goto(f"/wards/{ward.code}/")
    beside = page.get_by_role("region", name="Table of the comparison")
    expect(beside.get_by_role("rowheader")).to_contain_text(["Ward 0 (this ward)", "All of Havering", "similar wards"])
    beside.get_by_role("link", name="Ward 3, Havering").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ward 3")
    page.goto(f"/wards/{ward.code}/")
    page.get_by_role("link", name="Wards until May 2016: Ward 0").click()
    expect(page.get_by_role("heading", name="No figures yet for this place")).to_be_visible()


def test_a_ward_prints_on_two_pages(make_page: Callable[..., Page], analyst: User, ward: Area) -> None:
    page = make_page(user=analyst)
    for query in ("", "lines=years", "months=12"):
        page.goto(f"/wards/{ward.code}/?{query}")
        pages = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))
        assert len(pages) == 2
    page.emulate_media(media="print")
    for shown in ("By type", "Outcomes, April 2017 to March 2018", "What to know about these figures"):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    expect(page.get_by_role("img", name="Burglary").first).to_be_visible()
    expect(page.get_by_role("table", name="All crime, April 2017 to March 2018")).to_be_visible()
    for hidden in (".app-choose", ".app-composition", ".app-figure__details >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
