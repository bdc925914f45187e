"""The ward pages in a real browser: with and without scripts, by keyboard, wide and narrow."""

from __future__ import annotations

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
    """One of three wards of Havering, each with 36 months, a shape and residents; one month is unknown."""
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    summarise(borough, "all-crime", range(900, 936), since=SINCE)
    made = []
    for index, name in enumerate(("Gooshays", "Heaton", "Harold Wood")):
        ward = factories.WardFactory(parent=borough, name=name)
        factories.BoundaryFactory(area=ward)
        factories.PopulationFactory(area=ward)
        counts = [*range(50 * index, 50 * index + 20), None, *range(50 * index, 50 * index + 15)]
        for slug in ("all-crime", "burglary", "robbery"):
            summarise(ward, slug, counts, since=SINCE, residents=10_000)
        summarise(ward, "all-searches", counts, since=SINCE, scheme=categories.SEARCH)
        made.append(ward)
    return made[0]


def test_pages_are_accessible(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, ward: Area
) -> None:
    page = make_page(user=analyst)
    for path in ("/wards/", f"/wards/{ward.code}/", "/methods/", "/wards/?month=soon"):
        page.goto(path)
        assert_accessible(page, *WIDTHS)


def test_the_table_sorts_by_a_click_and_by_an_address(
    make_page: Callable[..., Page], analyst: User, ward: Area
) -> None:
    page = make_page(user=analyst)
    page.goto("/wards/")
    names = page.locator("tbody th")
    expect(names).to_have_text(["Gooshays", "Harold Wood", "Heaton"])
    page.get_by_role("button", name="Mar 2018").click()  # the largest first, as by the link without scripts
    expect(names).to_have_text(["Harold Wood", "Heaton", "Gooshays"])
    page.get_by_role("button", name="Mar 2018").click()
    expect(names).to_have_text(["Gooshays", "Heaton", "Harold Wood"])
    expect(page.locator("tfoot th")).to_have_text("All of Havering")

    plain = make_page(user=analyst, js=False)
    plain.goto("/wards/")
    plain.get_by_role("link", name="Mar 2018").click()
    expect(plain.locator("tbody th")).to_have_text(["Harold Wood", "Heaton", "Gooshays"])


def test_from_the_map_to_a_category_by_keyboard(make_page: Callable[..., Page], analyst: User, ward: Area) -> None:
    page = make_page(user=analyst)
    page.goto("/wards/")
    page.get_by_role("link", name="Gooshays: 14").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gooshays")
    page.get_by_label("Category").select_option(label="Burglary")
    page.get_by_label("Charts show").select_option(label="12 months")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("heading", name="Burglary in March 2018")).to_be_visible()
    assert "category=burglary" in page.url
    assert "months=12" in page.url
    expect(page.get_by_role("img", name="Burglary").first).to_be_visible()


def test_a_folded_table_opens_without_scripts(make_page: Callable[..., Page], analyst: User, ward: Area) -> None:
    page = make_page(user=analyst, js=False)
    page.goto(f"/wards/{ward.code}/")
    table = page.get_by_role("table", name="Robbery, April 2015")
    expect(table).to_be_hidden()
    page.get_by_text("Table: Robbery").click()
    expect(table).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".app-choose")).to_be_hidden()
