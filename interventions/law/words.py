"""Moments, spans of time, amounts and ages as rules and pages say them. Pure but for the words of the choices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from hotspots.words import day_name, plural
from interventions.calc.clock import clock
from interventions.models import OnPerson

_Band = OnPerson.AgeBand
# The oldest that somebody of a band can be; None = nobody can say, or it is no person.
_OLDEST = {_Band.UNDER_10: 9, _Band.FROM_10: 15, _Band.FROM_16: 17, _Band.FROM_18: 24, _Band.FROM_25: 34}


def moment_words(moment: datetime) -> str:
    """ "21:40 on 4 March 2026", by London's clocks; "01:30 GMT on ..." in the hour that comes twice."""
    return f"{clock(moment)} on {day_name(timezone.localtime(moment).date())}"


def span_words(span: timedelta) -> str:
    """ "2 hours 10 minutes", "3 days"; "less than a minute". From two days on in whole days. Not negative."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes >= 2 * 24 * 60:
        return plural(minutes // (24 * 60), "day")
    hours, minutes = divmod(minutes, 60)
    parts = [plural(hours, "hour")] if hours else []
    return " ".join([*parts, plural(minutes, "minute")] if minutes else parts)


def left_words(last: date, today: date) -> str:
    """What is left of something that runs until a day, that day included: "62 days left", "ends today", "over"."""
    days = (last - today).days
    if days < 0:
        return "over"
    return f"{plural(days, 'day')} left" if days else "ends today"


def due_words(due: date, today: date) -> str:
    """What is left of something that is to be done by a day: "62 days left", "due today", "3 days late"."""
    days = (due - today).days
    if days < 0:
        return f"{plural(-days, 'day')} late"
    return f"{plural(days, 'day')} left" if days else "due today"


def pounds(amount: Decimal) -> str:
    """ "£100", "£77.50"."""
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def is_younger(band: str | None, age: int | None) -> bool:
    """Whether everybody of an age band is younger than that; False where it is not known."""
    oldest = _OLDEST.get(_Band(band)) if band else None
    return oldest is not None and age is not None and oldest < age
