"""The profile of a place in a browser: two pages of paper, and its figures as soon as they are counted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hotspots.models import Hotspot
from partners.models import User
from tests.browser.place_pages import profiles
from tests.reports.test_place import boundary_of, count

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_place_prints_on_two_pages_and_shows_when_it_is_counted(
    make_page: Callable[..., Page], analyst: User
) -> None:
    first, counting = profiles(analyst)["reports:place"]
    page = make_page(user=analyst)
    page.goto(first)
    expect(page.get_by_role("img", name="All crime, January 2023 to December 2025")).to_be_visible()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))) == 2
    page.goto(counting)
    expect(page.get_by_text("What was recorded here is being counted")).to_be_visible()
    count(boundary_of(Hotspot.objects.get().area_id), {"burglary": [7] * 36})
    expect(page.get_by_role("heading", name="Over time")).to_be_visible()
