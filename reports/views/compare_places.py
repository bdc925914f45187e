"""Up to four places side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hotspots.models import Hotspot
from hotspots.register.queries import places
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking
from reports.forms.compare_places import ComparePlacesForm
from reports.pages import compare_places as page
from reports.presenters import compare_places as presenter


@require_safe
@never_cache
def compare_places(request: HttpRequest) -> HttpResponse:
    """The places that the address names, side by side, above a list to choose from."""
    asks = viewer(request)
    shown = {one.pk: one for one in places(asks).exclude(status=Hotspot.Status.ARCHIVED).order_by("name", "pk")}
    form = ComparePlacesForm(request.GET, places=[(pk, one.name) for pk, one in shown.items()])
    context: dict[str, Any] = {"form": form, "any": bool(shown)}
    if not form.is_valid():
        return render(request, "reports/compare_places.html", context, status=400)
    chosen = [shown[pk] for pk in form.cleaned_data["place"]]
    if chosen:
        found = page.compared(chosen, timezone.localdate())
        context |= {
            "heads": presenter.heads(found),
            "rows": presenter.rows(found),
            "span": presenter.span(found),
        }
    # The list names them all.
    context["marking"] = highest_marking(shown.values())
    audit.read(list(shown.values()), by=asks, how="list")
    return render(request, "reports/compare_places.html", context)
