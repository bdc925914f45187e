"""The gate of a phase: what figures say, what a meeting answers and decides; and what would bring a place back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hotspots.models import Hotspot, PhasePeriod, ReentryAlert, ReentryTrigger
from hotspots.phases import actions, presenters, queries
from hotspots.phases.actions import Snapshot
from hotspots.phases.forms import GateForm, TriggerForm, seen_of
from hotspots.register import queries as register
from hotspots.register.views import NOT_HERE
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import ChangedMeanwhile, Refused
from reports import triggers as reentry
from reports.evidence import evidence, mark
from reports.presenters import gate as presenter

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_KEEPERS = "Analysts, SNT leads and managers of the lead agency write down what was decided. Ask one of them."


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def gate(request: HttpRequest, pk: int, period: int) -> HttpResponse:
    """The gate of a period: its questions beside the evidence, and the decisions that were made.

    What is kept is the evidence as the page showed it: where figures changed in between, it is shown again first.
    """
    place, may_change = _place(request, pk)
    row = PhasePeriod.objects.select_related("lead").filter(hotspot=place, pk=period).first()
    if row is None:
        raise Http404("There is no such phase of this hotspot.")
    if request.method == "POST" and not may_change:
        raise PermissionDenied(_KEEPERS)
    today = timezone.localdate()
    snapshot = evidence(place, today)
    form = None
    if may_change and row.ends is None:
        initial = {"decided_on": today, "shown": mark(snapshot)}
        data = request.POST if request.method == "POST" else None
        form = GateForm(data, period=row, questions=queries.questions(row.phase), initial=initial)
        if request.method == "POST" and _decided(request, form, row, snapshot):
            return redirect("hotspots:phases", pk=pk)
    elif request.method == "POST":
        messages.error(request, "This phase has ended: its gate was decided, or it was stopped, meanwhile.")
        return redirect("hotspots:phases", pk=pk)
    audit.read([place], by=viewer(request), how="page")
    context = {
        "place": place,
        "marking": marking_tag(place.marking).text,
        "band": presenters.band(row, today),
        "overdue": presenters.overdue_tag(),
        "form": form,
        "sentences": presenter.sentences(snapshot.facts),
        "source": snapshot.facts[0].source if snapshot.facts else "",
        "decisions": presenter.decisions([one for one in queries.decisions(place) if one.period_id == row.pk]),
        "withheld": "gates" in place.withheld,
    }
    return render(request, "reports/gate.html", context, status=422 if form and form.errors else 200)


def _decided(request: HttpRequest, form: GateForm, row: PhasePeriod, snapshot: Snapshot) -> bool:
    """Writes down a decision, where the form is right and the evidence is what the page showed."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    if given["shown"] != mark(snapshot):
        form.resay("shown", mark(snapshot))
        form.add_error(None, "The figures changed while this page was open. Read the evidence again, then save again.")
        return False
    said = ("outcome", "to_phase", "decided_on", "chair", "meeting", "reasons", "dissent", "keep_going", "planned_end")
    try:
        decision = actions.decide_gate(
            by=viewer(request),
            period=row.pk,
            answers=form.answers(),
            evidence=snapshot,
            seen=form.opened_at() or row.created_at,
            **{name: given[name] for name in said},
        )
    except ChangedMeanwhile as meanwhile:
        form.resay("seen", seen_of(PhasePeriod.objects.get(pk=row.pk)))
        form.add_error(None, f"{meanwhile} Look at the phases again, and save once more if it still holds.")
        return False
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, f"The decision of {decision.meeting} was written down, with the evidence as it stands.")
    return True


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def triggers(request: HttpRequest, pk: int) -> HttpResponse:
    """What would bring a place back, the alerts that it raised, and the form for another trigger."""
    place, may_change = _place(request, pk)
    form = TriggerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied("Analysts, SNT leads and managers of the lead agency keep triggers.")
        if _kept(request, place, form):
            return redirect("reports:triggers", pk=pk)
    audit.read([place], by=viewer(request), how="page")
    context = {
        "place": place,
        "marking": marking_tag(place.marking).text,
        "triggers": presenter.triggers(queries.triggers(place)),
        "form": form if may_change else None,
        "has_baseline": place.baseline_from is not None,
    }
    return render(request, "reports/triggers.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, place: Hotspot, form: TriggerForm) -> bool:
    """Does what was asked with triggers and alerts; False where the form for another trigger has errors."""
    who, wanted = viewer(request), request.POST
    try:
        if wanted.get("do") == "end":
            actions.end_trigger(by=who, pk=_own(ReentryTrigger, wanted.get("trigger"), hotspot=place))
            messages.success(request, "The trigger was ended.")
        elif wanted.get("do") == "acknowledge":
            actions.acknowledge_alert(by=who, pk=_own(ReentryAlert, wanted.get("alert"), trigger__hotspot=place))
            messages.success(request, "The alert was acknowledged.")
        elif form.is_valid():
            given = form.cleaned_data
            actions.set_trigger(by=who, place=place.pk, category=given["category"], months=given["months"])
            raised = reentry.evaluate([place.pk])
            messages.success(request, f"The trigger was set.{' It is met already.' if raised else ''}")
        else:
            return False
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _own(model: Any, number: str | None, **where: Any) -> int:
    """The pk of a row of the place. Raises Http404 for a number that is none of its own."""
    found = model.objects.filter(pk=number, **where).first() if (number or "").isdecimal() else None
    if found is None:
        raise Http404("There is no such thing at this hotspot.")
    return int(found.pk)


def _place(request: HttpRequest, pk: int) -> tuple[Hotspot, bool]:
    """A hotspot that the reader sees, and whether it is the reader's to change. Raises Http404."""
    who = viewer(request)
    place = register.place(who, pk)
    if place is None or place.kind != Hotspot.Kind.HOTSPOT:
        raise Http404(NOT_HERE)
    open_to_change = place.status != Hotspot.Status.ARCHIVED
    return place, open_to_change and register.changeable(who, pk) is not None
