"""The registers: the list of them, and the page and the files of each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from interventions import exports as shared
from interventions import linked, maps, presenters
from interventions.browse import exports, queries
from interventions.browse.presenters import entries, row
from interventions.filters import filter_of
from interventions.queries import in_order, with_parts_withheld
from interventions.registers import BY_SLUG, FAMILIES
from interventions.registers.register import Register
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking
from partners.roles import Permission

PAGE_SIZE = 50
FILES = {"csv": "Table (CSV)", "geojson": "Map (GeoJSON)"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All registers by family, with how many records of each the reader sees."""
    asks = viewer(request)
    seen, in_force = queries.counts(asks)
    families = [(name, entries(members, seen, in_force)) for name, members in FAMILIES.items()]
    context = {"families": families, "may_add": asks.may(Permission.ADD)}
    return render(request, "interventions/registers.html", context)


@require_safe
def of_register(request: HttpRequest, slug: str) -> HttpResponse:
    """The records of one register that the reader sees, newest first, by the filters of the address."""
    asks, register = viewer(request), register_at(slug)
    asked = filter_of(register)(request.GET, queryset=queries.rows(asks, register), viewer=asks)
    context: dict[str, Any] = {
        "register": register,
        "form": asked.form,
        "may_add": asks.may(Permission.ADD),
        "add": reverse("interventions:add-to", args=[slug]),
        "here": reverse("interventions:of-register", args=[slug]),
        "files": _files(request, register),
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "most": shared.MOST,
    }
    if not asked.form.is_valid():
        return render(request, "interventions/one_register.html", context, status=400)
    asked_of = [int(asked.form.cleaned_data[name]) for name in linked.names(register) if asked.form.cleaned_data[name]]
    page = Paginator(in_order(asked.qs), PAGE_SIZE).get_page(request.GET.get("page"))
    records = list(page.object_list)
    links = linked.of(asks, register, records)
    rows = [row(register, one, links, asks.now, number) for number, one in enumerate(records, start=1)]
    marks = [mark for one, line in zip(records, rows, strict=True) if (mark := maps.mark(one, line.number, line.href))]
    wards = maps.outlines({ward.code for one in records for ward in one.wards.all()}, timezone.localdate())
    context |= {
        "page": page,
        "rows": rows,
        "only_of": queries.named(asks, asked_of),
        "columns": [register.label(name) for name in register.columns],
        "counted": presenters.counted(page.paginator.count, with_parts_withheld(asked.qs, asks)),
        "marking": highest_marking(records),
        "map": maps.drawn(marks, wards, title=f"Map of {len(marks)} of these records, numbered as in the list"),
        "unmapped": len(rows) - len(marks),
        "tiles_by": maps.credit(),
    }
    audit.read(records, by=asks, how="list")
    return render(request, "interventions/one_register.html", context)


@require_safe
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The same records as a file. Filters that make no sense lead to the page, which says what is wrong."""
    asks, register = viewer(request), register_at(slug)
    rows = queries.rows(asks, register)
    asked = filter_of(register)(request.GET, queryset=rows, viewer=asks)
    if not asked.form.is_valid():
        return redirect(f"{reverse('interventions:of-register', args=[slug])}?{request.GET.urlencode()}")
    found = in_order(asked.qs)
    records = list((queries.with_parts(found, register) if kind == "csv" else found)[: shared.MOST + 1])
    if len(records) > shared.MOST:
        return shared.too_many(request)
    audit.read(records, by=asks, how=kind)
    if kind == "geojson":
        return exports.as_geojson(register, records)
    return exports.as_csv(register, records, linked.of(asks, register, records))


def register_at(slug: str) -> Register:
    """The register that an address names. Raises Http404 where there is none."""
    if slug not in BY_SLUG:
        raise Http404("There is no such register.")
    return BY_SLUG[slug]


def _files(request: HttpRequest, register: Register) -> list[tuple[str, str]]:
    """(what it is called, address) of each file with the filters of the page."""
    text = shared.filters_of(request)
    return [
        (name, reverse("interventions:register-file", kwargs={"slug": register.slug, "kind": kind}) + text)
        for kind, name in FILES.items()
    ]
