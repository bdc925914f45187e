"""Crime counts that may be published: `/api/v1/public/crime-counts/`.

Ward by month of one type of crime in one past calendar year, a table for each borough, small numbers hidden. Only types
and no groups, only whole years and no months to date: tables that share totals could be set against each other.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers as s

from hotspots import categories
from hotspots.models import Area
from hotspots.queries import wards_in_force
from partners.api.parameters import CODE_SCHEMA, Parameter, choice, code, whole
from partners.api.permissions import ANY_SCOPE
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes
from partners.api.serializers import columns, page_of, text
from partners.api.serializers import whole as number
from partners.api.views import ReadView
from partners.calc.suppression import shown
from reports.models import MonthlySummary

TYPES = [slug for slug, one in categories.by_slug(categories.POLICE_UK).items() if not one.members]
_USABLE = (MonthlySummary.Coverage.COMPLETE, MonthlySummary.Coverage.WITHOUT_TRANSPORT_POLICE)


class CrimeCountRow(s.Serializer[Any]):
    borough = text("Code of the borough.")
    ward = text("Code of the ward; null = all wards of the borough together.", allow_null=True)
    ward_name = text("Its name; null as above.", allow_null=True)
    month = text("Month, as 2016-04; null = the whole year.", allow_null=True)
    count = number("Crimes recorded. Null = hidden, as it is small or gives a small one away.", allow_null=True)


@describes(
    "listPublicCrimeCounts",
    "Recorded crimes of one type by ward and month in a year, small numbers hidden",
    answer=page_of(CrimeCountRow),
    example={
        "next": None,
        "results": [
            {"borough": "E09000016", "ward": "E05013976", "ward_name": "Gooshays", "month": "2025-04", "count": 12}
        ],
    },
    description=(
        "For publication: the same for every caller. Wards as they were at the end of the year. A borough is there "
        "once all twelve months of all its wards are known in full. Counts under 5, but for 0, are null, and others "
        "from which they could be worked out."
    ),
    tag="Public",
)
class PublicCrimeCounts(ReadView):
    parameters: ClassVar[tuple[Parameter, ...]] = (
        choice("category", "The type of crime.", TYPES, default="burglary"),
        Parameter(
            "year",
            "A calendar year that is over; else the last.",
            whole(2010, 2100),
            {"type": "integer", "minimum": 2010, "maximum": 2100},
        ),
        Parameter("borough", "Only this borough.", code, CODE_SCHEMA),
    )
    renderer_classes = [OrjsonRenderer, CsvRenderer]
    scopes = ANY_SCOPE

    def answer(self, given: dict[str, Any], **path: Any) -> Page:
        this_year = timezone.localdate().year
        year = given["year"] or this_year - 1
        # A year that is not over has no rows: month by month its totals would give each new count away.
        rows = crime_counts(given["category"], year, given["borough"]) if year < this_year else []
        return Page(columns(CrimeCountRow), rows)


def crime_counts(category: str, year: int, borough: str | None) -> list[tuple[Any, ...]]:
    """Rows of CrimeCountRow, by borough, ward and month, each followed by its totals. Two queries."""
    last = date(year, 12, 31)
    wards = wards_in_force(last).filter(parent__kind=Area.Kind.BOROUGH)
    if borough is not None:
        wards = wards.filter(parent__code=borough)
    of_boroughs: dict[str, list[Area]] = defaultdict(list)
    for ward in wards:
        of_boroughs[ward.parent.code if ward.parent else ""].append(ward)
    summaries = MonthlySummary.objects.filter(
        area__in=[ward.pk for its in of_boroughs.values() for ward in its],
        category=categories.by_slug(categories.POLICE_UK)[category].number,
        month__range=(date(year, 1, 1), last),
        coverage__in=_USABLE,
        count__isnull=False,
    )
    known = {(area, month.month): count for area, month, count in summaries.values_list("area", "month", "count")}
    months = range(1, 13)
    names = [*(f"{year}-{month:02}" for month in months), None]
    rows: list[tuple[Any, ...]] = []
    for of, its in of_boroughs.items():
        if any((ward.pk, month) not in known for ward in its for month in months):
            continue
        table = [[known[ward.pk, month] or 0 for month in months] for ward in its]
        labels: list[tuple[str | None, str | None]] = [*((ward.code, ward.name) for ward in its), (None, None)]
        rows += [
            (of, *label, month, count)
            for label, line in zip(labels, shown(table, settings.SUPPRESS_BELOW), strict=True)
            for month, count in zip(names, line, strict=True)
        ]
    return rows
