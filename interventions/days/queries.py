"""What the pages of days of action read: always what their viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from interventions.calc.periods import months_after
from interventions.models import DayAgency, DayItem, DayOfAction, DayResult
from partners.filters import day_begins
from partners.models import Agency
from partners.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Whole:
    """One day with its rows."""

    day: DayOfAction
    agencies: list[DayAgency]
    items: list[DayItem]
    results: list[DayResult]


def days(viewer: Viewer) -> Any:
    """The days that somebody sees, in no order."""
    return DayOfAction.objects.visible_to(viewer).select_related("owner")


def day(viewer: Viewer, pk: int) -> DayOfAction | None:
    """One day, as far as it is shown; None where there is none for this viewer."""
    found: DayOfAction | None = days(viewer).prefetch_related("wards").filter(pk=pk).first()
    return found


def whole(day: DayOfAction) -> Whole:
    """A day that was read through `day`, with its rows and their agencies. Three queries."""
    of = {"record": day.pk}
    return Whole(
        day,
        list(DayAgency.objects.filter(**of).select_related("agency")),
        list(DayItem.objects.filter(**of).select_related("agency")),
        list(DayResult.objects.filter(**of).select_related("agency")),
    )


def names_of(rows: Iterable[Any]) -> dict[int, str]:
    """The names of the agencies of some rows. One query, none without a row."""
    wanted = {row.agency_id for row in rows}
    return dict(Agency.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def in_year(viewer: Viewer, first: date) -> list[DayOfAction]:
    """The days in the twelve months from the first day of a month, the first first. One query."""
    return list(
        days(viewer)
        .filter(starts__gte=day_begins(first), starts__lt=day_begins(months_after(first, 12)))
        .order_by("starts", "pk")
    )


def waiting_for(viewer: Viewer, agencies: Iterable[int]) -> list[DayAgency]:
    """Of the days to come that somebody sees, the askings that these agencies have not answered, the first first.

    Their agency and record are at hand. One query.
    """
    to_come = days(viewer).filter(status=DayOfAction.Status.PLANNED, starts__gte=viewer.now)
    rows = DayAgency.objects.filter(
        agency__in=list(agencies), answer=DayAgency.Answer.ASKED, record__in=to_come.values("pk")
    )
    return list(rows.select_related("agency", "record").order_by("record__starts", "pk"))
