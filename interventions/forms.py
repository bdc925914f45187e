"""The form on which activity is added and changed. What it means is checked where it is done, in `actions`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any

from django import forms

from hotspots.models import Area
from hotspots.words import day_name
from interventions.calc.clock import LONDON, moments
from interventions.checks import LONGEST, MOST_REACHED, is_covert
from interventions.contents import Content
from interventions.models import Intervention
from partners.models import Agency
from partners.roles import Marking, Permission
from partners.visibility import Viewer

_SIDES = {"starts": "start", "ends": "end"}
_TWICE = (("0", "The first time (summer time, BST)"), ("1", "The second time (GMT)"))
AUDIENCES = (
    (Intervention.Audience.AGREEMENTS, "My agency, and partners by an agreement in force"),
    (Intervention.Audience.AGENCY, "My agency only"),
    (Intervention.Audience.TEAM, "The owning team only (covert): nobody else learns that it exists"),
    (Intervention.Audience.EVERYONE, "Everyone who signs in (only what is marked OPEN)"),
)
_ASK = "A colleague or a team at work whom partners can ask, never a member of the public."
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


class ActivityForm(forms.Form):
    """All that a person says about one piece of work. `content()` is it, in the words of `actions`."""

    owner = forms.ModelChoiceField(
        label="Agency", queryset=Agency.objects.none(), help_text="Whose work it is.", empty_label=None
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose a kind"), *Intervention.Kind.choices])
    title = forms.CharField(
        label="What, in one line",
        max_length=LONGEST["title"],
        help_text="Partners who may see this at all always see this line: keep addresses and names out of it.",
    )
    strand = forms.ChoiceField(
        label="Strand", choices=Intervention.Strand.choices, widget=forms.RadioSelect, help_text="Of the four Ps."
    )
    status = forms.ChoiceField(label="Status", choices=Intervention.Status.choices, widget=forms.RadioSelect)
    starts_day = forms.DateField(label="Start date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts_time = forms.TimeField(label="Start time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    starts_twice = forms.ChoiceField(
        label="Which of the two does it start at?", choices=_TWICE, widget=forms.RadioSelect, required=False
    )
    ends_day = forms.DateField(
        label="End date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text="Leave it empty for the same day.",
    )
    ends_time = forms.TimeField(label="End time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends_twice = forms.ChoiceField(
        label="Which of the two does it end at?", choices=_TWICE, widget=forms.RadioSelect, required=False
    )
    wards = forms.MultipleChoiceField(label="Wards", widget=forms.CheckboxSelectMultiple)
    place = forms.CharField(
        label="Place (optional)",
        max_length=LONGEST["place"],
        required=False,
        help_text="Where exactly, as far as partners need it; nobody's home. An agreement may withhold it.",
    )
    point = forms.CharField(
        label="Point on the map (optional)",
        required=False,
        help_text="Latitude and longitude, as maps show them: 51.60312, 0.21874. Withheld together with the place.",
    )
    details = forms.CharField(
        label="Details (optional)",
        max_length=LONGEST["details"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "No names, dates of birth, telephone numbers or addresses of members of the public, nothing about "
            "anybody's health, and nothing by which a child could be known. Not for intelligence (5x5x5, 3x5x2) or "
            "anything SECRET or above."
        ),
    )
    contact = forms.CharField(label="Contact (optional)", max_length=LONGEST["contact"], required=False, help_text=_ASK)
    people_reached = forms.IntegerField(
        label="People reached (optional)",
        min_value=0,
        max_value=MOST_REACHED,
        required=False,
        help_text="How many, once it is known.",
    )
    marking = forms.ChoiceField(
        label="Marking",
        choices=Marking.choices,
        widget=forms.RadioSelect,
        help_text="OPEN is for what anybody may read. What is SECRET or above, or intelligence, may not be kept here.",
    )
    audience = forms.ChoiceField(
        label="Who may see it",
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        help_text=(
            "A planned warrant is always for the owning team only, whatever is chosen here. Once it is marked as done, "
            "it can be opened to others."
        ),
    )
    # The record as it was when the form was opened: `changed_at`, to the microsecond.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, viewer: Viewer, wards: Sequence[Area], record: Intervention | None = None
    ) -> None:
        """`wards` are those in force, in order; offered are those of them that may be chosen, and the record's own."""
        self.old = Content.of(record) if record else None
        super().__init__(data, initial=_initial(self.old, record))
        may_add = viewer.agencies_with_parts(Permission.ADD)
        inputs: dict[str, Any] = self.fields
        owner = inputs["owner"]
        if record:
            owner.queryset = Agency.objects.filter(pk=record.owner_id)
            owner.disabled = True
        else:
            owner.queryset = Agency.objects.filter(pk__in=may_add, left_at=None)
            # One's own agency rather than the first of its parts.
            self.initial["owner"] = min(viewer.agencies(Permission.ADD), default=None)
        owners = {record.owner_id} if record else may_add
        self.offered = {ward.code: ward for ward in wards if _may_add_in(viewer, owners, ward)}
        self.offered |= {ward.code: ward for ward in (self.old.wards if self.old else ())}
        inputs["wards"].choices = [(code, ward.name) for code, ward in self.offered.items()]
        sensitive = any(viewer.may(Permission.SEE_SENSITIVE, agency=one) for one in owners)
        if not sensitive:
            inputs["marking"].choices = [one for one in Marking.choices if one[0] != Marking.SENSITIVE]
        for field in inputs.values():
            if field.required and not field.disabled:
                field.error_messages["required"] = _MISSING.get(field.label, f"Give this: {field.label}.")

    def groups(self) -> list[dict[str, Any]]:
        """The boxes of wards under the name of their borough; `open` where one is ticked, or there is one borough."""
        boxes = list(self["wards"])
        names = [ward.parent.name if ward.parent else "Other" for ward in self.offered.values()]
        found = [
            {"name": name, "boxes": [box for _, box in pairs]}
            for name, pairs in groupby(zip(names, boxes, strict=True), key=lambda pair: pair[0])
        ]
        for group in found:
            group["ticked"] = sum(box.data["selected"] for box in group["boxes"])
            group["open"] = bool(group["ticked"]) or len(found) == 1
        return found

    @property
    def is_covert(self) -> bool:
        """Whether what is said now is a planned warrant."""
        return is_covert(str(self["kind"].value() or ""), str(self["status"].value() or ""))

    def clean_point(self) -> tuple[float, float] | None:
        text = self.cleaned_data["point"]
        if not text.strip():
            return None
        found = _POINT.fullmatch(text)
        if not found:
            raise forms.ValidationError("Write the point as latitude and longitude: 51.60312, 0.21874.")
        latitude, longitude = map(float, found.groups())
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise forms.ValidationError("The latitude is from -90 to 90, the longitude from -180 to 180.")
        return latitude, longitude

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("ends_day") is None and "ends_day" in given:
            given["ends_day"] = given.get("starts_day")
        for side in _SIDES:
            given[side] = self._moment(side, given.get(f"{side}_day"), given.get(f"{side}_time"))
        if given["starts"] and given["ends"] and given["ends"] < given["starts"]:
            self.add_error("ends_time", "The end is before the start. For work past midnight give the end date too.")
        return given

    def _moment(self, side: str, day: date | None, at: time | None) -> datetime | None:
        """The moment that is meant; None, with an error where one is due, while it is not known."""
        if day is None or at is None:
            return None
        found = moments(day, at)
        if not found:
            self.add_error(
                f"{side}_time", f"On {day_name(day)} clocks go forward from 01:00 to 02:00: there is no {at:%H:%M}."
            )
            return None
        if len(found) == 1:
            return found[0]
        self.twice = {*getattr(self, "twice", ()), side}
        chosen = self.cleaned_data.get(f"{side}_twice")
        if not chosen:
            self.add_error(
                f"{side}_twice",
                f"On {day_name(day)} clocks go back from 02:00 to 01:00, so {at:%H:%M} comes twice. Choose which.",
            )
            return None
        return found[int(chosen)]

    def content(self) -> Content:
        """What was said, of a valid form."""
        given = self.cleaned_data
        latitude, longitude = given["point"] or (None, None)
        return Content(
            **{name: given[name] for name in _AS_THEY_ARE},
            wards=tuple(self.offered[code] for code in sorted(given["wards"])),
            latitude=latitude,
            longitude=longitude,
        )

    def said(self) -> dict[str, Any]:
        """What was said, by the names of Content: what was shown rounded and left as it was stays exact."""
        content = self.content()
        if self.old and _point(content) == _point(self.old):
            content = replace(content, latitude=self.old.latitude, longitude=self.old.longitude)
        for side in _SIDES:
            before = getattr(self.old, side, None)
            if before and before.replace(second=0, microsecond=0) == getattr(content, side):
                content = replace(content, **{side: before})
        return {one.name: getattr(content, one.name) for one in fields(content)}

    def opened_at(self) -> datetime | None:
        """`seen` as a moment; None where it is none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    @property
    def shows_twice(self) -> dict[str, bool]:
        """Whether the choice of the first or the second time is needed, for each side."""
        return {side: side in getattr(self, "twice", ()) or bool(self.initial.get(f"{side}_twice")) for side in _SIDES}


_AS_THEY_ARE = (
    *("kind", "title", "strand", "status", "starts", "ends", "place", "details", "contact", "people_reached"),
    *("marking", "audience"),
)
_MISSING = {
    "Kind": "Choose a kind.",
    "What, in one line": "Say in one line what it is, such as “Evening patrol of the station approach”.",
    "Strand": "Choose the strand.",
    "Status": "Choose the status.",
    "Start date": "Give the start date.",
    "Start time": "Give the start time.",
    "End time": "Give the end time.",
    "Wards": "Choose at least one ward.",
    "Marking": "Choose the marking.",
    "Who may see it": "Choose who may see it.",
    "Agency": "Choose the agency.",
}


def _may_add_in(viewer: Viewer, owners: Any, ward: Area) -> bool:
    codes = (ward.code, ward.parent.code) if ward.parent else (ward.code,)
    return any(viewer.may(Permission.ADD, agency=owner, area=codes) for owner in owners)


def _point(content: Content) -> str:
    if content.latitude is None or content.longitude is None:
        return ""
    return f"{content.latitude:.5f}, {content.longitude:.5f}"


def _initial(old: Content | None, record: Intervention | None) -> dict[str, Any]:
    if old is None or record is None:
        return {
            "status": Intervention.Status.PLANNED,
            "marking": Marking.OFFICIAL,
            "audience": Intervention.Audience.AGREEMENTS,
        }
    found = {name: getattr(old, name) for name in _AS_THEY_ARE}
    found |= {"owner": record.owner_id, "wards": [ward.code for ward in old.wards], "point": _point(old)}
    found["seen"] = record.changed_at.astimezone(UTC).isoformat()
    for side in _SIDES:
        local = getattr(old, side).astimezone(LONDON)
        plain = local.replace(tzinfo=None, fold=0)
        found |= {f"{side}_day": plain.date(), f"{side}_time": plain.time()}
        if len(moments(plain.date(), plain.time())) > 1:
            found[f"{side}_twice"] = str(local.fold)
    return found
