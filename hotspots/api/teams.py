"""The API's route of ward teams."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers as s

from hotspots.models import WardTeam
from partners import audit
from partners.api import parameters
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import page_of, text, whole
from partners.api.views import ReadView
from partners.models import Record
from partners.roles import Marking, Scope

WARD = Parameter("ward", "Only teams of this ward, by its code.", parameters.code, parameters.CODE_SCHEMA)
IN_FORCE = Parameter("in_force", "Only teams in force on this day.", parameters.day, parameters.DAY_SCHEMA)


class WardTeamRow(s.Serializer):
    id = whole("Number of the row: a team has one for each time over which its posts were the same.")
    ward = text("Code of the ward.")
    owner = whole("The agency that keeps the team.")
    marking = s.ChoiceField(Marking.choices, help_text="How sensitive it is.")
    audience = s.ChoiceField(Record.Audience.choices, help_text="Whom it is meant for.")
    withheld = s.ListField(
        child=s.ChoiceField(list(WardTeam.WITHHOLDABLE)), help_text="What is not shown to this caller: then null."
    )
    valid_from = s.DateField(help_text="From this day ...")
    valid_to = s.DateField(allow_null=True, help_text="... until, not including, this day; null = still.")
    officers_established = whole("Posts of dedicated ward officers.")
    officers_in_post = whole("How many are filled. Null = not known, or withheld.", allow_null=True)
    pcsos_established = whole("Posts of PCSOs.")
    pcsos_in_post = whole("How many are filled. Null = not known, or withheld.", allow_null=True)
    sergeants_established = whole("Posts of sergeants.")
    sergeants_in_post = whole("How many are filled. Null = not known, or withheld.", allow_null=True)
    abstracted_month = s.DateField(
        allow_null=True, help_text="First day of the newest month with days abstracted. Null = none, or withheld."
    )
    abstracted_days = s.FloatField(
        allow_null=True, help_text="Officer-days that the team lost to duties elsewhere in that month. Null = as above."
    )
    contact_email = text("How the public reach the team; empty where not known.", allow_blank=True)
    contact_phone = text("The same, by telephone.", allow_blank=True)


_EXAMPLE: dict[str, Any] = {
    "next": None,
    "results": [
        {
            "id": 7,
            "ward": "E05000310",
            "owner": 4,
            "marking": "official",
            "audience": "agreements",
            "withheld": [],
            "valid_from": "2026-04-01",
            "valid_to": None,
            "officers_established": 2,
            "officers_in_post": 2,
            "pcsos_established": 1,
            "pcsos_in_post": 1,
            "sergeants_established": 1,
            "sergeants_in_post": 1,
            "abstracted_month": "2026-08-01",
            "abstracted_days": 9.0,
            "contact_email": "gooshays@police.example",
            "contact_phone": "",
        }
    ],
}


@describes(
    "listWardTeams",
    "Ward teams that the caller may see, by ward and time",
    answer=page_of(WardTeamRow),
    example=_EXAMPLE,
    tag="Records",
)
class WardTeams(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (WARD, IN_FORCE, *parameters.PAGING)
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = (Scope.RECORDS,)

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        found = WardTeam.objects.visible_to(self.viewer).select_related("ward").prefetch_related("abstractions")
        if given["ward"]:
            found = found.filter(ward__code=given["ward"])
        if day := given["in_force"]:
            found = found.filter(valid_from__lte=day).exclude(valid_to__lte=day)
        start = given["offset"]
        teams = list(found.order_by("ward__code", "valid_from", "pk")[start : start + given["limit"] + 1])
        audit.read(teams[: given["limit"]], by=self.viewer, how="api")
        return self.page(WardTeamRow, given, [_row(team) for team in teams])


def _row(team: WardTeam) -> tuple[Any, ...]:
    withheld = sorted(team.withheld)
    lost = [] if "abstracted" in withheld else sorted(team.abstractions.all(), key=lambda one: one.month)
    return (
        team.pk,
        team.ward.code,
        team.owner_id,
        team.marking,
        team.audience,
        withheld,
        team.valid_from,
        team.valid_to,
        team.officers_established,
        team.officers_in_post,
        team.pcsos_established,
        team.pcsos_in_post,
        team.sergeants_established,
        team.sergeants_in_post,
        lost[-1].month if lost else None,
        float(lost[-1].days) if lost else None,
        team.contact_email,
        team.contact_phone,
    )
