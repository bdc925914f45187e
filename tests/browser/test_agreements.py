"""Two agencies agree, one sees the other's record without a part, and it is gone at once: as people click it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from interventions.models import Intervention
from partners.models import Agency, BreakGlass, Role, SharingAgreement, User
from tests.partners.sharing import agreement, intervention

MakePage = Callable[..., Page]
Check = Callable[..., None]
REASON = "A data breach is being looked into"


@pytest.fixture
def owner(make_user: Callable[..., User]) -> User:
    return make_user("ada@example.org", role=Role.MANAGER)


@pytest.fixture
def partner(make_user: Callable[..., User]) -> User:
    return make_user("hugo@example.org", role=Role.MANAGER, agency="Harbour Homes")


@pytest.fixture
def record(owner: User) -> Intervention:
    return intervention(
        Agency.objects.get(name="Havering Council"),
        title="Patrol of Petersfield",
        place="Garages",
        starts=timezone.now(),
        ends=timezone.now() + timedelta(hours=1),
    )


def test_from_proposal_to_suspension(
    make_page: MakePage, assert_accessible: Check, owner: User, partner: User, record: Intervention
) -> None:
    ada, hugo = make_page(user=owner), make_page(width=390, user=partner)
    hugo.goto(f"/activity/{record.pk}/")
    expect(hugo.get_by_role("heading", level=1)).to_have_text("Page not found")

    ada.goto("/agencies/")
    ada.get_by_role("navigation", name="Partnership").get_by_role("link", name="Agreements").click()
    expect(ada.get_by_text("No agreements yet")).to_be_visible()
    assert_accessible(ada)
    ada.get_by_role("button", name="Propose an agreement").click()
    ada.get_by_role("button", name="Propose it").click()
    expect(ada.get_by_role("alert")).to_contain_text("Choose at least one agency that shares.")
    assert_accessible(ada)
    fill_in(ada)
    ada.get_by_role("button", name="Propose it").click()
    expect(ada.get_by_role("alert")).to_contain_text("Proposed.")
    assert_accessible(ada)

    ada.goto("/agreements/")
    expect(ada.get_by_role("link", name="Estates")).to_be_visible()
    expect(ada.get_by_text("Waits for you")).to_have_count(0)
    hugo.goto("/agreements/")
    expect(hugo.get_by_text("Waits for you")).to_be_visible()
    assert_accessible(hugo)
    hugo.get_by_role("link", name="Estates").click()
    expect(hugo.get_by_text("It waits for Harbour Homes to accept.")).to_be_visible()
    assert_accessible(hugo)
    hugo.get_by_role("button", name="Accept").click()
    expect(hugo.get_by_text("Harbour Homes sees activity records of Havering Council")).to_be_visible()
    assert_accessible(hugo)
    hugo.get_by_role("button", name="Accept").click()
    expect(hugo.get_by_role("alert")).to_contain_text("Accepted for your agency.")
    expect(hugo.get_by_role("heading", level=1)).to_contain_text("In force")
    assert_accessible(hugo)

    hugo.goto("/activity/")
    hugo.get_by_role("link", name="Patrol of Petersfield").first.click()
    place = hugo.locator(".govuk-summary-list__row", has_text="Place")
    expect(place).to_contain_text("Withheld by agreement")
    expect(hugo.get_by_text("Garages")).to_have_count(0)
    assert_accessible(hugo)

    ada.goto("/agreements/")
    assert_accessible(ada)
    ada.get_by_role("link", name="Estates").click()
    ada.get_by_role("button", name="Suspend").click()
    ada.get_by_role("button", name="Suspend it now").click()
    expect(ada.get_by_role("alert")).to_contain_text("Give a reason.")
    assert_accessible(ada)
    ada.get_by_label("Reason").fill(REASON)
    ada.get_by_role("button", name="Suspend it now").click()
    expect(ada.get_by_role("alert")).to_contain_text("Suspended: nothing is shared under it any more.")
    assert_accessible(ada)

    hugo.reload()
    expect(hugo.get_by_role("heading", level=1)).to_have_text("Page not found")
    hugo.goto("/activity/")
    expect(hugo.get_by_text("Patrol of Petersfield")).to_have_count(0)
    connection.close()


def fill_in(page: Page) -> None:
    """The form of an agreement by which the council shares with Harbour Homes, for a year."""
    today = timezone.localdate()
    page.get_by_label("Title").fill("Estates")
    page.get_by_role("group", name="Who shares its records").get_by_label("Havering Council").check()
    page.get_by_role("group", name="Who sees them").get_by_label("Harbour Homes").check()
    page.get_by_label("Activity records", exact=True).check()
    page.get_by_label("Activity records: place").check()
    page.get_by_label("Purpose", exact=True).fill("Less damage to the garages")
    page.get_by_label(re.compile("^Crime and Disorder Act 1998, section 115")).check()
    for label, day in (
        ("First day", today),
        ("Last day", today + timedelta(365)),
        ("Review on", today + timedelta(90)),
    ):
        page.get_by_label(label).fill(day.isoformat())


def shared(owner: User, partner: User) -> SharingAgreement:
    """Of the council's activity without its places, for some days around today."""
    now = timezone.now()
    days = {"valid_from": now - timedelta(9), "valid_until": now + timedelta(9), "review_on": now.date()}
    return agreement(
        Agency.objects.get(name="Havering Council"),
        Agency.objects.get(name="Harbour Homes"),
        title="Estates",
        withheld_fields=["intervention.place"],
        **days,
    )


@pytest.mark.parametrize("js", [True, False])
def test_glass_is_broken_and_mended(
    make_page: MakePage, assert_accessible: Check, owner: User, partner: User, record: Intervention, js: bool
) -> None:
    shared(owner, partner)
    ada, hugo = make_page(user=owner, js=js), make_page(width=390, user=partner, js=js)
    hugo.goto(f"/activity/{record.pk}/")
    hugo.get_by_role("link", name="See the whole record for 60 minutes, with a reason").click()
    hugo.get_by_role("button", name="Break the glass").click()
    expect(hugo.get_by_role("alert")).to_contain_text("Give a reason: the owner reads it.")
    if js:
        assert_accessible(hugo)
    hugo.get_by_label("Why you need to see what is withheld").fill("A tenant is missing since noon")
    hugo.get_by_role("button", name="Break the glass").click()
    expect(hugo.get_by_role("alert")).to_contain_text("for 60 minutes")
    expect(hugo.get_by_text("Garages")).to_be_visible()
    if js:
        assert_accessible(hugo)

    ada.goto("/agencies/")
    ada.get_by_role("link", name="Broken glass").click()
    opened = ada.get_by_role("row", name=re.compile("Hugo"))
    expect(opened).to_contain_text("A tenant is missing since noon")
    if js:
        assert_accessible(ada)
    opened.get_by_role("button", name="End now").click()
    expect(ada.get_by_role("alert")).to_contain_text("is withheld again")
    hugo.reload()
    expect(hugo.get_by_text("Garages")).to_have_count(0)
    assert BreakGlass.objects.get().expires <= timezone.now()
    connection.close()


def test_looking_as_a_partner(
    make_page: MakePage, assert_accessible: Check, owner: User, partner: User, record: Intervention
) -> None:
    shared(owner, partner)
    page = make_page(width=390, user=owner)
    page.goto("/looking-as/")
    page.get_by_role("button", name="Look as they do").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an agency, or a key: one of the two.")
    assert_accessible(page)
    page.get_by_label("Agency", exact=True).select_option("Harbour Homes")
    page.get_by_role("button", name="Look as they do").click()
    page.goto(f"/activity/{record.pk}/")
    expect(page.get_by_text("Withheld by agreement").first).to_be_visible()
    expect(page.get_by_text("Garages")).to_have_count(0)
    expect(page.get_by_role("button", name="Change")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("Stop")).click()
    page.goto(f"/activity/{record.pk}/")
    expect(page.get_by_text("Garages")).to_be_visible()
    connection.close()
