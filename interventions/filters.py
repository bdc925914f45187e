"""How the register is narrowed: the same filters for the page, its files, its calendar and the API."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms

from interventions.calc.clock import LONDON
from interventions.models import Intervention
from partners import areas
from partners.models import Agency
from partners.roles import Marking

LONGEST_TEXT = 100


def from_day(rows: Any, day: date) -> Any:
    """Those that end on this day, by London's clocks, or later."""
    return rows.filter(ends__gte=datetime.combine(day, time.min, LONDON))


def to_day(rows: Any, day: date) -> Any:
    """Those that start on this day or earlier."""
    return rows.filter(starts__lt=datetime.combine(day + timedelta(days=1), time.min, LONDON))


def _area_choices() -> list[Any]:
    """Boroughs, each with its wards, as a list of groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in areas.choices():
        words = choice.name if choice.within else f"All of {choice.name}"
        groups.setdefault(choice.within or choice.name, []).append((choice.code, words))
    return list(groups.items())


class _Asked(forms.Form):
    """The filters together."""

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", "The last day is before the first. Change “From” or “To”.")
        return self.cleaned_data


class ActivityFilter(django_filters.FilterSet):
    """`ActivityFilter(data, queryset=rows that a viewer sees)`: `.form` is what was asked, `.qs` those rows."""

    q = django_filters.CharFilter(label="Words", method="by_text", max_length=LONGEST_TEXT)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Intervention.Kind.choices, empty_label="All kinds")
    strand = django_filters.ChoiceFilter(label="Strand", choices=Intervention.Strand.choices, empty_label="All strands")
    status = django_filters.ChoiceFilter(label="Status", choices=Intervention.Status.choices, empty_label="Any status")
    agency = django_filters.ModelChoiceFilter(
        label="Agency", field_name="owner", queryset=Agency.objects.all(), empty_label="All agencies"
    )
    area = django_filters.ChoiceFilter(
        label="Ward or borough", choices=_area_choices, method="by_area", empty_label="Everywhere"
    )
    marking = django_filters.ChoiceFilter(label="Marking", choices=Marking.choices, empty_label="All markings")

    class Meta:
        model = Intervention
        fields: list[str] = []
        form = _Asked

    def by_text(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text)

    def by_area(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(area_codes__contains=[code])

    def by_first_day(self, rows: Any, name: str, day: date) -> Any:
        return from_day(rows, day)

    def by_last_day(self, rows: Any, name: str, day: date) -> Any:
        return to_day(rows, day)


def _day(label: str, method: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        method=method,
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": f"“{label}” is not a day of the form 2026-03-04."},
    )


# "from" is a word of Python's own: not to be written as an attribute.
ActivityFilter.base_filters["from"] = _day("From", "by_first_day")
ActivityFilter.base_filters["to"] = _day("To", "by_last_day")
