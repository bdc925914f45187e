"""The API's routes of what figures say about places: by month with their range, and the sets of candidates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s

from hotspots import categories
from hotspots.api.shared import ID, one_visible
from hotspots.models import Area, Hotspot
from hotspots.register import boundaries
from partners import audit
from partners.api import parameters
from partners.api.errors import BadParameters
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import columns, page_of, text, whole
from partners.api.views import ReadView
from partners.roles import Marking, Scope
from partners.visibility import Viewer
from reports import place_figures
from reports.api.queries import COVERAGE
from reports.models import Candidate, CandidateSet
from reports.place_figures import Series
from reports.schemes import UnknownCategory, definition


class PlaceMonth(s.Serializer[Any]):
    month = text("As 2026-08.")
    count = whole("What was recorded inside the shape; null where it is not known.", allow_null=True)
    low = whole("The same in the shape drawn 100 m smaller: map points are rounded.", allow_null=True)
    high = whole("The same in the shape drawn 100 m larger.", allow_null=True)
    coverage = s.ChoiceField(list(COVERAGE.values()), help_text="Partial months are compared with nothing.")


class PlaceRange(s.Serializer[Any]):
    mean = s.FloatField(help_text="Crimes a month over the baseline.")
    low = s.FloatField(help_text="A month below it is outside the range.")
    high = s.FloatField(help_text="A month above it is outside the range.")
    months = whole("Months of the baseline that are known.")
    provisional = s.BooleanField(help_text="Fewer than 24.")


class PlaceFigures(s.Serializer[Any]):
    hotspot_id = whole("Number of the place.")
    category = text("Slug of the category or group.")
    boundary_id = whole("The version of the boundary that was counted; null where there was none.", allow_null=True)
    is_counted = s.BooleanField(help_text="False while this version is being counted: ask again in a minute.")
    baseline = PlaceRange(allow_null=True, help_text="Null where the baseline has too few known months.")
    months = PlaceMonth(many=True, help_text="Inside the boundary, oldest first.")
    ring = PlaceMonth(many=True, help_text="In its ring, other hotspots left out; empty without a ring.")


_MONTH = {"month": "2026-08", "count": 41, "low": 38, "high": 57, "coverage": "complete"}
_FIGURES: dict[str, Any] = {
    "hotspot_id": 3,
    "category": "all-crime",
    "boundary_id": 812,
    "is_counted": True,
    "baseline": {"mean": 61.4, "low": 44.9, "high": 77.9, "months": 24, "provisional": False},
    "months": [_MONTH],
    "ring": [{**_MONTH, "count": 102, "low": 88, "high": 131}],
}
_CATEGORY = Parameter(
    "category", "Slug of a category or group of police.uk; else all-crime.", parameters.slug, parameters.SLUG_SCHEMA
)
_FROM = Parameter("from", "First month, as 2024-04.", parameters.month, parameters.MONTH_SCHEMA)
_TO = Parameter("to", "Last month, as 2026-08.", parameters.month, parameters.MONTH_SCHEMA)
_ON = Parameter("on", "By the boundary that held on this day; else today's.", parameters.day, parameters.DAY_SCHEMA)


@describes(
    "getHotspotFigures",
    "What was recorded in a place and its ring, by month, with the range that map points leave open",
    answer=PlaceFigures,
    example=_FIGURES,
    path=[ID],
    tag="Hotspots",
)
class HotspotFigures(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (_CATEGORY, _FROM, _TO, _ON)
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        place = one_visible(self.viewer, path["id"])
        try:
            category = definition(categories.POLICE_UK, given["category"] or "")
        except UnknownCategory as error:
            raise BadParameters({"category": [str(error)]}) from error
        audit.read([place], by=self.viewer, how="api")
        on = given["on"] or timezone.localdate()
        shapes = boundaries.in_force([pk for pk in (place.area_id, place.ring_id) if pk], on, shapes=False)
        found = place_figures.series([one.pk for one in shapes.values()], category)
        own, ring = (found.get(shapes[pk].pk) if pk in shapes else None for pk in (place.area_id, place.ring_id))
        baseline = place_figures.baseline_of(place, own)
        return {
            "hotspot_id": place.pk,
            "category": category.slug,
            "boundary_id": shapes[place.area_id].pk if place.area_id in shapes else None,
            "is_counted": own is not None,
            "baseline": baseline and {name: getattr(baseline, name) for name in columns(PlaceRange)},
            "months": _months(own, given),
            "ring": _months(ring, given),
        }


def _months(series: Series | None, given: dict[str, Any]) -> list[dict[str, Any]]:
    if series is None:
        return []
    rows = zip(series.months, series.counts, series.low, series.high, series.coverage, strict=True)
    return [
        {"month": f"{month:%Y-%m}", "count": count, "low": low, "high": high, "coverage": COVERAGE[cover]}
        for month, count, low, high, cover in rows
        if (not given["from"] or month >= given["from"]) and (not given["to"] or month <= given["to"])
    ]


# --- Sets of candidates -------------------------------------------------------------------------------------------


class CandidateSetRow(s.Serializer[Any]):
    id = whole("Number of the set.")
    agency_id = whole("Whose record it is.")
    agency = text("That agency's name.")
    name = text("What it is called.")
    borough = text("Code of the borough that was searched.")
    categories = s.ListField(child=s.CharField(), help_text="Slugs of the categories that were counted.")
    first_month = text("First month that was counted, as 2025-09.")
    last_month = text("The last one.")
    method = text("Version of the method.")
    alpha = s.FloatField(help_text="Share of false discoveries that was accepted.")
    data_version = whole("Version of the figures that it was made from.")
    gini = s.FloatField(allow_null=True, help_text="0 = crime is spread evenly, 1 = all in one place.")
    generalised_gini = s.FloatField(allow_null=True, help_text="The same, where there are more places than crimes.")
    marking = s.ChoiceField(Marking.choices, help_text="How sensitive it is.")
    audience = s.ChoiceField(CandidateSet.Audience.choices, help_text="Whom it is meant for.")
    created_at = s.DateTimeField(help_text="When the search was kept.")


class CandidateRow(s.Serializer[Any]):
    rank = whole("1 is the first.")
    lsoa_code = text("Code of the LSOA.")
    name = text("Its name.")
    ward_name = text("Its ward then.", allow_blank=True)
    square_metres = s.FloatField(help_text="Its size.")
    count = whole("Crimes over the period.")
    low = s.FloatField(help_text="Exact 95 % interval of the count: from.")
    high = s.FloatField(help_text="To.")
    z = s.FloatField(allow_null=True, help_text="Gi* of the last three months; null where it cannot be computed.")
    p = s.FloatField(allow_null=True, help_text="Its one-sided p.")
    is_hot = s.BooleanField(help_text="Whether it stands after Benjamini-Hochberg.")
    hot_class = s.ChoiceField(Candidate.HotClass.choices, help_text="Its course over twelve quarters.")
    quarters = s.ListField(child=s.FloatField(allow_null=True), help_text="Gi* of each quarter, oldest first.")
    hotspot_id = whole("The place that it was made into; null where none that the caller sees.", allow_null=True)


class RepeatLocationRow(s.Serializer[Any]):
    rank = whole("1 is the first.")
    longitude = s.FloatField(help_text="Of the map point, which stands for at least eight addresses.")
    latitude = s.FloatField(help_text="WGS84.")
    street = text("On or near it.", allow_blank=True)
    count = whole("Crimes over the period.")
    months_active = whole("Months with at least one.")


class CandidateSetDetail(CandidateSetRow):
    candidates = CandidateRow(many=True, help_text="By rank.")
    repeat_locations = RepeatLocationRow(many=True, help_text="Map points with many crimes, by rank.")


_SET: dict[str, Any] = {
    "id": 6,
    "agency_id": 4,
    "agency": "Havering Council",
    "name": "Havering, victim-reported crime, to August 2026",
    "borough": "E09000016",
    "categories": ["burglary", "robbery", "shoplifting"],
    "first_month": "2025-09",
    "last_month": "2026-08",
    "method": "1",
    "alpha": 0.05,
    "data_version": 118,
    "gini": 0.47,
    "generalised_gini": 0.44,
    "marking": "official",
    "audience": "agreements",
    "created_at": "2026-11-02T09:12:44.120000+00:00",
}
_DETAIL = {
    **_SET,
    "candidates": [
        {
            "rank": 1,
            "lsoa_code": "E01002345",
            "name": "Havering 004C",
            "ward_name": "Gooshays",
            "square_metres": 214000.0,
            "count": 212,
            "low": 184.4,
            "high": 242.6,
            "z": 5.31,
            "p": 0.00000006,
            "is_hot": True,
            "hot_class": "intensifying",
            "quarters": [2.1, 2.4, 2.2, 2.9, 3.1, 3.3, 3.0, 3.8, 4.1, 4.6, 4.9, 5.31],
            "hotspot_id": 3,
        }
    ],
    "repeat_locations": [
        {
            "rank": 1,
            "longitude": 0.22117,
            "latitude": 51.60584,
            "street": "Hilldene Avenue",
            "count": 96,
            "months_active": 12,
        }
    ],
}
_SET_ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Number of the set.")
_BOROUGH = Parameter("borough", "Of the borough with this code.", parameters.code, parameters.CODE_SCHEMA)


def _sets(viewer: Viewer) -> Any:
    return CandidateSet.objects.visible_to(viewer).select_related("owner", "borough")


def _set_as_json(record: CandidateSet) -> dict[str, Any]:
    said = {name: getattr(record, name, None) for name in columns(CandidateSetRow)}
    return said | {
        "agency_id": record.owner_id,
        "agency": record.owner.name,
        "borough": record.borough.code,
        "first_month": f"{record.first_month:%Y-%m}",
        "last_month": f"{record.last_month:%Y-%m}",
    }


@describes(
    "listCandidateSets",
    "Searches for hotspots that were kept, newest first",
    answer=page_of(CandidateSetRow),
    example={"next": None, "results": [_SET]},
    tag="Hotspots",
)
class CandidateSets(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (_BOROUGH, *parameters.PAGING)
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found, start = _sets(self.viewer), given["offset"]
        if given["borough"]:
            found = found.filter(borough__in=Area.objects.filter(code=given["borough"]))
        records = list(found.order_by("-pk")[start : start + given["limit"] + 1])
        audit.read(records[: given["limit"]], by=self.viewer, how="api")
        return self.page(CandidateSetRow, given, [tuple(_set_as_json(one).values()) for one in records])


@describes(
    "getCandidateSet",
    "One search for hotspots with its candidates and repeat locations, as it was kept",
    answer=CandidateSetDetail,
    example=_DETAIL,
    path=[_SET_ID],
    tag="Hotspots",
)
class OneCandidateSet(ReadView):
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        record = _sets(self.viewer).filter(pk=path["id"]).first()
        if record is None:
            raise Http404("There is no such set of candidates, or it is not shared with you.")
        audit.read([record], by=self.viewer, how="api")
        candidates = list(record.candidates.order_by("rank"))
        promoted = [one.hotspot_id for one in candidates if one.hotspot_id]
        known = set(Hotspot.objects.visible_to(self.viewer).filter(pk__in=promoted).values_list("pk", flat=True))
        return {
            **_set_as_json(record),
            "candidates": [
                {name: getattr(one, name) for name in columns(CandidateRow)}
                | {"hotspot_id": one.hotspot_id if one.hotspot_id in known else None}
                for one in candidates
            ],
            "repeat_locations": [
                {name: getattr(one, name) for name in columns(RepeatLocationRow)}
                for one in record.repeat_locations.order_by("rank")
            ],
        }
