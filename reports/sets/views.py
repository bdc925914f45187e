"""Pages of sets: the list, one set, saving a search, and making one of its LSOAs a place of the register."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from hotspots import categories
from hotspots.register.shape_previews import overlapped
from partners import audit
from partners.access import viewer
from partners.refusals import Refused
from partners.roles import Permission
from partners.visibility import Viewer
from reports import finding, queries
from reports.exports import find as exports
from reports.forms.find import FindForm
from reports.links import month_value, with_query
from reports.models import Candidate
from reports.pages.map import NoShapes
from reports.presenters.find_words import file_notes
from reports.sets import actions, presenters, promoting
from reports.sets import queries as sets
from reports.sets.forms import PromoteForm, SaveSetForm
from reports.shapes import drawing
from reports.views.find import of_request, search_for
from reports.views.kept import NotAsked, bad_request

PAGE_SIZE = 50
_ASKS_AND_DOES = ["GET", "HEAD", "POST"]
_NOT_HERE = "There is no such set, or it is not shared with you."
_KEEPERS = "Analysts, SNT leads and managers of an agency keep sets and places. Ask one of them to do it."


@require_safe
def set_list(request: HttpRequest) -> HttpResponse:
    """The sets that the reader sees, newest first."""
    asks = viewer(request)
    page = Paginator(sets.sets(asks), PAGE_SIZE).get_page(request.GET.get("page"))
    records = list(page.object_list)
    audit.read(records, by=asks, how="list")
    context = {"page": page, "rows": presenters.rows(records), "may_keep": asks.may(Permission.CHANGE)}
    return render(request, "reports/sets/list.html", context)


@require_safe
def candidate_set(request: HttpRequest, pk: int) -> HttpResponse:
    """A set as it stood, how it did in the year after, and what the same search finds now."""
    asks = viewer(request)
    kept = sets.kept(asks, pk)
    if kept is None:
        raise Http404(_NOT_HERE)
    now = _now(kept)
    drawn = drawing([spot.pk for spot in kept.found.spots], kept.found.asked.last)
    page = presenters.set_page(
        kept,
        drawn,
        sets.check(kept),
        now,
        now_href=_search_address(now.asked) if now else "",
        show_all=request.GET.get("show") == "all",
        promotes=asks.may(Permission.CHANGE),
    )
    audit.read([kept.record, *kept.places.values()], by=asks, how="page")
    return render(request, "reports/sets/set.html", {"page": page, "record": kept.record})


@require_safe
def set_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A set's ranking as CSV."""
    asks = viewer(request)
    kept = sets.kept(asks, pk)
    if kept is None:
        raise Http404(_NOT_HERE)
    audit.read([kept.record], by=asks, how="csv")
    name = f"set-{pk}-{slugify(kept.record.name)[:60].strip('-') or 'candidates'}"
    marking = f"Marking: {kept.record.get_marking_display()}"
    return exports.csv(name, kept.found.spots, [marking, *file_notes(kept.found)])


@require_http_methods(_ASKS_AND_DOES)
def save_set(request: HttpRequest) -> HttpResponse:
    """Keeps the search of the address as a set."""
    asks = _keeper(request)
    try:
        search = of_request(request, FindForm.read(request.GET))
    except NotAsked as problem:
        return bad_request(request, str(problem), problem.href)
    form = SaveSetForm(request.POST if request.method == "POST" else None, viewer=asks, initial={})
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.save_set(by=asks, asked=search.asked, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"Saved as “{kept.name}”.")
            return redirect("reports:candidate-set", pk=kept.pk)
    context = {
        "form": form,
        "what": presenters.types(search.asked.slugs),
        "where": search.asked.borough.name,
        "when": presenters.period(search.asked),
        "back": _search_address(search.asked),
    }
    return render(request, "reports/sets/save.html", context, status=422 if form.errors else 200)


@require_http_methods(_ASKS_AND_DOES)
def promote(request: HttpRequest, pk: int, rank: int) -> HttpResponse:
    """Makes a place of one of a set's LSOAs."""
    asks = viewer(request)
    kept = sets.kept(asks, pk)
    if kept is None or not 1 <= rank <= len(kept.found.spots):
        raise Http404(_NOT_HERE)
    _keeper(request)
    if rank in kept.places:
        return redirect("reports:place", pk=kept.places[rank].pk)
    proposed = promoting.proposal(kept.found.asked, kept.found.spots[rank - 1], presenters.found_in(kept.record))
    audit.read([kept.record], by=asks, how="page")
    back = reverse("reports:candidate-set", args=[pk])
    return _promote(request, asks, proposed, back, sets.candidate(asks, pk, rank))


@require_http_methods(_ASKS_AND_DOES)
def promote_found(request: HttpRequest) -> HttpResponse:
    """Makes a place of an LSOA that the search of the address finds."""
    asks = _keeper(request)
    try:
        search = of_request(request, FindForm.read(request.GET))
        found = search_for(search.asked)
    except NotAsked as problem:
        return bad_request(request, str(problem), problem.href)
    spot = next((one for one in found.spots if one.code == request.GET.get("lsoa")), None)
    if spot is None:
        raise Http404("This search found no such LSOA.")
    proposed = promoting.proposal(found.asked, spot, "a search")
    return _promote(request, asks, proposed, _search_address(found.asked), None)


def _promote(
    request: HttpRequest, asks: Viewer, proposed: promoting.Proposal, back: str, candidate: Candidate | None
) -> HttpResponse:
    form = PromoteForm(request.POST if request.method == "POST" else None, viewer=asks, proposal=proposed)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        owner, boundary = said.pop("owner"), said.pop("boundary")
        today = timezone.localdate()
        try:
            record = actions.promote(
                by=asks,
                owner=owner,
                content=proposed.content({**said, "problems": tuple(said["problems"])}),
                drawn=proposed.drawn(boundary, today),
                valid_from=today,
                candidate=candidate,
            )
        except Refused as refused:
            form.add_error(_field(form, refused.field), str(refused))
        else:
            messages.success(request, f"“{record.name}” is in the register, proposed. Its counts are being made.")
            return redirect("reports:place", pk=record.pk)
    there = overlapped(proposed.shape, asks, on=timezone.localdate()) if proposed.shape else []
    audit.read([one.record for one in there], by=asks, how="page")
    context = {"form": form, "proposal": proposed, "back": back, "there": there}
    return render(request, "reports/sets/promote.html", context, status=422 if form.errors else 200)


def _field(form: Form, name: str) -> str | None:
    name = "boundary" if name in ("shape", "point", "radius") else name
    return name if name in form.fields else None


def _keeper(request: HttpRequest) -> Viewer:
    """Who asks, where that person keeps places. Raises PermissionDenied."""
    asks = viewer(request)
    if not asks.may(Permission.CHANGE):
        raise PermissionDenied("Nothing can be added while you look as somebody else." if asks.looking_as else _KEEPERS)
    return asks


def _now(kept: sets.Kept) -> finding.Found | None:
    """What the set's search finds in the newest months; None where they, and the figures, are those of then, or there
    is nothing to search any more."""
    asked = kept.found.asked
    span = queries.spans(asked.borough.pk).get(categories.POLICE_UK)
    if span is None or (span.newest <= asked.last and queries.data_version() == kept.record.data_version):
        return None
    try:
        return finding.find(finding.Asked(asked.borough, asked.slugs, max(span.newest, asked.last), asked.months))
    except NoShapes:
        return None


def _search_address(asked: finding.Asked) -> str:
    query = {
        "borough": asked.borough.code,
        "cat": ",".join(asked.slugs),
        "month": month_value(asked.last),
        "months": str(asked.months),
    }
    return with_query(reverse("reports:find"), query)
