"""How the tracker is narrowed: the same filters for the page and its file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone

from hotspots.models import Hotspot
from interventions.models import AgreedAction, Intervention
from interventions.tracker import queries
from partners.filters import LONGEST_TEXT, BriefForm
from partners.models import Agency
from partners.roles import Permission
from partners.visibility import Viewer

ALL = "all"
STATES = [(queries.OVERDUE, "Overdue"), *AgreedAction.Status.choices[1:], (ALL, "All")]
WHOSE = [("agency", "My agencies promised"), ("asked", "My agencies asked for"), ("me", "I promised")]


class ActionFilter(django_filters.FilterSet):
    """`ActionFilter(data, queryset=rows that a viewer sees, viewer=viewer)`: `.form` is what was asked, `.qs` those
    rows in the state that was asked for, `.whatever_state` those in any. Open ones where nothing is said."""

    q = django_filters.CharFilter(label="Words", field_name="title", lookup_expr="icontains", max_length=LONGEST_TEXT)
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Open", method="by_state")
    agency = django_filters.ModelChoiceFilter(
        label="Promised by", queryset=Agency.objects.all(), empty_label="Any agency"
    )
    whose = django_filters.ChoiceFilter(label="Whose", choices=WHOSE, empty_label="Everybody’s", method="by_whose")
    hotspot = django_filters.ModelChoiceFilter(
        label="Hotspot", queryset=Hotspot.objects.none(), empty_label="Any or none", method="by_hotspot"
    )
    source = django_filters.NumberFilter(label="Out of record no.", method="by_source", min_value=1, max_value=2**31)

    class Meta:
        model = AgreedAction
        fields: list[str] = []
        form = BriefForm

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        self.filters["hotspot"].queryset = Hotspot.objects.visible_to(viewer).order_by("name", "pk")

    def filter_queryset(self, queryset: Any) -> Any:
        self.whatever_state = super().filter_queryset(queryset)
        asked = self.form.cleaned_data["state"]
        if asked == ALL:
            return self.whatever_state
        if asked == queries.OVERDUE:
            return self.whatever_state.filter(queries.overdue(timezone.localdate()))
        return self.whatever_state.filter(status=asked or AgreedAction.Status.OPEN)

    def by_state(self, rows: Any, name: str, state: str) -> Any:
        return rows  # at last, in filter_queryset

    def by_whose(self, rows: Any, name: str, whose: str) -> Any:
        mine = self.viewer.agencies_with_parts(Permission.SEE)
        if whose == "me":
            return rows.filter(person=self.viewer.user)
        return rows.filter(agency__in=mine) if whose == "agency" else rows.filter(asked_by__in=mine)

    def by_hotspot(self, rows: Any, name: str, hotspot: Hotspot) -> Any:
        return rows.filter(hotspot=hotspot.pk)

    def by_source(self, rows: Any, name: str, source: Any) -> Any:
        # Nobody finds out by asking what came out of a record that is not shown.
        return rows.filter(source__in=Intervention.objects.visible_to(self.viewer).filter(pk=int(source)).values("pk"))
