"""What agencies say for themselves: their answers and results of a day of action, the actions that they promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework import serializers as s
from rest_framework.request import Request

from interventions.api.sending import ID, agency, changing
from interventions.days import actions as days
from interventions.models import AgreedAction, DayAgency, DayOfAction, DayResult, Intervention
from interventions.tracker import actions as tracker
from partners.api import parameters
from partners.api.bodies import Body
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import columns, page_of, text, whole
from partners.api.views import ReadView, WriteView, Written
from partners.roles import Scope
from partners.visibility import Viewer

_DAYS = "Days of action"
_TRACKER = "Action tracker"


# --- Days of action -----------------------------------------------------------------------------------------------


class _OfDay(WriteView):
    """Written about a day: answered again to those who still see it."""

    def is_still_shown(self, body: dict[str, Any]) -> bool:
        return bool(DayOfAction.objects.visible_to(self.viewer).filter(pk=body["day_id"]).exists())


class NewDayAnswer(Body):
    agency_id = s.IntegerField(help_text="For whom it is answered: an agency of the caller's that was asked.")
    answer = s.ChoiceField(["accepted", "declined"], help_text="Whether it takes part.")
    people = s.IntegerField(min_value=0, max_value=days.MOST_PEOPLE, required=False, help_text="How many come.")
    hours = s.FloatField(min_value=0, max_value=24, required=False, help_text="Hours of each.")
    role = s.CharField(max_length=200, required=False, help_text="What it does; else as it was asked for.")


class DayAnswer(s.Serializer[Any]):
    day_id = whole("Number of the day of action.")
    agency_id = whole("Who answered.")
    answer = s.ChoiceField(DayAgency.Answer.choices, help_text="Whether it takes part.")
    people = whole("How many come.", allow_null=True)
    hours = s.FloatField(allow_null=True, help_text="Hours of each.")
    role = text("What it does.", allow_blank=True)


_ANSWER = {"day_id": 12, "agency_id": 4, "answer": "accepted", "people": 6, "hours": 4.0, "role": "Licensing visits"}


@describes_write(
    "post",
    "answerDayOfAction",
    "Accept or decline to take part in a day of action",
    body=NewDayAnswer,
    answer=DayAnswer,
    sends={name: value for name, value in _ANSWER.items() if name != "day_id"},
    example=_ANSWER,
    path=[ID],
    tag=_DAYS,
)
class DayAnswers(_OfDay):
    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(NewDayAnswer, lambda given: self.say(id, given))

    def say(self, pk: int, given: dict[str, Any]) -> Written:
        with changing(self.viewer, pk, _named):
            row = days.answer_day(by=self.viewer, pk=pk, agency=agency(given.pop("agency_id")), **given)
        hours = None if row.hours is None else float(row.hours)
        said = {"day_id": pk, "agency_id": row.agency_id, "answer": row.answer}
        return Written({**said, "people": row.people, "hours": hours, "role": row.role})


class NewDayResult(Body):
    measure = s.ChoiceField(DayResult.Measure.choices, help_text="What was counted.")
    what = s.CharField(max_length=100, allow_blank=True, required=False, help_text="Of `other`: what it is.")
    value = s.IntegerField(min_value=0, max_value=days.MOST_COUNTED, help_text="The count; 0 is one.")


class NewDayResults(Body):
    agency_id = s.IntegerField(help_text="Whose results they are: an agency of the caller's that takes part.")
    results = s.ListField(
        child=NewDayResult(), max_length=days.MOST_RESULTS, help_text="All that it counted, in place of what it said."
    )


class DayResultRow(s.Serializer[Any]):
    measure = s.ChoiceField(DayResult.Measure.choices, help_text="What was counted.")
    what = text("Of `other`: what it is.", allow_blank=True)
    value = whole("The count.")


class DayResults(s.Serializer[Any]):
    day_id = whole("Number of the day of action.")
    agency_id = whole("Who counted.")
    results = DayResultRow(many=True)


_COUNTED = {"measure": str(DayResult.Measure.values[0]), "what": "", "value": 7}


@describes_write(
    "post",
    "reportDayOfAction",
    "Report what an agency counted on a day of action",
    body=NewDayResults,
    answer=DayResults,
    sends={"agency_id": 4, "results": [_COUNTED]},
    example={"day_id": 12, "agency_id": 4, "results": [_COUNTED]},
    path=[ID],
    tag=_DAYS,
)
class DayResultsOf(_OfDay):
    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(NewDayResults, lambda given: self.say(id, given))

    def say(self, pk: int, given: dict[str, Any]) -> Written:
        with changing(self.viewer, pk, _named):
            whose = agency(given["agency_id"])
            rows = days.report_results(by=self.viewer, pk=pk, agency=whose, results=given["results"])
        said = [{"measure": one.measure, "what": one.what, "value": one.value} for one in rows]
        return Written({"day_id": pk, "agency_id": whose.pk, "results": said})


def _named(name: str) -> str:
    return "agency_id" if name in ("agency", "owner") else name


# --- Agreed actions -----------------------------------------------------------------------------------------------


class ActionRow(s.Serializer[Any]):
    id = whole("Number of the action.")
    title = text("What was promised.")
    agency_id = whole("Who promised it.")
    agency = text("That agency's name.")
    asked_by_id = whole("Who asked for it and keeps the list.")
    due_on = s.DateField(help_text="By when.")
    moved_from = s.DateField(allow_null=True, help_text="The day that was promised first; null = it was never moved.")
    status = s.ChoiceField(AgreedAction.Status.choices, help_text="Open, done or dropped.")
    done_on = s.DateField(allow_null=True, help_text="When it was done.")
    evidence = text("What shows that it was done, or why it was dropped.", allow_blank=True)
    source_id = whole("Number of the record it came out of, where the caller sees that.", allow_null=True)


_ACTION: dict[str, Any] = {
    "id": 31,
    "title": "Mend the light in the underpass",
    "agency_id": 4,
    "agency": "Havering Council",
    "asked_by_id": 2,
    "due_on": "2026-12-01",
    "moved_from": None,
    "status": "done",
    "done_on": "2026-11-20",
    "evidence": "Job 4711, photographed",
    "source_id": None,
}


@describes(
    "listActions",
    "Actions that agencies promised, the first due first",
    answer=page_of(ActionRow),
    example={"next": None, "results": [_ACTION]},
    tag=_TRACKER,
)
class Actions(ReadView):
    scopes = (Scope.RECORDS,)
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    parameters: ClassVar[tuple[Parameter, ...]] = (
        parameters.choice("status", "In this state.", AgreedAction.Status.values),
        parameters.number("agency", "Promised by the agency with this number."),
        *parameters.PAGING,
    )

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found = AgreedAction.objects.visible_to(self.viewer).select_related("agency").order_by("due_on", "pk")
        for name in ("status", "agency"):
            if given[name]:
                found = found.filter(**{name: given[name]})
        start = given["offset"]
        kept, following = self.one_page(given, list(found[start : start + given["limit"] + 1]))
        seen = _seen(self.viewer, kept)
        return Page(columns(ActionRow), [tuple(_action(one, seen).values()) for one in kept], following)


class ActionDone(Body):
    evidence = s.CharField(max_length=500, help_text="What shows that it was done. No names, nothing restricted.")
    done_on = s.DateField(required=False, help_text="Else today.")


@describes_write(
    "post",
    "finishAction",
    "Say that a promised action was done",
    body=ActionDone,
    answer=ActionRow,
    sends={"evidence": "Job 4711, photographed"},
    example=_ACTION,
    path=[ID],
    tag=_TRACKER,
)
class ActionDoneOf(WriteView):
    def is_still_shown(self, body: dict[str, Any]) -> bool:
        return AgreedAction.objects.visible_to(self.viewer).filter(pk=body["id"]).exists()

    def post(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
        return self.write(ActionDone, lambda given: self.finish(id, given))

    def finish(self, pk: int, given: dict[str, Any]) -> Written:
        try:
            with changing(self.viewer):
                action = tracker.finish_action(by=self.viewer, pk=pk, **given)
        except AgreedAction.DoesNotExist:
            raise Http404("There is no such action, or it is not shared with you.") from None
        return Written(_action(action, _seen(self.viewer, [action])))


def _seen(viewer: Viewer, found: Iterable[AgreedAction]) -> Collection[int]:
    """The records out of which actions came that somebody sees. One query."""
    numbers = {one.source_id for one in found if one.source_id}
    return set(Intervention.objects.visible_to(viewer).filter(pk__in=numbers).values_list("pk", flat=True))


def _action(one: AgreedAction, seen: Collection[int]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "title": one.title,
        "agency_id": one.agency_id,
        "agency": one.agency.name,
        "asked_by_id": one.asked_by_id,
        "due_on": one.due_on,
        "moved_from": one.moved_from,
        "status": one.status,
        "done_on": one.done_on,
        "evidence": one.evidence,
        "source_id": one.source_id if one.source_id in seen else None,
    }
