"""An analyst draws a boundary with the mouse, by finger on a phone, and by keyboard alone without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from hotspots.models import Area, Boundary, Hotspot
from hotspots.register.boundaries import shape_of
from partners.models import User
from partners.visibility import Viewer
from tests.browser.conftest import wait_until
from tests.factories import BoundaryFactory, LsoaFactory, make_place

Look = Callable[..., None]


@pytest.fixture
def place(analyst: User) -> Hotspot:
    owner = analyst.memberships.get().agency
    made = make_place(owner, by=Viewer.of_user(analyst))
    for number, west in ((1, 0.210), (2, 0.214)):
        lsoa = LsoaFactory(name=f"Havering 001{'AB'[number - 1]}", code=f"E0100000{number}")
        BoundaryFactory(area=lsoa, box_of=(west, 51.60, west + 0.004, 51.605))
    return made


def click_corners(on: Locator, *corners: tuple[float, float]) -> None:
    """Clicks at these shares of the map's width and height."""
    on.scroll_into_view_if_needed()
    box = on.bounding_box()
    assert box is not None
    for x, y in corners:
        on.click(position={"x": box["width"] * x, "y": box["height"] * y})


@pytest.mark.parametrize("width", [1280, 390])
def test_a_boundary_is_drawn_on_the_map(
    make_page: Callable[..., Page], analyst: User, place: Hotspot, assert_accessible: Look, width: int
) -> None:
    page = make_page(user=analyst, width=width)
    page.goto(f"/hotspots/{place.pk}/boundary/")
    drawing = page.locator("[data-draw-map]")
    tool = lambda name: page.get_by_role("button", name=name, exact=True)  # noqa: E731
    expect(tool("Change it")).to_be_visible()
    expect(tool("Undo last point")).to_be_hidden()
    assert_accessible(page)
    tool("Start again").click()
    tool("Draw a shape").click()
    # The second point crosses to the far side and is taken back.
    click_corners(drawing, (0.4, 0.4), (0.9, 0.9))
    tool("Undo last point").click()
    click_corners(drawing, (0.7, 0.4), (0.7, 0.6))
    tool("Close the shape").click()
    expect(page.get_by_text("The shape is drawn.")).to_be_visible()
    wait_until(page, "JSON.parse(document.querySelector('[name=shape]').value).coordinates[0].length === 4")
    tool("Change it").click()
    expect(page.locator("[data-draw-map] .marker-icon").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="See what it would be").click()
    expect(page.get_by_role("heading", name="What it would be")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Change the shape").click()
    expect(tool("Change it")).to_be_visible()
    wait_until(page, "JSON.parse(document.querySelector('[name=shape]').value).coordinates[0].length === 4")
    # Who goes on without closing the shape has drawn it all the same.
    tool("Start again").click()
    tool("Draw a shape").click()
    click_corners(drawing, (0.4, 0.4), (0.6, 0.4), (0.6, 0.6))
    page.get_by_role("button", name="See what it would be").click()
    page.get_by_role("button", name="Save this boundary").click()
    page.wait_for_url(f"**/hotspots/{place.pk}/")
    newest = Boundary.objects.filter(area=place.area).latest("pk")
    assert newest.source == "drawn on the map"
    assert len(shape_of(newest).exterior.coords) == 4
    assert Boundary.objects.filter(area=place.area).count() == 2


@pytest.mark.parametrize("js", [True, False])
def test_a_boundary_is_chosen_by_keyboard_alone(
    make_page: Callable[..., Page], analyst: User, place: Hotspot, js: bool
) -> None:
    page = make_page(user=analyst, width=390, js=js)
    page.goto(f"/hotspots/{place.pk}/boundary/")
    ward = Area.objects.get(kind=Area.Kind.WARD)
    way = page.get_by_label("Choose LSOAs from a list")
    way.focus()
    page.keyboard.press("Space")
    expect(way).to_be_checked()
    for _ in range(2):  # the fold of the borough, then the first ward
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label(ward.name).first).to_be_checked()
    page.get_by_role("button", name="See what it would be").press("Enter")
    for name in ("Havering 001A", "Havering 001B"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="See what it would be").press("Enter")
    expect(page.get_by_text("30.8 hectares")).to_be_visible()
    page.get_by_role("button", name="Save this boundary").press("Enter")
    page.wait_for_url(f"**/hotspots/{place.pk}/")
    assert Boundary.objects.filter(area=place.area).latest("pk").source == "LSOAs E01000001, E01000002"
