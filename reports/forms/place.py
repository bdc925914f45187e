"""What the addresses of drawn places ask for, and the forms of their comparison places."""

from __future__ import annotations

from django import forms

from hotspots.comparisons.actions import LONGEST_REASON
from reports.forms import Address


class PlaceForm(Address):
    """A profile's address: a category or group, and the pk of an earlier boundary."""

    category = forms.SlugField(
        required=False,
        error_messages={"invalid": "A category is named in small letters and hyphens, such as burglary."},
    )
    boundary = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "A boundary is named by its number."),
    )


class AcceptForm(forms.Form):
    """One proposal to accept: its LSOA codes, as the page sent them, and why."""

    codes = forms.CharField(
        max_length=2_000, widget=forms.HiddenInput, error_messages={"required": "Choose one of the places proposed."}
    )
    reason = forms.CharField(
        label="Why it is a fair comparison",
        help_text="One line. It is kept with your name.",
        error_messages={"required": "Say why it is a fair comparison, in one line."},
    )

    def clean_reason(self) -> str:
        """One line of a length that is kept."""
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if len(reason) > LONGEST_REASON:
            raise forms.ValidationError(f"The reason has at most {LONGEST_REASON} characters; this has {len(reason)}.")
        return reason
