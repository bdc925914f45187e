"""The explore page and its downloads."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partners.access import viewer
from reports import queries
from reports.exports import explore as exports
from reports.forms.explore import MAX_SERIES, ExploreForm, canonical
from reports.pages import explore as page
from reports.presenters import area_chooser, explore_choices
from reports.presenters import explore as presenter
from reports.views import pictures
from reports.views.kept import NotAsked, bad_request, kept_page


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Areas x categories x months by one measure, drawn and in a table; without areas, good views to begin with.

    Every view has one short address; others (a form repeats names, and sends empty ones) lead there.
    """
    form = _read(request)
    if isinstance(form, HttpResponse):
        return form
    query = canonical(form.cleaned_data)
    if query != unquote(request.META["QUERY_STRING"]):  # programs that pass addresses on may write commas as %2C
        return redirect(_address(query))
    if form.cleaned_data["areas"]:
        return kept_page(request, form, "reports/_explore.html", lambda: _explored(form.cleaned_data))
    boroughs = queries.boroughs()
    if not boroughs:
        return render(request, "reports/explore_empty.html")
    own = queries.own_borough(viewer(request), boroughs)
    return kept_page(
        request, form, "reports/_explore.html", lambda: _starts(form.cleaned_data, own, boroughs), own.code
    )


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The whole list of areas, those of the address ticked: what htmx puts into a view's form when it is opened."""
    form = _read(request)
    if isinstance(form, HttpResponse):
        return form
    if not request.htmx:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        return redirect(_address(canonical(form.cleaned_data)))
    return HttpResponse(area_chooser.choose_from_all(form.cleaned_data["areas"]))


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A view to keep: csv, xlsx, svg or png."""
    if kind == "png" and (refused := pictures.too_many(request)):
        return refused
    form = _read(request)
    if isinstance(form, HttpResponse):
        return form
    asked = form.cleaned_data
    if not asked["areas"]:
        return bad_request(request, "There is nothing to download before areas are chosen.", _address(canonical(asked)))
    try:
        found = page.explore(asked)
    except page.CannotShow as problem:
        return bad_request(request, str(problem), _way_on(asked, problem))
    return exports.DOWNLOADS[kind](found, request.build_absolute_uri(_address(canonical(asked))))


def _read(request: HttpRequest) -> ExploreForm | HttpResponse:
    """The form of the address, or the page that says what is wrong with it."""
    try:
        form = ExploreForm.read(request.GET)
    except TooManyFieldsSent:
        sentence = (
            f"This asks for far too much at once: a view holds at most {MAX_SERIES} series (areas times categories)."
        )
        return bad_request(request, sentence, _address(""))
    if form.is_valid():
        return form
    right = {name: value for name, value in form.cleaned_data.items() if not form.non_field_errors()}
    # What is left is read once more, so that what is usual stands in for what was wrong.
    left = ExploreForm.read(QueryDict(canonical(right)))
    left.is_valid()
    return bad_request(request, form.sentence(), _address(canonical(page.nearest(left.cleaned_data))))


def _address(query: str) -> str:
    return f"{reverse('reports:explore')}?{query}" if query else reverse("reports:explore")


def _way_on(asked: dict[str, Any], problem: page.CannotShow) -> str:
    """The address of the nearest view that can be shown."""
    return _address(canonical(page.nearest({**asked, **problem.without})))


def _explored(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        found = page.explore(asked)
    except page.CannotShow as problem:
        raise NotAsked(str(problem), _way_on(asked, problem)) from problem
    content = presenter.explored(found)
    return {"title": f"Explore: {content.heading}", "page": content, "choices": content.choices}


def _starts(asked: dict[str, Any], own: queries.Place, boroughs: list[queries.Place]) -> dict[str, Any]:
    return {
        "title": "Explore",
        "page": None,
        "starts": explore_choices.starts(own, has_others=len(boroughs) > 1),
        "choices": explore_choices.choices(asked, None),
    }
