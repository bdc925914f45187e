"""Narrowing long lists from one day to another: what filters of several pages have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_TEXT = 100


def refuse_briefly(form: forms.Form) -> None:
    """Of lists, says what to do: Django repeats what was given, however long it is."""
    inputs: dict[str, Any] = form.fields
    for field in inputs.values():
        if "invalid_choice" in field.error_messages:
            field.error_messages["invalid_choice"] = f"“{field.label}”: choose from the list."


class BriefForm(forms.Form):
    """A filter's form that says of its lists what to do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        refuse_briefly(self)


class LongSelect(forms.Select):
    """A list of hundreds of choices. It is as Django's, which renders a template for each: longer than a whole page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))

        def options(choices: Iterable[Any]) -> str:
            made = []
            for value, label in choices:
                if isinstance(label, list | tuple):
                    made.append(f'<optgroup label="{escape(value)}">{options(label)}</optgroup>')
                else:
                    code = "" if value is None else str(value)
                    selected = " selected" if code in chosen else ""
                    made.append(f'<option value="{escape(code)}"{selected}>{escape(label)}</option>')
            return "".join(made)

        attributes = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return mark_safe(f"<select{attributes}>{options(self.choices)}</select>")  # noqa: S308 - escaped above


class DaysForm(BriefForm):
    """A filter's form with a first and a last day, "from" and "to"."""

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and first > last:
            self.add_error("to", "The last day is before the first. Change “From” or “To”.")
        return self.cleaned_data


def add_days(filters: type[django_filters.FilterSet], *, first: str, last: str) -> None:
    """Gives a class of filters "from" and "to", done by its methods of these names.

    "from" is a word of Python's own: it cannot be written as an attribute.
    """
    filters.base_filters["from"] = _day("From", first)
    filters.base_filters["to"] = _day("To", last)


def day_begins(day: date) -> datetime:
    """The first moment of a day, by clocks in London."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_ends(day: date) -> datetime:
    """The first moment after a day; of the last day of all, which none follows, its own first."""
    return day_begins(min(day, date.max - timedelta(days=1)) + timedelta(days=1))


def _day(label: str, method: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        method=method,
        widget=forms.DateInput(attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": f"“{label}” is not a day of the form 2026-03-04."},
    )
