"""One record of activity: its page, and its status."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from interventions import actions, presenters, queries
from interventions.models import Intervention
from partners import audit
from partners.access import viewer
from partners.roles import Permission
from partners.visibility import Viewer

_NOT_HERE = "There is no such record of activity, or it is not shared with you."


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is shown of a record to this reader, and what the reader may do with it."""
    asks = viewer(request)
    record = queries.record(asks, pk)
    if record is None:
        raise Http404(_NOT_HERE)
    changeable = queries.changeable(asks, pk) is not None
    own = record.owner_id in asks.agencies_with_parts(Permission.SEE)
    context = {
        "record": record,
        "row": presenters.row(record),
        "parts": presenters.parts(record),
        "own": own,
        "may_change": changeable,
        "statuses": presenters.other_statuses(record) if changeable else [],
        "may_break_glass": bool(record.withheld) and asks.may(Permission.BREAK_GLASS),
    }
    audit.read([record], by=asks, how="page")
    return render(request, "interventions/detail.html", context)


@require_POST
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a record as done, cancelled or planned again."""
    asks = viewer(request)
    _to_change(asks, pk)
    try:
        record = actions.set_status(by=asks, pk=pk, status=request.POST.get("status", ""))
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The activity is {record.get_status_display().lower()}.")
    return redirect("interventions:detail", pk=pk)


def _to_change(asks: Viewer, pk: int) -> Intervention:
    """The record, whole. 404 where it is not shown at all, 403 where it is shown and not the reader's to change."""
    record = queries.changeable(asks, pk)
    if record is None:
        if queries.record(asks, pk) is None:
            raise Http404(_NOT_HERE)
        raise PermissionDenied("Only the agency whose record this is can change it: those who added it, and its leads.")
    return record
