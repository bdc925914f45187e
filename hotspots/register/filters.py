"""How the register is narrowed: the same filters for its page and file, the board, the agenda and the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from hotspots import categories
from hotspots.models import Hotspot, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases.queries import going_on
from partners import areas
from partners.filters import LONGEST_TEXT, BriefForm, LongSelect
from partners.models import Agency

NO_PHASE = "none"
_OF_POLICE_UK = [one for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK]
ORDERS: dict[str, tuple[str, list[Any]]] = {
    "name": ("Name", ["name", "pk"]),
    "review": ("Next review, the first first", [F("review_on").asc(nulls_last=True), "name", "pk"]),
    "newest": ("Newest first", ["-created_at", "-pk"]),
}
# Of a place in one of these, a review is due when its day comes.
REVIEWED = (Hotspot.Status.PROPOSED, Hotspot.Status.ACTIVE)


def overdue(on: date) -> Q:
    """The places whose review should have been before a day."""
    return Q(review_on__lt=on, status__in=REVIEWED)


def is_overdue(record: Hotspot, on: date) -> bool:
    """The same of one place."""
    return record.review_on is not None and record.review_on < on and record.status in REVIEWED


def in_phase(rows: Any, phase: str, on: date) -> Any:
    """Of some rows, those with a period of a phase that a day lies in; for NO_PHASE, those without any such period."""
    now = PhasePeriod.objects.filter(going_on(on), hotspot=OuterRef("pk"))
    if phase == NO_PHASE:
        return rows.filter(~Exists(now))
    return rows.filter(Exists(now.filter(phase=phase)))


def _area_choices() -> list[Any]:
    """Boroughs, each with its wards, as a list of groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in areas.choices():
        words = choice.name if choice.within else f"All of {choice.name}"
        groups.setdefault(choice.within or choice.name, []).append((choice.code, words))
    return list(groups.items())


def problem_choices() -> list[tuple[str, str]]:
    """(slug, name) of the types of crime that police.uk publishes."""
    return [(one.slug, one.name) for one in _OF_POLICE_UK if not one.members]


def group_choices() -> list[tuple[str, str]]:
    """(slug, name) of the groups that these types add up to."""
    return [(one.slug, one.name) for one in _OF_POLICE_UK if one.members]


class PlaceFilter(django_filters.FilterSet):
    """`PlaceFilter(data, queryset=rows that a viewer sees)`: `.form` is what was asked, `.qs` those rows, in no order.

    Archived places are among them only where they are asked for by their status.
    """

    q = django_filters.CharFilter(label="Words", method="by_text", max_length=LONGEST_TEXT)
    agency = django_filters.ModelChoiceFilter(
        label="Lead agency", field_name="owner", queryset=Agency.objects.all(), empty_label="All agencies"
    )
    area = django_filters.ChoiceFilter(
        label="Ward or borough",
        choices=_area_choices,
        method="by_area",
        empty_label="Everywhere",
        widget=LongSelect,
    )
    problem = django_filters.ChoiceFilter(
        label="Problem", choices=problem_choices, method="by_problem", empty_label="All problems"
    )
    phase = django_filters.ChoiceFilter(
        label="Phase now",
        choices=[*Phase.choices, (NO_PHASE, "No phase")],
        method="by_phase",
        empty_label="Any phase",
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=Hotspot.Kind.choices, empty_label="All kinds")
    status = django_filters.ChoiceFilter(label="Status", choices=Hotspot.Status.choices, empty_label="All but archived")
    overdue = django_filters.BooleanFilter(label="Review overdue", method="by_overdue", widget=forms.CheckboxInput)

    class Meta:
        model = Hotspot
        fields: list[str] = []
        form = BriefForm

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else rows.exclude(status=Hotspot.Status.ARCHIVED)

    def by_text(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text)

    def by_area(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(area_codes__contains=[code])

    def by_problem(self, rows: Any, name: str, slug: str) -> Any:
        return rows.filter(problems__contains=[slug])

    def by_phase(self, rows: Any, name: str, phase: str) -> Any:
        return in_phase(rows, phase, timezone.localdate())

    def by_overdue(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.filter(overdue(timezone.localdate())) if wanted else rows


class RegisterFilter(PlaceFilter):
    """With the order of the list as well."""

    order = django_filters.ChoiceFilter(
        label="Order",
        choices=[(name, words) for name, (words, _) in ORDERS.items()],
        method="by_order",
        empty_label=None,
        null_label=None,
    )

    def by_order(self, rows: Any, name: str, order: str) -> Any:
        return rows.order_by(*ORDERS[order][1])
