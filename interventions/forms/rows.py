"""The rows of a record's parts on its form: conditions, hearings, stints.

A row that is there already keeps its number ("id"); a row that is not sent is taken away; a new one that is left empty
is ignored. Buttons add and remove rows: without scripts they send the form, which comes back as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.forms import BoundField

from interventions.forms.fields import field_of, width_of
from interventions.forms.moments import MomentsForm, clocks, same_minute
from interventions.forms.offers import Offers
from interventions.models import Attachment
from interventions.registers.register import Part

# What stands for the number of a row in the one that scripts copy.
BLANK = "__row__"
# Scripts number rows on, however many were removed meanwhile; `Part.most` says how many can be kept.
_MOST_NUMBERED = 10_000


class RowForm(MomentsForm):
    """One row of a part. `row` is it as it is kept; None = it is new."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any, *, part: Part, prefix: str, offers: Offers, row: models.Model | None, called: str
    ) -> None:
        self.part, self.row, self.called = part, row, called
        initial = {} if row is None else _initial(part, row)
        super().__init__(
            data, prefix=prefix, initial=initial, empty_permitted=row is None, use_required_attribute=False
        )
        for of in part.fields:
            label = str(of.verbose_name)
            if isinstance(of, models.DateTimeField):
                self.ask_moment(of.name, label, required=not of.blank)
            else:
                current = getattr(row, of.attname) if row is not None and of.is_relation else None
                if current is None and _lacks_photos(of, offers):
                    continue
                self.fields[of.name] = field_of(of, label, offers=offers, current=current, in_row=True)
                if is_number(of):
                    self.fields[of.name].required = False
                    self.fields[of.name].help_text = "Left empty, the next one."

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name in self.moments:
            given[name] = self.moment(name)
        return given

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said in a new row."""
        return self.row is None and not (self.is_bound and self.has_changed())

    @property
    def items(self) -> list[tuple[BoundField, str]]:
        """Each field but the hidden one, and the class of its width."""
        hidden = {"id", *(f"{name}_twice" for name in self.moments if not self.is_twice(name))}
        return [(self._named(name), width_of(field)) for name, field in self.fields.items() if name not in hidden]

    def _named(self, name: str) -> BoundField:
        bound = self[name]
        bound.label = self.label_of(name)
        return bound

    def said(self) -> dict[str, Any]:
        """The row as `actions` take it, of a valid form: of one that is there, what differs."""
        found: dict[str, Any] = {}
        for of in self.part.fields:
            if of.name not in self.cleaned_data:
                continue
            value = self.cleaned_data[of.name]
            if self.row is None or differs(of, getattr(self.row, of.attname), value):
                found[of.name] = value
        if self.row is not None:
            found["id"] = self.row.pk
        return found


class Rows:
    """All rows of one part on a form."""

    def __init__(self, part: Part, data: Any, *, offers: Offers, there: Sequence[models.Model]) -> None:
        self.part = part
        self.offers = offers
        self._there = {row.pk: row for row in there}
        self.forms: list[RowForm] = []
        # Whether the rows stood on the form that was sent: else they stay as they are.
        self.is_said = data is not None and self._key("rows") in data
        self.count = len(there)
        if data is None or not self.is_said:
            self.forms = [self._form(None, number, row) for number, row in enumerate(there)]
            if not there:
                self.add()
            return
        self.count = min(_whole(data.get(self._key("rows"))), _MOST_NUMBERED)
        for number in range(self.count):
            if f"{self._key(str(number))}-here" in data:
                pk = _whole(data.get(f"{self._key(str(number))}-id"), none=-1)
                self.forms.append(self._form(data, number, self._there.get(pk)))

    def add(self) -> None:
        """One more row, empty."""
        self.forms.append(self._form(None, self.count, None))
        self.count += 1

    def remove(self, number: str) -> None:
        """Takes a row off the form."""
        self.forms = [form for form in self.forms if form.prefix != self._key(number)]

    @property
    def blank(self) -> RowForm:
        """The row that scripts copy."""
        return self._form(None, BLANK, None)

    @property
    def filled(self) -> int:
        return sum(not form.is_blank for form in self.forms)

    def is_valid(self) -> bool:
        if not self.is_said:
            return True
        # Each is asked, so that all that is wrong is said at once.
        valid = not [form for form in self.forms if not form.is_valid()]
        if valid:
            self._number()
        return valid and not self.errors

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) of all that is wrong."""
        found = []
        for form in self.forms:
            for name, problems in form.errors.items():
                target = form[name].id_for_label or f"{form[name].auto_id}_0" if name in form.fields else ""
                found += [(target, f"{form.called}: {problem}") for problem in problems]
        return found

    def said(self) -> list[dict[str, Any]]:
        """The rows as `actions` take them."""
        return [form.said() for form in self.forms if not form.is_blank]

    def _number(self) -> None:
        """Gives rows without a number the next one; says so where two have the same."""
        if not any(is_number(of) for of in self.part.fields):
            return
        seen: set[int] = set()
        for form in self.forms:
            number = form.cleaned_data.get("number")
            if number is not None and number in seen:
                form.add_error("number", f"Two have the number {number}.")
            seen |= {number} if number is not None else set()
        for form in self.forms:
            if not form.is_blank and form.cleaned_data.get("number") is None:
                form.cleaned_data["number"] = max(seen, default=0) + 1
                seen.add(form.cleaned_data["number"])

    def _form(self, data: Any, number: int | str, row: models.Model | None) -> RowForm:
        called = f"{self.part.one.capitalize()} {number + 1 if isinstance(number, int) else ''}".strip()
        prefix = self._key(str(number))
        return RowForm(data, part=self.part, prefix=prefix, offers=self.offers, row=row, called=called)

    def _key(self, of: str) -> str:
        return f"{self.part.name}-{of}"


def is_number(of: models.Field[Any, Any]) -> bool:
    """Whether it counts the rows of its part: 1, 2, 3."""
    return of.name == "number" and isinstance(of, models.PositiveSmallIntegerField)


def differs(of: models.Field[Any, Any], before: Any, after: Any) -> bool:
    """Whether a field was given something else than what it showed."""
    if isinstance(of, models.DateTimeField):
        return not same_minute(before, after)
    empty: tuple[Any, ...] = (None, "", [])
    return not (before == after or (before in empty and after in empty))


def initial_of(fields: Mapping[str, models.Field[Any, Any]], row: models.Model) -> dict[str, Any]:
    """What a form shows of a row."""
    found: dict[str, Any] = {}
    for name, of in fields.items():
        value = getattr(row, of.attname)
        found |= clocks(name, value) if isinstance(of, models.DateTimeField) else {name: value}
    return found


def _lacks_photos(of: models.Field[Any, Any], offers: Offers) -> bool:
    """Whether it links to a photo, and none is kept with the record yet."""
    return isinstance(of, models.ForeignKey) and of.related_model is Attachment and not offers.of(of)


def _initial(part: Part, row: models.Model) -> dict[str, Any]:
    return {"id": row.pk, **initial_of({of.name: of for of in part.fields}, row)}


def _whole(text: Any, none: int = 0) -> int:
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else none
