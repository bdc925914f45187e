"""The overview in a real browser: by mouse and by keyboard, with and without scripts, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hotspots import categories
from hotspots.models import Area
from partners.models import User
from reports.actions import save_view, set_priorities
from tests import factories
from tests.browser.conftest import WIDTHS
from tests.factories import summarise

SINCE = date(2015, 4, 1)


@pytest.fixture
def borough(transactional_db: None, analyst: User) -> Area:
    """Havering with three wards of 36 months, a priority, and a view that the analyst saved."""
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    for slug in ("all-crime", "violent-crime", "victim-reported", "burglary"):
        summarise(borough, slug, range(900, 936), since=SINCE)
    for index, name in enumerate(("Gooshays", "Heaton", "Harold Wood")):
        ward = factories.WardFactory(parent=borough, name=name)
        factories.BoundaryFactory(area=ward)
        summarise(ward, "all-crime", range(50 * index, 50 * index + 36), since=SINCE, residents=10_000)
        summarise(ward, "burglary", [10] * 33 + [10 + 5 * index] * 3, since=SINCE)
    factories.next_data_version()
    burglary = categories.by_slug(categories.POLICE_UK)["burglary"]
    set_priorities(by=analyst, area=borough, chosen=[burglary])
    save_view(by=analyst, name="Burglary by ward", page="explore", query="areas=E09000016.wards")
    return borough


def test_pages_are_accessible(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, borough: Area
) -> None:
    Area.objects.filter(pk=borough.pk).update(
        name="The Royal Borough of Anywhere-upon-Thames and its Many Hamlets beyond the Old Wall"
    )
    page = make_page(user=analyst)
    for path in ("/", "/priorities/", "/?month=soon"):
        page.goto(path)
        assert_accessible(page, *WIDTHS)


@pytest.mark.parametrize("js", [True, False])
def test_from_a_tile_and_from_a_change_to_the_profile(
    make_page: Callable[..., Page], analyst: User, borough: Area, js: bool
) -> None:
    page = make_page(user=analyst, js=js)
    page.goto("/")
    # All of the tile is its link, not only its name.
    page.locator(".app-measure", has_text="Burglary").locator(".app-measure__count").click(force=True)
    expect(page.get_by_role("heading", level=2, name="Burglary in March 2018")).to_be_visible()
    assert "/boroughs/E09000016/?category=burglary" in page.url
    page.go_back()
    page.get_by_role("link", name="Harold Wood: Burglary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harold Wood")
    expect(page.get_by_role("heading", level=2, name="Burglary in March 2018")).to_be_visible()


@pytest.mark.parametrize("js", [True, False])
def test_another_month_by_keyboard(make_page: Callable[..., Page], analyst: User, borough: Area, js: bool) -> None:
    page = make_page(user=analyst, js=js)
    page.goto("/")
    page.get_by_label("Month", exact=True).focus()
    page.keyboard.press("ArrowDown")  # the newest month is the first
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Havering in February 2018")
    assert "month=2018-02" in page.url
    expect(page.get_by_role("link", name="Burglary by ward")).to_be_visible()


def test_the_table_sorts_by_a_click_and_by_an_address(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    names = ["Gooshays", "Harold Wood", "Heaton"]
    page = make_page(user=analyst)
    page.goto("/")
    rows = page.get_by_role("table", name="Wards of Havering").locator("tbody th")
    expect(rows).to_have_text(names)
    page.get_by_role("button", name="Mar 2018").click()
    expect(rows).to_have_text(["Harold Wood", "Heaton", "Gooshays"])

    plain = make_page(user=analyst, js=False)
    plain.goto("/")
    plain.get_by_role("link", name="Mar 2018").click()
    expect(plain.get_by_role("table", name="Wards of Havering").locator("tbody th")).to_have_text(
        ["Harold Wood", "Heaton", "Gooshays"]
    )


@pytest.mark.parametrize("js", [True, False])
def test_priorities_are_chosen_by_keyboard(
    make_page: Callable[..., Page], analyst: User, borough: Area, js: bool
) -> None:
    page = make_page(user=analyst, js=js)
    page.goto("/")
    page.get_by_role("link", name="The partnership’s priorities").press("Enter")
    expect(page.get_by_label("First priority")).to_have_value("burglary")
    page.get_by_label("Second priority").select_option(label="Burglary")
    page.get_by_role("button", name="Save priorities").press("Enter")
    expect(page.get_by_role("link", name="Burglary is chosen twice.")).to_be_visible()
    page.get_by_label("Second priority").select_option(label="Robbery")
    page.get_by_role("button", name="Save priorities").press("Enter")
    expect(page.get_by_text("The priorities of Havering are changed.")).to_be_visible()
    expect(page.locator(".app-measure")).to_have_count(5)


@pytest.mark.parametrize(("path", "most"), [("/", 2), ("/wards/", 1), ("/map/", 2)])
def test_on_paper_nothing_is_cut_off(
    make_page: Callable[..., Page], analyst: User, borough: Area, path: str, most: int
) -> None:
    page = make_page(user=analyst)
    page.goto(path)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) <= most
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 710, "height": 1000})  # A4 within its margins
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for table in page.locator("table").all():
        assert table.evaluate("one => one.getBoundingClientRect().right <= innerWidth")
    expect(page.get_by_role("columnheader", name="Per 1,000").first).to_be_visible()
