"""What a hotspot is compared with: shown, proposed, accepted, ended."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hotspots.comparisons import actions, queries
from hotspots.models import ComparisonPlace, Hotspot
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import Refused
from partners.visibility import Viewer
from reports import comparing
from reports.forms.place import AcceptForm
from reports.presenters import comparison_places as presenter
from reports.views.place import seen

_ONLY_KEEPERS = (
    "Only analysts, SNT leads and managers of the agency whose place this is choose what it is compared with."
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """The comparison places of a hotspot and, for those who may accept them, proposals."""
    asks = viewer(request)
    record = seen(asks, pk)
    may_change = _may_change(asks, pk)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not may_change:
        raise PermissionDenied(_ONLY_KEEPERS)
    every = queries.comparison_places(record)
    current = [one for one in every if one.ended_at is None]
    found = comparing.compared(record, current, asks, timezone.localdate(), propose=may_change)
    if request.method == "POST" and form.is_valid():
        chosen = next((one for one in found.proposals if " ".join(one.codes) == form.cleaned_data["codes"]), None)
        if chosen is None:
            form.add_error(None, "This place is no longer proposed: the figures or the hotspots changed. Choose again.")
        else:
            try:
                _accept(asks, pk, chosen, form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error("reason", str(refused))
            else:
                messages.success(request, f"It is now compared with {chosen.name}.")
                return redirect("reports:comparison", pk=pk)
    called = f"this {Hotspot.Kind(record.kind).label.lower()}"
    context = {
        "place": record,
        "marking": marking_tag(record.marking),
        "page": presenter.comparison_page(found, [one for one in every if one.ended_at], called),
        "form": form,
        # A refused reason stands again at the proposal that it was given for.
        "refused": form.data.get("codes", "") if form.errors else "",
        "may_change": may_change,
    }
    audit.read([record], by=asks, how="page")
    return render(request, "reports/place_comparison.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: HttpRequest, pk: int, comparison: int) -> HttpResponse:
    """Ends one comparison."""
    asks = viewer(request)
    seen(asks, pk)
    if not _may_change(asks, pk):
        raise PermissionDenied(_ONLY_KEEPERS)
    try:
        ended = actions.end_comparison_place(by=asks, pk=pk, comparison=comparison)
    except ComparisonPlace.DoesNotExist as problem:
        raise Http404("This place was never compared with that one.") from problem
    messages.success(request, f"It is no longer compared with {ended.name}.")
    return redirect("reports:comparison", pk=pk)


def _may_change(asks: Viewer, pk: int) -> bool:
    return bool(Hotspot.objects.changeable_by(asks).filter(pk=pk).exists())


def _accept(asks: Viewer, pk: int, chosen: comparing.Other, reason: str) -> None:
    actions.accept_comparison_place(
        by=asks,
        pk=pk,
        name=chosen.name,
        lsoa_codes=chosen.codes,
        level_ratio=chosen.likeness.level_ratio,
        trend_difference=chosen.likeness.trend_difference,
        mix_difference=chosen.likeness.mix_difference,
        reason=reason,
    )
