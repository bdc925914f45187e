"""The search page. As a person types, htmx fetches the list alone."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from hotspots.register.queries import named
from interventions import queries as activity
from partners import audit
from partners.access import viewer
from reports import queries, search
from reports.presenters import search as presenter

LONGEST = 100
# Records are restricted, and reading them is audited: not of every letter that begins a word.
SHORTEST_OF_RECORDS = 3


class SearchForm(forms.Form):
    """What is looked for."""

    q = forms.CharField(
        required=False,
        max_length=LONGEST,
        error_messages={"max_length": f"A search has at most {LONGEST} characters. Type a name or a code."},
    )


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def search_page(request: HttpRequest) -> HttpResponse:
    """What is found, by kind. Even a code that fits one thing alone is shown first: a list is what was asked for, and a
    page that nobody chose would puzzle who typed a slip."""
    form = SearchForm(request.GET)
    context: dict[str, object] = {"text": str(form["q"].value() or "")[:LONGEST], "longest": LONGEST}
    if not form.is_valid():
        context["problem"] = form.errors["q"][0]
    elif text := form.cleaned_data["q"]:
        index = search.index()
        asks = viewer(request)
        home = queries.own_borough(asks, index.boroughs) if index.boroughs else None
        found = search.find(text, index, home.pk if home else 0)
        most, long_enough = presenter.MOST_RECORDS, len(text) >= SHORTEST_OF_RECORDS
        places = named(asks, text, most + 1) if long_enough else []
        records = activity.found(asks, text, most + 1) if long_enough else []
        context["results"] = presenter.results(text, found, index, home, places, records)
        audit.read([*places[:most], *records[:most]], by=asks, how="search")
    template = "reports/_search_results.html" if request.htmx else "reports/search.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=400 if "problem" in context else 200)
