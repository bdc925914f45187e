"""The form on which a step of a renewal is ticked off."""

from __future__ import annotations

from django import forms

from interventions.renewal.actions import LONGEST_NOTE


class StepForm(forms.Form):
    """When a step was done, and what came of it."""

    done_on = forms.DateField(
        label="Done on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leave it empty while it is still to do.",
    )
    note = forms.CharField(
        label="Note (optional)",
        max_length=LONGEST_NOTE,
        required=False,
        help_text="Such as where the pack is kept, or the minute.",
    )
