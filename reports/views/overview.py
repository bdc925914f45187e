"""The overview: the first page after signing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from partners.access import viewer
from reports import priorities, queries
from reports.cards import Reader, Shown, cards
from reports.forms import OverviewForm
from reports.pages import NoFigures
from reports.pages import overview as page
from reports.presenters import overview as presenter
from reports.views.kept import bad_request, kept_page, not_asked, one_of


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """One month of a borough: sentences, tiles, what moved most, wards; and the reader's own cards."""
    form = OverviewForm(request.GET)
    if not form.is_valid():
        return bad_request(request, form.sentence(), reverse("reports:home"))
    reader = Reader(viewer(request))
    code = form.cleaned_data["borough"]
    if not code:
        choices = queries.boroughs()
        if not choices:
            return render(request, "reports/empty.html", {"heading": "Overview"})
        code = queries.own_borough(reader.viewer, choices).code
    version, chosen = priorities.standing(code)
    response = kept_page(
        request,
        form,
        "reports/_overview.html",
        lambda: _overview(code, form, chosen),
        extra=f"{code} {chosen}",
        version=version,
        personal=lambda about: render_to_string("reports/_personal_cards.html", {"cards": cards(reader, about)}),
    )
    patch_cache_control(response, no_store=True)  # the cards are the reader's own
    return response


def _overview(code: str, form: OverviewForm, chosen: Sequence[int]) -> dict[str, Any]:
    choices, sets = queries.boroughs_and_wards(code)
    borough = one_of(choices, code)
    asked = form.cleaned_data
    try:
        found = page.overview(borough, choices, sets, month=asked["month"], chosen=chosen)
    except NoFigures as problem:
        # Without a month in the address, this page has nothing to go back to.
        way_on = f"{reverse('reports:home')}?borough={borough.code}" if asked["month"] else reverse("hotspots:data")
        raise not_asked(problem, way_on) from problem
    content = presenter.overview(found, sort=asked["sort"], asked={"borough": borough.code, **form.query()})
    about = Shown(borough.pk, borough.code, borough.name, tuple(content.gaps))
    return {"title": f"Overview of {content.heading}", "page": content, "about": about}
