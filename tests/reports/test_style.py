"""The style page; and its colours, which are those of the charts, maps and pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from partners.models import User
from reports import palette
from reports.calc.colour import DEFICIENCIES
from reports.palette import Pair, Ramp
from tests.factories import make_administrator


@pytest.fixture
def staff(analyst: User) -> User:
    make_administrator(analyst)
    return analyst


@pytest.mark.parametrize("pair", palette.PAIRS, ids=lambda pair: f"{pair.use}: {pair.ink} on {pair.ground}")
def test_every_pair_in_use_has_the_contrast_it_needs(pair: Pair) -> None:
    assert pair.contrast >= pair.least


@pytest.mark.parametrize("ramp", palette.RAMPS, ids=lambda ramp: ramp.use)
@pytest.mark.parametrize("deficiency", ["", *DEFICIENCIES])
def test_what_must_be_told_apart_can_be(ramp: Ramp, deficiency: str) -> None:
    """The distance in OKLab times 100; 2 can just be told apart side by side."""
    assert ramp.difference(deficiency) >= ramp.least


def test_no_drawing_has_a_colour_that_is_not_measured() -> None:
    """What carries no meaning by itself: grid lines, edges around what is filled, the toolkit's quiet greys."""
    without_meaning = {"#cecece", "#505a5f", "#b1b4b6", "#ffffff", "#fff", "#ffdd00"}
    known = {colour for pair in palette.PAIRS for colour in (pair.ink, pair.ground)}
    known |= {colour for ramp in palette.RAMPS for colour in ramp.colours} | without_meaning
    folder = Path(settings.BASE_DIR) / "reports"
    files = [*(folder / "charts").glob("*.py"), folder / "maps.py", *(folder / "presenters").glob("*.py")]
    used = {colour for path in files for colour in re.findall(r"#[0-9a-f]{6}\b|#fff\b", path.read_text())}
    assert used - known == set()


def test_the_frames_colours_are_those_of_the_style_sheet() -> None:
    sheet = Path(settings.BASE_DIR) / "static" / "build" / "app.css"
    if not sheet.exists():
        pytest.skip("the front end is not built: run script/setup dev")
    css = sheet.read_text()
    assert [pair for pair in palette.FRAME for colour in (pair.ink, pair.ground) if not _in_sheet(colour, css)] == []


def _in_sheet(colour: str, css: str) -> bool:
    short = f"#{colour[1]}{colour[3]}{colour[5]}" if colour[1::2] == colour[2::2] else colour
    return bool(re.search(rf"{colour}|{short}\b", css))


def test_only_staff_find_it(signed_in: Client, analyst: User) -> None:
    assert signed_in.get("/style/").status_code == 404
    make_administrator(analyst)
    assert signed_in.get("/style/").status_code == 200


def test_it_shows_every_component_in_use(client: Client, staff: User) -> None:
    client.force_login(staff)
    html = client.get("/style/").text
    for component in (
        "app-choose app-plot app-plot--large app-figure__details app-key app-map app-map__key app-measure app-tile "
        "app-table app-months app-empty app-scroll app-sparkline app-direction govuk-tag govuk-radios govuk-checkboxes "
        "govuk-textarea govuk-select govuk-error-message govuk-inset-text"
    ).split():
        assert re.search(rf'class="[^"]*\b{component}\b', html), component
    words = re.sub(r"<[^>]+>", " ", html)
    for written in ("1,234", "not known", "12.3 per 1,000 residents", "18 more (15%)", "3 more", "4 March 2026"):
        assert written in words
    assert html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_a_choice_that_does_not_exist_is_a_sentence(client: Client, staff: User) -> None:
    client.force_login(staff)
    answer = client.get("/style/?category=wrong")
    assert answer.status_code == 400
    assert "There is no such category." in answer.text
