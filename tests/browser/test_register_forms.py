"""A Criminal Behaviour Order added by keyboard, with two conditions and a warning that is kept with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from interventions.models import CriminalBehaviourOrder, RuleReason
from partners.models import User
from tests.browser.test_activity import sergeant, to
from tests.browser.test_drawing import click_corners

__all__ = ["sergeant"]
SAVE = "main form button.govuk-button:not(.govuk-button--secondary)"


def opened(page: Page, part: str) -> None:
    """Opens a folded section by keyboard."""
    to(page, f"#part-{part} > summary")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("js", [True, False])
def test_an_order_by_keyboard(
    make_page: Callable[..., Page], sergeant: User, assert_accessible: Callable[..., None], js: bool
) -> None:
    page = make_page(width=390, js=js, user=sergeant)
    page.goto("/activity/new/criminal-behaviour-orders/")
    to(page, "#id_title")
    page.keyboard.type("Order of March")
    page.locator("#id_stage").select_option("made")
    page.locator("#id_made_on").fill("2026-03-04")
    page.locator("#id_starts_day").fill("2026-03-04")
    page.locator("#id_ends_day").fill("2029-03-03")
    to(page, "#id_wards_0")
    page.keyboard.press("Space")
    opened(page, "conditions")
    to(page, "#id_conditions-0-text")
    page.keyboard.type("Not to enter the market")
    to(page, "#part-conditions [data-rows-add]")
    page.keyboard.press("Enter")
    to(page, "#id_conditions-1-text")
    page.keyboard.type("To see the drug service")
    # A requirement that nobody supervises.
    page.locator("#id_conditions-1-sort").select_option("requirement")
    if js:
        assert_accessible(page)
    to(page, SAVE)
    page.keyboard.press("Enter")
    warned = page.locator(".govuk-error-summary a[href^='#reason-']")
    expect(warned.first).to_be_visible()
    if js:
        assert_accessible(page)
    assert not CriminalBehaviourOrder.objects.exists()
    for address in [one.get_attribute("href") or "" for one in warned.all()]:
        page.locator(f"[id='{address.removeprefix('#')}']").fill("The court named nobody yet")
    to(page, SAVE)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Order of March")
    record = CriminalBehaviourOrder.objects.get()
    assert list(record.conditions.values_list("number", "sort", "text")) == [
        (1, "prohibition", "Not to enter the market"),
        (2, "requirement", "To see the drug service"),
    ]
    assert {one.reason for one in RuleReason.objects.filter(record=record)} == {"The court named nobody yet"}


def test_an_area_is_drawn_on_the_form(make_page: Callable[..., Page], sergeant: User) -> None:
    """The map shows with its way, as it does where a place is drawn, and the shape goes with the form."""
    page = make_page(user=sergeant)
    page.goto("/activity/new/pspos/")
    expect(page.locator("[data-draw]")).to_be_hidden()
    page.get_by_label("Draw it on the map").check()
    page.get_by_role("button", name="Draw a shape").click()
    click_corners(page.locator("[data-draw-map]"), (0.3, 0.3), (0.7, 0.3), (0.7, 0.7))
    page.get_by_role("button", name="Close the shape").click()
    expect(page.locator("[data-draw-says]")).to_contain_text("The shape is drawn")
    assert '"Polygon"' in page.locator("#id_shape").input_value()
