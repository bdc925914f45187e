"""Drafting a twelve-month plan from the analysis: proposals to tick."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hotspots.words import month_name, plural
from interventions.law.year_plan import months_of
from interventions.models import Intervention, YearPlanItem
from interventions.year_plans import actions
from interventions.year_plans import queries as plans
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from reports.calc.year_peaks import LEAST, YEARS
from reports.year_plan_draft import proposals


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The months that are not over with what is proposed for each; what a person ticks is kept, as proposed."""
    asks = viewer(request)
    plan = plans.plan(asks, pk)
    if plan is None:
        raise Http404("There is no such twelve-month plan, or it is not shared with you.")
    if not plans.may_change(asks, pk):
        raise PermissionDenied(f"Only {plan.owner} can change this plan: who added it, and its analysts and leads.")
    items = plans.items(plan)
    there = {(one.month, one.lane, one.text) for one in items}
    this_month = timezone.localdate().replace(day=1)
    proposed = proposals(asks, plan, items)
    found = [one for one in proposed if one.month >= this_month and (one.month, one.lane, one.text) not in there]
    problem = ""
    if request.method == "POST":
        ticked = set(request.POST.getlist("keep"))
        kept = [one for one in found if one.key in ticked]
        lines = [
            {name: getattr(one, name) for name in ("month", "lane", "strand", "text", "reason")}
            | {"status": YearPlanItem.Status.PROPOSED}
            for one in kept
        ]
        try:
            if not kept:
                raise ValueError("Tick at least one line, or go back to the plan.")
            actions.add_items(by=asks, plan=pk, lines=lines)
        except ValueError as refused:
            problem = str(refused)
        else:
            messages.success(request, f"Kept: {plural(len(kept), 'line')}. Change them as you agree on them.")
            return redirect("interventions:year", pk=pk)
    labels, strands = dict(YearPlanItem.Lane.choices), dict(Intervention.Strand.choices)
    by_month = {month: list(rows) for month, rows in groupby(found, key=lambda one: one.month)}
    context = {
        "plan": plan,
        "problem": problem,
        "has_peaks": any(one.peak for one in proposed),
        "years": YEARS,
        "least": LEAST,
        "marking": marking_tag(plan.marking).text,
        "months": [
            {
                "name": month_name(month),
                "there": "; ".join(one.text for one in items if one.month == month),
                "rows": [
                    {
                        "one": one,
                        "lane": labels[one.lane],
                        "strand": strands[one.strand],
                    }
                    for one in by_month.get(month, [])
                ],
            }
            for month in months_of(plan.first_day)
            if month >= this_month
        ],
    }
    audit.read([plan], by=asks, how="page")
    return render(request, "reports/year_plan_draft.html", context, status=422 if problem else 200)
