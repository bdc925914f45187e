"""Where somebody asks what is in force: a point, a street, a hotspot or a ward."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from hotspots.models import Area, Hotspot
from interventions.checks import NO_POINT
from partners.filters import LONGEST_TEXT, BriefForm, LongSelect

_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,20})?)\s*")


class PlaceForm(BriefForm):
    """One of four ways to name a place; of several that are filled in, the first. `wards` are those in force, each
    with its borough, `hotspots` those that the reader sees."""

    at = forms.CharField(
        label="Point",
        required=False,
        max_length=60,
        help_text="Latitude and longitude, such as 51.5761, 0.1836.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    street = forms.CharField(
        label="Street", required=False, max_length=LONGEST_TEXT, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    hotspot = forms.ChoiceField(label="Hotspot", required=False)
    ward = forms.ChoiceField(label="Ward", required=False, widget=LongSelect)

    def __init__(self, data: Any, *, wards: list[Area], hotspots: list[Hotspot]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in wards:
            groups.setdefault(one.parent.name if one.parent else "Wards", []).append((one.code, one.name))
        fields["ward"].choices = [("", "Choose a ward"), *groups.items()]
        fields["hotspot"].choices = [("", "Choose a hotspot"), *((str(one.pk), one.name) for one in hotspots)]

    def clean_at(self) -> tuple[float, float] | None:
        """(latitude, longitude), to about ten metres: nothing here needs to know better where somebody is."""
        said = self.cleaned_data["at"]
        if not said:
            return None
        found = _POINT.fullmatch(said)
        if not found:
            raise forms.ValidationError("Write the point as latitude and longitude, such as 51.5761, 0.1836.")
        latitude, longitude = (round(float(one), 4) for one in found.groups())
        if not (-90 < latitude < 90 and -180 <= longitude <= 180):
            raise forms.ValidationError(NO_POINT)
        if 49 <= longitude <= 61 and -9 <= latitude <= 2:
            raise forms.ValidationError(
                "Latitude and longitude are swapped: give latitude first, such as 51.5761, 0.1836."
            )
        return latitude, longitude
