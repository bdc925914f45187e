"""Agreed actions in words: no database here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hotspots.words import day_name, plural
from interventions.models import AgreedAction
from interventions.tracker.queries import Around
from partners.markings import Tag

Status = AgreedAction.Status
HEADER = (
    *("What", "Promised by", "Asked for by", "Due on", "First due on", "State", "Done on"),
    *("Evidence or reason", "Out of", "Hotspot"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where something leads; `href` "" = nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One action. `source` and `hotspot` are None where there is none, or it is not shown to the reader."""

    href: str
    title: str
    agency: str
    asked_by: str
    person: str
    due: str
    moved: str
    state: Tag
    note: str
    source: Link | None
    hotspot: Link | None


def row(one: AgreedAction, around: Around, today: date) -> Row:
    """One action as a line; its agencies and person must be at hand."""
    source, hotspot = around.sources.get(one.source_id or 0), around.hotspots.get(one.hotspot_id or 0)
    return Row(
        href=reverse("interventions:action", args=[one.pk]),
        title=one.title,
        agency=one.agency.name,
        asked_by=one.asked_by.name,
        person=str(one.person or ""),
        due=day_name(one.due_on),
        moved=f"moved from {day_name(one.moved_from)}: {one.moved_why}" if one.moved_from else "",
        state=state(one, today),
        note=one.evidence,
        source=Link(source.title, reverse("interventions:detail", args=[source.pk])) if source else None,
        hotspot=Link(hotspot.name, f"/hotspots/{hotspot.pk}/") if hotspot else None,
    )


def rows(actions: Iterable[AgreedAction], around: Around, today: date) -> list[Row]:
    return [row(one, around, today) for one in actions]


def state(one: AgreedAction, today: date) -> Tag:
    """ "Open", "3 days overdue", "Done", "Done 3 days late", "Dropped"."""
    if one.status == Status.DROPPED:
        return Tag("Dropped", "grey")
    if one.status == Status.DONE:
        late = (one.done_on - one.due_on).days if one.done_on else 0
        return Tag(f"Done {plural(late, 'day')} late", "yellow") if late > 0 else Tag("Done", "green")
    late = (today - one.due_on).days
    if late > 0:
        return Tag(f"{plural(late, 'day')} overdue", "red")
    return Tag("Due today" if late == 0 else "Open", "yellow" if late == 0 else "light-blue")


def cells(one: AgreedAction, around: Around, today: date) -> list[object]:
    """One line of the file."""
    shown = row(one, around, today)
    return [
        *(one.title, shown.agency, shown.asked_by, one.due_on, one.moved_from or "", shown.state.text),
        *(one.done_on or "", one.evidence, shown.source.text if shown.source else ""),
        shown.hotspot.text if shown.hotspot else "",
    ]
