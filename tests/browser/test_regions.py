"""Filter forms: the region that htmx refreshes, how it loads and fails, focus, history; whole pages without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, Route, expect

from hotspots.models import Area
from partners.models import User
from tests.browser.test_wards import ward

__all__ = ["ward"]

MakePage = Callable[..., Page]


@pytest.fixture
def page(make_page: MakePage, analyst: User, ward: Area) -> Page:
    """The wards page. `window.sameDocument` is there for as long as no whole page has been loaded."""
    page = make_page(user=analyst)
    page.goto("/wards/")
    page.evaluate("window.sameDocument = true")
    return page


def choose_by_pointer(page: Page, label: str, option: str) -> None:
    """What a person does with a mouse: headless browsers draw no list to click in."""
    page.get_by_label(label, exact=True).dispatch_event("pointerdown")
    page.get_by_label(label, exact=True).focus()
    page.get_by_label(label, exact=True).select_option(label=option)


def same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def test_a_choice_by_pointer_takes_effect_at_once(page: Page) -> None:
    choose_by_pointer(page, "Category", "Burglary")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")
    expect(page).to_have_url(re.compile("category=burglary"))
    expect(page).to_have_title(re.compile("^(?=.*Burglary).* - Hotspot tracker$"))
    expect(page.get_by_label("Category")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(re.compile("^Now showing .*Burglary"))
    expect(page.locator("#page")).not_to_have_attribute("aria-busy", "true")
    assert same_document(page)
    # What htmx brought in is started as well.
    expect(page.get_by_role("button", name="Mar 2018")).to_be_visible()


def test_by_keyboard_it_is_the_button_that_asks(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Category").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(100)
    assert asked == []
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("category="))
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    assert same_document(page)


def test_back_and_forward(page: Page) -> None:
    first = page.title()
    choose_by_pointer(page, "Category", "Burglary")
    expect(page).to_have_url(re.compile("category=burglary"))
    choose_by_pointer(page, "Category", "Robbery")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robbery")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")
    expect(page.get_by_label("Category")).to_have_value("burglary")
    page.go_back()
    expect(page).to_have_title(first)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")
    expect(page).to_have_title(re.compile("Burglary"))
    choose_by_pointer(page, "Category", "Robbery")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robbery")
    # From another page, back brings the whole page, never the bare region.
    page.get_by_role("link", name="Gooshays", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gooshays")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robbery")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_slow_answer_shows_that_it_is_under_way_and_moves_nothing(page: Page) -> None:
    held: list[Route] = []
    page.route("**/wards/?*", lambda route: held.append(route))
    before = page.locator("table").bounding_box()
    choose_by_pointer(page, "Category", "Burglary")
    region = page.locator("#page")
    expect(region).to_have_attribute("aria-busy", "true")
    # After a fifth of a second, not at once.
    shown = "getComputedStyle(document.getElementById('page'), '::before').opacity === '1'"
    for _ in range(100):
        if page.evaluate(shown):
            break
        page.wait_for_timeout(50)
    assert page.evaluate(shown)
    assert page.locator("table").bounding_box() == before
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")
    expect(region).not_to_have_attribute("aria-busy", "true")


def test_a_server_that_is_away_and_back(page: Page) -> None:
    table = page.locator("table").inner_text()
    page.route("**/wards/?*", lambda route: route.abort())
    choose_by_pointer(page, "Category", "Burglary")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    assert page.locator("table").inner_text() == table
    assert "burglary" not in page.url
    expect(page.locator("#page")).not_to_have_attribute("aria-busy", "true")
    page.unroute("**/wards/?*")
    page.get_by_role("alert").get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")


@pytest.mark.parametrize("status", [500, 503, 403])
def test_a_failure_is_a_sentence_and_what_was_there_stays(
    page: Page, assert_accessible: Callable[..., None], status: int
) -> None:
    page.route("**/wards/?*", lambda route: route.fulfill(status=status, body="<h1>No</h1>"))
    choose_by_pointer(page, "Category", "Burglary")
    words = "could not be shown" if status == 403 else "went wrong on our side"
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.locator("tbody th")).to_have_count(3)
    assert_accessible(page)
    page.unroute("**/wards/?*")
    choose_by_pointer(page, "Category", "Robbery")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Robbery")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_choice_that_does_not_work_says_why(page: Page) -> None:
    page.evaluate("document.querySelector('[name=month]').add(new Option('Soon', 'soon'))")
    choose_by_pointer(page, "Month", "Soon")
    expect(page.get_by_role("alert")).to_contain_text("A month looks like 2017-03, not “soon”.")
    expect(page.locator("tbody th")).to_have_count(3)
    assert same_document(page)


def test_after_the_session_ended_there_is_a_way_back(page: Page) -> None:
    Session.objects.all().delete()
    cache.clear()
    choose_by_pointer(page, "Category", "Burglary")
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    expect(page.locator("tbody th")).to_have_count(3)
    page.get_by_role("link", name="Sign in again").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next=%2Fwards%2F"))


def test_without_scripts_it_is_a_page(make_page: MakePage, analyst: User, ward: Area) -> None:
    page = make_page(user=analyst, js=False)
    page.goto("/wards/")
    page.get_by_label("Category").select_option(label="Burglary")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Burglary")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_answer_to_htmx_is_the_region_and_its_title(signed_in: Client, ward: Area) -> None:
    whole = signed_in.get("/wards/?category=burglary")
    part = signed_in.get("/wards/?category=burglary", headers={"HX-Request": "true"})
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    title = re.search("<title>.*?</title>", whole.text)
    assert title is not None
    assert part.text.lstrip().startswith(title[0])
    region = part.text.partition("</title>")[2].strip()
    assert region in whole.text
    assert "<header" not in part.text
