"""The action tracker: all actions that the reader sees, one of them, and a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from interventions.models import AgreedAction, Intervention
from interventions.queries import hotspots_of
from interventions.rights import who_adds
from interventions.tracker import actions, presenters, queries
from interventions.tracker.filters import ActionFilter
from interventions.tracker.forms import DoneForm, DropForm, MoveForm, PromiseForm
from partners import audit, csvs
from partners.access import viewer
from partners.markings import highest_marking
from partners.refusals import Refused
from partners.roles import Permission

PAGE_SIZE = 50
MOST = 5_000
_FORMS = {"done": DoneForm, "move": MoveForm, "drop": DropForm}
_DID = {"done": "The action is done.", "move": "The day is moved.", "drop": "The action is dropped."}


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """The actions by the filters of the address, open ones where nothing is said, and who promised and who did."""
    asks, today = viewer(request), timezone.localdate()
    asked = ActionFilter(request.GET, queryset=queries.actions(asks), viewer=asks)
    context: dict[str, Any] = {
        "form": asked.form,
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "may_add": asks.may(Permission.ADD),
        "query": request.GET.urlencode(),
    }
    if not asked.form.is_valid():
        return render(request, "interventions/tracker/list.html", context, status=400)
    page = Paginator(asked.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    around = queries.around(asks, found)
    context |= {
        "page": page,
        "rows": presenters.rows(found, around, today),
        "tallies": queries.tallies(asked.whatever_state, today),
        "marking": highest_marking(around.records),
    }
    audit.read(around.records, by=asks, how="list")
    return render(request, "interventions/tracker/list.html", context)


@require_safe
def file(request: HttpRequest) -> HttpResponseBase:
    """The same rows as CSV; filters that make no sense lead to the page, which says what is wrong."""
    asks, today = viewer(request), timezone.localdate()
    asked = ActionFilter(request.GET, queryset=queries.actions(asks), viewer=asks)
    if not asked.form.is_valid():
        return redirect(f"/activity/actions/?{request.GET.urlencode()}")
    found = list(asked.qs[:MOST])
    around = queries.around(asks, found)
    audit.read(around.records, by=asks, how="csv")
    return csvs.response("actions.csv", presenters.HEADER, (presenters.cells(one, around, today) for one in found))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form for a new action; `source` in the address is the number of the record that it comes out of."""
    asks = who_adds(request, "write actions down")
    source = _source(request)
    initial = {"hotspot": request.GET.get("hotspot", "")}
    if source is not None:
        initial["asked_by"] = str(source.owner_id)
        # What comes out of work at one place is mostly for that place.
        if not initial["hotspot"] and len(places := hotspots_of(asks, source.pk)[:2]) == 1:
            initial["hotspot"] = str(places[0].pk)
        audit.read([source], by=asks, how="page")
    form = PromiseForm(request.POST if request.method == "POST" else None, viewer=asks, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        hotspot = said.pop("hotspot")
        try:
            action = actions.promise_action(
                by=asks, **said, source=source.pk if source else None, hotspot=hotspot.pk if hotspot else None
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"Written down: {action.agency} promised it by {action.due_on:%-d %B %Y}.")
            if source is not None:
                return redirect("interventions:detail", pk=source.pk)
            return redirect("interventions:action", pk=action.pk)
    context = {"form": form, "source": source}
    return render(request, "interventions/tracker/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """One action, and what the reader may do with it: done, moved, dropped."""
    asks, today = viewer(request), timezone.localdate()
    found = queries.actions(asks).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such action, or it is not shared with you.")
    allowed = _allowed(found, asks)
    done = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method == "POST" and done not in allowed:
        raise PermissionDenied(
            f"{found.agency} says when this is done, and those who keep the list for {found.asked_by}; "
            "an action that is done or dropped stays as it is."
        )
    shown = {name: _FORMS[name](initial={"done_on": today, "due_on": found.due_on}, prefix=name) for name in allowed}
    if done:
        form = shown[done] = _FORMS[done](request.POST, prefix=done)
        if form.is_valid() and _act(form, done, lambda **said: _DOES[done](by=asks, pk=pk, **said)):
            messages.success(request, _DID[done])
            return redirect("interventions:action", pk=pk)
    around = queries.around(asks, [found])
    audit.read(around.records, by=asks, how="page")
    context = {
        "row": presenters.row(found, around, today),
        "action": found,
        "forms": shown,
        "wrong": shown[done] if done else None,
        "marking": highest_marking(around.records),
    }
    return render(request, "interventions/tracker/action.html", context, status=422 if done else 200)


_DOES: dict[str, Callable[..., AgreedAction]] = {
    "done": actions.finish_action,
    "move": actions.change_action,
    "drop": actions.drop_action,
}


def _allowed(found: AgreedAction, asks: Any) -> list[str]:
    if found.status != AgreedAction.Status.OPEN:
        return []
    keeps = actions.may_keep(asks, found)
    return [name for name in _FORMS if (actions.may_finish(asks, found) if name == "done" else keeps)]


def _act(form: forms.Form, done: str, act: Callable[..., AgreedAction]) -> bool:
    """Does it with what a valid form says; whether it could be done."""
    try:
        act(**form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


def _source(request: HttpRequest) -> Intervention | None:
    """The record in the address, as far as it is shown. Raises Http404 where it names none."""
    said = request.GET.get("source", "")
    if not said:
        return None
    known = said.isascii() and said.isdigit() and len(said) < 10
    found = Intervention.objects.visible_to(viewer(request)).filter(pk=int(said)).first() if known else None
    if found is None:
        raise Http404("There is no such record, or it is not shared with you.")
    return found
