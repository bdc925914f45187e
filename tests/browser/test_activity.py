"""Adding activity by keyboard alone, on a phone; the register at every width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interventions.models import Intervention
from partners.models import User
from tests.browser.conftest import WIDTHS
from tests.factories import BoroughFactory, WardFactory


@pytest.fixture
def sergeant(make_user: Callable[..., User]) -> User:
    borough = BoroughFactory(code="E09800016", name="Havering")
    WardFactory(code="E05800308", name="Gooshays", parent=borough)
    WardFactory(code="E05800311", name="Heaton", parent=borough)
    return make_user("sam@example.org", role="snt-lead", agency="Havering SNT")


def to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is where it should be."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(selector).evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {selector}")


@pytest.mark.parametrize("js", [True, False])
def test_adding_by_keyboard_on_a_phone(
    make_page: Callable[..., Page], sergeant: User, assert_accessible: Callable[..., None], js: bool
) -> None:
    page = make_page(width=390, js=js, user=sergeant)
    page.goto("/activity/")
    to(page, "main a.govuk-button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Add activity")
    to(page, "main a[href='/activity/new/patrols/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("New patrol")
    to(page, "#id_title")
    page.keyboard.type("Patrol of the market")
    to(page, "#id_ends_time")
    to(page, "main form button.govuk-button:not(.govuk-button--secondary)")
    page.keyboard.press("Enter")
    # What is missing is said on top, and leads to its field.
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose at least one ward.")
    if js:
        assert_accessible(page)
    to(page, ".govuk-error-summary a[href='#id_starts_time']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_starts_time" or not js
    expect(page.locator("#id_title")).to_have_value("Patrol of the market")
    page.locator("#id_starts_day").fill("2026-12-04")
    page.locator("#id_starts_time").fill("19:00")
    page.locator("#id_ends_time").fill("21:30")
    to(page, "#id_wards_0")
    page.keyboard.press("Space")
    to(page, "main form button.govuk-button:not(.govuk-button--secondary)")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Patrol of the market")
    expect(page.locator("main")).to_contain_text("4 December 2026, 19:00 to 21:30")
    record = Intervention.objects.get()
    assert (record.kind, record.strand) == ("patrol", "protect")
    assert [ward.name for ward in record.wards.all()] == ["Gooshays"]


def test_the_register_reads_at_every_width(
    make_page: Callable[..., Page], sergeant: User, assert_accessible: Callable[..., None]
) -> None:
    page = make_page(user=sergeant)
    page.goto("/activity/")
    expect(page.locator("main")).to_contain_text("No activity yet")
    assert_accessible(page, *WIDTHS)
    page.locator("summary", has_text="Filters").click()
    page.locator("#id_kind").select_option("walk")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("Nothing fits these filters")
    assert_accessible(page, *WIDTHS)
