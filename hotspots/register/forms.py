"""The form on which a place is added and changed. What it means is checked where it is done, in `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from hotspots.models import Hotspot
from hotspots.phases.forms import day, words
from hotspots.register import drawing, queries
from hotspots.register.actions import BASELINE_MONTHS, EARLIEST_MONTH, LONGEST, Content, default_baseline
from hotspots.register.boundaries import DEFAULT_WIDTH, NARROWEST, WIDEST
from hotspots.register.filters import group_choices, problem_choices
from hotspots.words import span
from partners.models import Agency, User
from partners.refusals import Refused
from partners.roles import Marking, Permission
from partners.visibility import Viewer

MOST_COUNTED = 1_000_000
AUDIENCES = (
    (Hotspot.Audience.AGREEMENTS, "The lead agency, and partners by an agreement in force"),
    (Hotspot.Audience.AGENCY, "The lead agency only"),
    (Hotspot.Audience.TEAM, "The owning team only (covert): nobody else learns that it exists"),
    (Hotspot.Audience.EVERYONE, "Everyone who signs in (only what is marked OPEN)"),
)
KINDS = (
    (Hotspot.Kind.HOTSPOT, "A hotspot, on which Clear, Hold, Build is run"),
    (Hotspot.Kind.WATCH, "A watch place: its figures are followed, and it has no phases"),
)
_NO_PEOPLE = "No names, and nothing by which a member of the public could be known. Not for intelligence."


class MonthField(forms.CharField):
    """A month as browsers and people write it, 2026-08; its value is the first day of it, None of nothing."""

    widget = forms.TextInput(attrs={"type": "month", "autocomplete": "off"})

    def __init__(self, label: str, *, help_text: str = "For example 2026-08.") -> None:
        super().__init__(label=f"{label} (optional)", required=False, help_text=help_text)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise forms.ValidationError("Give the month as year and month, such as 2026-08.") from None


def _line(name: str, label: str, missing: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label if missing else f"{label} (optional)",
        max_length=LONGEST[name],
        required=bool(missing),
        help_text=help_text,
        error_messages={"required": missing},
    )


def _count(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{label} (optional)",
        required=False,
        min_value=0,
        max_value=MOST_COUNTED,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": f"Give a whole number: {label[0].lower()}{label[1:]}."},
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading, and what is said before them; `beside`: two in a row where there is room."""

    heading: str
    says: str
    fields: list[BoundField]
    beside: bool


class PlaceForm(forms.Form):
    """All that a person says about one place but its shape. `said()` is it, by the names of `Content`."""

    owner = forms.ModelChoiceField(
        label="Lead agency",
        queryset=Agency.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose the lead agency.", "invalid_choice": "Choose one of your agencies."},
    )
    kind = forms.ChoiceField(
        label="Kind", choices=KINDS, widget=forms.RadioSelect, error_messages={"required": "Choose the kind."}
    )
    name = _line(
        "name",
        "Name",
        "Give it the name that partners use, such as “Hilldene shops”.",
        "What the partners call it. Whoever may see the place at all sees its name.",
    )
    public_name = _line(
        "public_name", "Public name", help_text="What residents are told. An operation’s name need not be the place’s."
    )
    lead = forms.ModelChoiceField(
        label="Who leads it (optional)", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    partners = forms.ModelMultipleChoiceField(
        label="Agencies that work on it too (optional)",
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="This shares nothing by itself: a sharing agreement does.",
    )
    identified_by = forms.ChoiceField(label="Found by", choices=Hotspot.IdentifiedBy.choices, widget=forms.RadioSelect)
    identified_note = words(
        "Why it was chosen", most=LONGEST["identified_note"], help_text=f"{_NO_PEOPLE} An agreement may withhold it."
    )
    problems = forms.MultipleChoiceField(
        label="Problems (optional)",
        choices=problem_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The types of crime that it is about.",
    )
    objective = _line("objective", "Objective", help_text="In one line: “A fifth fewer thefts from shops by April”.")
    objective_category = forms.ChoiceField(label="Counted by (optional)", required=False)
    objective_baseline = _count("Count in twelve months at the start")
    objective_target = _count("Count in twelve months to reach")
    objective_by = day("To be reached by", required=False)
    selected_from = MonthField("First month of the figures that it was picked by")
    selected_to = MonthField("Last month of these figures")
    baseline_from = MonthField("First month of the baseline", help_text="Empty: the months described above.")
    baseline_to = MonthField("Last month of the baseline", help_text="Empty: the months described above.")
    review_on = day("Next review", required=False, help_text="From the day after, the board says that it is overdue.")
    equality_people = words(
        "Who lives, works and spends time here?",
        most=LONGEST["equality_people"],
        rows=3,
        help_text="Groups of people, their age, ethnicity, faith, disability, as the census and partners know them.",
    )
    equality_balance = words(
        "What is the mix of support and enforcement?",
        most=LONGEST["equality_balance"],
        rows=3,
        help_text="Who is helped, who is stopped or moved on, and whether that falls on one group more than on others.",
    )
    equality_other = words(
        "What else could explain the figures?",
        most=LONGEST["equality_other"],
        rows=3,
        help_text="More patrols, searches or reporting, a new shop, a change of recording: anything but more crime.",
    )
    marking = forms.ChoiceField(
        label="Marking",
        choices=Marking.choices,
        widget=forms.RadioSelect,
        help_text="OPEN is for what anybody may read. What is SECRET or above, or intelligence, may not be kept here.",
        error_messages={"required": "Choose the marking."},
    )
    audience = forms.ChoiceField(
        label="Who may see it",
        choices=AUDIENCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see it."},
    )
    # Of a new place only.
    valid_from = day("The boundary holds from", help_text="The day on which it was agreed, or today.")
    ring_m = forms.IntegerField(
        label="Width of the ring around it, in metres",
        min_value=0,
        max_value=WIDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=f"The ring shows whether crime moved next door: {NARROWEST} to {WIDEST} m, or 0 for none.",
        error_messages={
            "required": f"Give the width of the ring: {NARROWEST} to {WIDEST} m, or 0 for none.",
            "invalid": "Give the width of the ring as a whole number of metres.",
        },
    )
    # The shape, sealed, between the two steps.
    accepted = forms.CharField(widget=forms.HiddenInput, required=False)
    # The place as it was when the form was opened: `changed_at`, to the microsecond.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, viewer: Viewer, record: Hotspot | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        """`record` is the place that is changed, whole; None = a new one, of which `initial` may say something."""
        shown = _of_record(record) if record else _of_new(viewer) | (initial or {})
        super().__init__(data, initial=shown)
        self.record = record
        inputs: dict[str, Any] = self.fields
        owners = Agency.objects.filter(pk=record.owner_id) if record else queries.owners(viewer)
        pks = [one.pk for one in owners]
        inputs["owner"].queryset = owners
        inputs["owner"].disabled = record is not None
        leading = User.objects.filter(pk=record.lead_id) if record and record.lead_id else User.objects.none()
        inputs["lead"].queryset = (queries.people_of(pks) | leading).distinct()
        others = Agency.objects.filter(left_at=None)
        if record:
            others = (others.exclude(pk=record.owner_id) | record.partners.all()).distinct()
        inputs["partners"].queryset = others
        inputs["objective_category"].choices = [("", "Nothing yet"), *_categories()]
        if not any(viewer.may(Permission.SEE_SENSITIVE, agency=pk) for pk in pks):
            inputs["marking"].choices = [one for one in Marking.choices if one[0] != Marking.SENSITIVE]
        for name in ("valid_from", "ring_m", "accepted") if record else ("seen",):
            del inputs[name]

    def groups(self) -> list[Group]:
        """All that is shown, in sensible groups."""
        found = []
        for heading, says, names in _GROUPS:
            shown = [self[name] for name in names if name in self.fields and not self.fields[name].disabled]
            if shown:
                found.append(Group(heading, self._of_baseline() if says is None else says, shown, beside=says is None))
        return found

    def _of_baseline(self) -> str:
        """Why there is a baseline, and which it is by itself for the selection that is shown."""
        says = (
            "A place is picked in a bad year, and the next year is usually better by itself. So what comes later is "
            f"set beside a baseline that leaves that year out: the {BASELINE_MONTHS} months before the first month of "
            "the figures that it was picked by, unless you say otherwise."
        )
        first = self["selected_from"].value()
        try:
            first = date.fromisoformat(f"{first}-01") if isinstance(first, str) else first
        except ValueError:
            first = None
        if first is None or first < EARLIEST_MONTH:
            return says
        return f"{says} With the months below that is {span(*default_baseline(first))}."

    def said(self) -> dict[str, Any]:
        """What was said in a valid form, by the names of Content."""
        given = self.cleaned_data
        said = {one.name: given[one.name] for one in fields(Content)}
        return said | {"partners": tuple(given["partners"]), "problems": tuple(given["problems"])}

    def drawn(self) -> Any:
        """The shape of the first step. Raises Refused where it was not sent whole."""
        return drawing.unseal(self.data.get("accepted", ""))

    def opened_at(self) -> datetime | None:
        """`seen` as a moment; None where it is none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    def refuse(self, refused: Refused) -> None:
        """Shows a sentence beside the field that it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


# (heading, what is said before its fields, fields); None: the words about the baseline.
_GROUPS: Sequence[tuple[str, str | None, tuple[str, ...]]] = (
    ("The place", "", ("owner", "kind", "name", "public_name", "valid_from", "ring_m")),
    ("Who works on it", "", ("lead", "partners")),
    ("How it was found", "", ("identified_by", "identified_note", "problems")),
    (
        "Objective",
        "A count of recorded crime over twelve months, from where it stood to where it is to be.",
        ("objective", "objective_category", "objective_baseline", "objective_target", "objective_by"),
    ),
    ("Baseline", None, ("selected_from", "selected_to", "baseline_from", "baseline_to")),
    (
        "Three questions before work begins",
        "They keep the plan fair. Without the answers a hotspot can be proposed, not active. A watch place needs none.",
        ("equality_people", "equality_balance", "equality_other"),
    ),
    ("Review", "", ("review_on",)),
    ("Who sees it", "", ("marking", "audience")),
)


class StatusForm(forms.Form):
    """What a place is now, and why."""

    status = forms.ChoiceField(
        label="Status",
        choices=Hotspot.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the status."},
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=500,
        help_text="In one line. It is asked for when a place is closed or archived.",
    )


def _categories() -> list[Any]:
    return [("Groups", group_choices()), ("Types of crime", problem_choices())]


def _of_new(viewer: Viewer) -> dict[str, Any]:
    return {
        # One's own agency rather than the first of its parts.
        "owner": min(viewer.agencies(Permission.CHANGE), default=None),
        "kind": Hotspot.Kind.HOTSPOT,
        "identified_by": Hotspot.IdentifiedBy.ANALYSIS,
        "marking": Marking.OFFICIAL,
        "audience": Hotspot.Audience.AGREEMENTS,
        "valid_from": timezone.localdate(),
        "ring_m": DEFAULT_WIDTH,
    }


def _of_record(record: Hotspot) -> dict[str, Any]:
    content = Content.of(record)
    said = {one.name: getattr(content, one.name) for one in fields(content)}
    return said | {
        "owner": record.owner_id,
        "lead": record.lead_id,
        "partners": [one.pk for one in content.partners],
        "seen": record.changed_at.astimezone(UTC).isoformat(),
    }
