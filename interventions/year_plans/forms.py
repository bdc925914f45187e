"""The form of one line of a twelve-month plan. What a line may be, the register says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from hotspots.words import day_name, month_name
from interventions.law.year_plan import months_of
from interventions.models import DayOfAction, Intervention, YearPlan, YearPlanItem
from partners.models import Agency


class ItemForm(forms.Form):
    """One line: in which month and lane, what, by whom."""

    month = forms.ChoiceField(label="Month", error_messages={"required": "Choose a month."})
    lane = forms.ChoiceField(
        label="Lane",
        choices=YearPlanItem.Lane,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a lane.", "invalid_choice": "Choose a lane."},
    )
    text = forms.CharField(
        label="What",
        max_length=200,
        help_text="In one line, such as “Bike marking at the station”.",
        error_messages={
            "required": "Say in one line what is planned.",
            "max_length": "Say it in at most 200 characters.",
        },
    )
    strand = forms.ChoiceField(
        label="Strand",
        choices=Intervention.Strand,
        error_messages={"required": "Choose a strand.", "invalid_choice": "Choose a strand."},
    )
    agency = forms.ChoiceField(label="Who", required=False)
    day = forms.ChoiceField(
        label="Day of action", required=False, help_text="The day of action that it became, if there is one."
    )
    status = forms.ChoiceField(
        label="Status",
        choices=YearPlanItem.Status,
        error_messages={"required": "Choose a status.", "invalid_choice": "Choose a status."},
    )

    def offer(
        self, plan: YearPlan, agencies: Sequence[Agency], days: Sequence[DayOfAction], line: YearPlanItem | None
    ) -> ItemForm:
        """The form with its choices: of days those that the reader sees, and the line's own, unnamed, where it is none
        of them."""
        fields: dict[str, Any] = self.fields
        fields["month"].choices = [(f"{one:%Y-%m}", month_name(one)) for one in months_of(plan.first_day)]
        fields["agency"].choices = [("", "Nobody yet"), *((str(one.pk), one.name) for one in agencies)]
        hidden = line.day_id if line and line.day_id not in [None, *(one.pk for one in days)] else None
        fields["day"].choices = [
            ("", "None"),
            *((str(one.pk), f"{day_name(one.first_day)}: {one.title}") for one in days),
            *([(str(hidden), "One that is not among these")] if hidden else []),
        ]
        return self

    @staticmethod
    def initial_of(item: YearPlanItem) -> dict[str, Any]:
        """What the form shows of a line."""
        return {
            "month": f"{item.month:%Y-%m}",
            **{name: getattr(item, name) for name in ("lane", "text", "strand", "status")},
            "agency": str(item.agency_id or ""),
            "day": str(item.day_id or ""),
        }

    def said(self) -> dict[str, Any]:
        """What a valid form says, as the action takes it."""
        found = dict(self.cleaned_data)
        year, month = map(int, found["month"].split("-"))
        return found | {"month": date(year, month, 1)} | {name: found[name] or None for name in ("agency", "day")}
