"""What the address of the page that compares places asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from reports.forms import Address

MOST = 4


class ComparePlacesForm(Address):
    """Up to four places, of those that the reader sees: (pk, name)."""

    place = forms.TypedMultipleChoiceField(
        label="Places to compare",
        help_text="Choose two, three or four.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "A place of this address is not there, or is not shared with you."},
    )

    def __init__(self, data: Any, *, places: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["place"]
        field.choices = places

    def clean_place(self) -> list[int]:
        chosen = list(self.cleaned_data["place"])
        if len(chosen) > MOST:
            raise forms.ValidationError(f"At most {MOST} places fit side by side; {len(chosen)} were chosen.")
        return chosen
