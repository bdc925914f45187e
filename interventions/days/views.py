"""Pages of days of action beside the record's own: the year, an agency's answer and results, the briefing, and what the
public may know."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from interventions import rows
from interventions.calc.periods import months_after
from interventions.days import actions, presenters, public, queries
from interventions.days.forms import AnswerForm, ResultsForm
from interventions.models import DayAgency, DayOfAction
from interventions.presenters import when
from interventions.queries import hotspots_of
from interventions.registers import DAY
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking, marking_tag
from partners.models import Agency
from partners.refusals import Refused
from partners.roles import Permission

_NOT_HERE = "There is no such day of action, or it is not shared with you."
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Twelve months: what was planned beside what was held, and the days that wait for an answer."""
    asks, today = viewer(request), timezone.localdate()
    said = request.GET.get("from", "")
    first = date.fromisoformat(f"{said}-01") if _MONTH.fullmatch(said) else date(today.year, 1, 1)
    found = queries.in_year(asks, first)
    waiting = queries.waiting_for(asks, asks.agencies_with_parts(Permission.ADD))
    asked = {one.pk: one for one in queries.days(asks).filter(pk__in=[row.record_id for row in waiting])}
    months = presenters.year(found, first, today)
    shown = [*found, *(one for one in asked.values() if one not in found)]
    audit.read(shown, by=asks, how="list")
    context = {
        "months": months,
        "held": sum(one.held for one in months),
        "planned": sum(one.planned for one in months),
        "empty": sum(not one.planned for one in months),
        "first": months[0].name,
        "last": months[-1].name,
        "before": f"{months_after(first, -12):%Y-%m}" if first.year > 2000 else "",
        "after": f"{months_after(first, 12):%Y-%m}" if first.year < 2098 else "",
        "waiting": [
            (row.agency.name, asked[row.record_id], f"{_address('answer', row.record_id)}?agency={row.agency_id}")
            for row in waiting
            if row.record_id in asked
        ],
        "may_add": asks.may(Permission.ADD),
        "marking": highest_marking(shown),
    }
    return render(request, "interventions/days/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An agency that was asked says whether it takes part."""
    asks = viewer(request)
    day = _day(request, pk)
    asked = list(DayAgency.objects.filter(record=pk).select_related("agency"))
    mine = [one for one in asked if actions.may_answer(asks, one.agency_id)]
    row = _chosen(request, mine, "Only people of an agency that is asked, who may add its records, answer for it.")
    initial = {name: getattr(row, name) for name in ("people", "hours", "role")}
    if row.answer != DayAgency.Answer.ASKED:
        initial["answer"] = row.answer
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_day(by=asks, pk=pk, agency=row.agency, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            yes = form.cleaned_data["answer"] == DayAgency.Answer.ACCEPTED
            messages.success(request, f"{row.agency} {'takes' if yes else 'does not take'} part.")
            return redirect("interventions:detail", pk=pk)
    audit.read([day], by=asks, how="page")
    context = _context(day, row.agency, [one.agency for one in mine], "answer") | {"form": form}
    return render(request, "interventions/days/answer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What one agency counted."""
    asks = viewer(request)
    day = _day(request, pk)
    whole = queries.whole(day)
    taking_part = [one.agency for one in whole.agencies]
    if day.owner not in taking_part:
        taking_part.append(day.owner)
    mine = [agency for agency in taking_part if actions.may_report(asks, agency.pk, day)]
    own = [DayAgency(agency=agency) for agency in mine]
    agency = _chosen(request, own, "Only people of an agency that takes part, who may add its records, report.").agency
    reported = [one for one in whole.results if one.agency_id == agency.pk]
    form = ResultsForm(request.POST if request.method == "POST" else None, reported=reported)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.report_results(by=asks, pk=pk, agency=agency, results=form.results())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{len(made)} results of {agency} are reported.")
            return redirect("interventions:detail", pk=pk)
    audit.read([day], by=asks, how="page")
    context = _context(day, agency, mine, "results") | {"form": form, "begun": day.starts <= asks.now}
    return render(request, "interventions/days/results.html", context, status=422 if form.errors else 200)


@require_safe
def briefing(request: HttpRequest, pk: int) -> HttpResponse:
    """The briefing sheet: what somebody who takes part has to know, on A4."""
    asks = viewer(request)
    day = _day(request, pk)
    whole = queries.whole(day)
    hotspots = list(hotspots_of(asks, pk))
    context = {
        "day": day,
        "whole": whole,
        "when": when(day.starts, day.ends),
        "wards": sorted(ward.name for ward in day.wards.all()),
        "hotspots": hotspots,
        "strength": presenters.strength(whole.agencies),
        "withheld": "briefing" in day.withheld,
        "items": rows.shown(DAY.part["items"], day, whole.items),
        "marking": marking_tag(day.marking).text,
    }
    audit.read([day, *hotspots], by=asks, how="page")
    return render(request, "interventions/days/briefing.html", context)


@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be published of a day, to look at before it is."""
    day = _day(request, pk)
    audit.read([day], by=viewer(request), how="page")
    why_not = public.why_not(day)
    context = {"day": day, "why_not": why_not, "summary": None if why_not else _summary(day)}
    return render(request, "interventions/days/summary.html", context)


@require_safe
def summary_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as plain text, to be sent out. 404 where nothing may be published."""
    day = _day(request, pk)
    if why_not := public.why_not(day):
        raise Http404(why_not)
    audit.read([day], by=viewer(request), how="publication")
    return HttpResponse(
        _summary(day).as_text(),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="day-of-action-{day.first_day}.txt"'},
    )


def _summary(day: DayOfAction) -> public.Summary:
    whole = queries.whole(day)
    return public.summary(day, whole.agencies, whole.results)


def _day(request: HttpRequest, pk: int) -> DayOfAction:
    found = queries.day(viewer(request), pk)
    if found is None:
        raise Http404(_NOT_HERE)
    return found


def _chosen(request: HttpRequest, mine: list[DayAgency], who: str) -> DayAgency:
    """The row of the agency in the address, or the first of one's own. Raises PermissionDenied where there is none."""
    said = request.GET.get("agency", "")
    found = next((one for one in mine if not said or str(one.agency_id) == said), None)
    if found is None:
        raise PermissionDenied(who)
    return found


def _context(day: DayOfAction, agency: Agency, mine: list[Agency], page: str) -> dict[str, Any]:
    """What the forms of an agency have in common: the other agencies for which the reader may speak among it."""
    others = [(one.name, f"{_address(page, day.pk)}?agency={one.pk}") for one in mine if one != agency]
    return {
        "day": day,
        "agency": agency,
        "others": others,
        "when": when(day.starts, day.ends),
        "marking": marking_tag(day.marking).text,
    }


def _address(page: str, pk: int) -> str:
    return reverse(f"interventions:day-{page}", args=[pk])
