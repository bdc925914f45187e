"""The search in a real browser: from the header, as one types, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import Area, PostcodeDistrict
from partners.models import User
from tests import factories
from tests.browser.conftest import WIDTHS

MakePage = Callable[..., Page]


@pytest.fixture
def gooshays(transactional_db: None) -> Area:
    """Two wards of Havering, one of them with an earlier shape of the same name, and a postcode district."""
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    factories.summarise(borough, "all-crime", [10] * 13, since=date(2017, 3, 1))
    ward = factories.WardFactory(parent=borough, name="Gooshays", valid_from=date(2016, 5, 5))
    heaton = factories.WardFactory(parent=borough, name="Heaton", valid_from=date(2016, 5, 5))
    factories.WardFactory(parent=borough, name="Gooshays", valid_from=None, valid_to=date(2016, 5, 5))
    factories.LsoaFactory(parent=borough, name="Havering 001A")
    for one in (ward, heaton):
        factories.summarise(one, "all-crime", [5] * 13, since=date(2017, 3, 1))
        PostcodeDistrict.objects.create(outward="RM3", ward=one, postcodes=9)
    return ward


def test_from_the_header_to_a_ward_without_scripts(make_page: MakePage, analyst: User, gooshays: Area) -> None:
    page = make_page(user=analyst, js=False)
    page.goto("/methods/")
    page.get_by_label("Search wards").fill("Goosehays")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing is called “Goosehays”. These are the nearest:")).to_be_visible()
    expect(page.get_by_role("list").filter(has_text="boundaries until May 2016").get_by_role("link")).to_have_count(2)
    page.get_by_role("main").get_by_role("link", name="Gooshays").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gooshays")


def test_the_list_changes_as_one_types_and_the_address_keeps_it(
    make_page: MakePage, analyst: User, gooshays: Area
) -> None:
    page = make_page(user=analyst)
    page.goto("/search/")
    box = page.get_by_label("Ward, street, postcode")
    box.press_sequentially("heat")
    expect(page.get_by_role("link", name="Heaton")).to_be_visible()
    expect(page.locator("#announcement")).to_have_text("1 result for “heat”.")
    expect(box).to_be_focused()
    expect(page).to_have_title("heat - Search - Hotspot tracker")
    box.fill("RM3 7AA")
    expect(page.get_by_role("heading", name="Postcode districts")).to_be_visible()
    assert page.url.endswith("/search/?q=RM3+7AA") or page.url.endswith("/search/?q=RM3%207AA")
    page.reload()
    expect(box).to_have_value("RM3 7AA")
    box.fill("")
    expect(page.get_by_text("Type the name of a ward")).to_be_visible()


def test_by_keyboard_alone(make_page: MakePage, analyst: User, gooshays: Area) -> None:
    page = make_page(user=analyst)
    page.goto("/methods/")
    page.get_by_label("Search wards").focus()
    page.keyboard.type("heaton")
    page.keyboard.press("Enter")
    page.get_by_label("Ward, street, postcode").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Heaton")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heaton")


def test_the_search_is_accessible(
    make_page: MakePage, assert_accessible: Callable[..., None], analyst: User, gooshays: Area
) -> None:
    page = make_page(user=analyst)
    for text in ("", "havering", "Goosehays", "rm3", "havering 001a", "nothing at all", "x" * 101, "W" * 90):
        page.goto(f"/search/?q={text}")
        assert_accessible(page, *WIDTHS)
    page.goto("/search/")
    page.get_by_label("Ward, street, postcode").press_sequentially("goo")
    expect(page.get_by_role("link", name="Gooshays").first).to_be_visible()
    assert_accessible(page, *WIDTHS)
