"""Reads many series at once - areas x categories x months - for the explore page. A fixed number of queries each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Exists, Max, Min, OuterRef, Q

from hotspots import categories
from hotspots.models import Area
from reports.models import MonthlySummary
from reports.queries import Figure, Place, Span
from reports.schemes import HEADLINE

KINDS = (Area.Kind.FORCE, Area.Kind.BOROUGH, Area.Kind.WARD)
_COLUMNS = (
    *("pk", "kind", "code", "name", "valid_from", "valid_to"),
    *("parent_id", "parent__code", "parent__name", "home__slug", "parent__home__slug"),
)


def _place(row: tuple[object, ...]) -> Place:
    *area, home, parents_home = row
    kind, code = row[1], row[2]
    force = code if kind == Area.Kind.FORCE else parents_home if kind == Area.Kind.WARD else home
    return Place(*area[:7], *(text or "" for text in (*area[7:], force)))  # type: ignore[arg-type]


def places(codes: Collection[str], wards_of: Collection[str], *, all_boroughs: bool) -> list[Place]:
    """The areas with these codes, all wards (of any time) of the boroughs `wards_of`, and perhaps every borough that
    has figures; by name. Areas of other kinds come only where named. One query."""
    wanted = Q(code__in=codes) | Q(kind=Area.Kind.WARD, parent__code__in=wards_of)
    if all_boroughs:
        wanted |= Q(Exists(MonthlySummary.objects.filter(area_id=OuterRef("pk"))), kind=Area.Kind.BOROUGH)
    return [_place(row) for row in Area.objects.filter(wanted).order_by("name", "code").values_list(*_COLUMNS)]


def choosable() -> list[Place]:
    """Every force, borough and ward that has figures, by name. One query."""
    rows = (
        Area.objects.filter(Exists(MonthlySummary.objects.filter(area_id=OuterRef("pk"))), kind__in=KINDS)
        .order_by("name", "code")
        .values_list(*_COLUMNS)
    )
    return [_place(row) for row in rows]


def spans(area_pks: Collection[int], scheme: str) -> dict[int, Span]:
    """The months for which areas have rows of a scheme, by area; areas without any are not in the answer. One query."""
    number = categories.by_slug(scheme)[HEADLINE[scheme]].number
    rows = (
        MonthlySummary.objects.filter(area_id__in=area_pks, category_id=number)
        .values_list("area_id")
        .annotate(
            Min("month"),
            Max("month"),
            whole=Max("month", filter=Q(coverage__gt=MonthlySummary.Coverage.PARTIAL)),
            known=Max("month", filter=Q(count__isnull=False)),
        )
        .order_by("area_id")
    )
    return {pk: Span(first, last, whole or known or last) for pk, first, last, whole, known in rows}


def rows(
    area_pks: Collection[int], numbers: Collection[int], months: Sequence[date]
) -> dict[tuple[int, int], dict[date, Figure]]:
    """Figures by (area, category number) and month, of the months from the first to the last. One query."""
    found: dict[tuple[int, int], dict[date, Figure]] = {}
    read = MonthlySummary.objects.filter(
        area_id__in=area_pks, category_id__in=numbers, month__gte=min(months), month__lte=max(months)
    ).values_list(
        *("area_id", "category_id", "month", "count", "previous_month", "same_month_last_year", "rolling_12"),
        *("rate_per_1000", "coverage", "converted"),
    )
    for pk, number, *row in read:
        found.setdefault((pk, number), {})[row[0]] = Figure(*row)
    return found
