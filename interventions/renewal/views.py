"""The renewal planner of a PSPO: its dated steps, how it was used, what people answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from interventions.models import PublicSpacesOrder, RenewalStep
from interventions.renewal import actions, panels, presenters, queries
from interventions.renewal.forms import StepForm
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import Refused
from partners.visibility import Viewer

_NOT_HERE = "There is no such Public Spaces Protection Order, or it is not shared with you."
_KEEPERS = "Analysts, SNT leads and managers of the agency that keeps the order plan its renewal. Ask one of them."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """The planner; POST begins it."""
    asks = viewer(request)
    order = _order(asks, pk)
    if request.method == "POST":
        _check_may_keep(asks, order)
        try:
            actions.begin_renewal(by=asks, pk=pk)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "The renewal is planned. Change a step when it is done.")
        return redirect("interventions:renewal", pk=pk)
    steps = queries.steps(order)
    conditions = list(order.conditions.all())
    context = {
        "order": order,
        "marking": marking_tag(order.marking).text,
        "may_keep": _may_keep(asks, order),
        "panel": panels.renewal(asks, order, {}),
        "steps": presenters.step_rows(steps, timezone.localdate()),
        "use": panels.use(asks, order, {"conditions": conditions}),
        "responses": queries.responses(order),
    }
    audit.read([order], by=asks, how="page")
    return render(request, "interventions/renewal/planner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """The form on which one step is ticked off."""
    asks = viewer(request)
    order = _order(asks, pk)
    row = RenewalStep.objects.filter(pk=step, record=order.pk).first()
    if row is None:
        raise Http404(_NOT_HERE)
    _check_may_keep(asks, order)
    form = StepForm(request.POST or None, initial={"done_on": row.done_on or timezone.localdate(), "note": row.note})
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_step(by=asks, pk=pk, step=step, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return redirect("interventions:renewal", pk=pk)
    context: dict[str, Any] = {
        "order": order,
        "form": form,
        "marking": marking_tag(order.marking).text,
        "step": presenters.step_rows([row], timezone.localdate())[0],
    }
    audit.read([order], by=asks, how="page")
    return render(request, "interventions/renewal/step.html", context, status=422 if form.errors else 200)


def _order(asks: Viewer, pk: int) -> PublicSpacesOrder:
    order = queries.order_of(asks, pk)
    if order is None:
        raise Http404(_NOT_HERE)
    return order


def _may_keep(asks: Viewer, order: PublicSpacesOrder) -> bool:
    return bool(PublicSpacesOrder.objects.changeable_by(asks).filter(pk=order.pk).exists())


def _check_may_keep(asks: Viewer, order: PublicSpacesOrder) -> None:
    if not _may_keep(asks, order):
        raise PermissionDenied(_KEEPERS)
