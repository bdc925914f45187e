"""Making and rotating API keys."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from partners.actions.keys import (
    LONGEST_DAYS,
    LONGEST_OVERLAP_DAYS,
    checked_networks,
    checked_scopes,
    scopes_to_give,
    who_gives,
)
from partners.forms.areas import AreasField
from partners.models import Agency
from partners.roles import Scope
from partners.visibility import Viewer

_DAYS_ERRORS = {
    "required": "Enter for how many days the key works.",
    "invalid": "Enter the days as a whole number.",
    "min_value": "The key must work for at least 1 day.",
    "max_value": f"A key works for at most {LONGEST_DAYS} days: it is replaced once a year.",
}


def _days(label: str, help_text: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        initial=initial,
        min_value=1,
        max_value=LONGEST_DAYS,
        error_messages=_DAYS_ERRORS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class KeyForm(forms.Form):
    """A new key, with what its maker may give. `not_given` says in sentences who gives the rest."""

    name = forms.CharField(
        label="What the key is for",
        help_text="The system that will use it, for example Power BI. People and the audit trail read this name.",
        max_length=100,
        error_messages={"required": "Enter what the key is for."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        help_text="Tick as little as the system needs.",
        initial=[Scope.FIGURES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose what the key may do.",
            "invalid_choice": "You cannot let a key do this: choose from the list.",
        },
    )
    area_codes = AreasField(help_text="Which records it reads. Crime figures are not narrowed.")
    networks = forms.CharField(
        label="Networks it may be used from",
        help_text="One a line, such as 192.0.2.0/24, 2001:db8::/32 or the one address 192.0.2.7. Empty for anywhere.",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    days = _days("Days it works", f"1 to {LONGEST_DAYS}. Rotate it before it ends, and nothing is interrupted.", 90)

    def __init__(self, *args: Any, viewer: Viewer, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        given = scopes_to_give(viewer, agency)
        cast(forms.MultipleChoiceField, self.fields["scopes"]).choices = [(one.value, one.label) for one in given]
        self.not_given = [who_gives(scope, agency) for scope in Scope if scope not in given]

    def clean_scopes(self) -> list[str]:
        try:
            return checked_scopes(self.cleaned_data["scopes"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_networks(self) -> list[str]:
        try:
            return checked_networks(self.cleaned_data["networks"].splitlines())
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class RotateForm(forms.Form):
    """A new key in place of an old one."""

    overlap_days = forms.IntegerField(
        label="Days the old key goes on working",
        help_text=f"0 to {LONGEST_OVERLAP_DAYS}: time to put the new key into the system. 0 ends the old one at once.",
        initial=7,
        min_value=0,
        max_value=LONGEST_OVERLAP_DAYS,
        error_messages={
            "required": "Enter for how many days the old key goes on working; 0 ends it at once.",
            "invalid": "Enter the days as a whole number.",
            "min_value": "Enter 0 or more days.",
            "max_value": f"The old key can go on working for at most {LONGEST_OVERLAP_DAYS} days.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    days = _days("Days the new key works", f"1 to {LONGEST_DAYS}.", 90)
