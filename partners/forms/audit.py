"""How the audit trail is narrowed: the same filters for the page and the file."""

from __future__ import annotations

import re
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q

from partners.filters import LONGEST_TEXT, DaysForm, add_days, day_begins, day_ends
from partners.models import AuditEvent

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
        form = DaysForm

    def by_kind(self, events: Any, name: str, kind: str) -> Any:
        return events.filter(KINDS[kind][1])

    def by_who(self, events: Any, name: str, text: str) -> Any:
        return events.filter(Q(actor=text) | Q(actor_name__icontains=text))

    def by_thing(self, events: Any, name: str, text: str) -> Any:
        return events.filter(objects_named__contains=[re.sub(r"\s+", "", text).lower()])

    def by_first_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__gte=day_begins(day))

    def by_last_day(self, events: Any, name: str, day: date) -> Any:
        return events.filter(at__lt=day_ends(day))


add_days(AuditFilter, first="by_first_day", last="by_last_day")
