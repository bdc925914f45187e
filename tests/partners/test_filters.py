"""What filters of several pages have in common."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.test.html import parse_html

from interventions.calc.clock import LONDON
from partners.filters import LongSelect, day_begins, day_ends


@pytest.mark.parametrize("value", [None, "", 'E05 "1"', "no such"])
def test_a_long_list_is_as_any_other(value: str | None) -> None:
    choices = [("", "Everywhere"), ("Havering", [("E09", "All of <Havering>"), ('E05 "1"', "Mawneys")])]
    attributes = {"id": "id_area", "class": "govuk-select", "required": True, "placeholder": False}
    ours, django = (kind(choices=choices).render("area", value, attributes) for kind in (LongSelect, forms.Select))
    assert parse_html(ours) == parse_html(django)
    assert "<Havering>" not in ours


def test_a_day_ends_where_the_next_begins_and_the_last_of_all_nowhere() -> None:
    """Nobody means 31 December 9999, and every list may be asked for what begins until then."""
    assert day_ends(date(2026, 10, 24)) == day_begins(date(2026, 10, 25))
    assert day_ends(date.max) == datetime(9999, 12, 31, tzinfo=LONDON)
