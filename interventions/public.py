"""Counts of activity that may be published: `/api/v1/public/activity-counts/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers as s

from interventions import counts
from interventions.counts import Quarter
from interventions.models import Intervention
from partners.api import parameters
from partners.api.errors import BadParameters
from partners.api.parameters import Parameter
from partners.api.permissions import ANY_SCOPE
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import columns, page_of, text, whole
from partners.api.views import ReadView


class ActivityCountRow(s.Serializer[Any]):
    borough = text("Code of the borough.")
    ward = text("Code of the ward; null = all wards of the borough together.", allow_null=True)
    ward_name = text("Its name; null as above.", allow_null=True)
    kind = s.ChoiceField(Intervention.Kind.choices, allow_null=True, help_text="Kind of work; null = all together.")
    count = whole("Pieces of work done. Null = hidden, as it is small or gives a small one away.", allow_null=True)


@describes(
    "listPublicActivityCounts",
    "Work done by ward and kind in a quarter, small numbers hidden",
    answer=page_of(ActivityCountRow),
    example={
        "next": None,
        "results": [
            {"borough": "E09000016", "ward": "E05013976", "ward_name": "Gooshays", "kind": "patrol", "count": 12}
        ],
    },
    description=(
        "For publication: the same for every caller. Work that agencies share with partners, OPEN or OFFICIAL, done in "
        "a calendar quarter that is over. A piece of work in two wards counts in both. Counts under 5, but for 0, are "
        "null, and others from which they could be worked out. Publish each quarter once: two versions of a table can "
        "be compared."
    ),
    tag="Public",
)
class PublicActivityCounts(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("borough", "Only this borough.", parameters.code, parameters.CODE_SCHEMA),
        Parameter(
            "quarter",
            "The quarter, such as 2026-Q3; else the last that is over.",
            Quarter.parse,
            {"type": "string", "pattern": "^20[0-9]{2}-Q[1-4]$"},
        ),
    )
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = ANY_SCOPE

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        today = timezone.localdate()
        quarter = given["quarter"] or Quarter.of(today).before_or_after(-1)
        if not counts.is_over(quarter, today):
            raise BadParameters({"quarter": [f"{quarter} is not over: its counts are not public yet."]})
        rows = []
        for table in counts.publishable(quarter, given["borough"]):
            borough = table.wards[0].parent.code  # type: ignore[union-attr]  # boroughs' wards only
            names: list[tuple[str | None, ...]] = [*((ward.code, ward.name) for ward in table.wards), (None, None)]
            kinds = [*(key for key, _ in table.columns), None]
            for name, shown in zip(names, counts.suppressed(table.counts), strict=True):
                rows += [(borough, *name, kind, count) for kind, count in zip(kinds, shown, strict=True)]
        return Page(columns(ActivityCountRow), rows)
