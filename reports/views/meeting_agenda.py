"""The agenda of a meeting, built from what is kept, and the sheet that a ward panel hands out."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from interventions.models import Meeting
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking, marking_tag
from reports.pages import meeting_agenda as page
from reports.presenters import meeting_agenda as presenter


@require_safe
@never_cache
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """What a meeting has before it, for paper."""
    asks, today = viewer(request), timezone.localdate()
    meeting = _meeting(request, pk)
    found = page.agenda(asks, meeting)
    shown = [
        *(meeting, *([found.before] if found.before else []), *found.ending, *found.days_since, *found.days_to_come),
        *(*(one.place for one in found.places), *found.around.records),
    ]
    audit.read({(one.type, one.pk): one for one in shown}.values(), by=asks, how="page")
    said = presenter.agenda(found, today)
    context = {
        "meeting": meeting,
        "today": today,
        "months": presenter.months(said["wards"]),
        "marking": highest_marking(shown),
        "why_no_sheet": page.may_not_hand_out(meeting),
        **said,
    }
    return render(request, "reports/meeting_agenda.html", context)


@require_safe
@never_cache
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The ward panel's sheet for residents: nothing restricted stands in it."""
    asks = viewer(request)
    meeting = _meeting(request, pk)
    audit.read([meeting], by=asks, how="page")
    why_not = page.may_not_hand_out(meeting)
    context = {"meeting": meeting, "why_not": why_not, "marking": marking_tag(meeting.marking).text}
    if not why_not:
        said = presenter.sheet(page.sheet(asks, meeting))
        context |= {**said, "months": presenter.months(said["wards"])}
    return render(request, "reports/meeting_sheet.html", context)


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    found = page.meeting(viewer(request), pk)
    if found is None:
        raise Http404("There is no such meeting, or it is not shared with you.")
    return found
