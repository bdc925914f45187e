"""The board of a twelve-month plan, and its lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interventions.models import YearPlan, YearPlanItem
from interventions.year_plans import actions, presenters, queries
from interventions.year_plans.forms import ItemForm
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag

_NOT_HERE = "There is no such twelve-month plan, or it is not shared with you."
_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Twelve months by three lanes."""
    asks = viewer(request)
    plan = _seen(request, pk)
    items = queries.items(plan)
    days = queries.days(asks, items)
    context = {
        "plan": plan,
        "months": presenters.board(plan, items, days, timezone.localdate()),
        "lanes": presenters.by_lane(items),
        "strands": presenters.by_strand(items),
        "may_change": queries.may_change(asks, pk),
        "marking": marking_tag(plan.marking).text,
    }
    audit.read([plan, *days.values()], by=asks, how="page")
    return render(request, "interventions/year_plans/board.html", context)


@require_http_methods(_ASKS_AND_DOES)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a new line; the address may name its month and lane."""
    plan = _changed(request, pk)
    initial = {"status": YearPlanItem.Status.PLANNED, "strand": "prevent"}
    initial |= {name: request.GET[name] for name in ("month", "lane") if request.GET.get(name)}

    def act(said: dict[str, Any]) -> str:
        actions.add_items(by=viewer(request), plan=pk, lines=[said])
        return "The line is added."

    return _form(request, plan, initial, act, None)


@require_http_methods(_ASKS_AND_DOES)
def change(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The form for a line."""
    plan = _changed(request, pk)
    line = _line(plan, item)

    def act(said: dict[str, Any]) -> str:
        if said["day"] == (str(line.day_id) if line.day_id else None):
            del said["day"]  # it may be one that this person does not see
        actions.change_item(by=viewer(request), plan=pk, item=item, **said)
        return "The line is changed."

    return _form(request, plan, ItemForm.initial_of(line), act, line)


@require_POST
def status(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Marks a line as planned, done or dropped."""
    _line(_changed(request, pk), item)
    try:
        actions.change_item(by=viewer(request), plan=pk, item=item, status=request.POST.get("status", ""))
    except ValueError as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('interventions:year', args=[pk])}#line-{item}")


@require_POST
def remove(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Takes a line out of the plan."""
    line = _line(_changed(request, pk), item)
    try:
        actions.remove_item(by=viewer(request), plan=pk, item=item)
    except ValueError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"“{line.text}” is no longer in the plan.")
    return redirect("interventions:year", pk=pk)


def _form(
    request: HttpRequest,
    plan: YearPlan,
    initial: dict[str, Any],
    act: Callable[[dict[str, Any]], str],
    line: YearPlanItem | None,
) -> HttpResponse:
    asks = viewer(request)
    form = ItemForm(request.POST if request.method == "POST" else None, initial=initial)
    form.offer(plan, queries.agencies(), queries.days_to_link(asks, plan), line)
    if request.method == "POST" and form.is_valid():
        try:
            done = act(form.said())
        except ValueError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("interventions:year", pk=plan.pk)
    context = {"form": form, "plan": plan, "line": line, "marking": marking_tag(plan.marking).text}
    return render(
        request, "interventions/year_plans/item.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _seen(request: HttpRequest, pk: int) -> YearPlan:
    plan = queries.plan(viewer(request), pk)
    if plan is None:
        raise Http404(_NOT_HERE)
    return plan


def _changed(request: HttpRequest, pk: int) -> YearPlan:
    plan = _seen(request, pk)
    if not queries.may_change(viewer(request), pk):
        raise PermissionDenied(f"Only {plan.owner} can change this plan: who added it, and its analysts and leads.")
    return plan


def _line(plan: YearPlan, item: int) -> YearPlanItem:
    line = YearPlanItem.objects.filter(record_id=plan.pk, pk=item).first()
    if line is None:
        raise Http404("There is no such line in this plan.")
    return line
