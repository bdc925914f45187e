"""The areas and shapes of hotspots and rings are in no list of areas: only a hotspot that one sees leads to them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from hotspots.models import Area, Boundary, Hotspot
from hotspots.queries import areas
from partners.models import Agency
from reports import place_counts, search, summaries
from tests.factories import make_place, next_data_version
from tests.hotspots.test_points import APRIL, MIDDLE, publish

pytestmark = pytest.mark.django_db
WEST, SOUTH = 0.200137, 51.600211


@pytest.fixture
def secret() -> Hotspot:
    """A counted place of an agency that shares nothing, called as its area is nowhere."""
    owner = Agency.objects.create(name="Zed Council", kind=Agency.Kind.COUNCIL)
    place = make_place(
        owner, box_of=(WEST, SOUTH, 0.204, 51.603), valid_from=date(2016, 1, 1), name="Zyzzyva", audience="team"
    )
    publish(APRIL, (MIDDLE, "burglary", "On or near High Street"))
    summaries.rebuild()
    place_counts.recount([pk for pk in (place.area_id, place.ring_id) if pk])
    next_data_version()
    return place


def test_what_pages_and_the_api_know_of_areas(secret: Hotspot, signed_in: Client) -> None:
    marks = [secret.area.code, secret.ring.code if secret.ring else "", "A drawn place", "A ring", "Zyzzyva"]
    marks += [str(WEST), str(SOUTH)]
    borough = Area.objects.get(kind="borough").code
    force = Area.objects.get(publishers__slug="metropolitan").code
    lists = [
        *("/", "/wards/", "/map/", "/map/data/", "/data/", "/data/coverage/", f"/explore/?areas={borough}.wards"),
        *(
            "/explore/areas/",
            f"/boroughs/{borough}/",
            f"/forces/{force}/",
        ),
        *("/search/?q=drawn+place", "/search/?q=ring", "/search/?q=Zyzzyva", "/search/?q=hotspot"),
        *("/api/v1/areas/", "/api/v1/areas/?q=drawn", "/api/v1/areas/?q=ring", "/api/v1/areas/?q=hotspot-"),
        *("/api/v1/boundaries/", "/api/v1/summaries/", "/hotspots/", "/hotspots/board/"),
        *(f"/api/v1/areas/?in_force={APRIL}", f"/api/v1/boundaries/?on={APRIL}"),
    ]
    for address in lists:
        answer = signed_in.get(address, headers={"HX-Request": "true"} if "/explore/areas/" in address else {})
        assert answer.status_code == 200, address
        said = answer.content.decode()
        query = address.partition("q=")[2]
        assert not [mark for mark in marks if mark in said and mark != query], address


def test_no_address_leads_to_them(secret: Hotspot, signed_in: Client) -> None:
    assert secret.ring
    for code in (secret.area.code, secret.ring.code):
        for address in (
            f"/wards/{code}/",
            f"/boroughs/{code}/",
            f"/forces/{code}/",
            f"/api/v1/areas/{code}/",
            f"/explore/?areas={code}",
            f"/explore/download.csv?areas={code}",
            f"/map/?borough={code}",
            f"/api/v1/boundaries/{code}/",
            f"/api/v1/boundaries/?area={code}",
            f"/api/v1/boundaries/?parent={code}",
            f"/api/v1/summaries/?area={code}",
            f"/api/v1/summaries/?parent={code}",
            f"/api/v1/areas/?parent={code}",
        ):
            known, unknown = (
                signed_in.get(address.replace(code, asked), follow=True) for asked in (code, code[:-3] + "zzz")
            )
            assert known.status_code == unknown.status_code, address
            assert known.status_code in (400, 404), address


def test_kinds_that_nobody_can_ask_for(secret: Hotspot, signed_in: Client) -> None:
    for route in ("areas", "boundaries", "summaries"):
        for kind in ("hotspot", "ring"):
            assert signed_in.get(f"/api/v1/{route}/?kind={kind}").status_code == 400


def test_what_is_loaded_of_places(secret: Hotspot) -> None:
    """The page of the data counts areas that files brought."""
    found = areas()
    assert found.kinds.keys() == found.with_boundary.keys() | {"force"} == {"borough", "ward", "force"}
    assert Boundary.objects.published().count() == 2
    assert Boundary.objects.count() == 4
    assert not [entry for entry in search.index().entries if secret.area.code in repr(entry)]
