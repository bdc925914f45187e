"""The search for hotspots: the page, and its ranking as a file."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hotspots import categories
from hotspots.models import Slice, Source
from partners.access import viewer
from partners.roles import Permission
from reports import finding, queries
from reports.exports import find as exports
from reports.finding import Asked
from reports.forms.find import FindForm
from reports.links import month_value
from reports.pages import NoFigures, shown_month
from reports.pages.map import NoShapes
from reports.presenters import find as presenter
from reports.presenters.find_words import file_notes
from reports.queries import Place, Release, Span
from reports.shapes import drawing
from reports.views.kept import NotAsked, bad_request, kept_page, not_asked, one_of


class Search(NamedTuple):
    """What an address asks for, understood: the boroughs to choose from, and the months that the borough has."""

    asked: Asked
    boroughs: list[Place]
    span: Span


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ranked candidates on a map and in a table; the same for everybody who may, or may not, keep places."""
    form = FindForm.read(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), reverse("reports:find"))
    boroughs = queries.boroughs()
    if not boroughs:
        return render(request, "reports/empty.html")
    asks = viewer(request)
    code = form.cleaned_data["borough"] or queries.own_borough(asks, boroughs).code
    may_keep = asks.may(Permission.CHANGE)

    def build() -> dict[str, Any]:
        search = understood(form, code, boroughs)
        page = _page(search, form, may_keep=may_keep)
        return {"title": f"{page.heading}: {page.caption}", "section": "hotspots/_section.html", "page": page}

    return kept_page(request, form, "reports/_find.html", build, extra=f"{code} {may_keep}")


@require_safe
def find_file(request: HttpRequest) -> HttpResponseBase:
    """The whole ranking as CSV."""
    form = FindForm.read(request.GET)
    try:
        search = of_request(request, form)
        found = search_for(search.asked)
    except NotAsked as problem:
        return bad_request(request, str(problem), problem.href)
    asked = search.asked
    name = f"candidates-{asked.borough.code}-{month_value(asked.last)}-{asked.months}-months"
    return exports.csv(name, found.spots, file_notes(found))


def of_request(request: HttpRequest, form: FindForm) -> Search:
    """What a request asks for. Raises NotAsked, and Http404 for a borough that is not there."""
    if not form.is_valid():
        raise NotAsked(form.sentence(), reverse("reports:find"))
    boroughs = queries.boroughs()
    if not boroughs:
        raise NotAsked("No figures are loaded yet.", reverse("reports:find"))
    code = form.cleaned_data["borough"] or queries.own_borough(viewer(request), boroughs).code
    return understood(form, code, boroughs)


def understood(form: FindForm, code: str, boroughs: list[Place]) -> Search:
    """A valid form and a borough's code as a search. Raises NotAsked and Http404. One query."""
    want = form.cleaned_data
    borough = one_of(boroughs, code)
    spans = queries.spans(borough.pk)
    try:
        last = shown_month(borough, spans, categories.POLICE_UK, want["month"])
    except NoFigures as problem:
        raise not_asked(problem, f"{reverse('reports:find')}?borough={code}") from problem
    asked = Asked(borough, want["cat"], last, int(want["months"]))
    return Search(asked, boroughs, spans[categories.POLICE_UK])


def search_for(asked: Asked) -> finding.Found:
    """What the search finds. Raises NotAsked where there is nothing to draw."""
    try:
        return finding.find(asked)
    except NoShapes as problem:
        raise not_asked(problem, f"{reverse('reports:wards')}?borough={asked.borough.code}") from problem


def _page(search: Search, form: FindForm, *, may_keep: bool) -> presenter.FindPage:
    asked = search.asked
    found = search_for(asked)
    drawn = drawing([spot.pk for spot in found.spots] + [one.pk for one in found.codes_changed], asked.last)
    assert drawn is not None  # noqa: S101 - those that were found have boundaries
    return presenter.find_page(
        found,
        drawn,
        releases(found),
        search.boroughs,
        search.span,
        form.query(),
        show_all=form.cleaned_data["show"] == "all",
        may_keep=may_keep,
    )


def releases(found: finding.Found) -> list[Release]:
    """The files that were counted, publisher by publisher."""
    by_publisher: dict[tuple[str, str], list[Slice]] = defaultdict(list)
    for one in found.files:
        by_publisher[one.publisher.name, one.publisher.slug].append(one)
    return [
        Release(
            source=Source.STREET,
            publisher=name,
            slug=slug,
            first=files[0].month,
            last=files[-1].month,
            release=max((one.release for one in files if one.release), default=None),
            loaded=max(one.loaded for one in files),
        )
        for (name, slug), files in sorted(by_publisher.items())
    ]
