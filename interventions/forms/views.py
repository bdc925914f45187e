"""Adding and changing a record of any register: the chooser, and the form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from interventions import actions
from interventions.browse.views import register_at
from interventions.forms.asked import asked_for
from interventions.forms.form import RegisterForm
from interventions.forms.queries import most_used, wards_to_choose
from interventions.forms.sections import map_of, others, sections, summary, wards_by_borough, warnings
from interventions.models import Intervention
from interventions.registers import FAMILIES, register_of
from interventions.rights import to_change, who_adds
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.visibility import Viewer

_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
MOST_USED = 4


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What can be added: those first that the reader's agencies added most, then all by family."""
    asks = who_adds(request)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    used = list(dict.fromkeys(register_of(kind) for kind in most_used(asks)))[:MOST_USED]
    families = [*([("Added most by your agency", used)] if used else []), *FAMILIES.items()]
    context = {"families": families, "query": query}
    return render(request, "interventions/forms/choose.html", context)


@require_http_methods(_ASKS_AND_DOES)
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for a new record of a register."""
    asks = who_adds(request)
    register = register_at(slug)
    wards = wards_to_choose()
    asked, read = asked_for(asks, register, request.GET.dict(), {ward.code for ward in wards})
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, viewer=asks, register=register, wards=wards, asked=asked)
    if data is not None and not _only_rows(form, data) and form.is_valid():
        try:
            record = actions.add_intervention(by=asks, owner=form.cleaned_data["owner"], content=form.content())
        except actions.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _saved(record, form, "added"))
            return redirect("interventions:detail", pk=record.pk)
    elif data is None:
        audit.read([*form.offers.read, *form.places.values(), *read], by=asks, how="list")
    return _page(request, form)


@require_http_methods(_ASKS_AND_DOES)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a record. Where somebody else saved it meanwhile, both versions are shown, and nothing is saved."""
    asks = viewer(request)
    record = _to_change(asks, pk)
    register, wards = register_of(record.kind), wards_to_choose()
    data = request.POST if request.method == "POST" else None
    # The button on the record's page was refused: the form begins with what it asked for.
    asked = {"status": status} if (status := request.GET.get("status")) in Intervention.Status.values else {}
    form = RegisterForm(data, viewer=asks, register=register, wards=wards, record=record, asked=asked)
    context: dict[str, Any] = {}
    if data is not None and not _only_rows(form, data) and form.is_valid():
        seen = form.opened_at()
        try:
            changed = actions.change_intervention(by=asks, pk=pk, seen=seen or record.created_at, **form.said())
        except actions.ChangedMeanwhile as meanwhile:
            form.add_error(None, f"{meanwhile} Compare below; save again to keep what you wrote.")
            theirs = RegisterForm(None, viewer=asks, register=register, wards=wards, record=_to_change(asks, pk))
            context["theirs"] = others(form, theirs)
            # Saving once more is done knowingly.
            form.data = QueryDict(mutable=True)
            form.data.update(request.POST)
            form.data["seen"] = theirs.initial["seen"]
        except actions.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _saved(changed, form, "changed"))
            return redirect("interventions:detail", pk=pk)
    elif data is None:
        audit.read([record, *form.offers.read, *form.places.values()], by=asks, how="page")
    context["kept"] = list(record.reasons.select_related("given_by"))
    return _page(request, form, context)


def _only_rows(form: RegisterForm, data: Any) -> bool:
    """Whether a row is only to be added or removed: the form comes back as it was typed, and nothing is judged."""
    what, _, which = data.get("rows", "").partition(":")
    if what not in ("add", "remove"):
        return False
    name, _, number = which.partition("-")
    for rows in form.rows:
        for row in rows.forms:
            row.judges = False
        if rows.part.name == name:
            rows.is_said = True
            if what == "add":
                rows.add()
            else:
                rows.remove(number)
    form.judges = False
    return True


def _to_change(asks: Viewer, pk: int) -> Any:
    """The record, whole, as its register has it. Raises as `to_change`."""
    shared = to_change(asks, pk)
    model = register_of(shared.kind).model
    if model is Intervention:
        return shared
    return model._base_manager.select_related("owner", "changed_by").get(pk=pk)


def _saved(record: Intervention, form: RegisterForm, what: str) -> str:
    said = f"The {form.register.one} is {what}."
    if record.audience != form.cleaned_data.get("audience", record.audience):
        said += " As a planned warrant it is for the owning team only, until it is marked as done."
    return said


def _page(request: HttpRequest, form: RegisterForm, more: dict[str, Any] | None = None) -> HttpResponse:
    record: Intervention | None = form.record
    context = {
        "form": form,
        "register": form.register,
        "record": record,
        "sections": sections(form),
        "summary": summary(form),
        "on_top": warnings(form, ""),
        "boroughs": wards_by_borough(form),
        "map": map_of(form) if form.draws else None,
        "marking": marking_tag(record.marking).text if record else "",
    }
    return render(
        request, "interventions/forms/form.html", context | (more or {}), status=422 if form.is_wrong else 200
    )
