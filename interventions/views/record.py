"""One record of activity: seen, added, changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hotspots.models import Area
from hotspots.queries import wards_in_force
from interventions import actions, presenters, queries
from interventions.forms import ActivityForm
from interventions.models import Intervention
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
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


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form for a new record."""
    asks = viewer(request)
    if not asks.may(Permission.ADD):
        raise PermissionDenied(
            "Nothing can be added while you look as somebody else."
            if asks.looking_as
            else "Contributors, analysts, SNT leads and managers of an agency add activity. Ask its administrator."
        )
    form = ActivityForm(request.POST if request.method == "POST" else None, viewer=asks, wards=_wards())
    if request.method == "POST" and form.is_valid():
        try:
            record = actions.add_intervention(by=asks, owner=form.cleaned_data["owner"], content=form.content())
        except actions.Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _saved(record, form, "added"))
            return redirect("interventions:detail", pk=record.pk)
    return _form(request, form, None, {})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a record. Where somebody else saved it meanwhile, both versions are shown, and nothing is saved."""
    asks = viewer(request)
    record = _to_change(asks, pk)
    form = ActivityForm(request.POST if request.method == "POST" else None, viewer=asks, wards=_wards(), record=record)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        seen = form.opened_at()
        try:
            changed = actions.change_intervention(by=asks, pk=pk, seen=seen or record.created_at, **form.said())
        except actions.ChangedMeanwhile as meanwhile:
            form.add_error(None, f"{meanwhile} Compare below; save again to keep what you wrote.")
            context["theirs"] = presenters.parts(_to_change(asks, pk))
            # Saving once more is done knowingly.
            form.data = QueryDict(mutable=True)
            form.data.update(request.POST)
            form.data["seen"] = form.initial["seen"]
        except actions.Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _saved(changed, form, "changed"))
            return redirect("interventions:detail", pk=pk)
    else:
        audit.read([record], by=asks, how="page")
    return _form(request, form, record, context)


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


def _show(form: ActivityForm, refused: actions.Refused) -> None:
    """Puts a sentence beside the field that it is about."""
    fields = {"longitude": "point", "latitude": "point", "starts": "starts_day", "ends": "ends_day"}
    name = fields.get(refused.field, refused.field)
    form.add_error(name if name in form.fields else None, str(refused))


def _saved(record: Intervention, form: ActivityForm, what: str) -> str:
    said = f"The activity is {what}."
    if record.audience != form.cleaned_data["audience"]:
        said += " As a planned warrant it is for the owning team only, until it is marked as done."
    return said


def _form(request: HttpRequest, form: ActivityForm, record: Intervention | None, more: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "record": record, "marking": marking_tag(record.marking).text if record else ""}
    return render(request, "interventions/form.html", {**context, **more}, status=422 if form.errors else 200)


def _wards() -> list[Area]:
    return list(wards_in_force(timezone.localdate()).filter(parent__isnull=False))
