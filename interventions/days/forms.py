"""Forms of days of action. What can be, the actions say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from interventions.days.actions import MOST_COUNTED, MOST_HOURS, MOST_PEOPLE
from interventions.models import DayAgency, DayResult

# Measures that say of themselves what was counted; others have lines of their own.
PLAIN = [(value, label) for value, label in DayResult.Measure.choices if value != DayResult.Measure.OTHER]
SPARE = 3


def _count(label: str, most: int, *, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": most}),
        error_messages={
            "invalid": f"Enter a whole number: {label}.",
            "min_value": f"Enter a number from 0 up: {label}.",
            "max_value": f"Enter a number up to {most:,}: {label}.",
        },
    )


class AnswerForm(forms.Form):
    """Whether an agency takes part, and with how much."""

    answer = forms.ChoiceField(
        label="Does your agency take part?",
        choices=[(DayAgency.Answer.ACCEPTED, "Yes"), (DayAgency.Answer.DECLINED, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no.", "invalid_choice": "Choose yes or no."},
    )
    people = _count("People", MOST_PEOPLE, help_text="How many, as far as you know.")
    hours = forms.DecimalField(
        label="Hours of each",
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "max": MOST_HOURS, "step": "0.5"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            f"Enter the hours of each person, from 0 to {MOST_HOURS}, with one decimal at most.",
        ),
    )
    role = forms.CharField(
        label="What your agency does",
        required=False,
        max_length=200,
        error_messages={"max_length": "Use at most 200 characters."},
    )


class ResultsForm(forms.Form):
    """What one agency counted: a count for each measure, and lines for counts of something in particular."""

    def __init__(self, data: Any = None, *, reported: Iterable[DayResult] = ()) -> None:
        """`reported` is what was said before, which the form begins with."""
        rows = list(reported)
        plain = {row.measure: row.value for row in rows if not row.what}
        lines = [row for row in rows if row.what]
        initial: dict[str, Any] = {f"count_{measure}": value for measure, value in plain.items()}
        for number, row in enumerate(lines):
            initial |= {f"measure_{number}": row.measure, f"what_{number}": row.what, f"value_{number}": row.value}
        super().__init__(data, initial=initial)
        for measure, label in PLAIN:
            self.fields[f"count_{measure}"] = _count(str(label), MOST_COUNTED)
        self.numbers = range(len(lines) + SPARE)
        for number in self.numbers:
            self.fields[f"measure_{number}"] = forms.ChoiceField(
                label="Measure",
                required=False,
                choices=[("", "None"), *DayResult.Measure.choices],
                error_messages={"invalid_choice": "Choose a measure from the list."},
            )
            self.fields[f"what_{number}"] = forms.CharField(
                label="Of what",
                required=False,
                max_length=100,
                error_messages={"max_length": "Use at most 100 characters."},
            )
            self.fields[f"value_{number}"] = _count("Count", MOST_COUNTED)

    @property
    def plain(self) -> list[Any]:
        """The fields of the plain measures."""
        return [self[f"count_{measure}"] for measure, _ in PLAIN]

    @property
    def lines(self) -> list[tuple[int, Any, Any, Any]]:
        """(number from 1, measure, of what, count) of each line of its own."""
        return [
            (number + 1, self[f"measure_{number}"], self[f"what_{number}"], self[f"value_{number}"])
            for number in self.numbers
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = self.cleaned_data
        for number in self.numbers:
            measure, what, value = (said.get(f"{name}_{number}") for name in ("measure", "what", "value"))
            if not measure and (what or value is not None):
                self.add_error(f"measure_{number}", f"Line {number + 1}: choose what was counted.")
            elif measure and value is None and f"value_{number}" not in self.errors:
                self.add_error(f"value_{number}", f"Line {number + 1}: enter the count; 0 for none.")
            elif measure == DayResult.Measure.OTHER and not what:
                self.add_error(f"what_{number}", f"Line {number + 1}: say of what “Other” is the count.")
        return said

    def results(self) -> list[dict[str, Any]]:
        """What a valid form says, as `report_results` takes it."""
        said = self.cleaned_data
        found = [
            {"measure": measure, "value": said[f"count_{measure}"]}
            for measure, _ in PLAIN
            if said[f"count_{measure}"] is not None
        ]
        return found + [
            {"measure": said[f"measure_{n}"], "what": said[f"what_{n}"], "value": said[f"value_{n}"]}
            for n in self.numbers
            if said[f"measure_{n}"]
        ]
