"""The audit trail as people read it: the page, the file, and who looked at one record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners import audit, csvs, trail, trail_words
from partners.access import viewer
from partners.forms.audit import AuditFilter
from partners.models import AuditEvent
from partners.views.glass import record_page
from partners.visibility import Viewer

PAGE_SIZE = 50
MOST_IN_A_FILE = 10_000
COLUMNS = (
    *("number", "at", "action", "who", "actor", "what", "references", "summary", "covert", "reason", "before", "after"),
    *("request_id", "address", "hash"),
)


@require_safe
@never_cache
def audit_page(request: HttpRequest) -> HttpResponse:
    """The events that concern the reader's agencies, newest first, by the filters of the address."""
    looks = _reader(request)
    asked = AuditFilter(request.GET, queryset=trail.visible_to(looks))
    context: dict[str, Any] = {
        "form": asked.form,
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "most": f"{MOST_IN_A_FILE:,}",
    }
    if not asked.form.is_valid():
        return render(request, "partners/audit.html", context, status=422)
    events, context["older"] = _page(request, asked.qs)
    context |= {
        "rows": _rows(looks, events),
        "newest": _link(request, None) if "before" in request.GET else "",
        "file": f"{reverse('partners:audit-file')}?{_query(request)}",
    }
    return render(request, "partners/audit.html", context)


@require_safe
@never_cache
def audit_file(request: HttpRequest) -> HttpResponseBase:
    """The same events as a table for a spreadsheet; taking it is an event too."""
    looks = _reader(request)
    asked = AuditFilter(request.GET, queryset=trail.visible_to(looks))
    if not asked.form.is_valid():
        return redirect(f"{reverse('partners:audit')}?{_query(request)}")
    events = list(asked.qs[:MOST_IN_A_FILE])
    audit.write("audit.exported", by=looks, summary=f"{len(events):,} events")
    return csvs.response(f"audit-{timezone.localdate()}.csv", COLUMNS, _lines(looks, events))


@require_safe
@never_cache
def audit_of(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Who looked at one record, and who changed it: for people of the agency that owns it."""
    looks = viewer(request)
    found = trail.of_record(looks, kind, pk)
    if found is None:
        raise Http404("There is no such record.")
    events, older = _page(request, found)
    context = {
        "record": trail_words.reference(f"{kind}:{pk}"),
        "record_page": record_page(kind, pk),
        # What else was shown at the same time is no business of this page.
        "rows": [replace(row, references="") for row in _rows(looks, events)],
        "older": older,
        "newest": _link(request, None) if "before" in request.GET else "",
    }
    return render(request, "partners/audit_of.html", context)


def _rows(looks: Viewer, events: list[AuditEvent]) -> list[trail_words.Row]:
    names = trail.names_of(trail_words.named_in(events))
    return [trail_words.row(event, inside=trail.may_see_inside(looks, event), names=names) for event in events]


def _reader(request: HttpRequest) -> Viewer:
    looks = viewer(request)
    if looks.looking_as:
        raise PermissionDenied("While you look as somebody else there is no audit trail. Stop looking first.")
    if not trail.may_read(looks):
        raise PermissionDenied("Only managers and administrators of an agency may read its audit trail.")
    return looks


def _page(request: HttpRequest, events: QuerySet[AuditEvent]) -> tuple[list[AuditEvent], str]:
    """The events below the number `before` of the address, at most a page, and the link to older ones or ""."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        events = events.filter(number__lt=int(before))
    found = list(events[: PAGE_SIZE + 1])
    return found[:PAGE_SIZE], _link(request, found[PAGE_SIZE - 1].number) if len(found) > PAGE_SIZE else ""


def _query(request: HttpRequest, before: int | None = None) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return query.urlencode()


def _link(request: HttpRequest, before: int | None) -> str:
    return f"{request.path}?{_query(request, before)}"


def _lines(looks: Viewer, events: list[AuditEvent]) -> Iterator[list[Any]]:
    for event in events:
        inside = trail.may_see_inside(looks, event)
        yield [
            *(event.number, event.at.isoformat(), event.action, event.actor_name, event.actor, trail_words.did(event)),
            *(" ".join(event.objects_named), event.summary, "yes" if event.team_only else "no"),
            *((event.reason, _json(event.before), _json(event.after)) if inside else ("", "", "")),
            *(event.request_id, event.ip_address or "", event.hash),
        ]


def _json(values: dict[str, Any] | None) -> str:
    return "" if values is None else orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
