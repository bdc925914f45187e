"""The API's routes of the register of places. Writes are the functions that the forms call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.request import Request

from hotspots.api import drawn
from hotspots.api.shared import ID, PLACE_FILTERS, Writing, changing, chosen, one_visible, refusal, visible
from hotspots.models import Hotspot
from hotspots.models.phases import Phase
from hotspots.phases.queries import current_phases
from hotspots.register import actions
from partners import audit
from partners.api import parameters
from partners.api.bodies import Body, Moment
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import columns, page_of, text, whole
from partners.api.views import ReadView, Written
from partners.models import Agency
from partners.refusals import Refused
from partners.roles import Marking, Scope

_PARTS = list(Hotspot.WITHHOLDABLE)
_MONTHS = ("selected_from", "selected_to", "baseline_from", "baseline_to")


def _withheld(help_text: str) -> str:
    return f"{help_text} Null where it is withheld: see `withheld`."


class HotspotRow(s.Serializer[Any]):
    id = whole("Number of the place.")
    agency_id = whole("The lead agency, whose record it is.")
    agency = text("That agency's name.")
    kind = s.ChoiceField(Hotspot.Kind.choices, help_text="A hotspot, or a place that is only watched.")
    status = s.ChoiceField(Hotspot.Status.choices, help_text="Proposed, active, closed or archived.")
    name = text("What the partners call it.")
    public_name = text("What the public is told; empty where nothing is.", allow_blank=True)
    phases = s.ListField(child=s.ChoiceField(Phase.choices), help_text="The phases it is in today; there may be two.")
    areas = s.ListField(child=s.CharField(), help_text="Codes of the boroughs and wards it lies in.")
    partner_ids = s.ListField(child=s.IntegerField(), help_text="Numbers of the agencies that work on it too.")
    lead = text("Who leads the work; null where nobody does.", allow_null=True)
    problems = s.ListField(child=s.CharField(), help_text="Slugs of categories of police.uk.")
    identified_by = s.ChoiceField(Hotspot.IdentifiedBy.choices, help_text="How it was found.")
    identified_note = text(_withheld("Why it was chosen, in words."), allow_null=True, allow_blank=True)
    objective = text("What is to be reached, in words.", allow_blank=True)
    objective_category = text("Of which category the target is a count over twelve months.", allow_blank=True)
    objective_baseline = whole("That count when the work began.", allow_null=True)
    objective_target = whole("The count to reach.", allow_null=True)
    objective_by = s.DateField(allow_null=True, help_text="By when.")
    selected_from = text("First month of the figures that it was picked by, as 2025-04.", allow_null=True)
    selected_to = text("Their last month.", allow_null=True)
    baseline_from = text("First month of the baseline.", allow_null=True)
    baseline_to = text("Its last month.", allow_null=True)
    review_on = s.DateField(allow_null=True, help_text="When it is looked at next.")
    ring_m = whole("Width of the displacement ring in metres; 0 = none.")
    equality_people = text(_withheld("Who lives there."), allow_null=True, allow_blank=True)
    equality_balance = text(_withheld("The mix of support and enforcement."), allow_null=True, allow_blank=True)
    equality_other = text(_withheld("What else could explain the figures."), allow_null=True, allow_blank=True)
    marking = s.ChoiceField(Marking.choices, help_text="How sensitive it is.")
    audience = s.ChoiceField(Hotspot.Audience.choices, help_text="Whom it is meant for.")
    withheld = s.ListField(child=s.ChoiceField(_PARTS), help_text="What agreements withhold from this caller.")
    created_at = s.DateTimeField(help_text="When it was added.")
    changed_at = s.DateTimeField(help_text="When it was last changed, its boundary included.")


class HotspotAnswer(HotspotRow):
    url = text("Its address.")


_RECORD: dict[str, Any] = {
    "id": 3,
    "agency_id": 4,
    "agency": "Havering Council",
    "kind": "hotspot",
    "status": "active",
    "name": "Hilldene shops",
    "public_name": "Hilldene Avenue",
    "phases": ["clear", "hold"],
    "areas": ["E05013976", "E09000016"],
    "partner_ids": [2, 7],
    "lead": "Lee Read",
    "problems": ["robbery", "shoplifting"],
    "identified_by": "analysis",
    "identified_note": "First of the set of April 2026.",
    "objective": "A fifth fewer robberies and thefts from shops",
    "objective_category": "shoplifting",
    "objective_baseline": 145,
    "objective_target": 116,
    "objective_by": "2027-03-31",
    "selected_from": "2025-04",
    "selected_to": "2026-03",
    "baseline_from": "2023-04",
    "baseline_to": "2025-03",
    "review_on": "2026-12-01",
    "ring_m": 500,
    "equality_people": "Mostly families in flats above the shops.",
    "equality_balance": "As much support as enforcement.",
    "equality_other": "The bus station was rebuilt.",
    "marking": "official",
    "audience": "agreements",
    "withheld": [],
    "created_at": "2026-04-20T09:12:44.120000+00:00",
    "changed_at": "2026-11-06T22:01:03.554000+00:00",
}
_ANSWER = {**_RECORD, "url": "/api/v1/hotspots/3/"}
_SENT = {
    name: _RECORD[name]
    for name in ("agency_id", "name", "problems", "identified_by", "selected_from", "selected_to", "review_on")
} | {"boundary": drawn.EXAMPLE, "valid_from": "2026-04-20"}


def as_json(places: list[Hotspot]) -> list[dict[str, Any]]:
    """Places as the API answers them. What is withheld is null and named in `withheld`; "" is nothing said. One query
    where they were read by `visible`."""
    now = current_phases(places, timezone.localdate())
    return [_as_json(one, [period.phase for period in now.get(one.pk, [])]) for one in places]


def _as_json(record: Hotspot, phases: list[str]) -> dict[str, Any]:
    said = {name: getattr(record, name, None) for name in columns(HotspotRow)}
    said |= {name: month and f"{month:%Y-%m}" for name in _MONTHS if (month := said[name])}
    return said | {
        "agency_id": record.owner_id,
        "agency": record.owner.name,
        "phases": phases,
        "areas": record.area_codes,
        "partner_ids": sorted(one.pk for one in record.partners.all()),
        "lead": record.lead and record.lead.full_name,
        "withheld": sorted(record.withheld),
        "id": record.pk,
    }


_Q = Parameter("q", "With all these words, in what is shown.", parameters.words, {"type": "string", "maxLength": 100})
_SINCE = Parameter(
    "updated_since",
    "Added or changed at this moment or later: then in the order of change. What is no longer shared with the caller "
    "is not told; ask for all now and then.",
    parameters.moment,
    parameters.MOMENT_SCHEMA,
)


class NewHotspot(Body):
    agency_id = s.IntegerField(help_text="The lead agency: one whose records the caller may change.")
    name = s.CharField(max_length=100, help_text="What the partners call it.")
    boundary = drawn.Geometry()
    valid_from = s.DateField(required=False, help_text="From when the boundary holds; else from today.")
    ring_m = s.IntegerField(
        min_value=0, max_value=1000, required=False, help_text="Width of the displacement ring; else 500, 0 = none."
    )
    kind = s.ChoiceField(Hotspot.Kind.choices, required=False, help_text="Else hotspot.")
    public_name = s.CharField(max_length=100, allow_blank=True, required=False, help_text="What the public is told.")
    partner_ids = s.ListField(
        child=s.IntegerField(), max_length=100, required=False, help_text="Numbers of agencies that work on it too."
    )
    problems = s.ListField(
        child=s.CharField(max_length=60), max_length=30, required=False, help_text="Slugs of categories of police.uk."
    )
    identified_by = s.ChoiceField(Hotspot.IdentifiedBy.choices, required=False, help_text="Else analysis.")
    identified_note = s.CharField(max_length=5_000, allow_blank=True, required=False, help_text="Why it was chosen.")
    objective = s.CharField(max_length=300, allow_blank=True, required=False, help_text="What is to be reached.")
    objective_category = s.CharField(
        max_length=60, allow_blank=True, required=False, help_text="Of which category the target is a count."
    )
    objective_baseline = s.IntegerField(
        min_value=0, max_value=1_000_000, allow_null=True, required=False, help_text="The count when the work began."
    )
    objective_target = s.IntegerField(
        min_value=0, max_value=1_000_000, allow_null=True, required=False, help_text="The count to reach."
    )
    objective_by = s.DateField(allow_null=True, required=False, help_text="By when.")
    selected_from = drawn.Month(help_text="First month of the figures that it was picked by, as 2025-04.")
    selected_to = drawn.Month(help_text="Their last month.")
    baseline_from = drawn.Month(help_text="First month of the baseline; else 24 months before `selected_from`.")
    baseline_to = drawn.Month(help_text="Its last month; else the one before `selected_from`.")
    review_on = s.DateField(allow_null=True, required=False, help_text="When it is looked at next.")
    equality_people = s.CharField(max_length=5_000, allow_blank=True, required=False, help_text="Who lives there.")
    equality_balance = s.CharField(
        max_length=5_000, allow_blank=True, required=False, help_text="The mix of support and enforcement."
    )
    equality_other = s.CharField(
        max_length=5_000, allow_blank=True, required=False, help_text="What else could explain the figures."
    )
    marking = s.ChoiceField(Marking.choices, required=False, help_text="Else official.")
    audience = s.ChoiceField(Hotspot.Audience.choices, required=False, help_text="Else agreements.")


class HotspotChange(NewHotspot):
    agency_id = boundary = valid_from = ring_m = None  # type: ignore[assignment]
    status = s.ChoiceField(Hotspot.Status.choices, required=False, help_text="Its new state.")
    reason = s.CharField(
        max_length=500, allow_blank=True, required=False, help_text="Why; needed to close or archive it."
    )
    changed_at = Moment(
        required=False,
        help_text="`changed_at` as it was read: 422, and nothing changed, where it has been changed since.",
    )


@describes_write(
    "post",
    "addHotspot",
    "Add a place to the register",
    body=NewHotspot,
    answer=HotspotAnswer,
    sends=_SENT,
    example=_ANSWER,
    status=201,
    description="Add a place to the register, proposed, with its first boundary. Its counts are made right after.",
    tag="Hotspots",
)
@describes(
    "listHotspots",
    "Hotspots and watch places that the caller may see, by name",
    answer=page_of(HotspotRow),
    example={"next": None, "results": [_RECORD]},
    tag="Hotspots",
)
class Hotspots(Writing, ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (*PLACE_FILTERS, _Q, _SINCE, *parameters.PAGING)
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found = chosen(visible(self.viewer), given)
        if given["q"]:
            found = found.matching(given["q"])
        since = given["updated_since"]
        found = (
            found.filter(changed_at__gte=since).order_by("changed_at", "pk") if since else found.order_by("name", "pk")
        )
        start = given["offset"]
        records: list[Hotspot] = list(found[start : start + given["limit"] + 1])
        audit.read(records[: given["limit"]], by=self.viewer, how="api")
        return self.page(HotspotRow, given, [tuple(one.values()) for one in as_json(records)])

    def post(self, request: Request) -> HttpResponseBase:
        return self.write(NewHotspot, self.add)

    def add(self, given: dict[str, Any]) -> Written:
        owner = Agency.objects.filter(pk=given.pop("agency_id"), left_at=None).first()
        if owner is None:
            raise refusal(Refused("owner", "You can add places only for an agency that takes part."))
        shape, ring_m = given.pop("boundary"), given.pop("ring_m", 500)
        valid_from: date = given.pop("valid_from", None) or timezone.localdate()
        try:
            record = actions.add_hotspot(
                by=self.viewer,
                owner=owner,
                content=actions.Content(**_content(given)),
                drawn=drawn.read(shape, valid_from),
                valid_from=valid_from,
                ring_m=ring_m,
            )
        except Refused as refused:
            raise refusal(refused) from refused
        return Written(_answered(record), 201)


@describes_write(
    "patch",
    "changeHotspot",
    "Change a place of the register",
    body=HotspotChange,
    answer=HotspotAnswer,
    sends={"status": "active", "review_on": "2026-12-01", "changed_at": _RECORD["changed_at"]},
    example=_ANSWER,
    path=[ID],
    tag="Hotspots",
)
@describes(
    "getHotspot",
    "One place of the register, as far as it is shown to the caller",
    answer=HotspotRow,
    example=_RECORD,
    path=[ID],
    tag="Hotspots",
)
class OneHotspot(Writing, ReadView):
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        record = one_visible(self.viewer, path["id"])
        audit.read([record], by=self.viewer, how="api")
        return as_json([record])[0]

    def patch(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(HotspotChange, lambda given: self.change(id, given), partial=True)

    def change(self, pk: int, given: dict[str, Any]) -> Written:
        seen, status, reason = (given.pop(name, None) for name in ("changed_at", "status", "reason"))
        with changing(self.viewer, pk):
            record = actions.change_hotspot(by=self.viewer, pk=pk, seen=seen, **_content(given))
            if status:
                record = actions.set_status(by=self.viewer, pk=pk, status=status, reason=reason or "")
        return Written(_answered(record))


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, by the names of `Content`. Raises errors.Refused for agencies that are none."""
    said = {name: value for name, value in given.items() if name != "partner_ids"}
    if "problems" in said:
        said["problems"] = tuple(dict.fromkeys(said["problems"]))
    if "partner_ids" in given:
        wanted = set(given["partner_ids"])
        found = Agency.objects.filter(pk__in=[pk for pk in wanted if 0 < pk < 2**31], left_at=None)
        said["partners"] = tuple(found.order_by("name", "pk"))
        if unknown := wanted - {one.pk for one in said["partners"]}:
            raise refusal(Refused("partners", f"There is no agency with the number {min(unknown)}."))
    return said


def _answered(record: Hotspot) -> dict[str, Any]:
    return {**as_json([record])[0], "url": reverse("api:hotspot", args=[record.pk])}
