"""Periods of the law, in days: years and months as the law counts them. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier where negative; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The anniversary: of 29 February, 28 February where there is no 29th."""
    return months_after(day, 12 * years)


def last_day_of(first: date, *, years: int = 0, months: int = 0) -> date:
    """The last day of a period that begins on a day: three years from 23 October 2023 end with 22 October 2026.

    Where the month has no such day, the period ends with the month: two years from 29 February 2024 end with
    28 February 2026, as those from 1 March 2024 do.
    """
    after = months_after(first, 12 * years + months)
    return after if after.day < first.day else after - timedelta(days=1)


def working_days_after(day: date, count: int) -> date:
    """The day so many working days (Monday to Friday, bank holidays not known) after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def hours_without_christmas(start: datetime, hours: int) -> datetime:
    """The moment so many hours after a start, with 25 December left out, by the clock of `start`'s zone.

    Served on 24 December at 10:00, 48 hours end on 27 December at 10:00. Hours are counted as time goes by, so that
    a change of the clocks makes no difference to how long somebody has.
    """
    zone = start.tzinfo
    left = timedelta(hours=hours)
    at = start
    while True:
        christmas = datetime(at.year, 12, 25, tzinfo=zone)
        after = datetime(at.year, 12, 26, tzinfo=zone)
        if at >= after:
            christmas, after = datetime(at.year + 1, 12, 25, tzinfo=zone), datetime(at.year + 1, 12, 26, tzinfo=zone)
        if at >= christmas:
            at = after
            continue
        if _later(at, left) <= christmas:
            return _later(at, left)
        left -= _between(at, christmas)
        at = after


def _later(at: datetime, by: timedelta) -> datetime:
    return (at.astimezone(UTC) + by).astimezone(at.tzinfo)


def _between(first: datetime, last: datetime) -> timedelta:
    return last.astimezone(UTC) - first.astimezone(UTC)
