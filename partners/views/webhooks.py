"""The webhooks of an agency: kept by its administrators, and by those of the partnership."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.access import viewer
from partners.actions import webhooks as actions
from partners.actions.keys import scopes_to_give, who_gives
from partners.forms.webhooks import WebhookForm
from partners.models import Agency, Webhook, WebhookDelivery
from partners.refusals import Refused
from partners.roles import Permission, Scope
from partners.second_factor import confirmed
from partners.webhooks import EVENTS

_FORM = require_http_methods(["GET", "HEAD", "POST"])
PAGE_SIZE = 50


@require_safe
def webhook_list(request: HttpRequest, agency: int) -> HttpResponse:
    """All webhooks of an agency: those that are told, and those that have ended."""
    kept = _agency(request, agency)
    states = WebhookDelivery.State
    rows = list(
        kept.webhooks.select_related("created_by", "ended_by")
        .annotate(
            given_up=Count("deliveries", filter=Q(deliveries__state=states.DEAD)),
            waiting=Count("deliveries", filter=Q(deliveries__state=states.WAITING)),
            last_delivered=Max("deliveries__delivered"),
        )
        .order_by("-pk")
    )
    may_add = Scope.RECORDS in scopes_to_give(viewer(request), kept) and not kept.left_at
    context = {
        "agency": kept,
        "live": [(one, _told(one)) for one in rows if not one.ended_at],
        "ended": [one for one in rows if one.ended_at],
        "may_add": may_add,
        "who_adds": who_gives(Scope.RECORDS, kept).replace(f"“{Scope.RECORDS.label}” is given", "Webhooks are added"),
    }
    return render(request, "partners/webhooks.html", context)


@_FORM
@confirmed
@sensitive_variables()
def new_webhook(request: HttpRequest, agency: int) -> HttpResponse:
    """Adds a webhook; the answer shows its secret, once."""
    kept = _agency(request, agency)
    if Scope.RECORDS not in scopes_to_give(viewer(request), kept):
        raise PermissionDenied("A webhook tells of records: it is added by an administrator of the agency itself.")
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            webhook, secret = actions.add_webhook(by=viewer(request), agency=kept, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            context = {"agency": kept, "webhook": webhook, "told": _told(webhook), "shown_once": secret}
            return render(request, "partners/webhook_shown.html", context, status=201)
    context = {"agency": kept, "form": form}
    return render(request, "partners/new_webhook.html", context, status=422 if form.errors else 200)


@require_safe
def webhook_page(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """What became of each message to a webhook, newest first; those that were given up before the others."""
    webhook = _webhook(request, agency, pk)
    given_up = list(webhook.deliveries.filter(state=WebhookDelivery.State.DEAD)[:PAGE_SIZE])
    page = Paginator(webhook.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"agency": webhook.agency, "webhook": webhook, "told": _told(webhook), "given_up": given_up, "page": page}
    return render(request, "partners/webhook.html", context)


@_FORM
def end_webhook(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """Asks first, then ends a webhook at once."""
    webhook = _webhook(request, agency, pk)
    if request.method != "POST":
        return render(request, "partners/end_webhook.html", {"agency": webhook.agency, "webhook": webhook})
    try:
        actions.end_webhook(by=viewer(request), webhook=webhook)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Ended. Nothing is sent to this address any more.")
    return redirect("partners:webhooks", agency)


@require_POST
def send_test(request: HttpRequest, agency: int, pk: int) -> HttpResponse:
    """Queues a message that tells of nothing."""
    webhook = _webhook(request, agency, pk)
    try:
        actions.send_test(by=viewer(request), webhook=webhook)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "A test is on its way: within a minute this page says how it went.")
    return redirect("partners:webhook", agency, pk)


@require_POST
def send_again(request: HttpRequest, agency: int, pk: int, delivery: int) -> HttpResponse:
    """Queues a message anew that was given up."""
    found = _webhook(request, agency, pk).deliveries.select_related("webhook__agency").filter(pk=delivery).first()
    if found is None:
        raise Http404("There is no such message.")
    try:
        actions.send_again(by=viewer(request), delivery=found)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is sent again within a minute.")
    return redirect("partners:webhook", agency, pk)


def _agency(request: HttpRequest, pk: int) -> Agency:
    found = get_object_or_404(Agency, pk=pk)
    if not viewer(request).may(Permission.MANAGE_KEYS, agency=found.pk):
        raise PermissionDenied(
            f"The webhooks of {found} are kept by its administrators and by those of the partnership."
        )
    return found


def _webhook(request: HttpRequest, agency: int, pk: int) -> Webhook:
    found = _agency(request, agency).webhooks.select_related("agency", "created_by", "ended_by").filter(pk=pk).first()
    if found is None:
        raise Http404("This agency has no such webhook.")
    return found


def _told(webhook: Webhook) -> list[str]:
    """The events it asked for, in words."""
    return [EVENTS.get(name, name) for name in webhook.events]
