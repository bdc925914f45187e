"""The ward pages: read the address by a form, ask what the page shows, hand the answer to one presenter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from hotspots import categories
from hotspots.models import Area
from partners.models import User
from reports import links, methods, pages, presenters, queries, ward_rows
from reports.forms import SCHEMES, ProfileForm, WardsForm
from reports.schemes import UnknownCategory
from reports.words import SMALLEST_BASE, month_name

# Pages are kept for as long as the figures stay the same; areas may change without them, so not for ever.
KEEP_SECONDS = 600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    return redirect("reports:wards")


@require_safe
def wards(request: HttpRequest) -> HttpResponse:
    """One month of a borough's wards: map and table."""
    form = WardsForm(request.GET)
    if not form.is_valid():
        return _bad(request, form.sentence(), reverse("reports:wards"))
    asked = form.cleaned_data
    if asked["borough"]:
        return _page(request, form, "reports/_wards.html", lambda: _wards(asked["borough"], form, queries.boroughs()))
    choices = queries.boroughs()
    if not choices:
        return render(request, "reports/empty.html")
    assert isinstance(request.user, User)  # noqa: S101 - the sign-in middleware lets nobody else through
    code = queries.own_borough(request.user, choices).code
    return _page(request, form, "reports/_wards.html", lambda: _wards(code, form, choices), extra=code)


@require_safe
def profile(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One area: the month in words, charts with tables, searches, outcomes, and what to know about the figures."""
    form = ProfileForm(request.GET)
    if not form.is_valid():
        return _bad(request, form.sentence(), request.path)
    return _page(request, form, "reports/_profile.html", lambda: _profile(kind, code, form))


@require_safe
def methods_page(request: HttpRequest) -> HttpResponse:
    """How each number is made."""
    return render(
        request,
        "reports/methods.html",
        {"page": methods.page(), "contents": methods.CONTENTS, "smallest_base": SMALLEST_BASE},
    )


class _NotAsked(Exception):
    """The address asks for what is not there. The message is a sentence; `href` is a way on."""

    def __init__(self, sentence: str, href: str) -> None:
        super().__init__(sentence)
        self.href = href


def _wards(code: str, form: Form, choices: list[queries.Place]) -> dict[str, Any]:
    asked = form.cleaned_data
    borough = next((choice for choice in choices if choice.code == code), None)
    if borough is None:
        raise Http404(f"No borough with wards and figures has the code {code}.")
    try:
        found = pages.wards(
            borough,
            choices,
            scheme=asked["scheme"],
            category=asked["category"],
            month=asked["month"],
            day=asked["wards"],
        )
    except (UnknownCategory, pages.NoFigures) as problem:
        raise _not_asked(problem, f"{reverse('reports:wards')}?borough={borough.code}") from problem
    query = {name: form.data.get(name, "") for name in ("scheme", "category", "month", "wards", "show", "sort")}
    page = ward_rows.wards(found, show=asked["show"], sort=asked["sort"], asked={"borough": borough.code, **query})
    return {"title": f"{page.heading}: {page.caption}", "page": page}


def _profile(kind: str, code: str, form: Form) -> dict[str, Any]:
    asked = form.cleaned_data
    place = queries.place(kind, code)
    if place is None:
        raise Http404(f"No {Area.Kind(kind).label.lower()} has the code {code}.")
    try:
        found = pages.profile(
            place,
            scheme=asked["scheme"],
            category=asked["category"],
            month=asked["month"],
            period=asked["months"],
        )
    except (UnknownCategory, pages.NoFigures) as problem:
        if isinstance(problem, pages.NoFigures) and not problem.spans:
            return {"title": place.name, "crumbs": links.crumbs(place), "place": place, "page": None}
        raise _not_asked(problem, links.address(kind, code)) from problem
    page = presenters.profile(found)
    title = f"{page.heading}: {page.month_name}"
    return {"title": title, "crumbs": links.crumbs(place), "page": page, "place": place}


def _not_asked(problem: Exception, href: str) -> _NotAsked:
    if isinstance(problem, pages.NoFigures):
        has = [
            f"{SCHEMES[scheme]} has {month_name(span.first)} to {month_name(span.last)}"
            for scheme, span in problem.spans.items()
            if scheme in (categories.POLICE_UK, categories.MPS)
        ]
        there = "; ".join(has) or "nothing is loaded"
        return _NotAsked(f"There are no such figures for {problem.place.name}: {there}.", href)
    return _NotAsked(str(problem), href)


def _page(
    request: HttpRequest, form: Form, template: str, build: Callable[[], dict[str, Any]], extra: str = ""
) -> HttpResponse:
    """The page with its content, built once for each address and version of the figures and shared by everybody.

    The content holds nothing of the person who looks at it.
    """
    address = f"{request.path} {extra} {sorted((name, str(value)) for name, value in form.cleaned_data.items())}"
    key = f"page:{queries.data_version()}:{hashlib.sha256(address.encode()).hexdigest()}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is None:
        try:
            context = build()
        except _NotAsked as problem:
            return _bad(request, str(problem), problem.href)
        html = render_to_string(template, context)
        kept = {"title": context["title"], "crumbs": context.get("crumbs", []), "html": html}
        cache.set(key, kept, KEEP_SECONDS)
    content = mark_safe(kept["html"])  # noqa: S308 - a rendered template
    return render(request, "reports/page.html", {**kept, "content": content})


def _bad(request: HttpRequest, sentence: str, href: str) -> HttpResponse:
    return render(request, "reports/bad_request.html", {"sentence": sentence, "href": href}, status=400)
