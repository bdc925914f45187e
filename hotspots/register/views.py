"""Pages of the register of places: the list and its file, adding, changing, the status."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotspots.models import Hotspot
from hotspots.phases.queries import current_phases
from hotspots.register import actions, drawing, presenters, queries
from hotspots.register.actions import Content, Drawn
from hotspots.register.filters import RegisterFilter, overdue
from hotspots.register.forms import PlaceForm, StatusForm
from hotspots.register.shape_form import ShapeForm
from hotspots.register.shape_previews import preview
from partners import audit, csvs
from partners.access import viewer
from partners.markings import highest_marking, marking_tag
from partners.refusals import ChangedMeanwhile, Refused
from partners.roles import Permission
from partners.visibility import Viewer

PAGE_SIZE = 50
NOT_HERE = "There is no such hotspot or watch place, or it is not shared with you."
KEEPERS = "Analysts, SNT leads and managers of the lead agency keep its places. Ask one of them."
_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


@require_safe
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    """The places that the reader sees, by the filters of the address. The same number of queries for any number."""
    who, today = viewer(request), timezone.localdate()
    asked = RegisterFilter(request.GET, queryset=queries.places(who).order_by("name", "pk"))
    context: dict[str, Any] = {
        "form": asked.form,
        "may_add": who.may(Permission.CHANGE),
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
    }
    if not asked.form.is_valid():
        return render(request, "hotspots/register/list.html", context, status=400)
    page = Paginator(asked.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    records = list(page.object_list)
    phases, areas = current_phases(records, today), queries.areas_of(records)
    late = asked.qs.filter(overdue(today)).count()
    query = request.GET.copy()
    query.pop("page", None)
    context |= {
        "page": page,
        "rows": [presenters.row(one, phases.get(one.pk, []), areas, today) for one in records],
        "counted": presenters.counted(page.paginator.count, late),
        "marking": highest_marking(records),
        "file": f"{reverse('hotspots:places-csv')}{'?' if query else ''}{query.urlencode()}",
    }
    audit.read(records, by=who, how="list")
    return render(request, "hotspots/register/list.html", context)


@require_safe
@never_cache
def places_csv(request: HttpRequest) -> HttpResponseBase:
    """The same places as a table. Filters that make no sense lead to the page, which says what is wrong."""
    who, today = viewer(request), timezone.localdate()
    asked = RegisterFilter(request.GET, queryset=queries.places(who).order_by("name", "pk"))
    if not asked.form.is_valid():
        return redirect(f"{reverse('hotspots:places')}?{request.GET.urlencode()}")
    records = list(asked.qs)
    phases, areas = current_phases(records, today), queries.areas_of(records)
    audit.read(records, by=who, how="csv")
    lines = (presenters.line(one, phases.get(one.pk, []), areas) for one in records)
    return csvs.response("hotspots.csv", [f"Marking: {highest_marking(records)}"], chain([presenters.COLUMNS], lines))


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def new_place(request: HttpRequest) -> HttpResponse:
    """Adds a place in two steps: its shape, which is shown with what is known of it, then all else."""
    who = viewer(request)
    if not who.may(Permission.CHANGE):
        raise PermissionDenied(
            "Nothing can be added while you look as somebody else."
            if who.looking_as
            else "Analysts, SNT leads and managers of an agency add places. Ask one of them."
        )
    if request.POST.get("accepted"):
        return _said_of_new(request, who)
    posted = request.method == "POST"
    form = ShapeForm(request.POST if posted else None, request.FILES if posted else None, viewer=who)
    drawn = form.drawn() if posted and form.is_valid() else None
    if drawn is not None:
        return _content_page(request, _unsaid(request, who, drawn), drawn, who)
    context = {"form": form, "kind": _asked_kind(request)}
    return render(request, "hotspots/register/new.html", context, status=422 if form.errors else 200)


def _said_of_new(request: HttpRequest, who: Viewer) -> HttpResponse:
    """The second step, sent: the place is added, or what is wrong is said."""
    form = PlaceForm(request.POST, viewer=who)
    try:
        drawn = form.drawn()
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("hotspots:new-place")
    if form.is_valid():
        given = form.cleaned_data
        try:
            record = actions.add_hotspot(
                by=who,
                owner=given["owner"],
                content=Content(**form.said()),
                drawn=drawn,
                valid_from=given["valid_from"],
                ring_m=given["ring_m"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{record.name} is in the register. What was recorded in it is being counted.")
            return redirect("reports:place", pk=record.pk)
    return _content_page(request, form, drawn, who)


def _unsaid(request: HttpRequest, who: Viewer, drawn: Drawn) -> PlaceForm:
    """The form of the second step as it is first shown: picked by the newest twelve months, unless said otherwise."""
    months, _ = queries.recorded(drawn.shape)
    initial: dict[str, Any] = {"accepted": drawing.seal(drawn), "kind": _asked_kind(request)}
    if months:
        initial |= {"selected_from": months[0], "selected_to": months[-1]}
    return PlaceForm(viewer=who, initial=initial)


def _asked_kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in Hotspot.Kind.values else Hotspot.Kind.HOTSPOT


def _content_page(request: HttpRequest, form: PlaceForm, drawn: Drawn, who: Viewer) -> HttpResponse:
    context = {
        "form": form,
        "preview": preview(drawn.shape, who, on=timezone.localdate()),
        "recorded": presenters.recorded(*queries.recorded(drawn.shape)),
    }
    return render(request, "hotspots/register/form.html", context, status=422 if form.errors else 200)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def change_place(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of a place. Where somebody saved it meanwhile, both versions are shown, and nothing is saved."""
    who = viewer(request)
    record = to_change(who, pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, viewer=who, record=record)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_hotspot(by=who, pk=pk, seen=form.opened_at() or record.created_at, **form.said())
        except ChangedMeanwhile as meanwhile:
            form.add_error(None, f"{meanwhile} Compare below; save again to keep what you wrote.")
            context["theirs"] = presenters.parts(to_change(who, pk))
            # Saving once more is done knowingly.
            form.data = QueryDict(mutable=True)
            form.data.update(request.POST)
            form.data.setlist("partners", request.POST.getlist("partners"))
            form.data.setlist("problems", request.POST.getlist("problems"))
            form.data["seen"] = form.initial["seen"]
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is changed.")
            return redirect("reports:place", pk=pk)
    else:
        audit.read([record], by=who, how="page")
    shape = queries.shape_now(record, timezone.localdate())
    context |= {
        "form": form,
        "record": record,
        "marking": marking_tag(record.marking).text,
        "recorded": presenters.recorded(*queries.recorded(shape)),
    }
    return render(request, "hotspots/register/form.html", context, status=422 if form.errors else 200)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The status of a place: proposed, active, closed, archived; with its history."""
    who = viewer(request)
    record = queries.place(who, pk)
    if record is None:
        raise Http404(NOT_HERE)
    may_change = queries.changeable(who, pk) is not None
    form = StatusForm(request.POST if request.method == "POST" else None, initial={"status": record.status})
    if request.method == "POST":
        to_change(who, pk)
        if form.is_valid():
            try:
                changed = actions.set_status(by=who, pk=pk, **form.cleaned_data)
            except Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                messages.success(request, f"{changed.name} is {changed.get_status_display().lower()}.")
                return redirect("hotspots:status", pk=pk)
    audit.read([record], by=who, how="page")
    context = {
        "record": record,
        "form": form if may_change else None,
        "tag": presenters.status_tag(record),
        "history": presenters.history(queries.statuses(record)),
        "marking": marking_tag(record.marking).text,
    }
    return render(request, "hotspots/register/status.html", context, status=422 if form.errors else 200)


def to_change(who: Viewer, pk: int) -> Hotspot:
    """The place, whole. 404 where it is not shown at all, 403 where it is shown and not the reader's to change."""
    record = queries.changeable(who, pk)
    if record is None:
        if queries.place(who, pk) is None:
            raise Http404(NOT_HERE)
        raise PermissionDenied(KEEPERS)
    return record
