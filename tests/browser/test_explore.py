"""The explore page in a real browser: chosen by mouse and by keyboard, with and without scripts, copied, saved."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import Area
from partners.models import User
from tests.browser.conftest import WIDTHS, wait_until
from tests.reports.explore_world import CODES, havering

ALL = ",".join(CODES.values())


@pytest.fixture
def borough(transactional_db: None) -> Area:
    return havering()


def test_views_are_accessible(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst)
    for query in (
        "",
        f"?areas={ALL}&cat=burglary,robbery&from=36",
        f"?areas={ALL}&cat=burglary&from=12&measure=change&view=heat",
        f"?areas={ALL}&measure=index&view=multiples",
        f"?areas={ALL}&measure=rate&view=bar",
        "?areas=E1",
    ):
        page.goto(f"/explore/{query}")
        assert_accessible(page, *WIDTHS)
    page.goto(f"/explore/?areas={ALL}")
    page.get_by_text("Areas: Gooshays").click()
    page.get_by_text("Categories: All crime").click()
    assert_accessible(page, *WIDTHS)


def test_from_a_start_to_a_view_of_ones_own_by_mouse(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst)
    page.goto("/explore/")
    page.get_by_role("link", name="Which wards of Havering have most burglary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary in the 4 wards of Havering")
    page.get_by_label("Shown as").select_option(label="Small charts")  # by pointer, so it takes effect at once
    expect(page.get_by_role("img", name="Upminster")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/explore/\?areas=E09000016\.wards&cat=burglary&from=12&view=multiples$"))
    page.go_back()
    expect(page.get_by_role("heading", level=2, name="Burglary, April 2017 to March 2018")).to_be_visible()


def test_areas_are_found_by_typing_and_chosen_by_keyboard(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst)
    page.goto("/explore/")
    page.get_by_label("Find an area").focus()
    page.keyboard.type("upmin")
    expect(page.get_by_role("checkbox", name="Upminster")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Gooshays")).to_be_hidden()
    expect(page.get_by_text("1 found")).to_be_visible()
    page.keyboard.press("Enter")  # does not send the form before anything is ticked
    assert page.url.endswith("/explore/")
    page.get_by_role("checkbox", name="Upminster").focus()
    page.keyboard.press("Space")
    expect(page.locator("#pick-areas > summary")).to_have_text("Areas: Upminster")
    expect(page.locator("#pick-categories > summary")).to_have_text("Categories: All crime, unless you tick others")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("All crime in Upminster")
    assert page.url.endswith("/explore/?areas=E05000319")


def test_without_scripts_a_form_leads_to_the_short_address(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst, js=False)
    page.goto("/explore/")
    expect(page.get_by_label("Find an area")).to_be_hidden()
    page.locator("summary", has_text=re.compile("^Havering$")).click()
    page.get_by_role("checkbox", name="Heaton").check()
    page.get_by_role("checkbox", name="Gooshays").check()
    page.get_by_text("Categories: All crime").click()
    page.get_by_role("checkbox", name="Robbery").check()
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/explore/?areas=E05000310,E05000312&cat=robbery")
    expect(page.get_by_role("table")).to_contain_text("Heaton")
    expect(page.get_by_role("button", name="Copy sentence")).to_be_hidden()
    expect(page.locator("#sentence")).to_contain_text("Robbery in Gooshays and Heaton")
    expect(page.get_by_role("link", name="Name and save this view")).to_be_hidden()
    page.get_by_text("Save this view", exact=True).click()
    expect(page.get_by_role("link", name="Name and save this view")).to_be_visible()


def test_the_list_of_all_areas_comes_when_it_is_opened(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst)
    page.goto("/explore/?areas=E05000310")
    page.get_by_text("Areas: Gooshays").click()
    expect(page.locator("summary", has_text=re.compile("^Havering$"))).to_be_visible()
    page.get_by_label("Find an area").fill("upmin")
    page.get_by_role("checkbox", name="Upminster").check()
    assert_accessible(page)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("All crime in Gooshays and Upminster")
    assert page.url.endswith("/explore/?areas=E05000310,E05000319")


def test_without_scripts_a_view_leads_to_the_list_of_all_areas(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst, js=False)
    page.goto("/explore/?areas=E05000310&cat=robbery")
    page.get_by_text("Areas: Gooshays").click()
    expect(page.get_by_role("checkbox", name="Gooshays")).to_be_checked()
    page.get_by_role("link", name="Choose from all areas").click()
    page.locator("summary", has_text=re.compile("^Havering$")).click()
    page.get_by_role("checkbox", name="Upminster").check()
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/explore/?areas=E05000319&cat=robbery")


def test_sentence_and_table_are_copied_for_word_and_excel(
    make_page: Callable[..., Page], analyst: User, borough: Area
) -> None:
    page = make_page(user=analyst)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/explore/?areas={ALL}&cat=burglary&from=12")
    page.get_by_role("button", name="Copy sentence").click()
    expect(page.locator("#announcement")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#sentence").inner_text()
    page.get_by_role("button", name="Copy table").press("Enter")
    wait_until(page, "navigator.clipboard.readText().then(text => text.startsWith('Month'))")
    plain = page.evaluate("navigator.clipboard.readText()").replace("\r", "").split("\n")
    assert plain[0] == "Month\tGooshays\tHeaton\tUpminster"
    assert plain[1] == "Apr 2017\t43\t28\t0"
    assert len(plain) == 14
    html = page.evaluate(
        "navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((blob) => blob.text())"
    )
    assert "<table" in html
    assert "class=" not in html
    assert "Apr 2017" in html
