"""What an address may ask of the map."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hotspots import categories
from reports.calc.classes import EQUAL, FIXED, MOST, QUANTILE
from reports.forms import Choice, FiguresForm, WardsField, sort_choice

WARD, LSOA = "ward", "lsoa"
MONTH, YEAR = "month", "year"
COUNT, RATE = "count", "rate"
ALL = "all"
LEVELS = {WARD: "Wards", LSOA: "LSOAs (small areas)"}
PERIODS = {MONTH: "The month", YEAR: "The 12 months to it"}
MEASURES = {COUNT: "Count", RATE: "Rate per 1,000 residents"}
METHODS = {QUANTILE: "Equally many areas", EQUAL: "Equal steps", FIXED: "Round numbers from 0"}
NUMBERS = {str(number): str(number) for number in range(3, MOST + 1)}
COLUMNS = ("name", "within", "figure", "before", "change", "rate")


class LimitsField(forms.Field):
    """Upper limits of classes, ascending, as in 5,10,20; cleans to a tuple, empty where none are given."""

    def to_python(self, value: Any) -> tuple[float, ...]:
        try:
            found = tuple(float(part) for part in (value or "").split(",") if value)
        except ValueError:
            found = (math.nan,)
        rising = all(one < other for one, other in pairwise(found))
        if len(found) > MOST or not rising or not all(0 <= limit < 1e9 for limit in found):
            raise ValidationError(f"Limits of classes look like 5,10,20: up to {MOST} rising numbers.")
        return found

    def prepare_value(self, value: Any) -> Any:
        return limits_text(value) if isinstance(value, tuple) else value


def limits_text(limits: Iterable[float]) -> str:
    """Limits as addresses have them: 5,10.5. With every digit, else the area on a limit would change its class."""
    return ",".join(repr(float(limit)).removesuffix(".0") for limit in limits)


class MapForm(FiguresForm):
    """The map's address. `borough` may be "all"; `limits` keeps the classes of another month; `at` is the code of an
    area to mark; `sort` is a column, with a hyphen before it for the largest first."""

    borough = forms.CharField(required=False, max_length=40)
    by = Choice("a kind of area that can be mapped", LEVELS, WARD)
    wards = WardsField()
    period = Choice("a period of the map", PERIODS, MONTH)
    measure = Choice("something the map shows", MEASURES, COUNT)
    classes = Choice("a way to make classes", METHODS, QUANTILE)
    number = Choice("a number of classes", NUMBERS, "5")
    limits = LimitsField(required=False)
    sort = sort_choice(COLUMNS, "-figure")
    at = forms.CharField(required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("by") == LSOA:
            if found.get("borough") == ALL:
                raise ValidationError("LSOAs are shown one borough at a time: choose a borough.")
            if found.get("scheme") == categories.MPS:
                raise ValidationError("The Metropolitan Police tables have no LSOAs: choose wards, or police.uk.")
        return found
