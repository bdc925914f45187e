"""The API's routes of gates: the questions, what meetings decided on what evidence, and writing a decision down."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.request import Request

from hotspots.api.phases import period_of
from hotspots.api.shared import ID, Writing, changing, one_visible
from hotspots.models import GateAnswer, GateDecision
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
from reports.evidence import evidence

_WITHHELD = "An agreement shows you this place, and withholds what was decided at its gates."


class GateQuestionRow(s.Serializer[Any]):
    id = whole("Number of the question: a decision's answers name it as `question_id`.")
    phase = s.ChoiceField(Phase.choices, help_text="Asked before this phase is left.")
    position = whole("Its place in order.")
    text = text("The question.")


class GateAnswerRow(s.Serializer[Any]):
    question = text("In the words in which it was asked then.")
    answer = s.ChoiceField(GateAnswer.Answer.choices, help_text="Yes, partly or no.")
    evidence = text("What the answer rests on.", allow_blank=True)


class GateFactRow(s.Serializer[Any]):
    name = text("What figure it is.")
    value = s.FloatField(allow_null=True, help_text="As it stood then; null where it could not be told.")
    sentence = text("The sentence that said it.")
    source = text("From which releases.")


class GateDecisionRow(s.Serializer[Any]):
    id = whole("Number of the decision.")
    hotspot_id = whole("Number of the place.")
    period_id = whole("Number of the period of the phase.")
    phase = s.ChoiceField(Phase.choices, help_text="Whose gate it is.")
    outcome = s.ChoiceField(GateDecision.Outcome.choices, help_text="What was decided.")
    to_phase = s.ChoiceField(Phase.choices, allow_blank=True, help_text="Which phase began; empty where none did.")
    decided_on = s.DateField(help_text="When.")
    chair = text("Who chaired.")
    meeting = text("Which meeting.")
    reasons = text("Why.", allow_blank=True)
    dissent = text("Who disagreed, and why; empty where nobody did.", allow_blank=True)
    data_version = whole("Version of the figures that the evidence was made from.")
    last_month = text("Their last month, as 2026-08; null where there were none.", allow_null=True)
    answers = GateAnswerRow(many=True, help_text="In order.")
    evidence = GateFactRow(
        many=True, help_text="The figures as they stood. The product states them and decides nothing."
    )
    recorded_at = s.DateTimeField(help_text="When it was written down.")


class GateDecisionAnswer(GateDecisionRow):
    url = text("Address of all decisions of the place.")


class NewAnswer(Body):
    question_id = s.IntegerField(help_text="Number of the question.")
    answer = s.ChoiceField(GateAnswer.Answer.choices, help_text="Yes, partly or no.")
    evidence = s.CharField(max_length=5_000, allow_blank=True, required=False, help_text="What it rests on.")


class NewGateDecision(Body):
    period_id = s.IntegerField(help_text="Number of the period of the phase: one that goes on.")
    outcome = s.ChoiceField(GateDecision.Outcome.choices, help_text="What was decided.")
    to_phase = s.ChoiceField(
        Phase.choices, allow_blank=True, required=False, help_text="Which phase begins, going on or back."
    )
    decided_on = s.DateField(help_text="When.")
    chair = s.CharField(max_length=150, help_text="Who chaired.")
    meeting = s.CharField(max_length=150, help_text="Which meeting.")
    reasons = s.CharField(max_length=5_000, help_text="Why.")
    dissent = s.CharField(max_length=5_000, allow_blank=True, required=False, help_text="Who disagreed, and why.")
    answers = s.ListField(
        child=NewAnswer(), max_length=100, required=False, help_text="All that are asked, where it is to go on."
    )
    keep_going = s.BooleanField(required=False, help_text="True leaves the old phase open beside the new one.")
    planned_end = s.DateField(required=False, help_text="When the next gate is due.")
    changed_at = Moment(
        required=False, help_text="`changed_at` of the phase as it was read: 422 where it was changed since."
    )


_QUESTION = {"id": 4, "phase": "clear", "position": 1, "text": "Were the agreed arrests and orders carried out?"}
_DECISION: dict[str, Any] = {
    "id": 21,
    "hotspot_id": 3,
    "period_id": 9,
    "phase": "clear",
    "outcome": "proceed",
    "to_phase": "hold",
    "decided_on": "2026-11-12",
    "chair": "Chief Inspector",
    "meeting": "Tactical group, week 46",
    "reasons": "The street is quiet at closing time.",
    "dissent": "",
    "data_version": 118,
    "last_month": "2026-08",
    "answers": [{"question": _QUESTION["text"], "answer": "yes", "evidence": "Seven arrests, two closure orders."}],
    "evidence": [
        {
            "name": "months-below-baseline",
            "value": 7.0,
            "sentence": "7 consecutive months below the baseline range.",
            "source": "Metropolitan Police Service, police.uk, to August 2026",
        }
    ],
    "recorded_at": "2026-11-12T16:20:03.100000+00:00",
}
_SENT = {
    **{name: _DECISION[name] for name in ("period_id", "outcome", "to_phase", "decided_on", "chair", "meeting")},
    "reasons": _DECISION["reasons"],
    "answers": [{"question_id": 4, "answer": "yes", "evidence": "Seven arrests, two closure orders."}],
    "planned_end": "2027-03-31",
}


def _as_json(place: int, decision: GateDecision) -> dict[str, Any]:
    said = {name: getattr(decision, name, None) for name in columns(GateDecisionRow)}
    return said | {
        "hotspot_id": place,
        "phase": decision.period.phase,
        "last_month": decision.last_month and f"{decision.last_month:%Y-%m}",
        "answers": [_only(GateAnswerRow, one) for one in decision.answers.all()],
        "evidence": [_only(GateFactRow, one) for one in decision.evidence.all()],
    }


def _only(shape: type[s.Serializer[Any]], row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns(shape)}


@describes(
    "listGateQuestions",
    "The questions that are asked before a phase is left",
    answer=page_of(GateQuestionRow),
    example={"next": None, "results": [_QUESTION]},
    tag="Hotspots",
)
class GateQuestions(ReadView):
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        names = columns(GateQuestionRow)
        return Page(names, [tuple(getattr(one, name) for name in names) for one in queries.questions()])


@describes_write(
    "post",
    "decideGate",
    "Write down what a meeting decided at a gate",
    body=NewGateDecision,
    answer=GateDecisionAnswer,
    sends=_SENT,
    example={**_DECISION, "url": "/api/v1/hotspots/3/gates/"},
    status=201,
    description="Write down what a meeting decided at a gate. The evidence of this moment is kept with it.",
    path=[ID],
    tag="Hotspots",
)
@describes(
    "listGateDecisions",
    "What was decided at a place's gates, with the answers and the evidence as it stood, newest first",
    answer=page_of(GateDecisionRow),
    example={"next": None, "results": [_DECISION]},
    description="What was decided at a place's gates, newest first. 403 where an agreement withholds it.",
    path=[ID],
    tag="Hotspots",
)
class Gates(Writing, ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        place = one_visible(self.viewer, path["id"])
        if "gates" in place.withheld:
            raise PermissionDenied(_WITHHELD)
        audit.read([place], by=self.viewer, how="api")
        names = columns(GateDecisionRow)
        return Page(names, [tuple(_as_json(place.pk, one).values()) for one in queries.decisions(place)])

    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(NewGateDecision, lambda given: self.decide(id, given))

    def decide(self, pk: int, given: dict[str, Any]) -> Written:
        place = one_visible(self.viewer, pk)
        period = period_of(pk, given.pop("period_id"))
        answers = {
            one["question_id"]: actions.Answered(one["answer"], one.get("evidence", ""))
            for one in given.pop("answers", [])
        }
        with changing(self.viewer, pk):
            decision = actions.decide_gate(
                by=self.viewer,
                period=period.pk,
                answers=answers,
                evidence=evidence(place, timezone.localdate()),
                seen=given.pop("changed_at", None),
                **given,
            )
        return Written({**_as_json(pk, decision), "url": reverse("api:hotspot-gates", args=[pk])}, 201)
