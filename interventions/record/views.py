"""The page of one record, whatever its register."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from interventions import actions, maps, presenters, queries, states
from interventions.contents import Unlawful
from interventions.record import presenters as shown
from interventions.record.queries import Whole, whole
from interventions.record.shown import shown_findings
from interventions.registers import register_of
from interventions.registers.register import Panel
from interventions.rights import NOT_HERE, to_change
from interventions.tracker import panels as tracker
from partners import audit
from partners.access import viewer
from partners.markings import marking_tag
from partners.roles import Permission
from partners.visibility import Viewer

# Every record may have actions that came out of it.
_ACTIONS = Panel("interventions/tracker/_of_record.html", tracker.read)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is shown of a record to this reader, and what the reader may do with it."""
    asks = viewer(request)
    found = whole(asks, pk)
    if found is None:
        raise Http404(NOT_HERE)
    record, register = found.record, found.register
    changeable = queries.changeable(asks, pk) is not None
    chosen = changeable and register.status_of is None
    wards = maps.outlines({ward.code for ward in record.wards.all()}, timezone.localdate())
    context = {
        "record": record,
        "register": register,
        "kind": shown.kind(record),
        "state": states.state(register, record, asks.now),
        "marking": marking_tag(record.marking),
        "covert": record.audience == record.Audience.TEAM,
        "withheld": presenters.withheld(record),
        "notices": shown_findings(asks, register, record, found.parts, found.links, hotspots=found.hotspots),
        "at_once": shown.at_once(found),
        "sections": shown.sections(found),
        "pages": shown.pages(found),
        "tables": shown.tables(found),
        "linked": shown.linked(found),
        "adds": shown.adds(found) if asks.may(Permission.ADD) else [],
        "map": shown.ground(found, wards),
        "tiles_by": maps.credit(),
        "reasons": found.reasons,
        "attachments": found.attachments,
        "own": record.owner_id in asks.agencies_with_parts(Permission.SEE),
        "may_change": changeable,
        "statuses": presenters.other_statuses(record) if chosen else [],
        "may_break_glass": bool(record.withheld) and asks.may(Permission.BREAK_GLASS),
        **_panels(request, asks, found),
    }
    audit.read([record], by=asks, how="page")
    return render(request, "interventions/detail.html", context)


def _panels(request: HttpRequest, asks: Viewer, found: Whole) -> dict[str, Any]:
    """The sections that only this register has, and the actions that came out of the record."""
    panels = [(one, one.read(asks, found.record, found.parts)) for one in found.register.panels]
    add = ""
    if all(one.template != _ACTIONS.template for one, _ in panels):
        said = _ACTIONS.read(asks, found.record, found.parts)
        # A record from which nothing came has a link, and no empty section.
        add = "" if said is None or said["rows"] else said["add"]
        panels.append((_ACTIONS, said if said and said["rows"] else None))
    made = [
        (one.is_first, render_to_string(one.template, {"record": found.record, **said}, request))
        for one, said in panels
        if said is not None
    ]
    return {
        "sums": [text for is_first, text in made if is_first],
        "panels": [text for is_first, text in made if not is_first],
        "action_add": add,
    }


@require_POST
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a record as done, cancelled or planned again."""
    asks = viewer(request)
    record = to_change(asks, pk)
    if register_of(record.kind).status_of is not None:
        messages.error(request, "Its state follows from what the record says: change the record.")
        return redirect("interventions:detail", pk=pk)
    try:
        record = actions.set_status(by=asks, pk=pk, status=request.POST.get("status", ""))
    except Unlawful as refused:
        # The form takes the reason, or what is missing.
        messages.error(request, f"{refused} Mend it here, or save and say why it is kept all the same.")
        query = urlencode({"status": request.POST["status"]})
        return redirect(f"{reverse('interventions:change', args=[pk])}?{query}")
    except ValueError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The activity is {record.get_status_display().lower()}.")
    return redirect("interventions:detail", pk=pk)
