"""The page on which a partnership's priorities are seen and chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hotspots.categories import Definition
from hotspots.models import Area
from partners.access import person, viewer
from partners.roles import Permission
from partners.visibility import Viewer
from reports import actions, queries
from reports import priorities as reads
from reports.forms import SCHEMES
from reports.links import with_query
from reports.schemes import category_choices, choose_scheme, definition
from reports.views.kept import one_of

_PLACES = ("First", "Second", "Third", "Fourth")


class PrioritiesForm(forms.Form):
    """Up to four categories of one scheme, in order."""

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        for place in _PLACES:
            self.fields[place.lower()] = forms.ChoiceField(
                label=f"{place} priority",
                choices=[("", "None"), *category_choices(scheme)],
                required=False,
                error_messages={"invalid_choice": "“%(value)s” is not a category of these figures."},
            )

    def clean(self) -> dict[str, Any]:
        chosen = [(name, slug) for name, slug in self.cleaned_data.items() if slug]
        slugs = [slug for _, slug in chosen]
        for index, (name, slug) in enumerate(chosen):
            if slug in slugs[:index]:
                again = definition(self.scheme, slug).name
                self.add_error(name, ValidationError(f"{again} is chosen twice. Choose another category, or none."))
        return self.cleaned_data

    def chosen(self) -> list[Definition]:
        """The categories, in order, empty places left out."""
        places = (place.lower() for place in _PLACES)
        return [definition(self.scheme, slug) for name in places if (slug := self.cleaned_data[name])]


@require_http_methods(["GET", "HEAD", "POST"])
def priorities(request: HttpRequest) -> HttpResponse:
    """Who made which categories priorities of a borough, and when; analysts and managers choose them here."""
    asks = viewer(request)
    borough = _borough(request, asks)
    if borough is None:
        return render(request, "reports/empty.html", {"heading": "Priorities"})
    may_set = asks.may(Permission.SHARE_VIEWS, area=borough.code)
    if request.method == "POST" and not may_set:
        raise PermissionDenied(
            f"Only analysts and managers of an agency that works in {borough.name} may choose its priorities."
        )
    scheme = choose_scheme(queries.spans(borough.pk), "")
    chosen = reads.chosen(borough.pk)
    now = [one.category.slug for one in chosen if one.category.scheme == scheme]
    initial = {place.lower(): slug for place, slug in zip(_PLACES, now, strict=False)}
    form = PrioritiesForm(request.POST if request.method == "POST" else None, scheme=scheme, initial=initial)
    overview = with_query(reverse("reports:home"), {"borough": borough.code})
    if request.method == "POST" and form.is_valid():
        if actions.set_priorities(by=person(request), area=Area.objects.get(pk=borough.pk), chosen=form.chosen()):
            messages.success(request, f"The priorities of {borough.name} are changed.")
        return redirect(overview)
    context = {
        "borough": borough,
        "chosen": chosen,
        "form": form if may_set else None,
        "overview": overview,
        "source": SCHEMES[scheme],
    }
    return render(request, "reports/priorities.html", context, status=422 if form.errors else 200)


def _borough(request: HttpRequest, asks: Viewer) -> queries.Place | None:
    """The borough of the address, else the person's own; None where there are no figures. Raises Http404."""
    choices = queries.boroughs()
    code = request.GET.get("borough", "")
    if not choices or not code:
        return queries.own_borough(asks, choices) if choices else None
    return one_of(choices, code)
