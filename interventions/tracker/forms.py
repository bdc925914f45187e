"""Forms of the tracker. What an action may be, the actions say."""

from __future__ import annotations

from typing import Any

from django import forms

from hotspots.models import Hotspot
from interventions.models import Intervention
from partners.filters import BriefForm
from partners.models import Agency
from partners.roles import Permission
from partners.visibility import Viewer

_DAY = {"invalid": "Enter a day, such as 05/05/2026.", "required": "Enter the day, such as 05/05/2026."}


def _day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY,
    )


def _line(label: str, longest: int, missing: str, *, help_text: str = "", rows: int = 0) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": missing, "max_length": f"Use at most {longest} characters."},
    )


class PromiseForm(BriefForm):
    """One thing that an agency promised."""

    title = _line(
        "What was promised",
        200,
        "Say in one line what was promised.",
        help_text="Both agencies read it: no names of people, nothing restricted.",
    )
    agency = forms.ModelChoiceField(
        label="Who promised",
        queryset=Agency.objects.none(),
        empty_label="Choose an agency",
        error_messages={"required": "Choose the agency that promised it."},
    )
    due_on = _day("Due on")
    asked_by = forms.ModelChoiceField(
        label="Who keeps it on their list",
        queryset=Agency.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose your agency."},
    )
    hotspot = forms.ModelChoiceField(
        label="Hotspot", queryset=Hotspot.objects.none(), required=False, empty_label="None"
    )
    strand = forms.ChoiceField(label="Strand", choices=Intervention.Strand.choices, initial=Intervention.Strand.PREPARE)
    is_mine = forms.BooleanField(label="I will do it myself", required=False)

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        agencies = Agency.objects.filter(left_at=None).order_by("name")
        fields["agency"].queryset = agencies
        fields["asked_by"].queryset = agencies.filter(pk__in=viewer.agencies_with_parts(Permission.ADD))
        fields["hotspot"].queryset = Hotspot.objects.visible_to(viewer).order_by("name", "pk")


class DoneForm(forms.Form):
    """That an action was done."""

    evidence = _line(
        "What shows that it was done", 500, "Say what shows that it was done.", help_text="No names of people.", rows=3
    )
    done_on = _day("Done on")


class MoveForm(forms.Form):
    """Another day for an action."""

    due_on = _day("New day")
    reason = _line("Why the day is moved", 300, "Say why the day is moved.")


class DropForm(forms.Form):
    """That an action will not be done."""

    reason = _line("Why it is dropped", 500, "Say why it is dropped.")
