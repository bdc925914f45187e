"""A PSPO action on a phone: without a network it is kept, and arrives once; what is refused is not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from interventions.models import Condition, Intervention, PspoAction, PublicSpacesOrder
from partners.models import Agency, User
from tests.browser.conftest import wait_until
from tests.factories import BoroughFactory, WardFactory

HERE = "/activity/pspo-action/"
PLACE = {"longitude": 0.185, "latitude": 51.575, "accuracy": 12}


@pytest.fixture
def constable(make_user: Callable[..., User]) -> User:
    """Of a team that keeps two orders, the second over a square around PLACE."""
    ward = WardFactory(code="E05800308", name="St Alban's", parent=BoroughFactory(code="E09800016", name="Havering"))
    user = make_user("con@example.org", role="contributor", agency="Romford Town SNT")
    now = timezone.now()
    for title, west in (("Another PSPO", 0.3), ("Town centre PSPO", 0.18)):
        order = PublicSpacesOrder.objects.create(
            owner=Agency.objects.get(),
            kind="pspo",
            title=title,
            strand="protect",
            status=Intervention.Status.DONE,
            stage="in-force",
            starts=now - timedelta(days=9),
            ends=now + timedelta(days=9),
            zone={
                "type": "MultiPolygon",
                "coordinates": [[[[west, 51.57], [west + 0.01, 51.57], [west + 0.01, 51.58], [west, 51.57]]]],
            },
            **dict(zip(("west", "south", "east", "north"), (west, 51.57, west + 0.01, 51.58), strict=True)),
            area_codes=[ward.code],
        )
        order.wards.set([ward])
        for number, text in ((1, f"Must not drink alcohol: {title}"), (2, "Must not spit")):
            Condition.objects.create(record=order, number=number, text=text)
    return user


def log(page: Page, action: str) -> None:
    page.get_by_text("1. Must not drink alcohol: Town centre PSPO").click()
    page.get_by_text(action, exact=True).click()
    page.get_by_role("button", name="Save").click()


def titles() -> list[str]:
    return [one.title for one in PspoAction.objects.order_by("pk")]


def test_what_is_logged_without_a_network_arrives_once(
    make_page: Callable[..., Page], constable: User, assert_accessible: Callable[..., None]
) -> None:
    page = make_page(width=390, user=constable)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(PLACE)  # type: ignore[arg-type]
    page.goto(HERE)
    kept = page.locator("#kept .app-phone__entry")
    # The order that holds here comes first, and opens.
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("[data-here-says]")).to_contain_text("to about 12 m")
    expect(page.locator("[data-order]").first).to_contain_text("Town centre PSPO")
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#kept")).to_contain_text("Choose what it was about.")

    page.context.set_offline(True)
    log(page, "Verbal warning")
    expect(kept).to_contain_text("Kept on this phone, will be sent when there is a network.")
    # Another one, without a position, of a fixed penalty that the order does not know: refused when it arrives.
    page.get_by_text("1. Must not drink alcohol: Town centre PSPO").click()
    page.get_by_text("Fixed penalty notice", exact=True).click()
    page.locator("#id_fpn_number").fill("HV 77")
    page.locator("#id_place").fill("Outside 12 South Street")
    page.get_by_role("button", name="Save").click()
    expect(kept).to_have_count(2)
    assert titles() == []
    assert_accessible(page)

    page.context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text("Verbal warning, condition 1 Saved.")
    expect(page.locator("#kept")).to_contain_text("Give the amount of the fixed penalty.")
    made = PspoAction.objects.get()
    assert (made.title, made.longitude, made.latitude) == ("Verbal warning, condition 1", 0.185, 51.575)
    # It is not sent again, and what was refused is not lost.
    page.reload()
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("Give the amount of the fixed penalty.")
    assert len(titles()) == 1
    assert_accessible(page)
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#id_place")).to_have_value("Outside 12 South Street")
    page.locator("#id_fpn_amount").fill("100")
    page.get_by_role("button", name="Save").click()
    expect(kept).to_contain_text("Fixed penalty notice, condition 1 Saved.")
    assert titles() == ["Verbal warning, condition 1", "Fixed penalty notice, condition 1"]
    assert page.evaluate("localStorage.length") == 0


def test_who_is_signed_out_keeps_it_and_who_signs_out_does_not(make_page: Callable[..., Page], constable: User) -> None:
    page = make_page(width=390, user=constable)
    page.goto(HERE)
    cookies: Any = page.context.cookies()
    page.context.clear_cookies()
    page.locator("summary", has_text="Town centre PSPO").click()
    log(page, "Advice")
    expect(page.locator("#kept")).to_contain_text("You are signed out: sign in again, and it is sent.")
    page.context.add_cookies(cookies)
    page.reload()
    expect(page.locator("#kept")).to_contain_text("Advice, condition 1 Saved.")
    assert titles() == ["Advice, condition 1"]

    page.context.set_offline(True)
    page.locator("summary", has_text="Town centre PSPO").click()
    log(page, "Written warning")
    expect(page.locator("#kept")).to_contain_text("Kept on this phone")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("localStorage.length") == 1
    # An answer that leads nowhere: the page stays, and what is kept can be looked at.
    page.route("**/account/logout/", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    wait_until(page, "localStorage.length === 0")
    assert asked == ["PSPO actions on this phone have not been sent. Signing out deletes them."] * 2


def test_without_scripts_two_presses_are_one(make_page: Callable[..., Page], constable: User) -> None:
    page = make_page(width=390, js=False, user=constable)
    page.goto(HERE)
    page.locator("summary", has_text="Town centre PSPO").click()
    page.get_by_text("1. Must not drink alcohol: Town centre PSPO").click()
    page.get_by_text("Advice", exact=True).click()
    page.get_by_role("button", name="Save").dblclick()
    expect(page.locator("main")).to_contain_text("Logged: Advice, condition 1.")
    assert titles() == ["Advice, condition 1"]
