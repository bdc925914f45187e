"""The register of activity: the page, and the same rows as files."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from interventions import exports, presenters, queries
from interventions.filters import ActivityFilter
from interventions.models import Intervention
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking
from partners.roles import Permission

PAGE_SIZE = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The records that the reader sees, newest first, by the filters of the address."""
    asks = viewer(request)
    asked = ActivityFilter(request.GET, queryset=queries.activity(asks), viewer=asks)
    context: dict[str, object] = {
        "form": asked.form,
        "may_add": asks.may(Permission.ADD),
        "files": _files(request),
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "most": exports.MOST,
    }
    if not asked.form.is_valid():
        return render(request, "interventions/register.html", context, status=400)
    page = Paginator(queries.in_order(asked.qs), PAGE_SIZE).get_page(request.GET.get("page"))
    records = list(page.object_list)
    withheld = queries.with_parts_withheld(asked.qs, asks)
    context |= {
        "page": page,
        "rows": [presenters.row(record) for record in records],
        "counted": presenters.counted(page.paginator.count, withheld),
        "marking": highest_marking(records),
    }
    audit.read(records, by=asks, how="list")
    return render(request, "interventions/register.html", context)


def _files(request: HttpRequest) -> list[tuple[str, str]]:
    """(what it is called, address) of each file with the filters of the page."""
    text = exports.filters_of(request)
    return [(name, reverse("interventions:file", kwargs={"kind": kind}) + text) for kind, (name, _) in FILES.items()]


@require_safe
def file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The rows of the register as a file. Filters that make no sense lead to the page, which says what is wrong."""
    asks = viewer(request)
    asked = ActivityFilter(request.GET, queryset=queries.activity(asks), viewer=asks)
    register_address = reverse("interventions:register")
    if not asked.form.is_valid():
        return redirect(f"{register_address}?{request.GET.urlencode()}")
    records = list(queries.in_order(asked.qs)[: exports.MOST + 1])
    if len(records) > exports.MOST:
        return exports.too_many(request)
    audit.read(records, by=asks, how={"ics": "calendar"}.get(kind, kind))
    _, make = FILES[kind]
    return make(records, request.build_absolute_uri(register_address))


FILES: dict[str, tuple[str, Callable[[list[Intervention], str], HttpResponseBase]]] = {
    "csv": ("Table (CSV)", lambda records, address: exports.as_csv(records)),
    "geojson": ("Map points (GeoJSON)", lambda records, address: exports.as_geojson(records)),
    "ics": ("Calendar (iCalendar)", exports.as_calendar),
}
