"""The API's routes of the phases of places. Writes are the functions that the forms call."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.request import Request

from hotspots.api.shared import ID, Writing, changing, one_visible
from hotspots.models import PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases import actions, queries
from partners import audit
from partners.api.bodies import Body, Moment
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import columns, page_of, text, whole
from partners.api.views import ReadView, Written
from partners.roles import Scope

_NONE_HERE = "This place has no such phase."


class PhaseRow(s.Serializer[Any]):
    id = whole("Number of this period of the phase: gates name it as `period_id`.")
    hotspot_id = whole("Number of the place.")
    phase = s.ChoiceField(Phase.choices, help_text="Which phase.")
    starts = s.DateField(help_text="Its first day.")
    ends = s.DateField(allow_null=True, help_text="Its last day; null while it goes on.")
    planned_end = s.DateField(allow_null=True, help_text="When it is meant to end: its gate is due then.")
    ending = s.ChoiceField(
        PhasePeriod.Ending.choices, allow_blank=True, help_text="How it ended; empty while it goes on."
    )
    objectives = text("What it is to reach.", allow_blank=True)
    expectations = text("What each partner is expected to do.", allow_blank=True)
    lead = text("Who leads it; null where nobody does.", allow_null=True)
    created_at = s.DateTimeField(help_text="When it was entered.")
    changed_at = s.DateTimeField(help_text="When it was last changed.")


class PhaseAnswer(PhaseRow):
    url = text("Its address.")


class NewPhase(Body):
    phase = s.ChoiceField(Phase.choices, help_text="Which phase begins.")
    starts = s.DateField(help_text="Its first day.")
    planned_end = s.DateField(allow_null=True, required=False, help_text="When its gate is due.")
    objectives = s.CharField(max_length=5_000, allow_blank=True, required=False, help_text="What it is to reach.")
    expectations = s.CharField(
        max_length=5_000, allow_blank=True, required=False, help_text="What each partner is expected to do."
    )
    knowingly = s.BooleanField(
        required=False, help_text="True where it follows no usual order and is meant so: else that is refused."
    )


class PhaseChange(NewPhase):
    phase = knowingly = None  # type: ignore[assignment]
    ends = s.DateField(
        required=False, help_text="Its last day: stops a phase that goes on, corrects one that has ended."
    )
    reason = s.CharField(
        max_length=500, allow_blank=True, required=False, help_text="Why; needed to stop it, and to correct dates."
    )
    changed_at = Moment(
        required=False,
        help_text="`changed_at` as it was read: 422, and nothing changed, where it has been changed since.",
    )


_ROW: dict[str, Any] = {
    "id": 9,
    "hotspot_id": 3,
    "phase": "clear",
    "starts": "2026-06-01",
    "ends": None,
    "planned_end": "2026-12-15",
    "ending": "",
    "objectives": "The shops' entrances are free of dealing.",
    "expectations": "Council: lights repaired by July. Police: patrols at closing time.",
    "lead": "Lee Read",
    "created_at": "2026-05-28T10:02:11.300000+00:00",
    "changed_at": "2026-10-02T08:40:00.120000+00:00",
}
_ANSWER = {**_ROW, "url": "/api/v1/hotspots/3/phases/9/"}
_PERIOD = OpenApiParameter("period", int, OpenApiParameter.PATH, description="Number of the period.")


def _as_json(period: PhasePeriod) -> dict[str, Any]:
    said = {name: getattr(period, name) for name in columns(PhaseRow)}
    return {**said, "lead": period.lead and period.lead.full_name}


def _answered(period: PhasePeriod) -> dict[str, Any]:
    return {**_as_json(period), "url": reverse("api:hotspot-phase", args=[period.hotspot_id, period.pk])}


def period_of(place: int, pk: int) -> PhasePeriod:
    """A period of a place that the caller sees. Raises Http404."""
    found = PhasePeriod.objects.select_related("lead").filter(hotspot=place, pk=pk).first()
    if found is None:
        raise Http404(_NONE_HERE)
    return found


@describes_write(
    "post",
    "startPhase",
    "Begin a phase of a place",
    body=NewPhase,
    answer=PhaseAnswer,
    sends={"phase": "clear", "starts": "2026-06-01", "planned_end": "2026-12-15"},
    example=_ANSWER,
    status=201,
    path=[ID],
    tag="Hotspots",
)
@describes(
    "listPhases",
    "The phases of a place, oldest first; they may overlap and come again",
    answer=page_of(PhaseRow),
    example={"next": None, "results": [_ROW]},
    path=[ID],
    tag="Hotspots",
)
class Phases(Writing, ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        place = one_visible(self.viewer, path["id"])
        audit.read([place], by=self.viewer, how="api")
        rows = queries.periods([place]).get(place.pk, [])
        return Page(columns(PhaseRow), [tuple(_as_json(one).values()) for one in rows])

    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(NewPhase, lambda given: self.start(id, given))

    def start(self, place: int, given: dict[str, Any]) -> Written:
        phase, knowingly = given.pop("phase"), given.pop("knowingly", False)
        with changing(self.viewer, place):
            period = actions.start_phase(
                by=self.viewer, place=place, phase=phase, plan=actions.Plan(**given), knowingly=knowingly
            )
        return Written(_answered(period), 201)


@describes_write(
    "patch",
    "changePhase",
    "Change, correct or stop a phase",
    body=PhaseChange,
    answer=PhaseAnswer,
    sends={"ends": "2026-11-20", "reason": "The operation was called off.", "changed_at": _ROW["changed_at"]},
    example={**_ANSWER, "ends": "2026-11-20", "ending": "stopped"},
    description="Change, correct or stop a phase. A phase that ends as planned ends by a decision at its gate.",
    path=[ID, _PERIOD],
    tag="Hotspots",
)
@describes(
    "getPhase",
    "One period of a phase",
    answer=PhaseRow,
    example=_ROW,
    path=[ID, _PERIOD],
    tag="Hotspots",
)
class OnePhase(Writing, ReadView):
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
        place = one_visible(self.viewer, path["id"])
        period = period_of(place.pk, path["period"])
        audit.read([place], by=self.viewer, how="api")
        return _as_json(period)

    def patch(self, request: Request, id: int, period: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(PhaseChange, lambda given: self.change(id, period, given), partial=True)

    def change(self, place: int, pk: int, given: dict[str, Any]) -> Written:
        one_visible(self.viewer, place)
        period = period_of(place, pk)
        seen, ends, reason = (given.pop(name, None) for name in ("changed_at", "ends", "reason"))
        with changing(self.viewer, place):
            if given or seen or not ends or period.ends:
                corrected = ends if period.ends else None
                period = actions.change_period(
                    by=self.viewer, pk=pk, seen=seen, ends=corrected, reason=reason or "", **given
                )
            if ends and not period.ends:
                period = actions.stop_phase(by=self.viewer, pk=pk, ends=ends, reason=reason or "")
        return Written(_answered(period))
