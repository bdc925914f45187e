"""Profiles of wards, boroughs and forces."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from hotspots import categories
from hotspots.models import Area
from hotspots.teams import presenters as presenters_of_teams
from hotspots.teams import queries as queries_of_teams
from partners.access import viewer
from reports import links, queries
from reports.forms import ProfileForm
from reports.pages import NoFigures
from reports.pages import profile as page
from reports.presenters import profile as presenter
from reports.schemes import UnknownCategory
from reports.views.kept import bad_request, kept_page, not_asked


@require_safe
def profile(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One area: the month in words, charts with tables, searches, outcomes, and what to know about the figures."""
    form = ProfileForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), request.path)
    version, teams = None, ""
    if kind == Area.Kind.WARD:
        version, found = queries_of_teams.open_teams_of_ward(viewer(request), code)
        rows = [presenters_of_teams.on_ward_page(*one) for one in found]
        # Not kept: teams change without the figures, and are not shown to those whose role ends elsewhere.
        teams = render_to_string("reports/_ward_team.html", {"teams": rows})
    return kept_page(
        request,
        form,
        "reports/_profile.html",
        lambda: _profile(kind, code, form),
        version=version,
        personal=lambda about: teams,
    )


def _profile(kind: str, code: str, form: Form) -> dict[str, Any]:
    asked = form.cleaned_data
    place = queries.place(kind, code)
    if place is None:
        raise Http404(f"No {Area.Kind(kind).label.lower()} has the code {code}.")
    try:
        found = page.profile(
            place,
            scheme=asked["scheme"],
            category=asked["category"],
            month=asked["month"],
            period=asked["months"],
            lines=asked["lines"],
            scale=asked["scale"],
        )
    except (UnknownCategory, NoFigures) as problem:
        if isinstance(problem, NoFigures) and not {categories.POLICE_UK, categories.MPS} & problem.spans.keys():
            return {"title": place.name, "crumbs": links.crumbs(place), "place": place, "page": None}
        raise not_asked(problem, links.address(kind, code)) from problem
    content = presenter.profile(found)
    title = f"{content.heading}: {content.month_name}"
    return {"title": title, "crumbs": links.crumbs(place), "page": content, "place": place}
