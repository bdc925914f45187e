"""How the audit trail is narrowed: the same filters for the page and the file."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from partners.models import AuditEvent

LONGEST_TEXT = 100
# A regular expression with alternatives would read the whole trail; beginnings are found by the index.
_OF_ACCESS = (
    *("user", "membership", "invitation", "agency", "apikey", "sharingagreement", "agreementparty", "password"),
    "second-",
)
# What somebody may ask for -> which actions that is.
KINDS: dict[str, tuple[str, Q]] = {
    "reads": ("Reads of records", Q(action__endswith=".read")),
    "changes": (
        "Changes",
        Q(action__endswith=".created") | Q(action__endswith=".changed") | Q(action__endswith=".deleted"),
    ),
    "sign-ins": ("Signing in and out", Q(action__startswith="sign-")),
    "access": (
        "Access: people, roles, keys, agreements",
        reduce(or_, (Q(action__startswith=start) for start in _OF_ACCESS)),
    ),
    "glass": ("Withheld parts opened", Q(action__startswith="breakglass")),
    "files": ("Audit trail taken as a file", Q(action="audit.exported")),
}


class _Asked(forms.Form):
    """The filters together."""

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", "The last day is before the first. Change “From” or “To”.")
        return self.cleaned_data


class AuditFilter(django_filters.FilterSet):
    """`AuditFilter(data, queryset=trail.visible_to(viewer))`: `.form` is what was asked, `.qs` those events."""

    kind = django_filters.ChoiceFilter(
        label="What",
        choices=[(value, label) for value, (label, _) in KINDS.items()],
        method="by_kind",
        empty_label="Everything",
    )
    who = django_filters.CharFilter(
        label="Who",
        help_text="Part of a name or e-mail address, or of a key’s name.",
        method="by_who",
        max_length=LONGEST_TEXT,
    )
    thing = django_filters.CharFilter(
        label="Reference", help_text="Such as intervention:12.", method="by_thing", max_length=LONGEST_TEXT
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []
        form = _Asked

    def by_kind(self, events: Any, name: str, kind: str) -> Any:
        return events.filter(KINDS[kind][1])

    def by_who(self, events: Any, name: str, text: str) -> Any:
        return events.filter(Q(actor=text) | Q(actor_name__icontains=text))

    def by_thing(self, events: Any, name: str, text: str) -> Any:
        return events.filter(objects_named__contains=[re.sub(r"\s+", "", text).lower()])

    def by_first_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__gte=_midnight(day))

    def by_last_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    """The first moment of a day by the product's clocks."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(label: str, method: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        method=method,
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": f"“{label}” is not a day of the form 2026-03-04."},
    )


# "from" is a word of Python's own: not to be written as an attribute.
AuditFilter.base_filters["from"] = _day("From", "by_first_day")
AuditFilter.base_filters["to"] = _day("To", "by_last_day")
