"""The evidence pack of an order: crime inside and outside, counted again here; who may see it, and what it costs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from math import cos, hypot, radians
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import mapping

from interventions.models import PublicSpacesOrder
from partners.models import AuditEvent
from reports.models import MonthlySummary
from tests.factories import PARTIAL, months_from, next_data_version, summarise
from tests.hotspots.test_points import BOX, CORNER, FAR, MIDDLE, NEXT, publish
from tests.interventions.conftest import as_person, clients, make_activity, world
from tests.reports.test_views import text

pytestmark = pytest.mark.django_db
__all__ = ["as_person", "clients", "make_activity", "world"]
SINCE = date(2023, 7, 1)
MONTHS = months_from(SINCE, 30)  # to December 2025
YEAR_2024, YEAR_2025 = MONTHS[6:18], MONTHS[18:]
# At none of the points: for the borough alone.
ELSEWHERE = (0.29, 51.65)
TYPES = {"burglary": "Burglary", "shoplifting": "Shoplifting", "drugs": "Drugs"}
EXTENT = dict(zip(("west", "south", "east", "north"), BOX.bounds, strict=True))
Crime = tuple[date, tuple[float, float], str]


def crimes() -> list[Crime]:
    """Every crime of the borough."""
    return [
        (month, point, slug)
        for index, month in enumerate(MONTHS)
        for point, slug, times in (
            (MIDDLE, "burglary", 1 + index % 3),
            (CORNER, "shoplifting", 2 if month < YEAR_2025[0] else 5),
            (NEXT, "burglary", 2),
            (FAR, "drugs", 1 + index % 2),
            (ELSEWHERE, "drugs", 7),
        )
        for _ in range(times)
    ]


def metres_off(point: tuple[float, float]) -> float:
    """How far a point lies outside of the order's area; within it, how far from its edge, less than 0."""
    west, south, east, north = BOX.bounds
    across = 111_320 * cos(radians(51.6))
    right, up = (max((west - point[0]), (point[0] - east)) * across, max(south - point[1], point[1] - north) * 111_320)
    return hypot(max(right, 0), max(up, 0)) or max(right, up)


def counted(months: list[date], slug: str = "") -> tuple[str, int, int]:
    """ "36 (24 to 60)" inside, and as numbers inside and outside, of some months; "" = all crime."""
    found = [point for month, point, one in crimes() if month in months and slug in ("", one)]
    inside, low, high = (sum(metres_off(point) < edge for point in found) for edge in (0.01, -100, 100))
    return f"{inside} ({low} to {high})" if low < high else f"{inside}", inside, len(found) - inside


def difference(now: int, before: int) -> str:
    if now == before:
        return "Same"
    share = f" ({100 * abs(now - before) / before:.0f}%)" if before >= 20 else ""
    return f"{abs(now - before)} {'more' if now > before else 'fewer'}{share}"


@pytest.fixture
def order(world: SimpleNamespace, make_activity: Callable[..., Any]) -> PublicSpacesOrder:
    """An order of 2025 in force, its area the box of a few streets, with what was recorded over thirty months."""
    every = crimes()
    for month in MONTHS:
        publish(month, *((point, slug, "") for of, point, slug in every if of == month))
    numbers = Counter((slug, month) for month, _, slug in every)
    for slug in TYPES:
        summarise(world.borough, slug, [numbers[slug, month] for month in MONTHS], since=SINCE)
    summarise(
        world.borough, "all-crime", [sum(numbers[slug, month] for slug in TYPES) for month in MONTHS], since=SINCE
    )
    next_data_version()
    made: PublicSpacesOrder = make_activity(
        kind="pspo",
        title="No street drinking",
        stage="in-force",
        starts=datetime(2025, 1, 1, tzinfo=UTC),
        ends=datetime(2028, 1, 1, tzinfo=UTC),
        zone=mapping(BOX),
        **EXTENT,
    )
    return made


def pack(client: Client, order: PublicSpacesOrder) -> str:
    response = client.get(f"/activity/{order.pk}/evidence/")
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> dict[str, list[str]]:
    """The table of types: name -> cells."""
    body = html.partition("app-table--types")[2].partition("</table>")[0].partition("<tbody")[2]
    found = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("<tr")[1:])
    return {name: cells for name, *cells in found}


def test_inside_and_outside_before_and_now(clients: dict[str, Client], order: PublicSpacesOrder) -> None:
    assert [round(metres_off(point)) for point in (MIDDLE, CORNER, NEXT, FAR)] == [-138, 0, 35, 691]
    html = pack(clients["owner"], order)
    found = rows(html)
    for name, slug in (("All crime", ""), *((name, slug) for slug, name in TYPES.items())):
        (before, was, out), (now, inside, outside) = counted(YEAR_2024, slug), counted(YEAR_2025, slug)
        assert found[name] == [
            *(before, now, difference(inside, was)),
            *(f"{out}", f"{outside}", difference(outside, out)),
        ], name
    assert found["Robbery"] == ["0", "0", "Same", "0", "0", "Same"]
    said = text(html.encode())
    now, inside, outside = counted(YEAR_2025)
    share = f"{100 * inside / (inside + outside):.1f}%"
    assert f"{now} crimes were recorded inside the area in the twelve months to December 2025, {share} of the" in said
    assert f"In the year before the order there were {counted(YEAR_2024)[0]}:" in said
    assert "January 2024 to December 2024 (before) and January 2025 to December 2025 (now)" in said
    for month in MONTHS:
        assert f"{month:%B %Y} {counted([month])[0]} " in said
    assert "This does not say what the order brought about" in said
    event = AuditEvent.objects.filter(action="pspo.read").latest("number")
    assert event.objects_named == [f"pspo:{order.pk}"]


def test_what_cannot_be_compared_is_not(clients: dict[str, Client], order: PublicSpacesOrder) -> None:
    def told(**said: Any) -> str:
        PublicSpacesOrder.objects.filter(pk=order.pk).update(**said)
        return pack(clients["owner"], order)

    for since, sentence in (
        (date(2024, 6, 30), "Crime of the year before the order is not loaded"),
        (date(2025, 2, 1), "The order was not in force for all of these months"),
    ):
        html = told(first_in_force=since)
        assert sentence in html
        assert rows(html)["Burglary"] == [counted(YEAR_2025, "burglary")[0], str(counted(YEAR_2025, "burglary")[2])]
    assert "Inside, before" in told(first_in_force=date(2024, 7, 1)), "the year before it is the first that is loaded"
    assert "In the year before that there were" in text(
        told(first_in_force=None, status="planned", stage="preparing").encode()
    )
    assert "draw it, then crime inside can be counted" in told(zone=None, **dict.fromkeys(EXTENT))


def test_a_month_in_part_is_said_and_counted_in_no_year(clients: dict[str, Client], order: PublicSpacesOrder) -> None:
    newest = MonthlySummary.objects.filter(month=MONTHS[-1])
    newest.update(coverage=PARTIAL)
    html = pack(clients["owner"], order)
    assert "December 2024 to November 2025" in html, "the newest twelve months that are known in full"
    assert "December 2025*" in html
    newest.update(coverage=MonthlySummary.Coverage.COMPLETE)
    MonthlySummary.objects.filter(month=MONTHS[-3]).update(coverage=PARTIAL)
    assert rows(pack(clients["owner"], order))["Burglary"][1] == "–"


def test_it_is_for_those_who_see_the_order(
    clients: dict[str, Client], world: SimpleNamespace, order: PublicSpacesOrder, make_activity: Callable[..., Any]
) -> None:
    for name in ("partner", "lapsed", "stranger"):
        assert clients[name].get(f"/activity/{order.pk}/evidence/").status_code == 404, name
    world.agreement.record_types = ["pspo"]
    world.agreement.save()
    assert "Burglary" in pack(clients["partner"], order)
    assert clients["owner"].get(f"/activity/{make_activity().pk}/evidence/").status_code == 404, "a patrol"


def test_it_costs_the_same_however_much_hangs_on_the_order(
    clients: dict[str, Client], world: SimpleNamespace, order: PublicSpacesOrder, make_activity: Callable[..., Any]
) -> None:
    pack(clients["owner"], order)
    costs = []
    for many in (2, 20):
        for number in range(many):
            condition = order.conditions.create(number=100 * many + number, text="Drink")
            order.consultations.create(consultee="public", opened_on=SINCE)
            order.signs.create(location=f"Sign {number}")
            make_activity(kind="pspo-action", order=order, condition=condition, action="advice")
        with CaptureQueriesContext(connection) as captured:
            pack(clients["owner"], order)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 20
