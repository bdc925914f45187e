"""What an address may ask of the ward pages. Each field's error says what was wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hotspots import categories

SCHEMES = {categories.POLICE_UK: "police.uk", categories.MPS: "Metropolitan Police tables"}
PERIODS = {"12": "12 months", "24": "24 months", "36": "36 months", "all": "All months"}
LINES = {"last-year": "With last year behind", "years": "Each year a line"}
SCALES = {"own": "Each its own scale", "same": "One scale for all"}
SORTS = ("name", "count", "last-year", "change", "year", "rate")
MEASURES = {"month": "The month's count", "year": "12 months' count", "rate": "The month's rate per 1,000 residents"}


class MonthField(forms.Field):
    """A month as in 2017-03; cleans to its first day, None where empty."""

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        found = re.fullmatch(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", value, re.ASCII)
        if not found:
            raise ValidationError(f"A month looks like 2017-03, not “{value[:40]}”.")
        return date(int(found[1]), int(found[2]), 1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class Choice(forms.Field):
    """One of a few words; empty cleans to `default`, which addresses leave out."""

    def __init__(self, what: str, choices: Collection[str], default: str) -> None:
        super().__init__(required=False)
        self.what, self.choices, self.default = what, choices, default

    def to_python(self, value: Any) -> str:
        value = value or self.default
        if value not in self.choices:
            raise ValidationError(f"“{value[:40]}” is not {self.what}. It can be: {', '.join(self.choices)}.")
        return str(value)


class WardsField(forms.DateField):
    """A ward set, named by a day on which it was in force, as in 2022-05-05; None where empty."""

    def __init__(self) -> None:
        invalid = "Wards are chosen by a day on which they were in force, such as 2022-05-05."
        super().__init__(required=False, input_formats=["%Y-%m-%d"], error_messages={"invalid": invalid})


def sort_choice(columns: Collection[str], default: str) -> Choice:
    """A column to sort by, a hyphen before it for the largest first."""
    return Choice("a column", (*columns, *(f"-{name}" for name in columns)), default)


class Address(forms.Form):
    """What an address asks for."""

    def sentence(self) -> str:
        """The first error."""
        return str(next(iter(self.errors.values()))[0])

    def query(self) -> dict[str, str]:
        """A valid address written anew from what was understood of it; what is usual is left out.

        Content that is kept for all has links made of this, never of what one reader typed (" burglary" is found, too).
        """
        found = {}
        for name, field in self.fields.items():
            value = self.cleaned_data[name]
            if value and value != getattr(field, "default", None):
                found[name] = str(field.prepare_value(value))
        return found


class FiguresForm(Address):
    """Which scheme, category and month; the scheme is empty where the address leaves it open."""

    scheme = forms.CharField(required=False)
    category = forms.SlugField(
        required=False,
        error_messages={"invalid": "A category is named in small letters and hyphens, such as burglary."},
    )
    month = MonthField(required=False)

    def clean_scheme(self) -> str:
        scheme: str = self.cleaned_data["scheme"]
        if scheme and scheme not in SCHEMES:
            raise ValidationError(f"“{scheme[:40]}” is not a source of crime figures. It can be: {', '.join(SCHEMES)}.")
        return scheme


class ProfileForm(FiguresForm):
    """A profile's address."""

    months = Choice("a period", PERIODS, "36")
    lines = Choice("a way to draw the main chart", LINES, "last-year")
    scale = Choice("a scale of the charts by type", SCALES, "own")


class WardsForm(FiguresForm):
    """The wards table's address. `sort` is a column, with a hyphen before it for the largest first."""

    borough = forms.CharField(required=False, max_length=40)
    wards = WardsField()
    show = Choice("something the map shows", MEASURES, "month")
    sort = sort_choice(SORTS, "name")


class OverviewForm(Address):
    """The overview's address. `sort` is a column of the wards' table, as on the wards page."""

    borough = forms.CharField(required=False, max_length=40)
    month = MonthField(required=False)
    sort = sort_choice(SORTS, "name")
