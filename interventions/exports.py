"""Activity as files: CSV, GeoJSON and a calendar. They hold what the page shows the same reader, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from icalendar import Calendar, Event

from interventions import presenters
from interventions.models import Intervention
from partners import csvs
from partners.markings import highest_marking
from partners.roles import Marking

# A file of more nobody reads through; ask for a shorter time.
MOST = 10_000
COLUMNS = (
    *("id", "starts", "ends", "agency", "kind", "title", "strand", "status", "wards", "ward_codes"),
    *("place", "latitude", "longitude", "details", "contact", "people_reached"),
    *("marking", "audience", "withheld", "changed"),
)
_CLASSES = {Marking.OPEN: "PUBLIC", Marking.OFFICIAL: "PRIVATE", Marking.SENSITIVE: "CONFIDENTIAL"}
_STATES = {
    Intervention.Status.PLANNED: "CONFIRMED",
    Intervention.Status.DONE: "CONFIRMED",
    Intervention.Status.CANCELLED: "CANCELLED",
}


def too_many(request: HttpRequest) -> HttpResponse:
    """The page that says so."""
    sentence = f"A file holds at most {MOST:,} records, and these are more. Choose a shorter time."
    return render(request, "interventions/too_many.html", {"sentence": sentence}, status=400)


def filters_of(request: HttpRequest) -> str:
    """What a list is narrowed by, as the addresses of its files end: "?q=market"; "" by nothing."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


def as_csv(records: Sequence[Intervention]) -> StreamingHttpResponse:
    """One line a record, after the marking and the header. Times are UTC; `withheld` says what is left out."""
    marking = highest_marking(records)
    lines = map(_line, records)
    return csvs.response("activity.csv", [f"Marking: {marking}"], chain([COLUMNS], lines))


def _line(record: Intervention) -> list[Any]:
    """One record in the order of COLUMNS."""
    wards = sorted((ward.name, ward.code) for ward in record.wards.all())
    made: dict[str, Any] = {
        "starts": utc(record.starts),
        "ends": utc(record.ends) if record.ends else "",
        "agency": record.owner.name,
        "wards": "; ".join(name for name, _ in wards),
        "ward_codes": " ".join(code for _, code in wards),
        "marking": record.get_marking_display(),
        "withheld": " ".join(sorted(record.withheld)),
        "changed": utc(record.changed_at),
    }
    return [made[name] if name in made else getattr(record, name) for name in COLUMNS]


def utc(moment: datetime) -> str:
    """ "2026-03-04T14:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_geojson(records: Sequence[Intervention]) -> HttpResponse:
    """A FeatureCollection: records without a shown point have the geometry null."""
    return geojson_file("activity", records, map(feature, records))


def geojson_file(name: str, records: Sequence[Intervention], features: Iterable[dict[str, Any]]) -> HttpResponse:
    """The features of some records as a file, with the marking of these."""
    body = {"type": "FeatureCollection", "features": list(features), "marking": highest_marking(records)}
    return HttpResponse(
        orjson.dumps(body),
        content_type="application/geo+json",
        headers={"Content-Disposition": f'attachment; filename="{name}.geojson"'},
    )


def feature_collection(records: Iterable[Intervention]) -> dict[str, Any]:
    """Records as GeoJSON features, with the same properties as the API's rows."""
    return {"type": "FeatureCollection", "features": [feature(record) for record in records]}


def feature(record: Intervention, ground: Any = None, **more: Any) -> dict[str, Any]:
    """A record on `ground` (GeoJSON), else at its point, else nowhere; `more` are further properties."""
    properties = as_json(record) | more
    longitude, latitude = properties.pop("longitude"), properties.pop("latitude")
    point = None if longitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": properties.pop("id"), "geometry": ground or point, "properties": properties}


def as_json(record: Intervention) -> dict[str, Any]:
    """One record as the API answers it. What is withheld is null and named in `withheld`; "" is nothing said."""
    return {
        "id": record.pk,
        "agency_id": record.owner_id,
        "agency": record.owner.name,
        "kind": record.kind,
        "title": record.title,
        "strand": record.strand,
        "status": record.status,
        "starts": record.starts,
        "ends": record.ends,
        "wards": sorted(ward.code for ward in record.wards.all()),
        "place": record.place,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "details": record.details,
        "contact": record.contact,
        "people_reached": record.people_reached,
        "marking": record.marking,
        "audience": record.audience,
        "withheld": sorted(record.withheld),
        "created_at": record.created_at,
        "changed_at": record.changed_at,
    }


def as_calendar(records: Sequence[Intervention], address: str) -> HttpResponse:
    """An iCalendar file; `address` is that of the register. Nobody's name or address stands in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hotspot tracker//Activity//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Activity ({highest_marking(records)})")
    for record in records:
        calendar.add_component(_event(record, address))
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="activity.ics"'},
    )


def _event(record: Intervention, address: str) -> Event:
    marking = record.get_marking_display()
    place = ", ".join(part for part in (record.place, presenters.ward_names(record)) if part)
    said = [f"{marking}. {record.get_kind_display()}, {record.owner.name}.", record.details or ""]
    if record.contact:
        said.append(f"Contact: {record.contact}.")
    if record.withheld:
        said.append(f"{presenters.row(record).withheld}.")
    event = Event()
    event.add("uid", f"activity-{record.pk}@hotspot-tracker.invalid")
    event.add("dtstamp", record.changed_at.astimezone(UTC))
    event.add("last-modified", record.changed_at.astimezone(UTC))
    event.add("dtstart", record.starts.astimezone(UTC))
    if record.ends and record.ends > record.starts:  # an end at the start is no end to calendars
        event.add("dtend", record.ends.astimezone(UTC))
    event.add("summary", f"{record.title} ({marking})")
    event.add("location", place)
    event.add("description", "\n".join(part for part in said if part))
    event.add("class", _CLASSES[Marking(record.marking)])
    event.add("status", _STATES[Intervention.Status(record.status)])
    event.add("url", f"{address}{record.pk}/")
    if record.latitude is not None and record.longitude is not None:
        event.add("geo", (record.latitude, record.longitude))
    return event
