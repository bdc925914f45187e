"""Live here, now: every order in force at a place, for somebody who stands there with a phone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hotspots.models import Hotspot
from hotspots.queries import wards_in_force
from interventions import maps
from interventions.live import places, presenters
from interventions.live.forms import PlaceForm
from interventions.live.places import Place
from interventions.live.queries import NEAR_M, live
from partners import audit
from partners.access import viewer
from partners.markings import highest_marking
from partners.roles import Permission
from partners.visibility import Viewer

MOST_QUICK = 12


@require_safe
def here(request: HttpRequest) -> HttpResponse:
    """What is in force at the place of the address; without one, the ways to choose it."""
    asks = viewer(request)
    today = timezone.localtime(asks.now).date()
    wards = list(wards_in_force(today).filter(parent__isnull=False))
    seen = Hotspot.objects.visible_to(asks).exclude(status=Hotspot.Status.ARCHIVED).order_by("name", "pk")
    hotspots = list(seen)
    form = PlaceForm(request.GET, wards=wards, hotspots=hotspots)
    context: dict[str, Any] = {"form": form, "quick": hotspots[:MOST_QUICK], "now": asks.now}
    if not form.is_valid():
        return render(request, "interventions/live/here.html", context, status=400)
    asked = form.cleaned_data
    place = None
    if asked["at"]:
        place = places.at_point(*asked["at"])
    elif asked["street"]:
        place = _street(asked["street"], asked["ward"], context)
    elif asked["hotspot"]:
        place = places.of_hotspot(next(one for one in hotspots if str(one.pk) == asked["hotspot"]), today)
    elif asked["ward"]:
        place = places.of_area(next(one for one in wards if one.code == asked["ward"]), today)
    else:
        context["unasked"] = True
    if place:
        _read(asks, place, context)
    return render(request, "interventions/live/here.html", context)


def _street(text: str, ward: str, context: dict[str, Any]) -> Place | None:
    """The street where there is one with such a name; where there are several, they are offered."""
    today = timezone.localdate()
    found = places.streets(text, today, ward=ward)
    exact = [one for one in found if one.name.casefold() == text.casefold()]
    if len(exact) == 1 or len(found) == 1:
        return places.of_street((exact if len(exact) == 1 else found)[0])
    address = reverse("interventions:live")
    context["streets"] = [
        (f"{one.name}, {one.ward.name}", f"{address}?{urlencode({'street': one.name, 'ward': one.ward.code})}")
        for one in found
    ]
    context["unknown_street"] = not found
    return None


def _read(asks: Viewer, place: Place, context: dict[str, Any]) -> None:
    """Puts what is in force there into the page's context, and the reading into the audit trail."""
    found = live(asks, place)
    may_add = asks.may(Permission.ADD)
    cards = presenters.cards(found.all, asks.now, may_add=may_add)
    here, near = len(found.here), len(found.here) + len(found.near)
    records = [one.record for one in found.all]
    outlines = maps.outlines({one.code for one in found.wards}, timezone.localdate())
    marks = presenters.marks(found, cards)
    if place.point is None:
        marks.append(maps.Mark(place.shape, place.name, colour=maps.INK, is_outline=True))
    context |= {
        "place": place,
        "near_street": places.near_name(place.point, 150) if place.point else "",
        "sections": [
            (words, len(some), presenters.grouped(some))
            for words, some in (
                ("In force here", cards[:here]),
                (f"Near, within {NEAR_M} m: not here", cards[here:near]),
                ("In the same ward: where exactly is not known, or not shown to you", cards[near:]),
            )
            if some
        ],
        "is_here": bool(here),
        "wards": found.wards,
        "cut_off": found.cut_off,
        "marking": highest_marking(records),
        "map": maps.drawn(marks, outlines, title=f"Map of what is in force at {place.name}", here=place.point),
        "tiles_by": maps.credit(),
    }
    audit.read(records, by=asks, how="live")
