"""How lists of records are narrowed: the same filters for pages, files, calendars and the API."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from hotspots.models import Hotspot
from interventions import states
from interventions.linked import names
from interventions.models import Intervention
from interventions.queries import SOON, at_hotspots
from interventions.registers import FAMILIES
from interventions.registers.register import Register
from partners import areas
from partners.filters import LONGEST_TEXT, DaysForm, LongSelect, add_days, day_begins, day_ends
from partners.models import Agency
from partners.roles import Marking
from partners.visibility import Viewer


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


class SharedFilter(django_filters.FilterSet):
    """What every list of records is narrowed by: `.form` is what was asked, `.qs` the rows of `queryset`, which a
    viewer sees. `viewer` = whose hotspots can be chosen; None = none can.

    Its fields stand in the order in which they are shown; `from` and `to` are added by each list.
    """

    q = django_filters.CharFilter(label="Words", method="by_text", max_length=LONGEST_TEXT)
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
    hotspot = django_filters.ChoiceFilter(label="Hotspot", choices=[], method="by_hotspot", empty_label="Everywhere")
    marking = django_filters.ChoiceFilter(label="Marking", choices=Marking.choices, empty_label="All markings")

    class Meta:
        model = Intervention
        fields: list[str] = []
        form = DaysForm

    def __init__(self, data: Any, *, queryset: Any, viewer: Viewer | None = None, **options: Any) -> None:
        super().__init__(data, queryset=queryset, **options)
        self.viewer = viewer
        if viewer is None:
            del self.filters["hotspot"]
        else:
            seen = Hotspot.objects.visible_to(viewer).order_by("name", "pk").values_list("pk", "name")
            self.filters["hotspot"].extra["choices"] = [(str(pk), name) for pk, name in seen]

    def by_text(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text)

    def by_area(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(area_codes__contains=[code])

    def by_hotspot(self, rows: Any, name: str, pk: str) -> Any:
        return at_hotspots(rows, [int(pk)])

    def by_first_day(self, rows: Any, name: str, day: date) -> Any:
        return from_day(rows, day)

    def by_last_day(self, rows: Any, name: str, day: date) -> Any:
        return to_day(rows, day)


class ActivityFilter(SharedFilter):
    """All records of all registers, and the API's list of them."""

    family = django_filters.ChoiceFilter(
        label="Registers",
        choices=[(slugify(name), name) for name in FAMILIES],
        method="by_family",
        empty_label="All registers",
    )
    kind = django_filters.ChoiceFilter(label="Kind", choices=Intervention.Kind.choices, empty_label="All kinds")
    strand = django_filters.ChoiceFilter(label="Strand", choices=Intervention.Strand.choices, empty_label="All strands")

    def by_family(self, rows: Any, name: str, family: str) -> Any:
        members = next(ones for title, ones in FAMILIES.items() if slugify(title) == family)
        return rows.filter(kind__in=[kind for one in members for kind in one.kinds])


class RegisterFilter(SharedFilter):
    """The records of one register; `filter_of` adds what only that register has."""

    def by_now(self, rows: Any, name: str, asked: str) -> Any:
        if self.viewer is None:
            return rows.none()
        now = self.viewer.now
        holding = states.in_force(rows, now)
        return holding.filter(ends__lte=now + timedelta(days=SOON)) if asked == "ending" else holding

    def by_link(self, rows: Any, name: str, pk: Any) -> Any:
        """Those that belong to another record, which the reader must see."""
        seen = Intervention.objects.visible_to(self.viewer).filter(pk=int(pk)).exists() if self.viewer else False
        return rows.filter(**{name: int(pk)}) if seen else rows.none()


@cache
def filter_of(register: Register) -> type[RegisterFilter]:
    """The filters of one register."""
    more: dict[str, django_filters.Filter] = {}
    if len(register.kinds) > 1:
        choices = [(one, Intervention.Kind(one).label) for one in register.kinds]
        more["kind"] = django_filters.ChoiceFilter(label="Kind", choices=choices, empty_label="All kinds")
    for name in register.filters:
        more[name] = _filter(register.own_fields[name], register.label(name))
    if any(one in states.ORDERS for one in register.kinds):
        more["now"] = django_filters.ChoiceFilter(
            label="In force",
            choices=[("yes", "In force now"), ("ending", f"In force, ends within {SOON} days")],
            method="by_now",
            empty_label="Now or not",
        )
    for name in names(register):
        more[name] = django_filters.NumberFilter(
            label=register.label(name), method="by_link", widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1
        )
    made: type[RegisterFilter] = type("FilterOf", (RegisterFilter,), dict(more))
    _in_order(made, first=("q", *more))
    add_days(made, first="by_first_day", last="by_last_day")
    return made


def _filter(field: models.Field[Any, Any], label: str) -> django_filters.Filter:
    """What one of a register's own fields is chosen from."""
    if isinstance(field, models.BooleanField):
        choices = [("True", "Yes"), ("False", "No")]
        return django_filters.ChoiceFilter(label=label, choices=choices, empty_label="Yes or no")
    if isinstance(field, models.ForeignKey):
        rows = field.related_model._default_manager.all()
        return django_filters.ModelChoiceFilter(label=label, queryset=rows, empty_label="All")
    return django_filters.ChoiceFilter(label=label, choices=field.choices, empty_label="All")


def _in_order(filters: type[django_filters.FilterSet], *, first: tuple[str, ...]) -> None:
    every = filters.base_filters
    rest = [name for name in every if name not in first]
    filters.base_filters = type(every)((name, every[name]) for name in (*first, *rest))


_in_order(ActivityFilter, first=("q", "family", "kind", "strand"))
add_days(ActivityFilter, first="by_first_day", last="by_last_day")
