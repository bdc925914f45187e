"""Saving a view, finding it again, renaming and deleting it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import Area
from partners.models import User
from reports.models import SavedView
from tests import factories
from tests.browser.conftest import WIDTHS

MakePage = Callable[..., Page]


@pytest.fixture
def ward(transactional_db: None) -> Area:
    borough = factories.BoroughFactory(name="Havering", code="E09000016")
    made = factories.WardFactory(parent=borough, name="Gooshays", valid_from=date(2010, 5, 6))
    for area in (borough, made):
        factories.BoundaryFactory(area=area)
        for slug in ("all-crime", "burglary"):
            factories.summarise(area, slug, [10] * 24, since=date(2016, 4, 1))
    return made


@pytest.mark.parametrize("js", [True, False])
def test_a_view_is_saved_found_renamed_and_deleted(make_page: MakePage, analyst: User, ward: Area, js: bool) -> None:
    page = make_page(user=analyst, js=js)
    page.goto(f"/explore/?areas={ward.code}&cat=burglary")
    address = page.url
    page.get_by_text("Save this view", exact=True).click()
    if not js:
        page.get_by_role("link", name="Name and save this view").click()
    page.get_by_label("Name").fill("Burglary in Gooshays")
    page.get_by_label("Everybody of Havering Council").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as “Burglary in Gooshays”, seen by Havering Council.")).to_be_visible()
    assert page.url == address

    page.goto("/")
    page.get_by_role("link", name="Burglary in Gooshays").click()
    assert page.url == address
    page.goto("/views/")
    page.get_by_role("link", name="Rename Burglary in Gooshays").click()
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Give the view a name")).to_be_visible()
    page.get_by_label("Name").fill("Gooshays")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="Delete Gooshays").click()
    expect(page.get_by_role("heading", name="Delete “Gooshays”?")).to_be_visible()
    page.get_by_role("button", name="Delete this view").click()
    expect(page.get_by_role("heading", name="No views yet")).to_be_visible()
    assert not SavedView.objects.exists()


def test_by_keyboard(make_page: MakePage, analyst: User, ward: Area) -> None:
    page = make_page(user=analyst)
    page.goto("/map/?category=burglary")
    page.locator("summary", has_text="Save this view").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name").focus()
    page.keyboard.type("Map")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as “Map”, seen by you alone.")).to_be_visible()
    assert SavedView.objects.get().query == "category=burglary"


def test_pages_are_accessible(
    make_page: MakePage, assert_accessible: Callable[..., None], analyst: User, ward: Area
) -> None:
    agency = analyst.memberships.get().agency
    for name, of in (("Mine " + "long " * 15, None), ("Ours", agency)):
        SavedView.objects.create(name=name, page="explore", query="", agency=of, created_by=analyst)
    pk = SavedView.objects.latest("pk").pk
    page = make_page(user=analyst)
    for path in ("/views/", "/views/new/?page=map", f"/views/{pk}/rename/", f"/views/{pk}/delete/"):
        page.goto(path)
        assert_accessible(page, *WIDTHS)
    page.goto("/views/new/?page=map")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page, *WIDTHS)
    page.goto(f"/explore/?areas={ward.code}")
    page.get_by_text("Save this view", exact=True).click()
    expect(page.get_by_label("Name")).to_be_visible()
    assert_accessible(page, *WIDTHS)
