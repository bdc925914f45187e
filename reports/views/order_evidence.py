"""The evidence pack for the renewal of a Public Spaces Protection Order."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from interventions.renewal import panels, queries
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from reports.pages.order_evidence import order_evidence
from reports.presenters.order_evidence import evidence


@require_safe
@never_cache
def order_evidence_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """All that speaks for and against keeping an order: crime, use, answers, signs. It prints on A4."""
    asks = viewer(request)
    order = queries.order_of(asks, pk)
    if order is None:
        raise Http404("There is no such order, or it is not shared with you.")
    context = {
        "order": order,
        "marking": marking_tag(order.marking).text,
        "page": evidence(order, order_evidence(order)),
        "use": panels.use(asks, order, {"conditions": list(order.conditions.all())}),
        "responses": queries.responses(order).rounds,
        "signs": list(order.signs.all()),
    }
    audit.read([order], by=asks, how="page")
    return render(request, "reports/order_evidence.html", context)
