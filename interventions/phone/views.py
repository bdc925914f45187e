"""The form on the phone. Its script sends the same form and asks for JSON."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from interventions.models import Intervention
from interventions.phone import presenters, queries
from interventions.phone.actions import log_pspo_action
from interventions.phone.forms import FLAGS, PhoneForm
from interventions.rights import who_adds
from partners import audit
from partners.access import person
from partners.refusals import Refused
from partners.visibility import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The form, and what it says; `?order=` begins with one order. What was sent before by its number is done."""
    asks = who_adds(request, "write PSPO actions down")
    data = request.POST if request.method == "POST" else None
    orders = queries.orders(asks, late=data is not None)
    form = PhoneForm(data, viewer=asks, orders=orders)
    by_script = request.headers.get("Accept") == "application/json"
    if data is not None and (record := _kept(form, asks)) is not None:
        address = reverse("interventions:detail", args=[record.pk])
        if by_script:
            return JsonResponse({"title": record.title, "address": address}, status=201)
        messages.success(request, f"Logged: {record.title}.")
        return redirect("interventions:phone")
    if by_script and data is not None:
        return JsonResponse({"errors": form.sentences, "warned": form.warned}, status=422)
    mine = queries.of_last_day(asks)
    audit.read([*(one.order for one in orders), *mine], by=asks, how="list")
    context = {
        "form": form,
        "orders": presenters.choices(orders, chosen=form["what"].value(), first=request.GET.get("order", "")),
        "actions": presenters.actions(form["action"].value()),
        "flags": [form[name] for name in FLAGS],
        "mine": presenters.written(mine),
        "person": person(request).pk,
    }
    return render(request, "interventions/phone/form.html", context, status=422 if form.errors else 200)


def _kept(form: PhoneForm, asks: Viewer) -> Intervention | None:
    """The record that was made, or was there; None where the form says why not."""
    valid = form.is_valid()
    sent_as = form.cleaned_data.get("sent_as")
    if sent_as is not None and (before := queries.sent_before(asks, sent_as)):
        return before
    if not valid or sent_as is None:
        return None
    owner = form.agencies[form.cleaned_data["owner"]]
    reasons: dict[str, str] = {}
    for _ in range(2):
        try:
            return log_pspo_action(by=asks, owner=owner, content=form.content(reasons=reasons), sent_as=sent_as)
        except Refused as refused:
            if reasons or not (reasons := form.reasons_for(refused)):
                form.refuse(refused)
                return None
    return None
