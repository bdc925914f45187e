"""The period of a record on its form: two moments, one, or days of which the last is included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from interventions.calc.clock import LONDON
from interventions.checks import NOT_KEPT, is_kept
from interventions.contents import Content
from interventions.forms.moments import MomentsForm, clocks, day_input
from interventions.models import Intervention
from interventions.registers.register import Register
from partners.filters import day_begins, day_ends

SIDES = ("starts", "ends")


class PeriodForm(MomentsForm):
    """A form that asks for the start and the end of a record, as its register has them."""

    register: Register
    # The sides that are asked for.
    sides: tuple[str, ...]

    def set_sides(self) -> None:
        named = {name for group in self.register.groups for name in group.fields}
        self.sides = tuple(side for side in SIDES if side in named)

    def ask_side(self, side: str) -> None:
        """Adds the fields of the start or of the end."""
        register, label = self.register, self.register.label(side)
        # An end that the register completes, or may be without, is not insisted on here.
        required = side == "starts" or not (register.may_lack_end or register.complete)
        if register.whole_days:
            self.fields[f"{side}_day"] = forms.DateField(
                label=label,
                widget=day_input(),
                required=required,
                help_text=self._help(side),
                error_messages={"required": f"Give this: {label}."},
            )
            return
        self.ask_moment(side, label, required=required)
        if side == "ends":
            self.fields["ends_day"].required = False

    def _help(self, side: str) -> str:
        if side == "starts" or side in self.register.hints:
            return self.register.hints.get(side, "")
        said = "" if self.register.label(side) == "Last day" else "The last day."
        return said + (" Left empty, it has no end." if self.register.may_lack_end else "")

    def clean_period(self, given: dict[str, Any]) -> None:
        """Sets `starts` and `ends`, with an error where they cannot be."""
        if self.register.whole_days:
            self._clean_days(given)
            return
        if given.get("ends_time") is not None and given.get("ends_day") is None and "ends_day" in given:
            given["ends_day"] = given.get("starts_day")
        for side in self.sides:
            given[side] = self.moment(side)
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends_time", "The end is before the start. For work past midnight give the end date too.")

    def _clean_days(self, given: dict[str, Any]) -> None:
        for side in self.sides:
            day = given.get(f"{side}_day")
            if day is not None and not is_kept(day):
                self.add_error(f"{side}_day", NOT_KEPT)
                day = None
            # The end is the midnight after the last day.
            given[side] = (day_ends if side == "ends" else day_begins)(day) if day else None
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends_day", "It ends before it starts.")


def period_initial(register: Register, old: Content | Intervention) -> dict[str, Any]:
    """What the form shows of a period."""
    if not register.whole_days:
        return clocks("starts", old.starts) | clocks("ends", old.ends)
    found: dict[str, Any] = {"starts_day": timezone.localtime(old.starts, LONDON).date()}
    if old.ends:
        found["ends_day"] = timezone.localtime(old.ends - timedelta(microseconds=1), LONDON).date()
    return found
