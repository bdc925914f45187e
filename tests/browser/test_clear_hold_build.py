"""Clear, Hold, Build in a browser: a hotspot is drawn, led through its gates, taken back, and put on the agenda."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hotspots.models import GateQuestion, Hotspot
from partners.models import User
from tests.browser.test_drawing import click_corners
from tests.factories import BoundaryFactory, WardFactory
from tests.reports.test_gates import FALLEN, count

QUESTION = "Is it agreed that this phase has done what it was for?"


@pytest.fixture
def ground(db: None) -> None:
    """A ward on which to draw, and one question of every gate."""
    ward = WardFactory(name="Gooshays", valid_from=None)
    for area in (ward, ward.parent):
        BoundaryFactory(area=area, box_of=(0.18, 51.58, 0.25, 51.63))
    GateQuestion.objects.all().delete()
    for phase in ("prepare", "clear", "hold"):
        GateQuestion.objects.create(phase=phase, text=QUESTION, position=0)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def decide(page: Page, place: int, phase: str, outcome: str, to_phase: str) -> None:
    """Decides the gate of the phase that goes on, as a meeting did."""
    page.goto(f"/hotspots/{place}/phases/")
    page.get_by_role("link", name=f"Decide the gate of {phase}").click()
    expect(page.get_by_role("heading", name=f"Gate of {phase}")).to_be_visible()
    page.get_by_role("group", name=QUESTION).get_by_label("Partly").check()
    page.get_by_label(outcome).check()
    page.get_by_label("Which phase begins").select_option(label=to_phase)
    page.get_by_label("Reasons").fill("As the meeting saw it.")
    page.get_by_label("Meeting").fill("Tactical group")
    page.get_by_label("Chair").fill("Superintendent Ray")
    press(page, "Write down the decision")
    expect(page.get_by_text("The decision of Tactical group was written down")).to_be_visible()


def test_a_hotspot_from_its_drawing_to_the_agenda(
    make_page: Callable[..., Page], analyst: User, ground: None, assert_accessible: Callable[..., None]
) -> None:
    page = make_page(user=analyst)
    page.goto("/hotspots/new/")
    press(page, "Draw a shape")
    click_corners(page.locator("[data-draw-map]"), (0.45, 0.45), (0.55, 0.45), (0.55, 0.55), (0.45, 0.55))
    press(page, "Close the shape")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="What is it?")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Hilldene shops")
    for question in ("Who lives, works", "What is the mix of support", "What else could explain"):
        page.get_by_label(question).fill("As the partners know it.")
    press(page, "Add to the register")
    expect(page.get_by_text("Hilldene shops is in the register.")).to_be_visible()
    place = Hotspot.objects.get()
    # Its baseline's months, and what they and later ones held.
    Hotspot.objects.update(baseline_from="2023-05-01", baseline_to="2025-04-01")
    count(place.area_id, FALLEN)

    page.goto(f"/hotspots/{place.pk}/phases/")
    page.get_by_role("button", name="Start a phase").click()
    expect(page.get_by_label("Prepare")).to_be_checked()
    page.get_by_label("It begins on").fill(f"{timezone.localdate() - timedelta(days=60)}")
    press(page, "Start the phase")
    decide(page, place.pk, "Prepare", "Go on to the next phase", "Clear")
    decide(page, place.pk, "Clear", "Go on to the next phase", "Hold")
    decide(page, place.pk, "Hold", "Go back to an earlier phase", "Clear")
    assert [(one.phase, one.ending) for one in place.phases.all()] == [
        ("prepare", "completed"),
        ("clear", "completed"),
        ("hold", "regressed"),
        ("clear", ""),
    ]
    page.goto(f"/hotspots/{place.pk}/phases/")
    page.get_by_role("link", name="Gate of Hold").click()
    assert_accessible(page)
    kept = page.locator("section[aria-label$='gate of Hold: go back to an earlier phase (Clear)']")
    expect(kept).to_contain_text("8 consecutive months below the baseline range")
    expect(kept).to_contain_text("Nobody disagreed.")

    page.goto("/hotspots/board/")
    page.get_by_role("link", name="Agenda for the tactical meeting").click()
    expect(page.get_by_role("heading", name="Hilldene shops")).to_be_visible()
    page.emulate_media(media="print")
    on_paper = page.locator("main")
    expect(on_paper).to_contain_text("Clear")
    expect(on_paper).to_contain_text("OFFICIAL")
    assert page.pdf(format="A4").startswith(b"%PDF")
