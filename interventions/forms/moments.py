"""Forms that ask for moments: a day and a time by London's clocks, and which of the two where an hour comes twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from hotspots.words import day_name
from interventions.calc.clock import LONDON, moments
from interventions.checks import NOT_KEPT, is_kept

_TWICE = (("0", "The first time (summer time, BST)"), ("1", "The second time (GMT)"))


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MomentsForm(forms.Form):
    """A form whose moments are three fields each: `<name>_day`, `<name>_time` and `<name>_twice`."""

    # Whether what was sent is to be judged; else it is shown as it was typed, without errors.
    judges = True
    # Name of a moment -> its label.
    moments: Mapping[str, str] = MappingProxyType({})
    # Those of which the hour comes twice.
    twice: frozenset[str] = frozenset()

    def full_clean(self) -> None:
        if self.judges:
            super().full_clean()
        else:
            self._errors = ErrorDict()
            self.cleaned_data = {}

    def ask_moment(self, name: str, label: str, *, required: bool) -> None:
        """Adds the fields of one moment."""
        self.moments = {**self.moments, name: label}
        self.fields[f"{name}_day"] = forms.DateField(
            label="Date",
            widget=day_input(),
            required=required,
            error_messages={"required": f"Give the date: {label}."},
        )
        self.fields[f"{name}_time"] = forms.TimeField(
            label="Time",
            widget=time_input(),
            required=required,
            error_messages={"required": f"Give the time: {label}."},
        )
        self.fields[f"{name}_twice"] = forms.ChoiceField(
            label=f"Which of the two is it? ({label})", choices=_TWICE, widget=forms.RadioSelect, required=False
        )

    def moment(self, name: str) -> datetime | None:
        """The moment that was given; None, with an error where one is due, while it is not known."""
        given = self.cleaned_data
        day, at = given.get(f"{name}_day"), given.get(f"{name}_time")
        if day is None or at is None:
            if (day is None) != (at is None) and not {f"{name}_day", f"{name}_time"} & self.errors.keys():
                missing = "date" if day is None else "time"
                self.add_error(
                    f"{name}_{'day' if day is None else 'time'}", f"Give the {missing}: {self.moments[name]}."
                )
            return None
        return self._of_clock(name, day, at)

    def _of_clock(self, name: str, day: date, at: time) -> datetime | None:
        if not is_kept(day):
            self.add_error(f"{name}_day", NOT_KEPT)
            return None
        found = moments(day, at)
        if not found:
            self.add_error(
                f"{name}_time", f"On {day_name(day)} clocks go forward from 01:00 to 02:00: there is no {at:%H:%M}."
            )
            return None
        if len(found) == 1:
            return found[0]
        self.twice |= {name}
        chosen = self.cleaned_data.get(f"{name}_twice")
        if not chosen:
            self.add_error(
                f"{name}_twice",
                f"On {day_name(day)} clocks go back from 02:00 to 01:00, so {at:%H:%M} comes twice. Choose which.",
            )
            return None
        return found[int(chosen)]

    def is_twice(self, name: str) -> bool:
        """Whether the choice of the first or the second time is needed."""
        return name in self.twice or bool(self[f"{name}_twice"].value())

    def label_of(self, name: str) -> str:
        """The label of a field; of a day or a time with that of its moment, where no legend stands over it."""
        own = str(self.fields[name].label)
        for moment, label in self.moments.items():
            if name in (f"{moment}_day", f"{moment}_time"):
                return f"{label}: {own.lower()}"
        return own


def clocks(name: str, moment: datetime | None) -> dict[str, Any]:
    """A moment as the fields of a form have it: {} of None."""
    if moment is None:
        return {}
    local = moment.astimezone(LONDON)
    plain = local.replace(tzinfo=None, fold=0)
    found: dict[str, Any] = {f"{name}_day": plain.date(), f"{name}_time": plain.time()}
    if len(moments(plain.date(), plain.time())) > 1:
        found[f"{name}_twice"] = str(local.fold)
    return found


def same_minute(before: datetime | None, after: datetime | None) -> bool:
    """Whether a form, which shows no seconds, gave back the moment that it showed."""
    if before is None or after is None:
        return before is after
    return before.replace(second=0, microsecond=0) == after
