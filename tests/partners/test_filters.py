"""What filters of several pages have in common."""

from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from partners.filters import LongSelect


@pytest.mark.parametrize("value", [None, "", 'E05 "1"', "no such"])
def test_a_long_list_is_as_any_other(value: str | None) -> None:
    choices = [("", "Everywhere"), ("Havering", [("E09", "All of <Havering>"), ('E05 "1"', "Mawneys")])]
    attributes = {"id": "id_area", "class": "govuk-select", "required": True, "placeholder": False}
    ours, django = (kind(choices=choices).render("area", value, attributes) for kind in (LongSelect, forms.Select))
    assert parse_html(ours) == parse_html(django)
    assert "<Havering>" not in ours
