"""Pages of the law: its numbers and the types of orders, for everybody to read and for administrators to keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hotspots.phases.forms import RefusableForm
from interventions.law import actions, presenters, queries
from interventions.law.forms import NewParameterForm, ParameterForm, TypeForm
from interventions.models import LegalParameter, OrderType
from partners.access import viewer
from partners.refusals import Refused
from partners.roles import Permission

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_LIMITS, _TYPES = "interventions:law", "interventions:order-types"


@require_safe
@never_cache
def law(request: HttpRequest) -> HttpResponse:
    """Every number that rules judge by."""
    found = presenters.sections(queries.parameters())
    return render(request, "interventions/law/list.html", {"sections": found, "may_keep": _may_keep(request)})


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """A number of the law from some day on."""
    _keeps(request)
    form = NewParameterForm(request.POST or None)

    def save() -> str:
        instrument, key = form.cleaned_data["which"].split(".")
        one = actions.add_parameter(by=viewer(request), instrument=instrument, key=key, limit=form.limit())
        return _saved(one)

    return _form(request, form, save, "Add a limit", _LIMITS)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One number: what it is, when it holds, whether rules use it."""
    _keeps(request)
    one = LegalParameter.objects.filter(pk=pk).first()
    if one is None:
        raise Http404("There is no such limit.")
    form = ParameterForm(request.POST or None, one=one)

    def save() -> str:
        return _saved(actions.change_parameter(by=viewer(request), pk=pk, seen=_seen(request), limit=form.limit()))

    shown = presenters.row(one)
    return _form(request, form, save, shown.name, _LIMITS, one=one, meaning=presenters.meaning(queries.like(one)))


@require_safe
@never_cache
def order_types(request: HttpRequest) -> HttpResponse:
    """The types of orders that can be chosen, and those that are off."""
    context = {"types": queries.order_types(), "may_keep": _may_keep(request)}
    return render(request, "interventions/law/order_types.html", context)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def add_type(request: HttpRequest) -> HttpResponse:
    """A type of order."""
    _keeps(request)
    form = TypeForm(request.POST or None)

    def save() -> str:
        return f"“{actions.add_order_type(by=viewer(request), said=form.type())}” was saved."

    return _form(request, form, save, "Add a type of order", _TYPES)


@require_http_methods(_ASKS_AND_DOES)
@never_cache
def change_type(request: HttpRequest, pk: int) -> HttpResponse:
    """One type of order."""
    _keeps(request)
    one = OrderType.objects.filter(pk=pk).first()
    if one is None:
        raise Http404("There is no such type of order.")
    form = TypeForm(request.POST or None, one=one)

    def save() -> str:
        found = actions.change_order_type(by=viewer(request), pk=pk, seen=_seen(request), said=form.type())
        return f"“{found}” was saved."

    return _form(request, form, save, one.name, _TYPES, one=one)


def _form(
    request: HttpRequest, form: RefusableForm, save: Callable[[], str], title: str, back: str, **more: Any
) -> HttpResponse:
    """Asks, and saves what was said; `save` gives the sentence for the next page."""
    if request.method == "POST" and form.is_valid():
        try:
            said = save()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said)
            return redirect(back)
    context = {"form": form, "title": title, "back": back, "is_type": back == _TYPES, **more}
    return render(request, "interventions/law/form.html", context, status=422 if form.errors else 200)


def _saved(one: LegalParameter) -> str:
    """What was saved, and what it means for records of different days."""
    shown = presenters.row(one)
    means = presenters.meaning(queries.like(one)).partition(": ")[2]
    off = "" if one.is_on else " It is off: rules do not use it."
    return " ".join(filter(None, [f"{shown.name}: {shown.value}, {shown.holds}.{off}", means]))


def _seen(request: HttpRequest) -> Any:
    """When what is changed was changed last, as the form was opened; None where that is not said, or is no moment."""
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _may_keep(request: HttpRequest) -> bool:
    return viewer(request).may(Permission.MANAGE_AGENCIES)


def _keeps(request: HttpRequest) -> None:
    if not _may_keep(request):
        raise PermissionDenied(actions.WHO)
