"""A meeting's agenda and a ward panel's sheet in words: no database here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from interventions.days.presenters import state
from interventions.law.words import left_words
from interventions.models import DayOfAction, Intervention, MeetingPriority
from interventions.presenters import when
from interventions.tracker.presenters import rows
from partners.markings import Tag
from reports.pages.meeting_agenda import Agenda, Sheet, WardFigures
from reports.presenters import board
from reports.words import change, day_name, month_name, thousands

_OUTCOMES = {"open": "light-blue", "met": "green", "partly": "yellow", "missed": "grey"}


@dataclass(frozen=True, slots=True)
class Priority:
    """One priority; `outcome` says what became of it."""

    text: str
    measure: str
    days: str
    outcome: Tag
    report: str


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward's row: counts as written, a dash where not known. `types` are (name, count in twelve months)."""

    name: str
    href: str
    month: str
    count: str
    against_last_year: str
    year: str
    against_year_before: str
    types: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A record with what is to be said of it."""

    title: str
    href: str
    text: str
    tag: Tag | None = None


def agenda(one: Agenda, today: date) -> dict[str, Any]:
    """What the agenda's page shows, as of a day."""
    on = one.meeting.first_day
    return {
        "when": when(one.meeting.starts, one.meeting.ends),
        "before": Line(one.before.title, _page(one.before), day_name(one.before.first_day)) if one.before else None,
        "priorities": [priority(each) for each in one.priorities],
        "own_priorities": [priority(each) for each in one.own_priorities],
        "bids": one.bids,
        "actions": rows(one.actions, one.around, today),
        "wards": [ward(each) for each in one.wards],
        "items": board.items(one.places, min(on, today)),
        "ending": [_ending(each, on) for each in one.ending],
        "days_since": [_day(each, today) for each in one.days_since],
        "days_to_come": [_day(each, today) for each in one.days_to_come],
        "next_on": day_name(one.meeting.next_on) if one.meeting.next_on else "",
    }


def sheet(one: Sheet) -> dict[str, Any]:
    """What the sheet shows."""
    meeting = one.meeting
    return {
        "title": f"{meeting.get_sort_display()}, {day_name(meeting.first_day)}",
        "wards": [ward(each) for each in one.wards],
        "priorities": [priority(each) for each in one.priorities],
        "own_priorities": [priority(each) for each in one.own_priorities],
        "days": one.days,
        "next_on": day_name(meeting.next_on) if meeting.next_on else "",
    }


def priority(one: MeetingPriority) -> Priority:
    return Priority(
        text=one.text,
        measure=one.measure,
        days=f"{day_name(one.starts_on)} to {day_name(one.ends_on)}",
        outcome=Tag(str(one.get_outcome_display()), _OUTCOMES[one.outcome]),
        report=one.report,
    )


def ward(one: WardFigures) -> Ward:
    month, before = one.month, one.year_before
    return Ward(
        name=one.ward.name,
        href=reverse("reports:ward", args=[one.ward.code]),
        month=month_name(month.month) if month else "",
        count=thousands(month.count if month else None),
        against_last_year=change(month.count, month.last_year) if month else "not known",
        year=thousands(month.rolling_12 if month else None),
        against_year_before=change(month.rolling_12, before.rolling_12 if before else None) if month else "not known",
        types=[(name, thousands(figure.rolling_12)) for name, figure in one.types],
    )


def months(wards: Iterable[Ward]) -> str:
    """The months of the figures, each once: "September 2026"."""
    return ", ".join(dict.fromkeys(one.month for one in wards if one.month))


def _ending(one: Intervention, on: date) -> Line:
    last = one.last_day or on
    return Line(one.title, _page(one), f"{one.get_kind_display()}, ends on {day_name(last)}: {left_words(last, on)}")


def _day(one: DayOfAction, today: date) -> Line:
    return Line(one.title, _page(one), f"{day_name(one.first_day)}, {one.owner}", Tag(*state(one, today)))


def _page(one: Intervention) -> str:
    return reverse("interventions:detail", args=[one.pk])
