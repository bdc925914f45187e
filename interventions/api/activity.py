"""The API's routes of activity of all registers. Writes are the functions that the form calls.

What only one register has is read and written at that register's own address (`interventions.api.registers`).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework import serializers as s
from rest_framework.request import Request

from interventions import actions, exports, queries
from interventions.api import filters
from interventions.api.sending import ID, Writing, agency, changing, linked
from interventions.checks import LONGEST, MOST_REACHED
from interventions.models import Intervention
from interventions.registers import register_of
from interventions.registers.register import Register
from interventions.rights import NOT_HERE
from partners import audit
from partners.api import parameters
from partners.api.bodies import Body, Moment
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, GeoJsonRenderer, OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import page_of, text, whole
from partners.api.views import ReadView, Written
from partners.refusals import Refused
from partners.roles import Marking, Scope

_PARTS = list(Intervention.WITHHOLDABLE)


def _withheld(help_text: str) -> str:
    return f"{help_text} Null where it is withheld: see `withheld`."


class InterventionRow(s.Serializer[Any]):
    id = whole("Number of the record.")
    agency_id = whole("Whose work it is.")
    agency = text("That agency's name.")
    kind = s.ChoiceField(Intervention.Kind.choices, help_text="What kind of work.")
    title = text("In one line; never withheld.")
    strand = s.ChoiceField(Intervention.Strand.choices, help_text="Which of the four Ps.")
    status = s.ChoiceField(Intervention.Status.choices, help_text="Planned, done or cancelled.")
    starts = s.DateTimeField(help_text="When it begins, with its offset.")
    ends = s.DateTimeField(allow_null=True, help_text="The moment from which it is over; null = it has no end.")
    wards = s.ListField(child=s.CharField(), help_text="Codes of its wards, in order.")
    place = text(_withheld("Where exactly."), allow_null=True, allow_blank=True)
    latitude = s.FloatField(allow_null=True, help_text="WGS84. Null where it is not said, or withheld with the place.")
    longitude = s.FloatField(allow_null=True, help_text="As `latitude`.")
    details = text(_withheld("More about it."), allow_null=True, allow_blank=True)
    contact = text(_withheld("Whom to ask."), allow_null=True, allow_blank=True)
    people_reached = whole("How many people it reached. Null while unknown, or withheld.", allow_null=True)
    marking = s.ChoiceField(Marking.choices, help_text="How sensitive it is.")
    audience = s.ChoiceField(Intervention.Audience.choices, help_text="Whom it is meant for.")
    withheld = s.ListField(child=s.ChoiceField(_PARTS), help_text="What agreements withhold from this caller.")
    created_at = s.DateTimeField(help_text="When it was added.")
    changed_at = s.DateTimeField(help_text="When it was last changed.")


class InterventionAnswer(InterventionRow):
    url = text("Its address.")


_RECORD: dict[str, Any] = {
    "id": 12,
    "agency_id": 4,
    "agency": "Havering SNT",
    "kind": "patrol",
    "title": "Evening patrol of the station approach",
    "strand": "protect",
    "status": "done",
    "starts": "2026-11-06T19:00:00+00:00",
    "ends": "2026-11-06T21:30:00+00:00",
    "wards": ["E05013976"],
    "place": "Station approach",
    "latitude": 51.60312,
    "longitude": 0.21874,
    "details": "Two officers on foot.",
    "contact": "Desk sergeant",
    "people_reached": 40,
    "marking": "official",
    "audience": "agreements",
    "withheld": [],
    "created_at": "2026-11-02T09:12:44.120000+00:00",
    "changed_at": "2026-11-06T22:01:03.554000+00:00",
}
_ANSWER = {**_RECORD, "url": "/api/v1/interventions/12/"}
_SENT = {
    name: _RECORD[name]
    for name in ("agency_id", "kind", "title", "strand", "status", "starts", "ends", "wards", "marking", "audience")
}
_FEATURES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 12,
            "geometry": {"type": "Point", "coordinates": [0.21874, 51.60312]},
            "properties": {
                name: value for name, value in _RECORD.items() if name not in ("id", "latitude", "longitude")
            },
        }
    ],
    "next": None,
}


class _Point(s.Serializer[Any]):
    type = text("Point")
    coordinates = s.ListField(child=s.FloatField(), help_text="Longitude, latitude.")


class _Properties(InterventionRow):
    id = latitude = longitude = None  # type: ignore[assignment]


class InterventionFeature(s.Serializer[Any]):
    type = text("Feature")
    id = whole("Number of the record.")
    geometry = _Point(allow_null=True, help_text="Null where no point is said or shown.")
    properties = _Properties()


class InterventionFeatures(s.Serializer[Any]):
    type = text("FeatureCollection")
    features = InterventionFeature(many=True)
    next = s.URLField(allow_null=True, help_text="Address of the next page; null on the last.")


FILTERS = (
    *filters.DAYS,
    parameters.choice("kind", "Of this kind.", Intervention.Kind.values),
    *filters.STATES,
    *(filters.AGENCY, filters.AREA, filters.WORDS, filters.SINCE),
)


class _Listing(ReadView):
    """What both forms of the list share."""

    parameters: ClassVar[tuple[Parameter, ...]] = (*FILTERS, *parameters.PAGING)
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.RECORDS,)

    def records(self, given: dict[str, Any]) -> list[Intervention]:
        """The page asked for and one more. Reading it is audited."""
        found = queries.activity(self.viewer)
        if given["kind"]:
            found = found.filter(kind=given["kind"])
        found = filters.narrowed(found, given)
        start = given["offset"]
        records: list[Intervention] = list(found[start : start + given["limit"] + 1])
        audit.read(records[: given["limit"]], by=self.viewer, how="api")
        return records


class NewIntervention(Body):
    agency_id = s.IntegerField(help_text="Whose work it is: an agency for which the caller may add records.")
    kind = s.ChoiceField(Intervention.Kind.choices, help_text="What kind of work.")
    title = s.CharField(max_length=LONGEST["title"], help_text="In one line; never withheld.")
    strand = s.ChoiceField(Intervention.Strand.choices, help_text="Which of the four Ps.")
    status = s.ChoiceField(Intervention.Status.choices, required=False, help_text="Else planned.")
    starts = Moment(help_text="When it begins.")
    ends = Moment(help_text="When it ends.")
    wards = s.ListField(child=s.CharField(max_length=40), max_length=200, help_text="Codes of its wards.")
    place = s.CharField(max_length=LONGEST["place"], allow_blank=True, required=False, help_text="Where exactly.")
    latitude = s.FloatField(
        min_value=-90, max_value=90, allow_null=True, required=False, help_text="WGS84; with `longitude`."
    )
    longitude = s.FloatField(min_value=-180, max_value=180, allow_null=True, required=False, help_text="WGS84.")
    details = s.CharField(max_length=LONGEST["details"], allow_blank=True, required=False, help_text="More about it.")
    contact = s.CharField(max_length=LONGEST["contact"], allow_blank=True, required=False, help_text="Whom to ask.")
    people_reached = s.IntegerField(
        min_value=0, max_value=MOST_REACHED, allow_null=True, required=False, help_text="A count."
    )
    marking = s.ChoiceField(Marking.choices, required=False, help_text="Else official.")
    audience = s.ChoiceField(
        Intervention.Audience.choices,
        required=False,
        help_text="Else agreements. A planned warrant is always the team's alone, whatever is sent.",
    )


class InterventionChange(NewIntervention):
    agency_id = None  # type: ignore[assignment]
    changed_at = Moment(
        required=False,
        help_text="`changed_at` as it was read: 422, and nothing changed, where it has been changed since.",
    )


@describes_write(
    "post",
    "addIntervention",
    "Add a piece of work",
    body=NewIntervention,
    answer=InterventionAnswer,
    sends=_SENT,
    example=_ANSWER,
    status=201,
    tag="Records",
)
@describes(
    "listInterventions",
    "Activity that the caller may see, newest first",
    answer=page_of(InterventionRow),
    example={"next": None, "results": [_RECORD]},
    tag="Records",
)
class Interventions(Writing, _Listing):
    renderer_classes = [OrjsonRenderer, CsvRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        return self.page(InterventionRow, given, [tuple(exports.as_json(one).values()) for one in self.records(given)])

    def post(self, request: Request) -> HttpResponseBase:
        return self.write(NewIntervention, self.add)

    def add(self, given: dict[str, Any]) -> Written:
        with changing(self.viewer, named=_named):
            register = register_of(given["kind"])
            if _needs_more(register):
                raise Refused("kind", f"Send {register.a_one} to /api/v1/{register.slug}/: it has fields of its own.")
            owner = agency(given.pop("agency_id"))
            content = actions.Content(**(given | linked(given, self.viewer)))
            record = actions.add_intervention(by=self.viewer, owner=owner, content=content)
        return Written(_answered(record), 201)


@describes(
    "listInterventionFeatures",
    "Activity that the caller may see, as GeoJSON",
    answer=InterventionFeatures,
    example=_FEATURES,
    tag="Records",
)
class InterventionPoints(_Listing):
    renderer_classes = [GeoJsonRenderer, OrjsonRenderer]

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        kept, following = self.one_page(given, self.records(given))
        return {**exports.feature_collection(kept), "next": following}


@describes_write(
    "patch",
    "changeIntervention",
    "Change a piece of work",
    body=InterventionChange,
    answer=InterventionAnswer,
    sends={"status": "done", "people_reached": 40},
    example=_ANSWER,
    path=[ID],
    tag="Records",
)
@describes(
    "getIntervention",
    "One piece of work, as far as it is shown to the caller",
    answer=InterventionRow,
    example=_RECORD,
    path=[ID],
    tag="Records",
)
class OneIntervention(Writing, ReadView):
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        record = queries.record(self.viewer, path["id"])
        if record is None:
            raise Http404(NOT_HERE)
        audit.read([record], by=self.viewer, how="api")
        return exports.as_json(record)

    def patch(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(InterventionChange, lambda given: self.change(id, given), partial=True)

    def change(self, pk: int, given: dict[str, Any]) -> Written:
        seen = given.pop("changed_at", None)
        with changing(self.viewer, pk, _named):
            said = given | linked(given, self.viewer)
            record = actions.change_intervention(by=self.viewer, pk=pk, seen=seen, **said)
        return Written(_answered(record))


def _needs_more(register: Register) -> bool:
    """Whether a record cannot be told by what all registers share."""
    asks = any(not one.blank and not one.has_default() for one in register.own_fields.values())
    return asks or register.whole_days or register.is_moment or register.status_of is not None


def _answered(record: Intervention) -> dict[str, Any]:
    return {**exports.as_json(record), "url": reverse("api:intervention", args=[record.pk])}


def _named(name: str) -> str:
    return "agency_id" if name == "owner" else name
