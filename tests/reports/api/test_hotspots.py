"""Places in the API: what lists cost, and which boundary was in force on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import box

from hotspots.models import Area, GateDecision, Hotspot, PhasePeriod
from hotspots.register import actions
from partners.models import Agency
from partners.roles import Role
from partners.visibility import Viewer
from reports.models import Candidate, CandidateSet
from tests.factories import make_place

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2024, 1, 1), date(2025, 6, 1)


@pytest.fixture
def place(signed_in: Client) -> Hotspot:
    return make_place(Agency.objects.get(name="Havering Council"), valid_from=FIRST, ring_m=0)


def told(client: Client, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def cost(client: Client, path: str, rows: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        found = told(client, path)
    assert len(found["features"] if "features" in found else found["results"]) == rows
    return len(captured)


@pytest.mark.parametrize("path", ["hotspots/", "hotspots/geojson/"])
def test_many_places_cost_as_much_as_few(signed_in: Client, place: Hotspot, path: str) -> None:
    costs = []
    for number in (2, 12):
        while Hotspot.objects.count() < number:
            other = make_place(place.owner, name=f"Place {Hotspot.objects.count()}", ring_m=0)
            PhasePeriod.objects.create(hotspot=other, phase="clear", starts=SECOND)
        told(signed_in, path)
        costs.append(cost(signed_in, path, number))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("part", ["phases", "gates", "boundaries"])
def test_a_long_history_costs_as_much_as_a_short_one(signed_in: Client, place: Hotspot, part: str) -> None:
    by, costs = Viewer.of_agency(place.owner, Role.MANAGER), []
    for number in (2, 12):
        for day in range(place.phases.count() + 1, number + 1):
            period = PhasePeriod.objects.create(
                hotspot=place, phase="clear", starts=date(2025, 1, day), ends=date(2025, 1, day), ending="stopped"
            )
            decision = GateDecision.objects.create(
                period=period, outcome="stay", decided_on=date(2025, 1, day), data_version=1
            )
            decision.evidence.create(name="data", sentence="Known.", source="Police", position=0)
            if day > 1:  # the first was drawn
                drawn = actions.Drawn(box(0.212, 51.602, 0.216, 51.605 + day / 1e5), "drawn")
                actions.redraw(by=by, pk=place.pk, drawn=drawn, valid_from=date(2025, 1, day))
        told(signed_in, f"hotspots/{place.pk}/{part}/")
        costs.append(cost(signed_in, f"hotspots/{place.pk}/{part}/", number))
    assert costs[0] == costs[1]


def test_many_candidates_and_sets_cost_as_much_as_few(signed_in: Client, place: Hotspot) -> None:
    costs = []
    for number in (2, 12):
        while CandidateSet.objects.count() < number:
            one = CandidateSet.objects.create(
                owner=place.owner,
                name="Spring",
                borough=Area.objects.filter(kind=Area.Kind.BOROUGH)[0],
                categories=["burglary"],
                first_month=FIRST,
                last_month=FIRST,
                method="1",
                alpha=0.05,
                data_version=1,
            )
            for rank in range(1, number + 1):
                one.candidates.create(
                    rank=rank,
                    lsoa_code=f"E0100000{rank}",
                    name="There",
                    square_metres=1e5,
                    count=1,
                    low=0,
                    high=6,
                    is_hot=False,
                    hot_class=Candidate.HotClass.UNKNOWN,
                )
        told(signed_in, "candidate-sets/")
        with CaptureQueriesContext(connection) as captured:
            found = told(signed_in, f"candidate-sets/{one.pk}/")
        assert len(found["candidates"]) == number
        costs.append((cost(signed_in, "candidate-sets/", number), len(captured)))
    assert costs[0] == costs[1]


def test_the_boundary_on_a_day(signed_in: Client, place: Hotspot) -> None:
    drawn = actions.Drawn(box(0.212, 51.602, 0.217, 51.606), "drawn")
    actions.redraw(by=Viewer.of_agency(place.owner, Role.MANAGER), pk=place.pk, drawn=drawn, valid_from=SECOND)

    def east(query: str) -> float:
        (feature,) = told(signed_in, f"hotspots/geojson/{query}")["features"]
        return max(x for x, _ in feature["geometry"]["coordinates"][0])

    assert (east("?on=2025-05-31"), east("?on=2025-06-01"), east("")) == (0.216, 0.217, 0.217)
