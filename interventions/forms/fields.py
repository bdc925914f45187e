"""Fields of a form made from fields of a model: their words come from there, their looks from here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models

from interventions.checks import LONGEST
from interventions.forms.moments import day_input, time_input
from interventions.forms.offers import Offers
from interventions.linked import leads_to_a_record, missing

# More choices than these are a list to choose from, not radios.
MOST_RADIOS = 6


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not known (None)."""

    def __init__(self, **said: Any) -> None:
        choices = [("true", "Yes"), ("false", "No"), ("", "Not known")]
        super().__init__(choices=choices, coerce=lambda one: one == "true", empty_value=None, required=False, **said)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false", None: ""}.get(value, value)


class Lines(forms.CharField):
    """Several short texts, one a line: a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]


def field_of(
    of: models.Field[Any, Any], label: str, *, offers: Offers, current: Any, in_row: bool = False
) -> forms.Field:
    """The field that asks for what `of` holds. `current` is what it holds now (of a link, a number); None = nothing.

    Not for moments, which are several fields (`moments`). `in_row`: it stands in a row of a part, so it is small.
    """
    said: dict[str, Any] = {
        "label": label,
        "help_text": str(of.help_text),
        "required": not of.blank,
        "error_messages": {"required": f"Give this: {label}."},
    }
    if of.has_default():
        said["initial"] = of.get_default()
    if isinstance(of, models.ForeignKey):
        said["error_messages"] = {
            "required": missing(of, label) if leads_to_a_record(of) else f"Choose: {label}.",
            "invalid_choice": f"{label}: choose one of the list.",
        }
        choices = [("", "None" if of.blank else "Choose"), *offers.of(of, current)]
        return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, **said)
    if isinstance(of, models.BooleanField):
        del said["required"]
        if of.null:
            return YesNo(widget=forms.Select() if in_row else forms.RadioSelect(), **said)
        return forms.BooleanField(required=False, **said)
    if of.choices:
        said["error_messages"] |= {
            "required": f"Choose: {label}.",
            "invalid_choice": f"{label}: choose one of the list.",
        }
        return _choice(of, said, in_row=in_row)
    return _plain(of, label, said, in_row=in_row)


def _choice(of: models.Field[Any, Any], said: dict[str, Any], *, in_row: bool) -> forms.Field:
    choices: list[Any] = list(of.flatchoices)
    if not in_row and len(choices) <= MOST_RADIOS:
        if of.blank:
            choices.append(("", "Not said"))
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
    if of.blank or not of.has_default():
        choices.insert(0, ("", "Not said" if of.blank else "Choose"))
    return forms.ChoiceField(choices=choices, **said)


def _plain(of: models.Field[Any, Any], label: str, said: dict[str, Any], *, in_row: bool) -> forms.Field:
    wrong = said["error_messages"]
    if isinstance(of, models.DateField):
        wrong["invalid"] = f"{label}: enter a valid date."
        return forms.DateField(widget=day_input(), **said)
    if isinstance(of, models.TimeField):
        wrong["invalid"] = f"{label}: enter a valid time."
        return forms.TimeField(widget=time_input(), **said)
    if isinstance(of, models.DecimalField):
        wrong["invalid"] = f"{label}: give a number."
        return forms.DecimalField(
            min_value=0,
            max_digits=of.max_digits,
            decimal_places=of.decimal_places,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **said,
        )
    if isinstance(of, models.IntegerField):
        wrong["invalid"] = f"{label}: give a whole number."
        most = 32_767 if isinstance(of, models.PositiveSmallIntegerField) else 2_147_483_647
        return forms.IntegerField(
            min_value=0, max_value=most, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **said
        )
    if isinstance(of, models.FloatField):
        wrong["invalid"] = f"{label}: give a number."
        return forms.FloatField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **said)
    if isinstance(of, ArrayField):
        return Lines(**said)
    if isinstance(of, models.TextField):
        rows = {"rows": 2 if in_row else 4}
        return forms.CharField(max_length=LONGEST["details"], widget=forms.Textarea(attrs=rows), **said)
    return forms.CharField(max_length=of.max_length, **said)


def width_of(field: forms.Field) -> str:
    """The class that makes a field as wide as what goes into it; "" = as wide as there is room."""
    if isinstance(field, forms.DateField):
        return "govuk-input--width-10"
    if isinstance(field, forms.TimeField | forms.IntegerField | forms.DecimalField):
        return "govuk-input--width-5"
    if isinstance(field, forms.FloatField):
        return "govuk-input--width-10"
    if type(field) is forms.CharField and (field.max_length or 1000) <= 60:
        return "govuk-input--width-20"
    return ""
