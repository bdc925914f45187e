"""What a hotspot could be compared with: proposed from LSOAs outside the programme, accepted on the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotspots.models import Area, ComparisonPlace, Hotspot
from partners.models import Agency
from partners.roles import Role
from partners.visibility import Viewer
from reports import comparing
from reports.calc.similar_places import Likeness
from reports.models import PlacePoint
from reports.presenters.comparison_places import likeness
from tests import factories
from tests.factories import make_place, summarise
from tests.partners import sharing
from tests.reports.test_map import add_slice
from tests.reports.test_place import MONTHS, NUMBERS, SINCE, boundary_of, count
from tests.reports.test_views import text

pytestmark = pytest.mark.django_db
WEST, SOUTH, STEP = 0.2, 51.6, 0.01
# Burglaries a month of each LSOA, in rows of five from the south-west; each has as many drugs, but the last one.
LEVELS = [12, 12, 12, 3, 12, 12, 10, 12, 3, 9, 3, 3, 3, 3, 12]
BASELINE = MONTHS[:24]


def box_of(at: int) -> tuple[float, float, float, float]:
    west, south = round(WEST + at % 5 * STEP, 2), round(SOUTH + at // 5 * STEP, 2)
    return west, south, round(west + STEP, 2), round(south + STEP, 2)


@pytest.fixture
def council(signed_in: Client) -> Agency:
    return Agency.objects.get(name="Havering Council")


@pytest.fixture
def borough(council: Agency) -> Any:
    """Fifteen LSOAs with their files; the hotspot of `hotspot` lies in the middle of the seventh."""
    made: Any = factories.BoroughFactory(name="Havering")
    factories.BoundaryFactory(area=made, box_of=(WEST, SOUTH, WEST + 5 * STEP, SOUTH + 3 * STEP))
    publisher = factories.PublisherFactory(slug="metropolitan", area=made.parent)
    summarise(made, "all-crime", [250] * 24, since=SINCE)
    rows: list[tuple[str, str | None]] = []
    for at, level in enumerate(LEVELS):
        lsoa = factories.LsoaFactory(code=f"E0100{at:04d}", name=f"Havering {at:03d}", parent=made)
        factories.BoundaryFactory(area=lsoa, box_of=box_of(at))
        types = ["robbery", "robbery"] if at == 14 else ["burglary", "drugs"]
        rows += [(slug, lsoa.code) for slug in types for _ in range(level)]
    for month in BASELINE:
        add_slice(month, rows, publisher=publisher)
    return made


def hotspot(council: Agency, **said: Any) -> Hotspot:
    west, south, east, north = box_of(6)
    said = {"baseline_from": BASELINE[0], "baseline_to": BASELINE[-1], **said}
    place = make_place(
        council,
        box_of=(west + 0.003, south + 0.003, east - 0.003, north - 0.003),
        valid_from=SINCE,
        **{"ring_m": 0, **said},
    )
    boundary = boundary_of(place.area_id)
    count(boundary, {"burglary": [12] * 36, "drugs": [12] * 36})
    PlacePoint.objects.create(
        boundary=boundary,
        lon=round(1e6 * (west + STEP / 2)),
        lat=round(1e6 * (south + STEP / 2)),
        street="High Street",
        category_id=NUMBERS["burglary"],
        month=SINCE,
        count=12,
    )
    return place


def proposed(place: Hotspot, viewer: Viewer) -> comparing.Compared:
    return comparing.compared(place, [], viewer, timezone.localdate(), propose=True)


def test_the_like_are_proposed_outside_the_programme(council: Agency, borough: Area) -> None:
    place = hotspot(council)
    manager = Viewer.of_agency(council, Role.MANAGER)
    found = proposed(place, manager)
    assert (found.size, found.clean, found.problem) == (1, 24, "")
    # The seventh holds the hotspot; none may touch another, so of the row's first three two are left.
    assert [one.codes for one in found.proposals] == [("E01000000",), ("E01000002",), ("E01000004",), ("E01000014",)]
    first, last = found.proposals[0], found.proposals[-1]
    assert (first.name, first.counts) == ("Havering 000", [24] * 24)
    assert first.likeness.distance == pytest.approx(0)
    assert last.likeness.mix_difference == pytest.approx(1), "all of its crimes are of another type"

    covert = make_place(sharing.agency(), box_of=(0.202, 51.602, 0.204, 51.604), ring_m=0, audience="team")
    assert proposed(place, manager) == found, "who does not see a hotspot learns nothing of it"
    Hotspot.objects.filter(pk=covert.pk).update(owner=council, audience="agency")
    assert ("E01000000",) not in [one.codes for one in proposed(place, manager).proposals]
    for said in ({"status": "archived"}, {"status": "active", "kind": "watch"}):
        Hotspot.objects.filter(pk=covert.pk).update(**said)
        assert proposed(place, manager) == found, "what is over, or only watched, is no part of the programme"


def test_accepted_and_ended_on_the_page(signed_in: Client, council: Agency, borough: Area) -> None:
    place = hotspot(council)
    address = f"/hotspots/{place.pk}/comparison/"
    refused = signed_in.post(address, {"codes": "E01000002", "reason": " "})
    assert refused.status_code == 422
    assert "Say why it is a fair comparison, in one line." in text(refused.content)
    gone = signed_in.post(address, {"codes": "E01000003", "reason": "Because"})
    assert gone.status_code == 422
    assert "no longer proposed" in text(gone.content)
    assert signed_in.post(address, {"codes": "E01000002", "reason": "Shops, too"}).status_code == 302
    made = ComparisonPlace.objects.get()
    assert (made.name, made.level_ratio, made.lsoa_codes) == ("Havering 002", 1.0, ["E01000002"])
    with CaptureQueriesContext(connection) as one:
        said = text(signed_in.get(address).content)
    assert "It had as many crimes. Its trend was the same." in said
    assert "Shops, too" in said
    for code in ("E01000000", "E01000004"):
        assert signed_in.post(address, {"codes": code, "reason": "Shops, too"}).status_code == 302
    with CaptureQueriesContext(connection) as three:
        signed_in.get(address)
    assert len(one) == len(three) <= 40
    assert "Havering 002" in text(signed_in.get(f"/hotspots/{place.pk}/").content)
    assert signed_in.post(f"{address}{made.pk}/end/").status_code == 302
    assert "Havering 002: compared with from" in text(signed_in.get(address).content)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"baseline_from": None, "baseline_to": None}, "no baseline months yet"),
        ({"baseline_from": date(2020, 1, 1), "baseline_to": date(2020, 12, 1)}, "no two months with whole figures"),
    ],
)
def test_why_nothing_is_proposed(said: dict[str, Any], problem: str, council: Agency, borough: Area) -> None:
    place = hotspot(council, **said)
    assert problem in proposed(place, Viewer.of_agency(council, Role.MANAGER)).problem


def test_without_shapes_of_lsoas_a_sentence_says_so(signed_in: Client, council: Agency) -> None:
    borough: Any = factories.BoroughFactory(name="Havering")
    factories.BoundaryFactory(area=borough, box_of=(WEST, SOUTH, WEST + 5 * STEP, SOUTH + 3 * STEP))
    said = text(signed_in.get(f"/hotspots/{hotspot(council).pk}/comparison/").content)
    assert "No LSOA boundaries are loaded around here." in said


@pytest.mark.parametrize(
    ("level", "trend", "mix", "apart"),
    [
        (1.5, -10, 0.3, ""),
        (1.51, 0, 0, "level"),
        (0.66, 0, 0, "level"),
        (1, -10.1, 0, "trend"),
        (0.5, 0, 0.31, "level and mix of crimes"),
    ],
)
def test_what_is_not_alike_is_named(level: float, trend: float, mix: float, apart: str) -> None:
    said = likeness(Likeness(level, trend, mix))
    assert said[3:] == ([f"Not alike in {apart}: a weaker comparison."] if apart else [])
