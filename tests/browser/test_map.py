"""The map in a real browser: by mouse and by keyboard, with and without scripts, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import Area
from partners.models import User
from tests import factories
from tests.browser.conftest import WIDTHS
from tests.factories import summarise

SINCE = date(2015, 4, 1)
NAMES = ("Gooshays", "Harold Wood", "Heaton")


@pytest.fixture
def wards(transactional_db: None) -> list[Area]:
    """Three wards with 36 months: one rises, one falls, one ends on months that nobody reported."""
    borough: Any = factories.BoroughFactory(name="Havering", code="E09000016")
    summarise(borough, "all-crime", range(900, 936), since=SINCE)
    made: list[Any] = []
    counts: tuple[list[int | None], ...] = ([*range(10, 46)], [*range(90, 54, -1)], [*[30] * 34, None, None])
    for index, (name, months) in enumerate(zip(NAMES, counts, strict=True)):
        ward: Any = factories.WardFactory(parent=borough, name=name)
        factories.BoundaryFactory(area=ward, box_of=(0.1 + index / 100, 51.5, 0.11 + index / 100, 51.51))
        summarise(ward, "all-crime", months, since=SINCE, residents=10_000)
        made.append(ward)
    return made


def test_the_map_is_accessible(
    make_page: Callable[..., Page],
    assert_accessible: Callable[..., None],
    analyst: User,
    wards: list[Area],
) -> None:
    page = make_page(user=analyst)
    page.goto(f"/map/?at={wards[0].code}&month=2018-02")
    expect(page.get_by_role("slider")).to_be_visible()
    assert_accessible(page, *WIDTHS)
    page.get_by_role("link", name="Gooshays: 44 crimes").focus()
    assert_accessible(page, *WIDTHS)


def test_pointer_and_focus_show_the_same_card(make_page: Callable[..., Page], analyst: User, wards: list[Area]) -> None:
    page = make_page(user=analyst)
    page.goto("/map/?month=2018-01")
    card = page.locator("[data-map-card]")
    expect(card).to_contain_text("Point at an area")
    area = page.get_by_role(
        "link", name="Gooshays: 43 crimes; 31 in January 2017; 12 more (39%); 4.3 per 1,000 residents"
    )
    area.hover()
    expect(card).to_have_text("GooshaysJan 201843Jan 201731Change12 more (39%)Per 1,0004.3")
    page.mouse.move(5, 5)
    expect(card).to_contain_text("Point at an area")
    page.get_by_role("link", name="Skip the map’s 3 areas").focus()
    page.keyboard.press("Tab")
    expect(area).to_be_focused()
    expect(card).to_have_text("GooshaysJan 201843Jan 201731Change12 more (39%)Per 1,0004.3")
    expect(page.locator(".app-map__halo").first).to_have_attribute("d", re.compile("^M"))
    page.keyboard.press("Tab")
    expect(card).to_contain_text("Harold Wood")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/wards/{wards[1].code}/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harold Wood")


def test_the_slider_changes_fills_key_table_words_and_address_without_new_shapes(
    make_page: Callable[..., Page], analyst: User, wards: list[Area]
) -> None:
    page = make_page(user=analyst)
    page.goto("/map/?month=2018-01")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slider = page.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "January 2018")
    shape = page.get_by_role("link", name="Heaton: 30 crimes").locator("path")
    outline = shape.get_attribute("d")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "February 2018")
    expect(page.get_by_role("heading", level=1)).to_contain_text("All crime, February 2018")
    link = page.get_by_role("link", name="Heaton: not known; 30 in February 2017")
    expect(link.locator("path")).to_have_attribute("fill", "url(#not-known)")
    expect(page.locator("svg.app-map pattern#not-known")).to_have_count(1)
    assert link.locator("path").get_attribute("d") == outline
    expect(page.locator("[data-map-key]")).to_contain_text("not known (1 ward)")
    expect(page.locator("[data-map-key]")).to_contain_text("The classes stay as they are while the month changes.")
    expect(page.locator("tbody tr").last).to_have_text("Heaton–30not known–")
    expect(page.locator("[data-map-words]")).to_contain_text("In February 2018 police recorded 934 crimes in Havering")
    expect(page.locator("tfoot tr")).to_contain_text("934")
    expect(page).to_have_url(re.compile("month=2018-02"))
    expect(page).to_have_title(re.compile("Map: Wards of Havering: All crime, February 2018"))
    expect(page.get_by_label("Month", exact=True).first).to_have_value("2018-02")
    assert "month=2018-02" in (page.get_by_role("link", name="table (CSV)").get_attribute("href") or "")
    page.keyboard.press("Home")
    expect(page.get_by_role("heading", level=1)).to_contain_text("April 2015")
    assert not [url for url in asked if "/map/?" in url], asked

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("April 2015")
    page.get_by_label("Keep the classes while the month changes").uncheck()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-map-key]")).to_contain_text("about equally many areas")


def test_a_lost_server_is_said_and_the_map_stays(
    make_page: Callable[..., Page], analyst: User, wards: list[Area]
) -> None:
    page = make_page(user=analyst)
    page.goto("/map/?month=2018-01")
    page.route("**/map/data/**", lambda route: route.fulfill(status=400, json={"problem": "That month is not there."}))
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("alert").filter(has_text="That month is not there.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("January 2018")
    page.unroute("**/map/data/**")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_contain_text("November 2017")


def test_the_table_sorts_and_the_form_refreshes(
    make_page: Callable[..., Page], analyst: User, wards: list[Area]
) -> None:
    page = make_page(user=analyst)
    page.goto("/map/?month=2018-01")
    names = page.locator("tbody th")
    expect(names).to_have_text(["Harold Wood", "Gooshays", "Heaton"])
    page.get_by_role("link", name="Change", exact=True).click()
    expect(names).to_have_text(["Gooshays", "Heaton", "Harold Wood"])
    page.get_by_role("link", name="Ward", exact=True).click()
    expect(names).to_have_text(["Gooshays", "Harold Wood", "Heaton"])
    page.get_by_label("Shaded by", exact=True).select_option(label="Rate per 1,000 residents")
    expect(page.locator("figcaption")).to_have_text("Rate per 1,000 residents in January 2018")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("figcaption")).to_have_text("Rate per 1,000 residents in December 2017")
    expect(page).to_have_url(re.compile("measure=rate"))


def test_without_scripts_lists_links_and_titles_do(
    make_page: Callable[..., Page], analyst: User, wards: list[Area]
) -> None:
    page = make_page(js=False, user=analyst)
    page.goto("/map/?month=2018-01")
    expect(page.get_by_role("slider")).to_be_hidden()
    expect(page.locator("[data-map-card]")).to_be_hidden()
    page.get_by_label("Month", exact=True).first.select_option(label="December 2017")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("December 2017")
    page.get_by_role("link", name="Ward", exact=True).click()
    expect(page.locator("tbody th")).to_have_text(["Gooshays", "Harold Wood", "Heaton"])
    page.get_by_role("link", name="Gooshays: 42 crimes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gooshays")
