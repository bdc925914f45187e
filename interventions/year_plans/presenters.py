"""A twelve-month plan as a board: months by lanes, planned against done. No database here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from hotspots.words import month_name
from interventions.law.year_plan import months_of
from interventions.models import DayOfAction, Intervention, YearPlan, YearPlanItem
from partners.markings import Tag

_COLOURS = {
    YearPlanItem.Status.PROPOSED: "yellow",
    YearPlanItem.Status.PLANNED: "light-blue",
    YearPlanItem.Status.DONE: "green",
    YearPlanItem.Status.DROPPED: "grey",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plan. `day` and `day_href` are "" where it has no day of action, or none that the reader sees."""

    pk: int
    text: str
    strand: str
    agency: str
    status: Tag
    reason: str
    day: str
    day_href: str
    change: str
    # It is open, and its month has begun.
    can_be_done: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One lane of a month. `add` is the address of the form for another line."""

    lane: str
    label: str
    lines: list[Line]
    add: str


@dataclass(frozen=True, slots=True)
class Month:
    """One of the twelve months; `said` is "2 of 5 done", "" where nothing is planned."""

    name: str
    is_now: bool
    said: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Count:
    """So many lines of a lane or a strand, and how many are done; dropped ones apart."""

    label: str
    planned: int
    done: int


def board(plan: YearPlan, items: Sequence[YearPlanItem], days: Mapping[int, DayOfAction], today: date) -> list[Month]:
    """All twelve months, also those without a line."""
    now = today.replace(day=1)
    made = []
    for month in months_of(plan.first_day):
        of_month = [one for one in items if one.month == month]
        count = counted("", of_month)
        cells = [
            Cell(
                lane=lane,
                label=str(lane.label),
                lines=[_line(plan, one, days, today) for one in of_month if one.lane == lane],
                add=f"{reverse('interventions:year-item-new', args=[plan.pk])}?"
                + urlencode({"month": f"{month:%Y-%m}", "lane": lane.value}),
            )
            for lane in YearPlanItem.Lane
        ]
        said = f"{count.done} of {count.planned} done" if count.planned else ""
        made.append(Month(month_name(month), month == now, said, cells))
    return made


def _line(plan: YearPlan, item: YearPlanItem, days: Mapping[int, DayOfAction], today: date) -> Line:
    day = days.get(item.day_id or 0)
    status = YearPlanItem.Status(item.status)
    return Line(
        pk=item.pk,
        text=item.text,
        strand=item.get_strand_display(),
        agency=item.agency.name if item.agency else "",
        status=Tag(str(status.label), _COLOURS[status]),
        reason=item.reason,
        day=day.title if day else "",
        day_href=reverse("interventions:detail", args=[day.pk]) if day else "",
        change=reverse("interventions:year-item", args=[plan.pk, item.pk]),
        can_be_done=item.month <= today and status in (YearPlanItem.Status.PROPOSED, YearPlanItem.Status.PLANNED),
    )


def counted(label: str, items: Sequence[YearPlanItem]) -> Count:
    """How many of some lines count, and how many of these are done."""
    kept = [one for one in items if one.status != YearPlanItem.Status.DROPPED]
    return Count(label, len(kept), sum(one.status == YearPlanItem.Status.DONE for one in kept))


def by_lane(items: Sequence[YearPlanItem]) -> list[Count]:
    """Planned and done in each lane."""
    return [counted(str(lane.label), [one for one in items if one.lane == lane]) for lane in YearPlanItem.Lane]


def by_strand(items: Sequence[YearPlanItem]) -> list[Count]:
    """The 4P balance: planned and done under each strand."""
    return [
        counted(str(strand.label), [one for one in items if one.strand == strand]) for strand in Intervention.Strand
    ]
