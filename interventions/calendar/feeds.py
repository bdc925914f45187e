"""A person's calendar as an address that calendar programs read without signing in.

It shows what the person may see at that moment, and of what is OFFICIAL-SENSITIVE or for one team alone nothing but
that there is something.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from interventions.calendar.actions import hash_of
from interventions.calendar.dates import Due
from interventions.models import CalendarFeed

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
RESTRICTED = "OFFICIAL-SENSITIVE entry, see the dashboard"


def find(token: str) -> CalendarFeed | None:
    """The feed of a token that works: not revoked, and its person may still sign in and has a role. Two queries."""
    digest = hash_of(token)
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=digest, revoked_at=None).first()
    # The index compares in its own time; this does not tell how much of a guess was right.
    if feed is None or not hmac.compare_digest(feed.token_hash, digest):
        return None
    return feed if feed.user.is_active and feed.user.current_memberships().exists() else None


def used(feed: CalendarFeed) -> None:
    """Notes that it was read."""
    CalendarFeed.objects.filter(pk=feed.pk).update(last_used=timezone.now())


def window(today: date) -> tuple[date, date]:
    """From which day to which a feed goes."""
    return today - BACK, today + AHEAD


def as_calendar(feed: CalendarFeed, dues: list[Due], site: str) -> HttpResponse:
    """The iCalendar file; `site` is the product's own address, such as "https://hotspots.example.org"."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hotspot tracker//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Hotspot tracker (OFFICIAL)")
    calendar.add("x-published-ttl", "PT4H")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"value": "DURATION"})
    for due in dues:
        calendar.add_component(_event(feed, due, site))
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="calendar.ics"', "Cache-Control": "private, no-store"},
    )


def _event(feed: CalendarFeed, due: Due, site: str) -> Event:
    event = Event()
    # The same at each reading, and tells nothing of what it is.
    key = hashlib.sha256(f"{feed.token_hash}:{due.key}".encode()).hexdigest()[:32]
    event.add("uid", f"{key}@hotspot-tracker.invalid")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    if due.is_restricted:
        event.add("dtstart", due.day)
        event.add("dtend", due.day + timedelta(days=1))
        event.add("summary", RESTRICTED)
        event.add("url", f"{site}/activity/calendar/")
        event.add("class", "CONFIDENTIAL")
    else:
        event.add("dtstart", due.at.astimezone(UTC) if due.at else due.day)
        event.add("dtend", _end(due))
        # What is held needs no words: its title says what it is.
        said = due.title if due.ends else f"{due.kind}: {due.words}: {due.title}"
        event.add("summary", f"{said} ({due.marking})")
        event.add("description", f"{due.marking}. {due.agency}.")
        event.add("url", f"{site}{due.href}")
        event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _end(due: Due) -> date:
    """When it is over; a moment without an end takes an hour."""
    if due.at is None:
        return due.day + timedelta(days=1)
    return (due.ends or due.at + timedelta(hours=1)).astimezone(UTC)
