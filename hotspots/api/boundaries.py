"""The API's routes of the shapes of places: all versions of one place, and of many on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import F, Q
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.request import Request

from hotspots.api import drawn
from hotspots.api.shared import ID, PLACE_FILTERS, Writing, changing, chosen, one_visible, visible
from hotspots.models import Boundary, Hotspot
from hotspots.register import actions
from partners import audit
from partners.api import parameters
from partners.api.bodies import Body
from partners.api.parameters import Parameter
from partners.api.renderers import GeoJsonRenderer, OrjsonRenderer
from partners.api.schema import describes, describes_write
from partners.api.serializers import text, whole
from partners.api.views import ReadView, Written
from partners.roles import Scope


class HotspotGeometry(s.Serializer[Any]):
    type = s.ChoiceField(["Polygon", "MultiPolygon"], help_text="What the coordinates are.")
    coordinates = s.ListField(help_text="WGS84, longitude first.")


class HotspotProperties(s.Serializer[Any]):
    hotspot_id = whole("Number of the place.")
    name = text("What the partners call it.")
    kind = s.ChoiceField(Hotspot.Kind.choices, help_text="A hotspot, or a place that is only watched.")
    status = s.ChoiceField(Hotspot.Status.choices, help_text="Its state today.")
    agency_id = whole("The lead agency.")
    marking = text("How sensitive it is.")
    part = s.ChoiceField(
        ["boundary", "ring"],
        help_text="A ring is its whole band; what other hotspots cover of it is left out of its counts only.",
    )
    valid_from = s.DateField(help_text="First day on which this version holds.")
    valid_to = s.DateField(allow_null=True, help_text="Day on which another took its place; null where none did.")
    source = text("Where the shape came from, in a few words.")


class HotspotFeature(s.Serializer[Any]):
    type = s.ChoiceField(["Feature"], help_text="Feature")
    id = whole("Number of this version of the shape: figures name it as `boundary_id`.")
    bbox = s.ListField(child=s.FloatField(), help_text="West, south, east, north.")
    geometry = HotspotGeometry()
    properties = HotspotProperties()


class HotspotFeatures(s.Serializer[Any]):
    type = s.ChoiceField(["FeatureCollection"], help_text="FeatureCollection")
    features = HotspotFeature(many=True)
    next = s.URLField(allow_null=True, help_text="Address of the next page; null on the last.")


class BoundaryAnswer(s.Serializer[Any]):
    id = whole("Number of the new version.")
    hotspot_id = whole("Number of the place.")
    valid_from = s.DateField(help_text="First day on which it holds.")
    url = text("Address of all versions.")


class NewBoundary(Body):
    boundary = drawn.Geometry()
    valid_from = s.DateField(help_text="From when it holds: what was counted before stays with the version before.")
    ring_m = s.IntegerField(
        min_value=0, max_value=1000, required=False, help_text="Another width of the ring; else as it is."
    )
    replaces = s.IntegerField(
        required=False,
        help_text="Number of the newest version as it was read: 422, and nothing changed, where there is a newer one.",
    )


_FEATURES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 812,
            "bbox": [0.2201, 51.6049, 0.2243, 51.6071],
            "geometry": drawn.EXAMPLE,
            "properties": {
                "hotspot_id": 3,
                "name": "Hilldene shops",
                "kind": "hotspot",
                "status": "active",
                "agency_id": 4,
                "marking": "official",
                "part": "boundary",
                "valid_from": "2026-04-20",
                "valid_to": None,
                "source": "drawn",
            },
        }
    ],
    "next": None,
}


def _features(places: Sequence[Hotspot], rows: Iterable[Boundary]) -> list[dict[str, Any]]:
    """The shapes of some places as GeoJSON features, by place, boundaries before rings, oldest first."""
    of = {one.area_id: (one, "boundary") for one in places} | {
        one.ring_id: (one, "ring") for one in places if one.ring_id
    }
    order = {one.pk: position for position, one in enumerate(places)}
    found = sorted(rows, key=lambda row: (order[of[row.area_id][0].pk], of[row.area_id][1]))
    return [_feature(row, *of[row.area_id]) for row in found]


def _feature(row: Boundary, place: Hotspot, part: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row.pk,
        "bbox": [row.west, row.south, row.east, row.north],
        "geometry": row.outline,
        "properties": {
            "hotspot_id": place.pk,
            "name": place.name,
            "kind": place.kind,
            "status": place.status,
            "agency_id": place.owner_id,
            "marking": place.marking,
            "part": part,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "source": row.source,
        },
    }


def _rows(places: Sequence[Hotspot]) -> Any:
    areas = [pk for one in places for pk in (one.area_id, one.ring_id) if pk]
    return Boundary.objects.filter(area__in=areas).order_by(F("valid_from").asc(nulls_first=True), "pk")


_ON = Parameter("on", "As they were on this day; else today.", parameters.day, parameters.DAY_SCHEMA)


@describes(
    "listHotspotFeatures",
    "The shapes of places that the caller may see, as they were on a day, as GeoJSON",
    answer=HotspotFeatures,
    example=_FEATURES,
    tag="Hotspots",
)
class HotspotShapes(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (*PLACE_FILTERS, _ON, *parameters.PAGING)
    renderer_classes = [GeoJsonRenderer, OrjsonRenderer]
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        found = chosen(visible(self.viewer), given).order_by("name", "pk")
        start = given["offset"]
        places, following = self.one_page(given, list(found[start : start + given["limit"] + 1]))
        audit.read(places, by=self.viewer, how="api")
        on: date = given["on"] or timezone.localdate()
        rows = _rows(places).filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
        return {"type": "FeatureCollection", "features": _features(places, rows), "next": following}


@describes_write(
    "post",
    "redrawHotspot",
    "Give a place a new boundary from a day on",
    body=NewBoundary,
    answer=BoundaryAnswer,
    sends={"boundary": drawn.EXAMPLE, "valid_from": "2026-11-01", "replaces": 812},
    example={"id": 840, "hotspot_id": 3, "valid_from": "2026-11-01", "url": "/api/v1/hotspots/3/boundaries/"},
    status=201,
    path=[ID],
    tag="Hotspots",
)
@describes(
    "listHotspotBoundaries",
    "Every version of a place's boundary and ring, as GeoJSON",
    answer=HotspotFeatures,
    example=_FEATURES,
    path=[ID],
    tag="Hotspots",
)
class HotspotBoundaries(Writing, ReadView):
    renderer_classes = [GeoJsonRenderer, OrjsonRenderer]
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        place = one_visible(self.viewer, path["id"])
        audit.read([place], by=self.viewer, how="api")
        return {"type": "FeatureCollection", "features": _features([place], _rows([place])), "next": None}

    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(NewBoundary, lambda given: self.redraw(id, given))

    def redraw(self, pk: int, given: dict[str, Any]) -> Written:
        with changing(self.viewer, pk):
            made = actions.redraw(
                by=self.viewer,
                pk=pk,
                drawn=drawn.read(given["boundary"], given["valid_from"]),
                valid_from=given["valid_from"],
                ring_m=given.get("ring_m"),
                seen=given.get("replaces"),
            )
        body = {"id": made.pk, "hotspot_id": pk, "valid_from": made.valid_from}
        return Written({**body, "url": reverse("api:hotspot-boundaries", args=[pk])}, 201)
