"""Forms of the calendar: what it shows, feeds, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from hotspots.models import Hotspot
from interventions.calc.periods import months_after
from interventions.calendar.dates import GROUPS
from interventions.checks import is_kept
from interventions.models import Digest
from partners.filters import refuse_briefly


class CalendarForm(forms.Form):
    """Which month, as what, whose, of which sort, of which hotspot. What is left out is this month, all of it."""

    month = forms.CharField(
        label="Month", required=False, help_text="Such as 2026-11.", widget=forms.TextInput(attrs={"type": "month"})
    )
    show = forms.ChoiceField(label="Show", choices=[("month", "One month"), ("list", "A list of 12 months")])
    whose = forms.ChoiceField(label="Whose", choices=[("all", "All that you see"), ("mine", "Your agencies’")])
    kind = forms.ChoiceField(label="What", required=False, choices=[("", "Everything"), *GROUPS.items()])
    hotspot = forms.ChoiceField(label="Hotspot", required=False)

    def __init__(self, data: Any, places: Sequence[Hotspot]) -> None:
        given = {"show": "month", "whose": "all", **{name: text for name, text in data.items() if text}}
        super().__init__(given)
        refuse_briefly(self)
        fields: dict[str, Any] = self.fields
        fields["hotspot"].choices = [("", "All"), *((str(one.pk), one.name) for one in places)]

    def clean_month(self) -> date:
        text = self.cleaned_data["month"]
        if not text:
            return timezone.localdate().replace(day=1)
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError:
            raise forms.ValidationError("Enter the month, such as 2026-11.") from None
        if not is_kept(found):
            raise forms.ValidationError("The month is from 2000-01 to 2099-12.")
        return found

    def days(self) -> tuple[date, date]:
        """The first and the last day of what a valid form asks for."""
        month = self.cleaned_data["month"]
        after = months_after(month, 12 if self.cleaned_data["show"] == "list" else 1)
        return month, date.fromordinal(after.toordinal() - 1)


class FeedForm(forms.Form):
    """A new address for a calendar program."""

    name = forms.CharField(
        label="What it is for",
        max_length=60,
        help_text="Such as “Outlook at work”, so that you know which one to revoke.",
        error_messages={
            "required": "Say what the address is for, such as “Outlook at work”.",
            "max_length": "Say it in at most 60 characters.",
        },
    )


class ReminderForm(forms.Form):
    """How often somebody is reminded."""

    frequency = forms.ChoiceField(
        label="How often",
        choices=Digest.Frequency,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often.", "invalid_choice": "Choose how often."},
    )
