"""The fields that records of all registers have, as forms ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC
from typing import Any

from django import forms
from django.utils import timezone

from interventions.checks import LONGEST, MOST_REACHED, NO_POINT, NO_TITLE, NO_WARDS, in_degrees
from interventions.contents import Content
from interventions.forms.moments import clocks
from interventions.models import Intervention
from interventions.registers.register import Register
from partners.roles import Marking, Permission
from partners.visibility import Viewer

AUDIENCES = (
    (Intervention.Audience.AGREEMENTS, "My agency, and partners by an agreement in force"),
    (Intervention.Audience.AGENCY, "My agency only"),
    (Intervention.Audience.TEAM, "The owning team only (covert): nobody else learns that it exists"),
    (Intervention.Audience.EVERYONE, "Everyone who signs in (only what is marked OPEN)"),
)
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
# Fields of Content that are asked for by one field of the same name.
PLAIN = (
    "title",
    "reference",
    "strand",
    "status",
    "place",
    "details",
    "contact",
    "people_reached",
    "marking",
    "audience",
)
MISSING = {
    "title": NO_TITLE,
    "strand": "Choose the strand.",
    "status": "Choose the status.",
    "wards": NO_WARDS,
    "marking": "Choose the marking.",
    "audience": "Choose who may see it.",
}


class PointField(forms.CharField):
    """A point as maps show it; its value is (latitude, longitude), None of nothing."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if not text.strip():
            return None
        found = _POINT.fullmatch(text)
        if not found:
            raise forms.ValidationError("Write the point as latitude and longitude: 51.60312, 0.21874.")
        latitude, longitude = map(float, found.groups())
        if not (in_degrees("latitude", latitude) and in_degrees("longitude", longitude)):
            raise forms.ValidationError(NO_POINT)
        return latitude, longitude


def _line(name: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(max_length=LONGEST[name], required=False, help_text=help_text)


def _radios(name: str, choices: Any, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices,
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": MISSING[name]},
    )


SHARED: Mapping[str, Callable[[], forms.Field]] = {
    "title": lambda: _line(
        "title", "Partners who may see this at all always see this line: keep addresses and names out of it."
    ),
    "reference": lambda: _line("reference", "What your own system calls it."),
    "strand": lambda: _radios("strand", Intervention.Strand.choices, "Of the four Ps."),
    "status": lambda: _radios("status", Intervention.Status.choices),
    "place": lambda: _line(
        "place", "Where exactly, as far as partners need it; nobody's home. An agreement may withhold it."
    ),
    "point": lambda: PointField(
        required=False,
        help_text="Latitude and longitude, as maps show them: 51.60312, 0.21874. Withheld together with the place.",
    ),
    "details": lambda: forms.CharField(
        max_length=LONGEST["details"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "No names, dates of birth, telephone numbers or addresses of members of the public, nothing about "
            "anybody's health, and nothing by which a child could be known. Not for intelligence (5x5x5, 3x5x2) or "
            "anything SECRET or above."
        ),
    ),
    "contact": lambda: _line(
        "contact", "A colleague or a team at work whom partners can ask, never a member of the public."
    ),
    "people_reached": lambda: forms.IntegerField(
        min_value=0,
        max_value=MOST_REACHED,
        required=False,
        help_text="How many, once it is known.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Give the number of people reached as a whole number."},
    ),
    "marking": lambda: _radios(
        "marking",
        Marking.choices,
        "OPEN is for what anybody may read. What is SECRET or above, or intelligence, may not be kept here.",
    ),
    "audience": lambda: _radios("audience", AUDIENCES),
}


def point_text(content: Content) -> str:
    if content.latitude is None or content.longitude is None:
        return ""
    return f"{content.latitude:.5f}, {content.longitude:.5f}"


def shared_initial(old: Content, record: Intervention) -> dict[str, Any]:
    """What a form shows of a record's shared fields, but for its period."""
    found: dict[str, Any] = {name: getattr(old, name) for name in PLAIN}
    return found | {
        "kind": old.kind,
        "owner": record.owner_id,
        "day": record.day_id,
        "wards": [ward.code for ward in old.wards],
        "hotspots": [str(one.pk) for one in old.hotspots],
        "point": point_text(old),
        "seen": record.changed_at.astimezone(UTC).isoformat(),
    }


def fresh(register: Register, viewer: Viewer) -> dict[str, Any]:
    """What a new record begins with."""
    marking = register.defaults.get("marking", Marking.OFFICIAL)
    owners = viewer.agencies_with_parts(Permission.ADD)
    if marking == Marking.SENSITIVE and not may_see_sensitive(viewer, owners):
        marking = Marking.OFFICIAL
    found = {
        # One's own agency rather than the first of its parts.
        "owner": min(viewer.agencies(Permission.ADD), default=None),
        "status": register.defaults.get("status", Intervention.Status.PLANNED),
        "kind": register.defaults.get("kind", ""),
        "strand": register.defaults.get("strand", ""),
        "marking": marking,
        "audience": register.defaults.get("audience", Intervention.Audience.AGREEMENTS),
    }
    if register.begins_today:
        # The end's day is left empty: it follows the start's when that is changed.
        found["starts_day"] = timezone.localdate()
    return found | (clocks("starts", timezone.now()) if register.is_moment else {})


def may_see_sensitive(viewer: Viewer, owners: Collection[int]) -> bool:
    """Whether somebody may mark a record of one of these agencies OFFICIAL-SENSITIVE."""
    return any(viewer.may(Permission.SEE_SENSITIVE, agency=owner) for owner in owners)
