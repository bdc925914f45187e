"""The calendar in words and rows: no database here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.urls import reverse

from hotspots.words import day_name, month_name
from interventions.calc.clock import clock
from interventions.calendar.dates import GROUPS, Due
from interventions.models import Intervention, YearPlanItem

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day. `at` is "14:05", "" for a whole day; `covert` and `overdue` are said in words."""

    href: str
    title: str
    what: str
    group: str
    agency: str
    at: str
    day: str
    covert: bool
    sensitive: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid; `name` is "Monday 4 March"."""

    number: int
    name: str
    weekday: str
    in_month: bool
    is_today: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the list."""

    name: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a twelve-month plan, which has a month and no day."""

    text: str
    lane: str
    plan: str
    href: str
    month: date


def entry(due: Due, today: date) -> Entry:
    record = due.record
    return Entry(
        href=due.href,
        title=due.title,
        what=f"{due.kind}: {due.words}",
        group=GROUPS[due.group],
        agency=due.agency,
        at=clock(due.at) if due.at else "",
        day=day_name(due.day),
        covert=record is not None and record.audience == record.Audience.TEAM,
        sensitive=due.is_restricted,
        overdue=due.is_overdue(today),
    )


def entries(dues: Iterable[Due], today: date) -> list[Entry]:
    return [entry(due, today) for due in dues]


def days(month: date, dues: Sequence[Due], today: date) -> list[Day]:
    """The whole weeks, Monday first, that a month lies in; days of its neighbours are empty."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    first = month - timedelta(days=month.weekday())
    last = after + timedelta(days=-after.weekday() % 7)
    by_day = {day: list(found) for day, found in groupby(dues, key=lambda due: due.day)}
    made = []
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        weekday = WEEKDAYS[day.weekday()]
        in_month = month <= day < after
        of_day = entries(by_day.get(day, []), today) if in_month else []
        name = f"{weekday} {day.day} {month_name(day).split()[0]}"
        made.append(Day(day.day, name, weekday, in_month, day == today, of_day))
    return made


def months(dues: Sequence[Due], today: date) -> list[Month]:
    """The months in which something is due."""
    return [
        Month(month_name(month), entries(found, today))
        for month, found in groupby(dues, key=lambda due: due.day.replace(day=1))
    ]


def planned(lines: Iterable[tuple[YearPlanItem, Intervention]]) -> list[Planned]:
    return [
        Planned(
            text=item.text,
            lane=item.get_lane_display(),
            plan=plan.title,
            href=f"{reverse('interventions:year', args=[plan.pk])}#line-{item.pk}",
            month=item.month,
        )
        for item, plan in lines
    ]
