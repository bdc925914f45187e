"""Forms of phases, gates, their questions and re-entry triggers. What can be is said by the actions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms

from hotspots import categories
from hotspots.models import GateDecision, GateQuestion, PhasePeriod
from hotspots.models.phases import GateAnswer, Phase
from hotspots.phases.actions import Answered, Plan
from hotspots.phases.actions.gates import unanswered
from hotspots.phases.actions.periods import LONGEST_REASON
from hotspots.phases.actions.triggers import MOST_MONTHS
from hotspots.phases.moves import LONGEST
from hotspots.phases.rules import ORDER, Unusual
from partners.models import User
from partners.refusals import Refused


def day(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """A day, as browsers and people write it."""
    return forms.DateField(
        label=label if required else f"{label} (optional)",
        help_text=help_text,
        required=required,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Enter a day, such as 05/05/2026.",
            "required": f"Enter the day: {label[0].lower()}{label[1:]}.",
        },
    )


def words(label: str, missing: str = "", *, most: int = LONGEST, rows: int = 4, help_text: str = "") -> forms.CharField:
    """Text of several lines; it must be given where there is a sentence for its absence."""
    return forms.CharField(
        label=label if missing else f"{label} (optional)",
        required=bool(missing),
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


def line(label: str, missing: str, *, most: int = LONGEST_REASON, help_text: str = "") -> forms.CharField:
    """Text of one line that must be given."""
    return forms.CharField(label=label, max_length=most, help_text=help_text, error_messages={"required": missing})


class RefusableForm(forms.Form):
    """A form that shows what an action refused beside the field that it is about."""

    # Ticked by the page itself once something unusual was said and the form is sent again.
    knowingly = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def refuse(self, refused: Refused) -> None:
        """Shows the sentence. What is unusual is done if the same is sent once more."""
        if isinstance(refused, Unusual):
            self.resay("knowingly", "on")
            self.add_error(None, f"{refused} If that is what is meant, save once more.")
        else:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    def resay(self, name: str, text: str) -> None:
        """Has the page send this value next time."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = text  # type: ignore[index]


class SeenForm(RefusableForm):
    """A form of something that another person may save meanwhile."""

    # `changed_at` when the form was opened, to the microsecond.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def opened_at(self) -> datetime | None:
        """`seen` as a moment; None where it is none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


def seen_of(period: PhasePeriod) -> str:
    """What `seen` is of a period now."""
    return period.changed_at.astimezone(UTC).isoformat()


class PlanForm(SeenForm):
    """One period of a phase, begun or changed."""

    phase = forms.ChoiceField(
        label="Phase",
        choices=Phase.choices,
        widget=forms.RadioSelect,
        help_text="Phases may overlap and come again.",
        error_messages={"required": "Choose the phase."},
    )
    starts = day("It begins on")
    planned_end = day("Its gate is due on", required=False, help_text="When it is planned to end.")
    lead = forms.ModelChoiceField(
        label="Who leads it (optional)", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    objectives = words("Objectives", help_text="What is to be reached in this phase.")
    expectations = words("What each partner is to do", rows=5)

    def plan(self) -> Plan:
        """What was said, of a valid form."""
        return Plan(**{name: self.cleaned_data[name] for name in Plan.__dataclass_fields__})


class ChangeForm(PlanForm):
    """The same of a period that there is: its phase stays."""

    field_order = ("starts", "ends", "planned_end")

    ends = day("It ended on", required=False)
    reason = forms.CharField(
        label="Why the dates are corrected",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Only where the first or the last day changes. It is kept in the audit trail.",
    )

    def __init__(self, data: Any = None, *, period: PhasePeriod) -> None:
        initial = {name: getattr(period, name) for name in (*Plan.__dataclass_fields__, "ends")}
        super().__init__(data, initial={**initial, "seen": seen_of(period)})
        del self.fields["phase"]
        if period.ends is None:
            del self.fields["ends"]


class StopForm(RefusableForm):
    """The end of a phase without a gate."""

    ends = day("It ends on")
    reason = line("Why it stops", "Say why it stops, in one line.", help_text="It is kept in the audit trail.")


class RemoveForm(RefusableForm):
    """The removal of a phase that was entered by mistake."""

    reason = line(
        "Why it is removed", "Say why it is removed, in one line.", help_text="It is kept in the audit trail."
    )


class QuestionForm(RefusableForm):
    """The words of a gate question."""

    text = line(
        "Question",
        "Write the question, such as “Is the baseline fixed?”.",
        most=300,
        help_text="One that can be answered with yes, partly or no.",
    )


class TriggerForm(RefusableForm):
    """What would bring a place back."""

    category = forms.ChoiceField(
        label="Type of crime",
        choices=[(one.slug, one.name) for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK],
        initial="all-crime",
        error_messages={"required": "Choose the type of crime."},
    )
    months = forms.IntegerField(
        label="Months on end above the baseline range",
        min_value=1,
        max_value=MOST_MONTHS,
        initial=3,
        help_text=f"From 1 to {MOST_MONTHS}. One month alone is often chance.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": f"Give 1 to {MOST_MONTHS} months.",
            "invalid": f"Give a whole number of months, 1 to {MOST_MONTHS}.",
            "min_value": f"Give 1 to {MOST_MONTHS} months.",
            "max_value": f"Give 1 to {MOST_MONTHS} months.",
        },
    )


class GateForm(SeenForm):
    """What a meeting answered and decided at the gate of a period."""

    outcome = forms.ChoiceField(
        label="What was decided",
        choices=GateDecision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was decided."},
    )
    to_phase = forms.ChoiceField(
        label="Which phase begins",
        required=False,
        help_text="Only where the decision is to go on or to go back.",
    )
    keep_going = forms.BooleanField(
        label="This phase stays open beside the next one",
        required=False,
        help_text="Only where the decision is to go on: then both go on for a while.",
    )
    planned_end = day(
        "The next gate is due on",
        required=False,
        help_text="Of the phase that begins, or of this one: where it stays, a day is needed.",
    )
    decided_on = day("Day of the decision")
    meeting = line(
        "Meeting", "Say which meeting decided.", most=150, help_text="Such as “Tactical group, 12 November”."
    )
    chair = line("Chair", "Say who chaired the meeting.", most=150, help_text="Name and post.")
    reasons = words("Reasons", "Say why it was decided so.")
    dissent = words("Who disagreed, and why", help_text="Kept with the decision. Leave it empty where nobody did.")
    # The evidence that the page showed (`Evidence.mark`).
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, period: PhasePeriod, questions: list[GateQuestion], initial: dict[str, Any]
    ) -> None:
        """`questions` are those that are asked: each gets a field `answer_<pk>` and one `evidence_<pk>`."""
        super().__init__(data, initial={"to_phase": _next(period.phase), **initial, "seen": seen_of(period)})
        fields: dict[str, Any] = self.fields
        others = [choice for choice in Phase.choices if choice[0] != period.phase]
        fields["to_phase"].choices = [("", "None"), *others]
        self.asked = questions
        for one in questions:
            fields[f"answer_{one.pk}"] = forms.ChoiceField(
                label=one.text,
                choices=GateAnswer.Answer.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            fields[f"evidence_{one.pk}"] = words("What the answer rests on", rows=2)

    def clean(self) -> dict[str, Any] | None:
        """Names every question that is open, where the action would stop at the first."""
        given = self.cleaned_data
        if given.get("outcome") == GateDecision.Outcome.PROCEED:
            for one in self.asked:
                if not given.get(f"answer_{one.pk}"):
                    self.add_error(f"answer_{one.pk}", unanswered(one))
        return super().clean()

    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each question's answer and of what it rests on, in order."""
        return [(self[f"answer_{one.pk}"], self[f"evidence_{one.pk}"]) for one in self.asked]

    def answers(self) -> dict[int, Answered]:
        """The answers that were given, of a valid form, by the question's pk."""
        given = self.cleaned_data
        return {
            one.pk: Answered(given[f"answer_{one.pk}"], given[f"evidence_{one.pk}"])
            for one in self.asked
            if given[f"answer_{one.pk}"]
        }


def _next(phase: str) -> str:
    """The phase that usually follows; "" after the last."""
    following = Phase.values[ORDER[phase] + 1 :]
    return following[0] if following else ""
