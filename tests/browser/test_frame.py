"""Signing in and out, the menu, error pages: what every page has around it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from hotspots.models import Area
from partners.models import User
from tests.browser.conftest import WIDTHS
from tests.conftest import PASSWORD

MakePage = Callable[..., Page]
Check = Callable[..., None]


@pytest.mark.parametrize("js", [True, False])
def test_sign_in_with_a_wrong_then_the_right_password(make_page: MakePage, analyst: User, js: bool) -> None:
    page = make_page(js=js)
    page.goto("/wards/")
    expect(page).to_have_title("Sign in - Hotspot tracker")
    page.get_by_label("Email").fill(analyst.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title("Error: Sign in - Hotspot tracker")
    expect(page.get_by_role("alert").first).to_contain_text("The e-mail address or the password is wrong.")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wards")


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/account/login/", "Sign in"),
        ("/account/password/reset/", "Reset your password"),
        ("/account/signup/", "Accounts are made by an administrator"),
        ("/account/password/reset/key/1-none/", "This link does not work any more"),
        ("/nothing-here/", "Page not found"),
    ],
)
def test_pages_for_strangers(make_page: MakePage, assert_accessible: Check, db: None, path: str, heading: str) -> None:
    page = make_page()
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page, *WIDTHS)


def test_change_password(make_page: MakePage, assert_accessible: Check, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/account/password/change/")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New Password", exact=True).fill("short")
    page.get_by_label("New password (again)").fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_contain_text("too short")
    assert_accessible(page, *WIDTHS)
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("New Password", exact=True)).to_be_focused()


def test_pages_for_failures_have_the_same_look(make_page: MakePage, assert_accessible: Check, db: None) -> None:
    page = make_page()
    page.route("**/shown/*", lambda route: route.fulfill(body=render_to_string(route.request.url.rsplit("/")[-1])))
    for name in ("400.html", "403.html", "403_csrf.html", "429.html", "500.html", "503.html"):
        page.goto(f"/shown/{name}")
        assert_accessible(page, *WIDTHS)
        expect(page.get_by_role("link", name="Hotspot tracker")).to_have_css("color", "rgb(255, 255, 255)")
        expect(page.get_by_role("main").get_by_role("link", name="start page")).to_be_visible()


def test_menu_by_keyboard_on_a_wide_screen(make_page: MakePage, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/wards/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    names = ["Hotspot tracker", "", "Search", "Ana: your account", "Sign out"]
    names += ["Overview", "Wards", "Map", "Explore", "Hotspots", "Activity", "Saved views", "Partnership", "Data"]
    names += ["Methods", "API"]
    for name in names:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()") == name
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/data/$"))
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Data")).to_have_attribute(
        "aria-current", "page"
    )


def test_menu_by_keyboard_on_a_phone(make_page: MakePage, analyst: User) -> None:
    page = make_page(width=390, user=analyst)
    page.goto("/wards/")
    data = page.get_by_role("navigation", name="Menu").get_by_role("link", name="Data")
    expect(data).to_be_hidden()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(data).to_be_visible()
    data.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")


def test_search_is_a_link_on_a_phone(make_page: MakePage, analyst: User) -> None:
    page = make_page(width=390, user=analyst)
    page.goto("/wards/")
    expect(page.get_by_role("search")).to_be_hidden()
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_without_scripts_the_menu_is_open_on_a_phone(make_page: MakePage, analyst: User) -> None:
    page = make_page(width=390, user=analyst, js=False)
    page.goto("/wards/")
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Data")).to_be_visible()


def test_signing_out_says_so(make_page: MakePage, assert_accessible: Check, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/wards/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert").first).to_contain_text("signed out")
    assert_accessible(page)
    page.goto("/wards/")
    expect(page).to_have_title("Sign in - Hotspot tracker")


def test_synthetic_data_is_announced(make_page: MakePage, assert_accessible: Check, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/nothing-here/")
    banner = page.get_by_role("region", name="About these figures")
    expect(banner).to_be_hidden()
    Area.objects.create(kind=Area.Kind.WARD, code="SYN0001", name="Harold Wood")
    from django.core.cache import cache

    cache.clear()
    page.reload()
    expect(banner).to_contain_text("made up")
    assert_accessible(page)


def test_on_paper_there_is_no_menu(make_page: MakePage, analyst: User) -> None:
    page = make_page(user=analyst)
    page.goto("/nothing-here/")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
