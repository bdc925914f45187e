"""Pages on which a shape is drawn: a place's next boundary, and what lies under the map."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import shapely
from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotspots import points
from hotspots.models import Area, Boundary, Hotspot
from hotspots.places import MICRO
from hotspots.register import actions, drawing, shape_previews
from hotspots.register.actions import Drawn
from hotspots.register.boundaries import NARROWEST, WIDEST, in_force, shape_of
from hotspots.register.shape_form import ShapeForm
from hotspots.register.views import to_change
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import ChangedMeanwhile, Refused

# Degrees of longitude across the map up to which it shows so fine: about 2 and 60 kilometres on a screen.
FINE, MIDDLING = 0.12, 0.9
MOST_POINTS = 3_000


class RedrawForm(forms.Form):
    """From when a boundary holds, how wide the ring is, and which boundary was on the screen."""

    valid_from = forms.DateField(
        label="From which day does it hold?",
        help_text="Figures of earlier boundaries stay as they are.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Give the day from which it holds.",
            "invalid": "Give the day from which it holds, such as 05/05/2026.",
        },
    )
    ring_m = forms.IntegerField(
        label="Width of the ring in metres",
        help_text=f"{NARROWEST} to {WIDEST:,}, or 0 for none. What happens there tells whether crime moved.",
        error_messages={"required": "Give the ring’s width, or 0.", "invalid": "Give a whole number of metres."},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def redraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The next boundary of a place: first what it would be, then it is saved."""
    record = to_change(viewer(request), pk)
    audit.read([record], by=viewer(request), how="page")
    rows = list(Boundary.objects.filter(area=record.area_id).order_by("pk"))
    if request.method != "POST":
        form = RedrawForm(
            initial={"valid_from": timezone.localdate(), "ring_m": record.ring_m, "seen": rows[-1].pk if rows else None}
        )
        return _page(request, record, rows, form, _shape_form(request, record, None))
    form = RedrawForm(request.POST)
    form.full_clean()
    if request.POST.get("do") == "save":
        return _save(request, record, rows, form)
    if request.POST.get("do") == "change":
        return _page(request, record, rows, form, _shape_form(request, record, None, shown=_sealed(request)))
    shape_form = _shape_form(request, record, request.POST)
    drawn = shape_form.drawn() if shape_form.is_valid() and form.is_valid() else None
    return _page(request, record, rows, form, shape_form, drawn)


def _save(request: HttpRequest, record: Hotspot, rows: list[Boundary], form: RedrawForm) -> HttpResponse:
    """Saves what was looked at. Where somebody drew another meanwhile, the two are shown together."""
    drawn, theirs = _sealed(request), None
    if drawn is None:
        form.add_error(None, "The shape was not sent whole. Give it again.")
    if drawn and form.is_valid():
        given = form.cleaned_data
        try:
            actions.redraw(
                by=viewer(request),
                pk=record.pk,
                drawn=drawn,
                valid_from=given["valid_from"],
                ring_m=given["ring_m"],
                seen=given["seen"],
            )
        except ChangedMeanwhile as problem:
            form.add_error(None, str(problem))
            theirs = rows[-1]
        except Refused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.success(request, "The new boundary is saved. It is being counted: that takes some seconds.")
            return redirect("reports:place", pk=record.pk)
    shape_form = _shape_form(request, record, None, shown=drawn)
    return _page(request, record, rows, form, shape_form, drawn, theirs=theirs)


def _sealed(request: HttpRequest) -> Drawn | None:
    try:
        return drawing.unseal(request.POST.get("accepted", ""))
    except Refused:
        return None


def _page(
    request: HttpRequest,
    record: Hotspot,
    rows: list[Boundary],
    form: RedrawForm,
    shape_form: ShapeForm,
    drawn: Drawn | None = None,
    *,
    theirs: Boundary | None = None,
) -> HttpResponse:
    """The form of the shape; with one that is drawn, what it would be, and the button that saves it."""
    who = viewer(request)
    day = form.cleaned_data.get("valid_from") if form.is_bound else None
    preview = None
    if drawn:
        preview = shape_previews.preview(
            drawn.shape,
            who,
            on=day or timezone.localdate(),
            besides=record.pk,
            before=shape_of(theirs) if theirs else _shape_on(record, day),
        )
        audit.read([one.record for one in preview.overlaps], by=who, how="page")
    context = {
        "record": record,
        "marking": marking_tag(record.marking).text,
        "versions": shape_previews.versions(rows),
        "form": form,
        "shape_form": shape_form,
        "preview": preview,
        "accepted": drawing.seal(drawn) if drawn else "",
        "theirs": theirs,
        # Who saves again does so knowing of the other boundary.
        "seen": theirs.pk if theirs else form["seen"].value(),
    }
    wrong = bool(form.errors or shape_form.errors)
    return render(request, "hotspots/register/redraw.html", context, status=422 if wrong else 200)


def _shape_form(request: HttpRequest, record: Hotspot, data: Any, *, shown: Drawn | None = None) -> ShapeForm:
    files = request.FILES if data is not None else None
    return ShapeForm(
        data, files, viewer=viewer(request), shown=shown.shape if shown else _shape_on(record, timezone.localdate())
    )


def _shape_on(record: Hotspot, day: date | None) -> shapely.Geometry | None:
    row = in_force([record.area_id], day or timezone.localdate()).get(record.area_id)
    return shape_of(row) if row else None


# --- Under the map --------------------------------------------------------------------------------------------------


@require_safe
@cache_control(private=True, max_age=3600)
def map_background(request: HttpRequest) -> HttpResponse:
    """Outlines of boroughs, wards and LSOAs, and the newest twelve months' map points, in `box` (west, south, east,
    north): {"outlines": {kind: [GeoJSON geometry]}, "names": [[longitude, latitude, ward's name]],
    "points": [[longitude, latitude, rows]]}. The wider, the coarser.
    """
    try:
        west, south, east, north = map(float, request.GET.get("box", "").split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError
    except ValueError:
        return HttpResponseBadRequest(
            "The address needs box=west,south,east,north in degrees.", content_type="text/plain"
        )
    box = shapely.box(west, south, east, north)
    kinds = [Area.Kind.BOROUGH]
    if east - west <= MIDDLING:
        kinds.append(Area.Kind.WARD)
    if is_fine := east - west <= FINE:
        kinds.append(Area.Kind.LSOA)
    outlines, names = _outlines(box, kinds)
    return JsonResponse({"outlines": outlines, "names": names, "points": _points(box) if is_fine else []})


def _outlines(
    box: shapely.Geometry, kinds: list[Area.Kind]
) -> tuple[dict[str, list[Any]], list[tuple[float, float, str]]]:
    west, south, east, north = box.bounds
    today = timezone.localdate()
    rows = Boundary.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today),
        Q(valid_from=None) | Q(valid_from__lte=today),
        Q(area__valid_to=None) | Q(area__valid_to__gt=today),
        area__kind__in=kinds,
        west__lte=east,
        east__gte=west,
        south__lte=north,
        north__gte=south,
    )
    found: dict[str, list[Any]] = {}
    names = []
    for kind, name, outline in rows.order_by("area__code").values_list("area__kind", "area__name", "outline"):
        found.setdefault(kind, []).append(outline)
        if kind == Area.Kind.WARD:
            # In the middle of what the map shows of the ward.
            seen = shapely.intersection(shapely.make_valid(shapely.geometry.shape(outline)), box)
            if not seen.is_empty:
                at = seen.representative_point()
                names.append((round(at.x, 5), round(at.y, 5), name))
    return found, names


def _points(box: shapely.Geometry) -> list[list[float]]:
    rows = points.near([box], points.newest_months(shape_previews.MONTHS))
    tally = rows.group_by("lon", "lat").agg(pl.col("rows").sum()).sort("rows", "lon", "lat", descending=True)
    return [[lon / MICRO, lat / MICRO, count] for lon, lat, count in tally.head(MOST_POINTS).iter_rows()]
