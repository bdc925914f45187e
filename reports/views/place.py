"""The profile of a drawn place: a hotspot, or a watch place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hotspots.models import Hotspot
from partners import audit
from partners.access import viewer
from partners.presenters import job_row
from partners.roles import Permission
from partners.visibility import Viewer
from reports.forms.place import PlaceForm
from reports.pages import place as page
from reports.presenters import place as presenter
from reports.presenters.place_work import shown
from reports.schemes import UnknownCategory
from reports.views.kept import bad_request

NOT_HERE = "There is no such place, or it is not shared with you."


def seen(asks: Viewer, pk: int) -> Hotspot:
    """The place as its reader sees it, with owner, lead and partners. Raises Http404. Two queries."""
    places = Hotspot.objects.visible_to(asks).select_related("owner", "lead", "area", "ring")
    found: Hotspot | None = places.prefetch_related("partners").filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_HERE)
    return found


@require_safe
@never_cache
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is shown of a place to this reader. While it is being counted, how far that is."""
    asks = viewer(request)
    record = seen(asks, pk)
    form = PlaceForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), request.path)
    asked, today = form.cleaned_data, timezone.localdate()
    try:
        if request.htmx.target == "counting":  # type: ignore[attr-defined]  # set by django_htmx's middleware
            return _counting(request, record, page.is_counted(record, asked["boundary"], today))
        found = page.place_profile(record, asks, category=asked["category"], boundary=asked["boundary"], on=today)
    except page.NoSuchBoundary as problem:
        raise Http404(str(problem)) from problem
    except UnknownCategory as problem:
        return bad_request(request, str(problem), request.path)
    context = {
        "place": record,
        "page": presenter.place(found, asks.now),
        "is_counted": found.is_counted,
        "job": job_row(found.job) if found.job else None,
        "may_change": Hotspot.objects.changeable_by(asks).filter(pk=pk).exists(),
        "may_break_glass": bool(record.withheld) and asks.may(Permission.BREAK_GLASS),
        "may_add": asks.may(Permission.ADD),
    }
    audit.read([record, *shown(found.work, asks.now)], by=asks, how="page")
    return render(request, "reports/place.html", context)


def _counting(request: HttpRequest, record: Hotspot, is_counted: bool) -> HttpResponse:
    """How far the counting is, which holds nothing of the place; the whole page again when it is done."""
    if is_counted:
        return HttpResponse(headers={"HX-Refresh": "true"})
    job = page.counting_job(record)
    return render(request, "reports/_place_counting.html", {"job": job_row(job) if job else None})
