"""The wards page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partners.access import viewer
from reports import queries
from reports.forms import WardsForm
from reports.pages import NoFigures
from reports.pages import wards as page
from reports.presenters import wards as presenter
from reports.schemes import UnknownCategory
from reports.views.kept import bad_request, kept_page, not_asked, one_of


@require_safe
def wards(request: HttpRequest) -> HttpResponse:
    """One month of a borough's wards: map and table."""
    form = WardsForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), reverse("reports:wards"))
    asked = form.cleaned_data
    if asked["borough"]:
        code = asked["borough"]
        return kept_page(request, form, "reports/_wards.html", lambda: _wards(code, form, queries.boroughs()))
    choices = queries.boroughs()
    if not choices:
        return render(request, "reports/empty.html")
    code = queries.own_borough(viewer(request), choices).code
    return kept_page(request, form, "reports/_wards.html", lambda: _wards(code, form, choices), extra=code)


def _wards(code: str, form: WardsForm, choices: list[queries.Place]) -> dict[str, Any]:
    asked = form.cleaned_data
    borough = one_of(choices, code)
    try:
        found = page.wards(
            borough,
            choices,
            scheme=asked["scheme"],
            category=asked["category"],
            month=asked["month"],
            day=asked["wards"],
        )
    except (UnknownCategory, NoFigures) as problem:
        raise not_asked(problem, f"{reverse('reports:wards')}?borough={borough.code}") from problem
    query = {**form.query(), "borough": borough.code}
    content = presenter.wards(found, show=asked["show"], sort=asked["sort"], asked=query)
    return {"title": f"{content.heading}: {content.caption}", "page": content}
