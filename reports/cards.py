"""The reader's cards on the overview: each appears when it has something to say.

A card is one function in `CARDS`, which costs at most one query. What stands in cards is the reader's own, or changes
without the figures: the rest of the overview is kept and shared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from hotspots.sql import rows
from interventions import presenters as words
from interventions import queries as activity
from interventions.days.queries import waiting_for
from interventions.models import AgreedAction
from interventions.tracker import queries as tracker
from partners import agreements, audit, keys, trail_words
from partners.roles import Permission
from partners.visibility import Viewer
from reports import saved
from reports.links import Link, with_query
from reports.waiting import waiting
from reports.words import day_name, plural

VIEWS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the overview."""

    viewer: Viewer


@dataclass(frozen=True, slots=True)
class Shown:
    """What the overview shows. `gaps` says which publishers' months are missing or in part, a sentence each."""

    borough: int
    code: str
    name: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: a link, and what stands behind it."""

    link: Link
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A few lines under a title; `more` leads to all of them. `key` is its id in the page."""

    key: str
    title: str
    lines: list[Line]
    more: Link | None = None


def data_waiting(reader: Reader, shown: Shown) -> Card | None:
    """To those who may import: files that the last import refused, and months that are missing or in part."""
    if not reader.viewer.may(Permission.IMPORT):
        return None
    lines = [
        Line(
            Link(plural(files, "file was refused", "files were refused"), reverse("hotspots:import", args=[run])),
            f"in the last import, {title}",
        )
        for run, title, files in rows(_REFUSED)
    ]
    lines += [Line(Link(gap, reverse("hotspots:coverage"))) for gap in shown.gaps]
    return Card("data", "Data waiting for attention", lines) if lines else None


_REFUSED = """
    SELECT run.id, run.title, count(*)
    FROM (SELECT id, title FROM hotspots_importrun ORDER BY id DESC LIMIT 1) run
    JOIN hotspots_importedfile file ON file.run_id = run.id AND file.state = 'refused'
    GROUP BY run.id, run.title
"""


def saved_views(reader: Reader, shown: Shown) -> Card | None:
    """The views that the reader and the reader's agencies have saved: the own ones first, then by name."""
    views = saved.rows(reader.viewer)[:VIEWS_SHOWN]
    if not views:
        return None
    lines = [Line(Link(view.name, view.href), view.agency or "yours") for view in views]
    return Card("views", "Saved views", lines, Link("All saved views", reverse("reports:saved-views")))


def keys_ending(reader: Reader, shown: Shown) -> Card | None:
    """To those who keep API keys: the ones that end within a month and have no successor."""
    found = keys.ending_soon(reader.viewer)
    lines = [
        Line(Link(f"“{key.name}” {when}", reverse("partners:keys", args=[key.agency_id])), str(key.agency))
        for key, when in found[:VIEWS_SHOWN]
    ]
    return Card("keys", "API keys that end soon", lines) if lines else None


def activity_this_week(reader: Reader, shown: Shown) -> Card | None:
    """What the reader's own agencies plan to do until Sunday, the first first."""
    planned = list(activity.planned_this_week(reader.viewer)[: VIEWS_SHOWN + 1])
    audit.read(planned[:VIEWS_SHOWN], by=reader.viewer, how="list")
    lines = [
        Line(Link(one.title, reverse("interventions:detail", args=[one.pk])), words.when(one.starts, one.ends))
        for one in planned[:VIEWS_SHOWN]
    ]
    register = reverse("interventions:register")
    more = Link("All that is planned", f"{register}?status=planned") if len(planned) > VIEWS_SHOWN else None
    return Card("activity", "Your activity this week", lines, more) if lines else None


def orders_ending(reader: Reader, shown: Shown) -> Card | None:
    """The orders of the reader's own agencies that end within three months, the first first."""
    found = list(activity.ending_soon(reader.viewer)[: VIEWS_SHOWN + 1])
    audit.read(found[:VIEWS_SHOWN], by=reader.viewer, how="list")
    lines = [
        Line(
            Link(one.title, reverse("interventions:detail", args=[one.pk])),
            f"{one.get_kind_display()}, ends on {day_name(one.last_day)}",
        )
        for one in found[:VIEWS_SHOWN]
    ]
    more = Link("The calendar", "/activity/calendar/") if len(found) > VIEWS_SHOWN else None
    return Card("orders", "Orders that end soon", lines, more) if lines else None


def days_to_answer(reader: Reader, shown: Shown) -> Card | None:
    """Days of action on which the reader's own agencies are asked to take part and have not answered."""
    mine = reader.viewer.agencies_with_parts(Permission.ADD)
    asked = waiting_for(reader.viewer, mine) if mine else []
    audit.read([one.record for one in asked[:VIEWS_SHOWN]], by=reader.viewer, how="list")
    lines = [
        Line(
            Link(
                one.record.title,
                with_query(reverse("interventions:day-answer", args=[one.record_id]), {"agency": str(one.agency_id)}),
            ),
            f"{one.agency}, {day_name(one.record.first_day)}",
        )
        for one in asked[:VIEWS_SHOWN]
    ]
    more = Link("Days of action", reverse("interventions:days")) if len(asked) > VIEWS_SHOWN else None
    return Card("days", "Days of action: does your agency take part?", lines, more) if lines else None


def promises(reader: Reader, shown: Shown) -> Card | None:
    """What the reader's own agencies promised and is due within a fortnight, or overdue."""
    mine = reader.viewer.agencies_with_parts(Permission.SEE)
    if not mine:
        return None
    today = timezone.localdate()
    due = tracker.actions(reader.viewer).filter(
        agency__in=mine, status=AgreedAction.Status.OPEN, due_on__lte=today + timedelta(days=14)
    )
    found = list(due[: VIEWS_SHOWN + 1])
    lines = [
        Line(
            Link(one.title, f"/activity/actions/?agency={one.agency_id}"),
            f"{one.agency}, {'overdue since' if one.due_on < today else 'due on'} {day_name(one.due_on)}",
        )
        for one in found[:VIEWS_SHOWN]
    ]
    more = Link("All actions", "/activity/actions/") if len(found) > VIEWS_SHOWN else None
    return Card("promises", "Promised by your agency", lines, more) if lines else None


def broken_glass(reader: Reader, shown: Shown) -> Card | None:
    """To managers and administrators: the records of their agencies that others opened within a week."""
    opened = agreements.opened_lately(reader.viewer)[:VIEWS_SHOWN]
    lines = [
        Line(
            Link(trail_words.reference(f"{one.record_type}:{one.record_id}"), reverse("partners:glass")),
            f"opened by {one.opened_by}",
        )
        for one in opened
    ]
    return Card("glass", "Your records that others opened", lines) if lines else None


def agreements_waiting(reader: Reader, shown: Shown) -> Card | None:
    """To managers and administrators: the agreements that wait for their agencies to accept."""
    waiting = agreements.waiting(reader.viewer)[:VIEWS_SHOWN]
    lines = [Line(Link(one.title, reverse("partners:agreement", args=[one.pk])), "proposed to you") for one in waiting]
    return Card("agreements", "Agreements to accept", lines) if lines else None


def hotspots_due(reader: Reader, shown: Shown) -> Card | None:
    """Hotspots that the reader may change where a gate, a review or an alert waits."""
    found = waiting(reader.viewer, timezone.localdate(), VIEWS_SHOWN + 1)
    audit.read([one.place for one in found[:VIEWS_SHOWN]], by=reader.viewer, how="list")
    lines = [
        Line(Link(one.place.name, reverse("reports:place", args=[one.place.pk])), one.words)
        for one in found[:VIEWS_SHOWN]
    ]
    more = Link("The board", reverse("reports:board")) if len(found) > VIEWS_SHOWN else None
    return Card("hotspots", "Hotspots: due, and alerts", lines, more) if lines else None


CARDS: tuple[Callable[[Reader, Shown], Card | None], ...] = (
    broken_glass,
    agreements_waiting,
    hotspots_due,
    days_to_answer,
    promises,
    orders_ending,
    activity_this_week,
    data_waiting,
    keys_ending,
    saved_views,
)


def cards(reader: Reader, shown: Shown) -> list[Card]:
    """The cards that have something to say to the reader, in order."""
    return [card for make in CARDS if (card := make(reader, shown))]
