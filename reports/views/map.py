"""The map: the page, the data that its slider fetches, and the map and its table as files."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from partners.access import viewer
from reports import queries
from reports.exports import map as exports
from reports.forms.map import ALL, MapForm
from reports.keeping import kept
from reports.pages import NoFigures
from reports.pages import map as page
from reports.presenters import map as presenter
from reports.schemes import UnknownCategory
from reports.views import pictures
from reports.views.kept import KEEP_SECONDS, NotAsked, bad_request, kept_page, not_asked, one_of


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """A map of wards or LSOAs, its key, and the table of the same figures."""
    form = MapForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), reverse("reports:map"))
    code, choices = _borough(request, form)
    if not code:
        return render(request, "reports/empty.html")
    return kept_page(request, form, "reports/_map.html", lambda: _context(code, form, choices), extra=code)


@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Another month's figures for the shapes of a map that is open, as JSON; a problem is `{"problem": sentence}`.

    The answer is the same for everybody and is kept for each version of the figures; its ETag is of what it says.
    """
    form = MapForm(request.GET)
    if not form.is_valid():
        return _problem(form.sentence())
    code = form.cleaned_data["borough"] or _borough(request, form)[0]
    address = sorted({**form.query(), "borough": code}.items())
    key = f"map:{queries.data_version()}:{sha256(repr(address).encode()).hexdigest()}"
    try:
        body = kept(key, KEEP_SECONDS, lambda: _answer(code, form))
    except NotAsked as problem:
        return _problem(str(problem))
    tag = f'"{sha256(body).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def map_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The map as "svg" or "png", with title, key, date and source in it, or its table as "csv"."""
    if kind == "png" and (refused := pictures.too_many(request)):
        return refused
    form = MapForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), reverse("reports:map"))
    code, choices = _borough(request, form)
    try:
        made = _made(code, form, choices)
    except NotAsked as problem:
        return bad_request(request, str(problem), problem.href)
    return exports.DOWNLOADS[kind](made)


def _borough(request: HttpRequest, form: MapForm) -> tuple[str, list[queries.Place]]:
    """The code of the borough asked for, else of the person's own ("" = there is none), and the choices."""
    choices = queries.boroughs()
    code = form.cleaned_data["borough"]
    if not code and choices:
        code = queries.own_borough(viewer(request), choices).code
    return code if choices else "", choices


def _context(code: str, form: MapForm, choices: list[queries.Place]) -> dict[str, Any]:
    content = _made(code, form, choices)
    return {"title": f"Map: {content.heading}: {content.caption}", "page": content}


def _made(code: str, form: MapForm, choices: list[queries.Place]) -> presenter.MapPage:
    """The map asked for. Raises NotAsked, and Http404 for a borough that is not there."""
    want = form.cleaned_data
    if not choices:
        raise NotAsked("No figures are loaded yet.", reverse("reports:map"))
    way_on = f"{reverse('reports:map')}?borough={code}"
    try:
        found = page.map_page(
            None if code == ALL else one_of(choices, code),
            choices,
            by=want["by"],
            scheme=want["scheme"],
            category=want["category"],
            month=want["month"],
            day=want["wards"],
            period=want["period"],
        )
    except (UnknownCategory, NoFigures) as problem:
        raise not_asked(problem, way_on) from problem
    except page.NoShapes as problem:  # the same figures stand in the wards' table
        raise not_asked(problem, reverse("reports:wards") + (f"?borough={code}" if code != ALL else "")) from problem
    view = presenter.View(
        want["measure"], want["classes"], int(want["number"]), want["limits"], want["sort"], want["at"], form.query()
    )
    content = presenter.map_page(found, view)
    if want["at"] and not content.marked:
        raise NotAsked(f"“{want['at']}” is none of the areas on this map.", way_on)
    return content


def _answer(code: str, form: MapForm) -> bytes:
    content = _made(code, form, queries.boroughs())
    html = {
        name: render_to_string(f"reports/_map_{name}.html", {"page": content}) for name in ("words", "key", "notes")
    }
    return orjson.dumps(presenter.answer(content) | html)


def _problem(sentence: str) -> HttpResponse:
    return HttpResponse(orjson.dumps({"problem": sentence}), content_type="application/json", status=400)
