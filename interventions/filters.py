"""How the register is narrowed: the same filters for the page, its files, its calendar and the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q

from interventions.models import Intervention
from partners import areas
from partners.filters import LONGEST_TEXT, DaysForm, LongSelect, add_days, day_begins, day_ends
from partners.models import Agency
from partners.roles import Marking


def from_day(rows: Any, day: date) -> Any:
    """Those that end on this day, by London's clocks, or later."""
    return rows.filter(Q(ends=None) | Q(ends__gte=day_begins(day)))


def to_day(rows: Any, day: date) -> Any:
    """Those that start on this day or earlier."""
    return rows.filter(starts__lt=day_ends(day))


def _area_choices() -> list[Any]:
    """Boroughs, each with its wards, as a list of groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in areas.choices():
        words = choice.name if choice.within else f"All of {choice.name}"
        groups.setdefault(choice.within or choice.name, []).append((choice.code, words))
    return list(groups.items())


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
        label="Ward or borough",
        choices=_area_choices,
        method="by_area",
        empty_label="Everywhere",
        widget=LongSelect,
    )
    marking = django_filters.ChoiceFilter(label="Marking", choices=Marking.choices, empty_label="All markings")

    class Meta:
        model = Intervention
        fields: list[str] = []
        form = DaysForm

    def by_text(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text)

    def by_area(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(area_codes__contains=[code])

    def by_first_day(self, rows: Any, name: str, day: date) -> Any:
        return from_day(rows, day)

    def by_last_day(self, rows: Any, name: str, day: date) -> Any:
        return to_day(rows, day)


add_days(ActivityFilter, first="by_first_day", last="by_last_day")
