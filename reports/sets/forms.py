"""Forms of sets: keeping one, and making one of its LSOAs a place. What they mean is checked by the actions."""

from __future__ import annotations

from typing import Any

from django import forms

from hotspots.register.actions import LONGEST
from partners.models import Agency
from partners.roles import Marking, Permission
from partners.visibility import Viewer
from reports.forms.find import choices
from reports.models import CandidateSet
from reports.sets.actions import LONGEST_NAME, PROMPT
from reports.sets.promoting import WHOLE, Proposal

AUDIENCES = (
    (CandidateSet.Audience.AGREEMENTS, "My agency, and partners by an agreement in force"),
    (CandidateSet.Audience.AGENCY, "My agency only"),
    (CandidateSet.Audience.TEAM, "The owning team only (covert): nobody else learns that it exists"),
    (CandidateSet.Audience.EVERYONE, "Everyone who signs in (only what is marked OPEN)"),
)


class _OwnedForm(forms.Form):
    """Whose it is, and who may see it."""

    owner = forms.ModelChoiceField(
        label="Agency", queryset=Agency.objects.none(), empty_label=None, help_text="Whose record it is."
    )
    marking = forms.ChoiceField(label="Marking", choices=Marking.choices, widget=forms.RadioSelect)
    audience = forms.ChoiceField(label="Who may see it", choices=AUDIENCES, widget=forms.RadioSelect)

    def __init__(self, data: Any, *, viewer: Viewer, initial: dict[str, Any]) -> None:
        usual: dict[str, Any] = {"marking": Marking.OFFICIAL, "audience": CandidateSet.Audience.AGREEMENTS}
        usual["owner"] = min(viewer.agencies(Permission.CHANGE), default=None)
        super().__init__(data, initial={**usual, **initial})
        inputs: dict[str, Any] = self.fields
        owners = viewer.agencies_with_parts(Permission.CHANGE)
        inputs["owner"].queryset = Agency.objects.filter(pk__in=owners, left_at=None).order_by("name")


class SaveSetForm(_OwnedForm):
    """A search to keep."""

    field_order = ("name", "owner")
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": f"A name has at most {LONGEST_NAME} characters."},
    )


def _text(label: str, name: str, help_text: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST[name],
        required=name in PROMPT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
        error_messages={"required": PROMPT.get(name, "")},
    )


class PromoteForm(_OwnedForm):
    """An LSOA that a search found, as a place of the register."""

    name = forms.CharField(
        label="What partners call it",
        max_length=LONGEST["name"],
        error_messages={"required": "Give it the name that partners use, such as “Hilldene shops”."},
    )
    boundary = forms.ChoiceField(
        label="Boundary", widget=forms.RadioSelect, help_text="It can be drawn more closely afterwards."
    )
    problems = forms.MultipleChoiceField(
        label="Problems", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    identified_note = _text("How it was found", "identified_note", "An agreement may withhold it.")
    equality_people = _text("Who lives, works and spends time here?", "equality_people", "")
    equality_balance = _text("What mix of support and enforcement is meant?", "equality_balance", "")
    equality_other = _text(
        "What else could explain the figures?",
        "equality_other",
        "For example more people passing through, a new shop that reports every theft, or more police searching here.",
    )

    def __init__(self, data: Any, *, viewer: Viewer, proposal: Proposal) -> None:
        initial = {
            "name": proposal.name,
            "boundary": WHOLE,
            "problems": list(proposal.asked.slugs),
            "identified_note": proposal.note,
        }
        super().__init__(data, viewer=viewer, initial=initial)
        inputs: dict[str, Any] = self.fields
        inputs["boundary"].choices = proposal.boundaries
        inputs["problems"].choices = [(one.slug, one.name) for one in choices()]
