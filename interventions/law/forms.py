"""Forms of the numbers of the law and of the types of orders. What can be is said by the actions."""

from __future__ import annotations

from typing import Any

from django import forms

from hotspots.phases.forms import RefusableForm, day, line
from interventions.law.actions import Limit, Type
from interventions.law.known import INSTRUMENTS, KNOWN, known
from interventions.models import LegalParameter, OrderType


def _whole(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{label} (optional)",
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Give a whole number."},
    )


def _optional(label: str, most: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=f"{label} (optional)", required=False, max_length=most, help_text=help_text)


class ParameterForm(RefusableForm):
    """One number, when it holds, where it is written and who verified it."""

    value = forms.DecimalField(
        label="Value",
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": "Give the value.", "invalid": "Give a number, such as 48."},
    )
    valid_from = day("Holds from", required=False, help_text="The first day. Empty: it held before any record here.")
    valid_to = day("Holds until before", required=False, help_text="The first day on which it holds no more.")
    source = line(
        "Where it is written", "Say where this is written.", most=300, help_text="Act and section, or whose practice."
    )
    source_url = _optional("Address of the source", 200)
    note = _optional("Note", 500)
    verified_by = _optional("Verified by", 150, "Who looked at the law itself, and found that it is in force here.")
    verified_on = day("Verified on", required=False)
    is_on = forms.BooleanField(label="Rules use it", required=False)

    def __init__(self, data: Any = None, *, one: LegalParameter | None = None) -> None:
        initial: dict[str, Any] = {}
        if one is not None:
            initial = {name: getattr(one, name) for name in self.base_fields if hasattr(one, name)}
            initial["value"] = f"{one.value:f}".rstrip("0").rstrip(".")
        super().__init__(data, initial=initial)
        if one is not None:
            unit = str(LegalParameter.Unit(one.unit).label) or f"{known(one).per}s".removeprefix("s")
            self.fields["value"].label = f"Value in {unit}" if unit else "Value"

    def limit(self) -> Limit:
        return Limit(**{name: self.cleaned_data[name] for name in Limit.__dataclass_fields__})


class NewParameterForm(ParameterForm):
    """A number of the law from some day on."""

    which = forms.ChoiceField(
        label="Which limit",
        choices=[
            ("", "Choose"),
            *(
                (
                    INSTRUMENTS[kind][0],
                    [(f"{of}.{key}", f"{one.name}, in {one.unit}") for (of, key), one in KNOWN.items() if of == kind],
                )
                for kind in INSTRUMENTS
            ),
        ],
        error_messages={"required": "Choose which limit it is.", "invalid_choice": "Choose one of the list."},
    )
    field_order = ("which",)


class TypeForm(RefusableForm):
    """One type of order."""

    name = line("Name", "Give the type a name, such as “Respect Order”.", most=100)
    law = line("Law", "Say which law it is of: act and section.", most=200, help_text="Act and section.")
    youngest = _whole("Youngest age", "Nobody younger can have one. Empty: no limit.")
    youth_max_months = _whole("Longest on somebody under 18, in months", "Empty: no limit.")
    adult_max_months = _whole("Longest on an adult, in months", "Empty: no limit.")
    breach_is_crime = forms.BooleanField(label="Breaking it is a crime", required=False)
    note = _optional("Note", 500)
    is_on = forms.BooleanField(label="It can be chosen for new orders", required=False)

    def __init__(self, data: Any = None, *, one: OrderType | None = None) -> None:
        initial = {} if one is None else {name: getattr(one, name) for name in self.base_fields if hasattr(one, name)}
        super().__init__(data, initial=initial)

    def type(self) -> Type:
        return Type(**{name: self.cleaned_data[name] for name in Type.__dataclass_fields__})
