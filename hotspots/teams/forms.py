"""Forms of ward teams. What a team may be, the actions say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from hotspots.models import Area, WardTeam
from hotspots.teams.actions import AUDIENCES, MARKINGS, MOST_DAYS, Details
from partners.models import Agency

_DAY = {"invalid": "Enter a day, such as 05/05/2026.", "required": "Enter the day, such as 05/05/2026."}


def _posts(label: str, *, required: bool) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 500}),
        error_messages={
            "required": f"Enter how many: {label}; 0 for none.",
            "invalid": f"Enter a whole number: {label}.",
            "min_value": f"Enter a number from 0 up: {label}.",
            "max_value": f"Enter a number up to 500: {label}.",
        },
    )


def _day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY,
    )


class DetailsForm(forms.Form):
    """What is said of a team from a day on."""

    valid_from = _day("From", help_text="The first day on which the team is as described here.")
    officers_established = _posts("Ward officers: posts", required=True)
    officers_in_post = _posts("Ward officers: in post", required=False)
    pcsos_established = _posts("PCSOs: posts", required=True)
    pcsos_in_post = _posts("PCSOs: in post", required=False)
    sergeants_established = _posts("Sergeants: posts", required=True)
    sergeants_in_post = _posts("Sergeants: in post", required=False)
    contact_email = forms.EmailField(
        label="E-mail for the public",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter an e-mail address, such as heaton.snt@example.org, or leave it empty."},
    )
    contact_phone = forms.CharField(
        label="Telephone for the public",
        required=False,
        max_length=40,
        validators=[RegexValidator(r"^[0-9+() -]+\Z", "Enter a telephone number: digits, spaces, + and brackets.")],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"max_length": "Enter a telephone number of at most 40 characters."},
    )
    marking = forms.ChoiceField(
        label="Marking",
        choices=[(one.value, one.label) for one in MARKINGS],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose OPEN or OFFICIAL.", "required": "Choose a marking."},
    )
    audience = forms.ChoiceField(
        label="Who sees it",
        choices=[(one.value, one.label) for one in AUDIENCES],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose who sees it.", "required": "Choose who sees it."},
    )

    @staticmethod
    def initial_of(row: WardTeam | None) -> dict[str, Any]:
        """What the form shows at first: a row's details; of None, those of a new team."""
        details = Details.of(row) if row else Details(2, 1)
        names = Details.__dataclass_fields__
        return {name: getattr(details, name) for name in names} | ({} if row else {"valid_from": timezone.localdate()})

    def details(self) -> Details:
        """What a valid form says."""
        return Details(**{name: self.cleaned_data[name] for name in Details.__dataclass_fields__})


class NewTeamForm(DetailsForm):
    """A team: of which agency, in which ward."""

    owner = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": "Choose one of your agencies.", "required": "Choose one of your agencies."},
    )
    ward = forms.ChoiceField(
        label="Ward", error_messages={"required": "Choose a ward.", "invalid_choice": "Choose a ward that is in force."}
    )
    field_order = ("owner", "ward")

    def offer(self, owners: Sequence[Agency], wards: Iterable[Area]) -> NewTeamForm:
        """The form with its choices: wards as codes, by borough."""
        owner = cast(forms.ModelChoiceField, self.fields["owner"])
        owner.queryset = Agency.objects.filter(pk__in=[agency.pk for agency in owners])
        by_borough = groupby(wards, key=lambda ward: ward.parent.name if ward.parent else "No borough")
        cast(forms.ChoiceField, self.fields["ward"]).choices = [
            ("", "Choose a ward"),
            *((borough, [(ward.code, ward.name) for ward in members]) for borough, members in by_borough),
        ]
        return self


class CorrectForm(DetailsForm):
    """A row as it should have been; or its end."""

    valid_to = _day(
        "Until (leave empty while the team goes on)",
        help_text="The first day on which the team is no longer as described here.",
        required=False,
    )
    field_order = ("valid_from", "valid_to")


class DaysForm(forms.Form):
    """Days abstracted in one month."""

    month = forms.CharField(
        label="Month",
        help_text="For example 2026-08.",
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"required": "Enter the month, such as 2026-08."},
    )
    days = forms.DecimalField(
        label="Days abstracted",
        help_text="Officer days that the team lost to duties elsewhere. Halves are allowed.",
        min_value=Decimal(0),
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": "Enter how many days; 0 for none.",
            "invalid": "Enter a number of days, such as 9 or 9.5.",
            "min_value": "Enter a number of days from 0 up.",
            "max_value": f"Enter a number of days up to {MOST_DAYS}.",
        },
    )

    def clean_month(self) -> date:
        try:
            month = date.fromisoformat(f"{self.cleaned_data['month'].strip()}-01")
        except ValueError:
            raise forms.ValidationError("Enter the month as year and month, such as 2026-08.") from None
        if month.year < 2000:
            raise forms.ValidationError("Enter a month from the year 2000 on.")
        return month
