"""Live here, now: what is in force at a place and near it, until when, and who is told what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import shapely
from django.test import Client
from django.utils import timezone

from hotspots.models import Area, Boundary, Hotspot
from interventions.live.presenters import until
from interventions.models import Intervention
from partners.models import AuditEvent
from tests.interventions.test_registers_pages import count

Make = Callable[..., Intervention]
LIVE = "/activity/live/"


def square(west: float, south: float, size: float = 0.01) -> shapely.Geometry:
    return shapely.box(west, south, west + size, south + size)


def zone(west: float, south: float, size: float = 0.004) -> dict[str, Any]:
    """The fields of a record whose zone is a square."""
    shape = shapely.MultiPolygon([square(west, south, size)])
    names = ("west", "south", "east", "north")
    return {
        "zone": shapely.geometry.mapping(shape),
        **dict(zip(names, shape.bounds, strict=True)),
        "longitude": None,
        "latitude": None,
        "place": "",
    }


@pytest.fixture
def ground(world: SimpleNamespace) -> SimpleNamespace:
    """The two wards beside each other, each a square of about 700 by 1,100 metres."""
    for ward, west in ((world.ward, 0.21), (world.other, 0.22)):
        shape = square(west, 51.6)
        Boundary.objects.create(
            area=ward,
            shape=shape.wkb,
            outline=shapely.geometry.mapping(shape),
            source="made up",
            **dict(zip(("west", "south", "east", "north"), shape.bounds, strict=True)),
        )
    return world


def in_force(make_activity: Make, title: str, kind: str = "pspo", **said: Any) -> Any:
    return make_activity(**{"kind": kind, "title": title, "ends": timezone.now() + timedelta(days=90), **said})


def shown(client: Client, query: str) -> dict[str, list[str]]:
    """ "here", "near" and "somewhere" -> the titles on the page of a place."""
    sections = client.get(f"{LIVE}?{query}").context["sections"]
    names = {"In": "here", "Ne": "near"}
    found: dict[str, list[str]] = {}
    for words, _, groups in sections:
        key = "somewhere" if "ward" in words else names[words[:2]]
        found[key] = [card.title for group in groups for card in group.cards]
    return found


def test_what_holds_here_near_and_somewhere_in_the_ward(
    clients: dict[str, Client], ground: SimpleNamespace, make_activity: Make
) -> None:
    now = timezone.now()
    in_force(make_activity, "Here", **zone(0.212, 51.602))
    in_force(make_activity, "Near", **zone(0.217, 51.602))
    in_force(make_activity, "Far", **zone(0.226, 51.606), wards=[ground.other])
    in_force(make_activity, "Somewhere", "cbo", longitude=None, latitude=None)
    in_force(make_activity, "Elsewhere", "cbo", longitude=None, latitude=None, wards=[ground.other])
    in_force(make_activity, "Over", ends=now, **zone(0.212, 51.602))
    in_force(make_activity, "To come", starts=now + timedelta(hours=1), **zone(0.212, 51.602))
    in_force(make_activity, "Not made", status="planned", **zone(0.212, 51.602))
    make_activity(title="No order", ends=now + timedelta(days=9), **zone(0.212, 51.602))
    # 0.216 is the zone's edge: the point is 70 m inside it.
    assert shown(clients["owner"], "at=51.604,0.215") == {
        "here": ["Here"],
        "near": ["Near"],
        "somewhere": ["Somewhere"],
    }
    assert shown(clients["owner"], f"ward={ground.ward.code}") == {"here": ["Here", "Near"], "somewhere": ["Somewhere"]}
    assert shown(clients["owner"], "at=51.7,0.3") == {}
    assert "No ward that is loaded" in clients["owner"].get(f"{LIVE}?at=51.7,0.3").text
    area = Area.objects.create(kind="hotspot", code="hotspot-1", name="1")
    hotspot = Hotspot.objects.create(owner=ground.owner, area=area, name="Hilldene shops", audience="agency")
    Boundary.objects.create(
        area=area, shape=square(0.2121, 51.6021, 0.001).wkb, outline={}, source="", west=0, south=0, east=0, north=0
    )
    Intervention.objects.get(title="Somewhere").hotspots.add(hotspot)
    assert shown(clients["owner"], f"hotspot={hotspot.pk}") == {"here": ["Here", "Somewhere"], "near": ["Near"]}
    # Who does not see the hotspot cannot ask about it.
    assert clients["partner"].get(f"{LIVE}?hotspot={hotspot.pk}").status_code == 400


def test_what_an_order_says_to_whom(clients: dict[str, Client], ground: SimpleNamespace, make_activity: Make) -> None:
    order = in_force(
        make_activity, "Shop thefts", "cbo", subject_ref="HV-77", exclusion_times="10 am to 8 pm", **zone(0.212, 51.602)
    )
    order.conditions.create(number=1, text="Enter the Brewery.", times="10 am to 8 pm", exceptions="to see a doctor")
    order.conditions.create(number=2, text="Gone by now", ends_on=timezone.localdate() - timedelta(days=1))
    in_force(make_activity, "Secret", "cbo", audience="team", **zone(0.212, 51.602))
    ground.agreement.record_types = ["cbo"]
    ground.agreement.withheld_fields = ["cbo.subject", "cbo.contact"]
    ground.agreement.save()
    page = clients["owner"].get(f"{LIVE}?at=51.603,0.213").text
    for text in (
        *("HV-77", "Must keep away from the area on the map: 10 am to 8 pm.", "Sentencing Act 2020, s.339", "89 days"),
        *("1. Must not: Enter the Brewery (10 am to 8 pm; except to see a doctor).", "Sgt Quill", "Secret"),
    ):
        assert text in page, text
    assert "Gone by now" not in page
    theirs = clients["partner"].get(f"{LIVE}?at=51.603,0.213").text
    assert "Enter the Brewery" in theirs
    assert "One person; who it is, is withheld by agreement: ask Owner Agency" in theirs
    assert not [text for text in ("HV-77", "Quill", "Secret") if text in theirs]
    for who in ("lapsed", "stranger"):
        said = clients[who].get(f"{LIVE}?at=51.603,0.213").text
        assert "Shop thefts" not in said
        assert "Nothing that you may see is in force" in said
    event = AuditEvent.objects.filter(actor=f"user-{ground.people['partner'].pk}", summary="Read (live)").get()
    assert event.objects_named == [f"cbo:{order.pk}"]
    # Where somebody stood is kept nowhere.
    assert not [one for one in AuditEvent.objects.all() if "51.603" in f"{one.summary}{one.after}{one.before}"]


def test_a_dispersal_counts_down(clients: dict[str, Client], ground: SimpleNamespace, make_activity: Make) -> None:
    ends = timezone.now() + timedelta(hours=2, minutes=10, seconds=30)
    made = in_force(make_activity, "Town centre", "dispersal", ends=ends, **zone(0.212, 51.602))
    page = clients["owner"].get(f"{LIVE}?at=51.603,0.213").text
    assert "(2 hours 10 minutes left)" in page
    assert f"/activity/new/directions/?authorisation={made.pk}" in page
    assert f'data-live-ends="{ends.isoformat()}"' in page


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ("2026-07-01 20:40", "Until 21:40 today"),
        ("2026-07-02 01:00", "Until 02:00 tomorrow"),
        ("2026-07-01 23:00", "Until midnight tonight"),
        ("2026-07-02 23:00", "Until 2 July 2026"),
        ("2026-07-04 10:00", "Until 11:00 on 4 July 2026"),
        ("2027-03-03 00:00", "Until 2 March 2027"),
        ("2026-10-25 00:30", "Until 01:30 BST on 25 October 2026"),
        (None, "Without an end"),
    ],
)
def test_until_in_words(ends: str | None, words: str) -> None:
    now = datetime(2026, 7, 1, 18, tzinfo=UTC)
    assert until(datetime.fromisoformat(ends).replace(tzinfo=UTC) if ends else None, now) == words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("at=here", "Write the point as latitude and longitude"),
        ("at=0.18,51.57", "Latitude and longitude are swapped"),
        ("at=95,0.2", "The latitude is from -90 to 90"),
        ("ward=E05999999", "choose from the list"),
        ("hotspot=0", "choose from the list"),
    ],
)
def test_a_place_that_makes_no_sense_is_said(
    clients: dict[str, Client], ground: SimpleNamespace, query: str, words: str
) -> None:
    answer = clients["owner"].get(f"{LIVE}?{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_an_unknown_street_and_a_ward_without_a_boundary(clients: dict[str, Client], world: SimpleNamespace) -> None:
    assert "No street with that name" in clients["owner"].get(f"{LIVE}?street=High+Street").text
    assert "No boundary of that place" in clients["owner"].get(f"{LIVE}?ward={world.ward.code}").text


def test_as_many_queries_for_twenty_as_for_two(
    clients: dict[str, Client], ground: SimpleNamespace, make_activity: Make
) -> None:
    def add() -> None:
        for kind in ("pspo", "cbo"):
            order = in_force(make_activity, "Order", kind, **zone(0.212, 51.602))
            order.conditions.create(number=1, text="Drink")
        in_force(make_activity, "Nowhere", "cbo", longitude=None, latitude=None)

    for _ in range(2):
        add()
    address = f"{LIVE}?at=51.603,0.213"
    clients["owner"].get(address)  # what is kept is kept now
    few = count(clients["owner"], address)
    for _ in range(18):
        add()
    assert count(clients["owner"], address) == few
    assert few <= 30
