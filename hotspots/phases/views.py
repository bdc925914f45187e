"""Pages of phases: the periods of a place, the forms that change them, and the questions that gates ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hotspots.models import GateQuestion, Hotspot, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases import actions, presenters, queries
from hotspots.phases.forms import ChangeForm, PlanForm, QuestionForm, RefusableForm, RemoveForm, StopForm, seen_of
from hotspots.register import queries as register
from hotspots.register.views import NOT_HERE, to_change
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.refusals import ChangedMeanwhile, Refused
from partners.roles import Permission

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]


@require_safe
@never_cache
def phases(request: HttpRequest, pk: int) -> HttpResponse:
    """Every period of a place: what goes on first, then the newest first."""
    who = viewer(request)
    place = register.place(who, pk)
    if place is None:
        raise Http404(NOT_HERE)
    audit.read([place], by=who, how="page")
    found = queries.periods([place]).get(place.pk, [])
    keeps = place.kind == Hotspot.Kind.HOTSPOT and place.status != Hotspot.Status.ARCHIVED
    may_change = keeps and register.changeable(who, pk) is not None
    context = {
        "place": place,
        "profile": f"/hotspots/{pk}/",
        "marking": marking_tag(place.marking).text,
        "bands": presenters.bands(found, timezone.localdate()),
        "overdue": presenters.overdue_tag(),
        "has_phases": place.kind == Hotspot.Kind.HOTSPOT,
        "may_change": may_change,
        "decided": queries.decided(place) if may_change else set(),
        "sees_gates": "gates" not in place.withheld,
    }
    return render(request, "hotspots/phases/list.html", context)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts a phase; `phase` in the address chooses it."""
    place = to_change(viewer(request), pk)
    initial = {"phase": request.GET.get("phase", ""), "starts": timezone.localdate()}
    form = _with_leads(PlanForm(request.POST or None, initial=initial), place)

    def act() -> str:
        given = form.cleaned_data
        period = actions.start_phase(
            by=viewer(request),
            place=pk,
            phase=given["phase"],
            plan=form.plan(),
            knowingly=given["knowingly"],
        )
        return f"{period.get_phase_display()} was started."

    return _form(request, form, act, place, "Start a phase", "Start the phase")


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def change(request: HttpRequest, pk: int, period: int) -> HttpResponse:
    """What is said of a period. Where somebody else saved it meanwhile, that is said, and nothing is saved."""
    place, row = _period(request, pk, period)
    form = ChangeForm(request.POST or None, period=row)
    _with_leads(form, place)

    def act() -> str:
        given = form.cleaned_data
        plan = {name: given[name] for name in actions.Plan.__dataclass_fields__}
        actions.change_period(
            by=viewer(request),
            pk=period,
            seen=form.opened_at() or row.created_at,
            ends=given.get("ends"),
            reason=given["reason"],
            **plan,
        )
        return f"{row.get_phase_display()} was changed."

    title = f"Change {row.get_phase_display()}"
    return _form(request, form, act, place, title, "Save the change", period=row)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def stop(request: HttpRequest, pk: int, period: int) -> HttpResponse:
    """Ends a period without a gate."""
    place, row = _period(request, pk, period)
    form = StopForm(request.POST or None, initial={"ends": timezone.localdate()})

    def act() -> str:
        actions.stop_phase(
            by=viewer(request), pk=period, ends=form.cleaned_data["ends"], reason=form.cleaned_data["reason"]
        )
        return f"{row.get_phase_display()} was stopped."

    return _form(request, form, act, place, f"Stop {row.get_phase_display()}", "Stop the phase", period=row)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def remove(request: HttpRequest, pk: int, period: int) -> HttpResponse:
    """Removes a period that was entered by mistake."""
    place, row = _period(request, pk, period)
    form = RemoveForm(request.POST or None)

    def act() -> str:
        actions.remove_period(by=viewer(request), pk=period, reason=form.cleaned_data["reason"])
        return f"{row.get_phase_display()} was removed."

    return _form(request, form, act, place, f"Remove {row.get_phase_display()}", "Remove the phase", period=row)


def _form(
    request: HttpRequest,
    form: RefusableForm,
    act: Callable[[], str],
    place: Hotspot,
    title: str,
    button: str,
    period: PhasePeriod | None = None,
) -> HttpResponse:
    """The page of a form; once it is right, `act` does it, says what it did, and leads to the phases."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except ChangedMeanwhile as meanwhile:
            form.add_error(None, f"{meanwhile} Look at the phases again, and save once more to keep what you wrote.")
            form.resay("seen", seen_of(PhasePeriod.objects.get(pk=period.pk)) if period else "")
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect("hotspots:phases", pk=place.pk)
    elif request.method != "POST":
        audit.read([place], by=viewer(request), how="page")
    context = {
        "form": form,
        "title": title,
        "button": button,
        "place": place,
        "marking": marking_tag(place.marking).text,
        "when": presenters.when(period, timezone.localdate()) if period else "",
    }
    return render(request, "hotspots/phases/form.html", context, status=422 if form.errors else 200)


def _with_leads(form: Any, place: Hotspot) -> Any:
    form.fields["lead"].queryset = queries.leads(place)
    return form


def _period(request: HttpRequest, pk: int, period: int) -> tuple[Hotspot, PhasePeriod]:
    place = to_change(viewer(request), pk)
    row = PhasePeriod.objects.select_related("lead").filter(hotspot=place, pk=period).first()
    if row is None:
        raise Http404("There is no such phase of this hotspot.")
    return place, row


# --- The questions that gates ask ---------------------------------------------------------------------------------


@require_safe
@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of every gate: for everybody to read, for administrators of the partnership to keep."""
    context = {
        "asked": presenters.asked(queries.questions()),
        "may_keep": viewer(request).may(Permission.MANAGE_AGENCIES),
    }
    return render(request, "hotspots/phases/questions.html", context)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def add_question(request: HttpRequest, phase: str) -> HttpResponse:
    """A new question of a gate."""
    _keeps_questions(request)
    if phase not in Phase.values:
        raise Http404("There is no such phase.")
    form = QuestionForm(request.POST or None)
    return _question_form(request, form, None, phase, f"Add a question to the gate of {Phase(phase).label}")


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def reword_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question in other words: decisions that were made keep the old ones."""
    _keeps_questions(request)
    question = _question(pk)
    form = QuestionForm(request.POST or None, initial={"text": question.text})
    return _question_form(request, form, question, question.phase, "Ask in other words")


def _question_form(
    request: HttpRequest, form: QuestionForm, question: GateQuestion | None, phase: str, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_question(
                by=viewer(request),
                phase=phase,
                text=form.cleaned_data["text"],
                instead_of=question.pk if question else None,
            )
        except GateQuestion.DoesNotExist:
            form.add_error(None, "Somebody changed this question meanwhile. Open the questions again.")
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "The question was saved.")
            return redirect("hotspots:gate-questions")
    context = {"form": form, "title": title, "phase": Phase(phase).label}
    return render(request, "hotspots/phases/question.html", context, status=422 if form.errors else 200)


@require_POST
def move_question(request: HttpRequest, pk: int) -> HttpResponse:
    """One place earlier (`way` "up") or later."""
    _keeps_questions(request)
    question = _question(pk)
    actions.move_question(by=viewer(request), pk=question.pk, up=request.POST.get("way") == "up")
    return redirect("hotspots:gate-questions")


@require_POST
def retire_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question is asked no more."""
    _keeps_questions(request)
    question = _question(pk)
    actions.retire_question(by=viewer(request), pk=question.pk)
    messages.success(request, f"“{question.text}” is not asked any more. Decisions that were made keep their answers.")
    return redirect("hotspots:gate-questions")


def _question(pk: int) -> GateQuestion:
    found = GateQuestion.objects.filter(pk=pk, is_asked=True).first()
    if found is None:
        raise Http404("There is no such question, or it is not asked any more.")
    return found


def _keeps_questions(request: HttpRequest) -> None:
    if not viewer(request).may(Permission.MANAGE_AGENCIES):
        raise PermissionDenied("The partnership’s administrators keep the gate questions. Ask one of them.")
