"""Activity in words: rows of the list of all records, and what pages of every register say alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from hotspots.words import day_name
from interventions.calc.clock import LONDON, clock
from interventions.models import Intervention
from interventions.states import state
from partners.markings import WITHHELD, Tag, marking_tag

MIDNIGHT = time()
PARTS = {"place": "where exactly", "details": "details", "contact": "contact", "people_reached": "people reached"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    href: str
    title: str
    kind: str
    when: str
    wards: str
    agency: str
    status: Tag
    marking: Tag
    covert: bool
    withheld: str


def row(record: Intervention) -> Row:
    """One record as a line; its owner and wards must be at hand."""
    return Row(
        href=reverse("interventions:detail", args=[record.pk]),
        title=record.title,
        kind=record.get_kind_display(),
        when=when(record.starts, record.ends),
        wards=ward_names(record),
        agency=record.owner.name,
        status=state(None, record, timezone.now()),
        marking=marking_tag(record.marking),
        covert=record.audience == record.Audience.TEAM,
        withheld=withheld(record),
    )


def withheld(record: Any) -> str:
    """ "Withheld by agreement: where exactly, contact"; "" where nothing is."""
    names = [PARTS.get(name, name.replace("_", " ")) for name in record.WITHHOLDABLE if name in record.withheld]
    return f"{WITHHELD}: {', '.join(names)}" if names else ""


def when(starts: datetime, ends: datetime | None) -> str:
    """ "4 March 2026, 14:00 to 16:00", "4 March 2026, 22:00, to 5 March 2026, 02:00", by London's clocks.

    Whole days bear no clock: "4 March 2026 to 3 March 2028", "From 4 March 2026". What ends at midnight ends with the
    day before: "4 March 2026, 20:00 to midnight", "4 March 2026, 10:00, to the end of 3 June 2026".
    """
    first = starts.astimezone(LONDON)
    if ends is None:
        return f"From {day_name(first.date())}"
    last = ends.astimezone(LONDON)
    if ends > starts and first.time() == last.time() == MIDNIGHT:
        last_day = last.date() - timedelta(days=1)
        return day_name(last_day) if last_day == first.date() else f"{day_name(first.date())} to {day_name(last_day)}"
    if starts == ends:
        return f"{day_name(first.date())}, {clock(starts)}"
    if ends > starts and last.time() == MIDNIGHT:
        last_day = last.date() - timedelta(days=1)
        end = " to midnight" if last_day == first.date() else f", to the end of {day_name(last_day)}"
        return f"{day_name(first.date())}, {clock(starts)}{end}"
    if first.date() == last.date():
        return f"{day_name(first.date())}, {clock(starts)} to {clock(ends)}"
    return f"{day_name(first.date())}, {clock(starts)}, to {day_name(last.date())}, {clock(ends)}"


def ward_names(record: Intervention) -> str:
    """The names of its wards, by name."""
    return ", ".join(sorted(ward.name for ward in record.wards.all()))


def point(record: Intervention) -> str:
    """ "51.60312, 0.21874": latitude, longitude. "" where none is given, or shown."""
    if record.latitude is None or record.longitude is None:
        return ""
    return f"{record.latitude:.5f}, {record.longitude:.5f}"


def counted(total: int, withheld: int) -> str:
    """ "23 records, 4 with parts withheld from you by agreement." """
    if not total:
        return "No records."
    words = "1 record" if total == 1 else f"{total:,} records"
    return f"{words}, {withheld:,} with parts withheld by agreement." if withheld else f"{words}."


def other_statuses(record: Intervention) -> list[tuple[str, str]]:
    """(status, what its button says) of the states that a record could go to. What has not begun cannot be done,
    what is done not cancelled, and what is over not planned."""
    words = {
        Intervention.Status.DONE: "Mark as done",
        Intervention.Status.CANCELLED: "Cancel this activity",
        Intervention.Status.PLANNED: "Plan it again",
    }
    now, not_now = timezone.now(), {record.status}
    if record.starts > now:
        not_now.add(Intervention.Status.DONE)
    if record.status == Intervention.Status.DONE:
        not_now.add(Intervention.Status.CANCELLED)
    if (record.ends or record.starts) < now:
        not_now.add(Intervention.Status.PLANNED)
    return [(status, text) for status, text in words.items() if status not in not_now]
