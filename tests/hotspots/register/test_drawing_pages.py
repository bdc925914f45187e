"""The pages on which a shape is given: all ways without a script, what is shown before saving, two people at once."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import orjson
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely import box

from hotspots import categories, facts
from hotspots.models import Area, Boundary, Hotspot, Slice, Source
from hotspots.register import drawing
from hotspots.register.boundaries import shape_of
from partners.models import AuditEvent
from partners.visibility import Viewer
from tests.factories import BoundaryFactory, LsoaFactory, SliceFactory, make_place

TODAY = timezone.localdate()
BIGGER = "POLYGON ((0.212 51.602, 0.218 51.602, 0.218 51.605, 0.212 51.605, 0.212 51.602))"


@pytest.fixture
def points(db: None) -> None:
    """One month's burglaries: three within the place of the world, one 60 m outside its edge, one far off."""
    number = categories.by_slug(categories.POLICE_UK)["burglary"].number
    places = [("High Street", 0.214, 51.603, 2), ("Mill Lane", 0.2145, 51.6035, 1), ("Far Road", 0.2169, 51.603, 1)]
    rows = [
        (number, None, None, round(x * 1e6), round(y * 1e6), f"On or near {name}", None, None)
        for name, x, y, times in [*places, ("Sea Road", 0.3, 51.7, 5)]
        for _ in range(times)
    ]
    frame = pl.DataFrame(rows, schema=facts.SCHEMA[Source.STREET], orient="row")
    SliceFactory(month=date(2026, 3, 1), path=facts.write(Source.STREET, frame))


def ask(client: Client, place: Hotspot, **said: Any) -> HttpResponse:
    """What the page of a place's boundary answers to a shape."""
    newest = Boundary.objects.filter(area=place.area).latest("pk")
    usual = {"do": "look", "valid_from": str(TODAY), "ring_m": "500", "seen": newest.pk}
    return client.post(f"/hotspots/{place.pk}/boundary/", usual | said)  # type: ignore[return-value]


def save(client: Client, place: Hotspot, looked: HttpResponse, **said: Any) -> HttpResponse:
    context = looked.context  # type: ignore[attr-defined]
    return ask(client, place, do="save", accepted=context["accepted"], seen=context["seen"], **said)


def words(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.usefixtures("points")
def test_what_a_shape_would_be_is_said_before_it_is_saved(world: SimpleNamespace) -> None:
    client, by = world.clients["owner"], Viewer.of_user(world.people["owner"])
    make_place(world.owner, by=by, box_of=(0.217, 51.602, 0.220, 51.605), name="Station approach")
    make_place(world.stranger, box_of=(0.217, 51.602, 0.220, 51.605), name="Zinnia lane")
    before = Boundary.objects.count()
    looked = ask(client, world.place, way="paste", pasted=BIGGER)
    said = words(looked)
    assert "Size 13.9 hectares" in said
    assert "It gains 4.6 hectares and loses 0 m²" in said
    assert "Station approach: 16.7% of this shape, 33.3% of that place" in said
    assert "Zinnia" not in said
    assert "4 (3 to 4 depending on how map points are rounded), March 2026, without anti-social behaviour" in said
    assert "Map points 3" in said
    assert Boundary.objects.count() == before
    saved = save(client, world.place, looked)
    assert (saved.status_code, saved["Location"]) == (302, f"/hotspots/{world.place.pk}/")
    newest = Boundary.objects.filter(area=world.place.area).latest("pk")
    assert shape_of(newest).equals(box(0.212, 51.602, 0.218, 51.605))
    assert (newest.valid_from, newest.source) == (TODAY, "given as coordinates")
    assert AuditEvent.objects.filter(action="hotspot.redrawn").count() == 1


@pytest.mark.usefixtures("points")
def test_months_that_are_not_whole_are_named_beside_the_count(world: SimpleNamespace) -> None:
    first = Slice.objects.get()
    Slice.objects.update(rows=100)
    for month, rows in ((2, 100), (4, 24), (6, 100)):
        SliceFactory(month=date(2026, month, 1), rows=rows, path=first.path, publisher=first.publisher)
    Area.objects.filter(kind=Area.Kind.BOROUGH).update(home=first.publisher)
    said = words(ask(world.clients["owner"], world.place, way="paste", pasted=BIGGER))
    assert "April 2026 to May 2026 are missing or reported in part, so it is too low." in said
    Slice.objects.filter(rows=24).update(rows=25)
    said = words(ask(world.clients["owner"], world.place, way="paste", pasted=BIGGER))
    assert "May 2026 is missing or reported in part, so it is too low." in said


def test_the_preview_costs_the_same_with_many_places(world: SimpleNamespace) -> None:
    client, by = world.clients["owner"], Viewer.of_user(world.people["owner"])
    ask(client, world.place, way="paste", pasted=BIGGER)  # the session's first request of the minute writes it
    taken = []
    for number in (2, 20):
        while Hotspot.objects.count() < number:
            make_place(world.owner, by=by, name=f"Place {number}", ring_m=0)
        with CaptureQueriesContext(connection) as queries:
            assert ask(client, world.place, way="paste", pasted=BIGGER).status_code == 200
        taken.append(len(queries))
    assert taken[0] == taken[1]


@pytest.mark.usefixtures("points")
def test_every_way_works_without_a_script(world: SimpleNamespace) -> None:
    client, place = world.clients["owner"], world.place
    ward = Area.objects.get(kind=Area.Kind.WARD)
    for number, west in ((1, 0.210), (2, 0.214)):
        lsoa = LsoaFactory(name=f"Havering 001{'AB'[number - 1]}", code=f"E0100000{number}")
        BoundaryFactory(area=lsoa, box_of=(west, 51.60, west + 0.004, 51.605))

    asked = ask(client, place, way="lsoas", lsoa_wards=[ward.code])
    assert asked.status_code == 200
    assert "Havering 001A (E01000001)" in words(asked)
    assert "Size 15.4 hectares" not in words(asked)
    both = {"lsoa_wards": [ward.code], "lsoas": ["E01000001", "E01000002"]}
    assert "Size 30.8 hectares" in words(ask(client, place, way="lsoas", **both))
    # Another ward ticked instead: what was ticked in the first does not count, and is asked for anew.
    assert (
        "Size"
        not in words(ask(client, place, way="lsoas", lsoa_wards=[ward.code], lsoas=["E01999999"])).split(
            "Boundaries of"
        )[0]
    )
    assert "km²" in words(ask(client, place, way="wards", wards=[ward.code]))

    streets = ask(client, place, way="streets", street_ward=ward.code)
    assert all(name in words(streets) for name in ("Far Road", "High Street", "Mill Lane"))
    assert "Sea Road" not in words(streets)
    around = ask(client, place, way="streets", street_ward=ward.code, streets=["High Street", "Mill Lane"])
    assert "Map points 2" in words(around)

    circle = ask(client, place, way="point", point="51.603, 0.214", radius="100")
    assert "Size 3.1 hectares" in words(circle)
    assert save(client, place, circle).status_code == 302
    assert Boundary.objects.latest("pk").area.kind == Area.Kind.RING
    assert Boundary.objects.filter(area=place.area).latest("pk").source == "100 m around 51.60300, 0.21400"


def test_one_of_several_polygons_of_a_file_is_chosen_or_all(world: SimpleNamespace) -> None:
    client, place = world.clients["owner"], world.place
    shapes = {"Shops": box(0.212, 51.602, 0.216, 51.605), "Station": box(0.217, 51.602, 0.219, 51.605)}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": orjson.loads(drawing.as_geojson(shape))}
        for name, shape in shapes.items()
    ]
    content = orjson.dumps({"type": "FeatureCollection", "features": features})
    asked = ask(client, place, way="file", file=SimpleUploadedFile("places.geojson", content))
    assert asked.status_code == 200
    assert "Shops (Polygon 1), 9.3 hectares" in words(asked)
    several = asked.context["shape_form"]["several"].value()  # type: ignore[attr-defined]
    chosen = ask(client, place, way="file", several=several, feature="1")
    assert "Size 4.6 hectares" in words(chosen)
    whole = ask(client, place, way="file", several=several, feature="all")
    assert "Size 13.9 hectares, in 2 parts" in words(whole)
    alone = orjson.dumps(features[1])
    named = ask(client, place, way="file", file=SimpleUploadedFile("operation-wren.json", alone))
    assert "Size 4.6 hectares" in words(named)
    for looked in (chosen, named):
        save(client, place, looked)
        assert Boundary.objects.filter(area=place.area).latest("pk").source == "from a file"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose how you want to give the shape."),
        ({"way": "draw"}, "Nothing is drawn yet."),
        ({"way": "draw", "shape": '{"type": "Polygon"'}, "The GeoJSON is not whole"),
        ({"way": "lsoas"}, "Tick the wards in which the LSOAs lie."),
        ({"way": "wards"}, "Choose at least one."),
        ({"way": "streets"}, "Choose the ward in which the streets lie."),
        ({"way": "point", "point": "RM3 7AA", "radius": "100"}, "Write the point as latitude and longitude"),
        ({"way": "point", "point": "51.603, 0.214"}, "The radius is 25 to 1,500 m."),
        ({"way": "point", "point": "0.214, 51.603", "radius": "100"}, "Longitude and latitude are swapped"),
        ({"way": "paste"}, "Paste the outline as GeoJSON or well-known text."),
        ({"way": "file"}, "Choose a file."),
        ({"way": "file", "several": "x", "feature": "0"}, "Choose a file."),
        ({"way": "paste", "pasted": BIGGER, "valid_from": "2009-01-01", "do": "save"}, "The shape was not sent whole."),
        ({"way": "paste", "pasted": BIGGER, "valid_from": ""}, "Give the day from which it holds."),
        ({"way": "paste", "pasted": BIGGER, "ring_m": ""}, "Give the ring’s width, or 0."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said(world: SimpleNamespace, said: dict[str, str], sentence: str) -> None:
    answer = ask(world.clients["owner"], world.place, **said)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert Boundary.objects.filter(area=world.place.area).count() == 1


def test_a_day_or_ring_that_cannot_be_is_said_at_its_field_and_the_shape_is_kept(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    looked = ask(client, world.place, way="paste", pasted=BIGGER)
    for said, sentence in (
        ({"valid_from": "2009-12-31"}, "The day is from 1 January 2010 to"),
        ({"ring_m": "100"}, "The ring is 250 to 1000 m wide, or 0 for none"),
    ):
        answer = save(client, world.place, looked, **said)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert "Size 13.9 hectares" in words(answer)
    assert save(client, world.place, looked).status_code == 302


def test_the_second_of_two_people_is_shown_the_difference_and_may_save_knowingly(world: SimpleNamespace) -> None:
    client, place = world.clients["owner"], world.place
    looked = ask(client, place, way="paste", pasted=BIGGER)
    theirs = ask(client, place, way="point", point="51.603, 0.214", radius="100")
    assert save(client, place, theirs).status_code == 302
    answer = save(client, place, looked)
    assert answer.status_code == 422
    said = words(answer)
    assert "Somebody drew another boundary of this place after you opened it. Nothing of yours is saved yet." in said
    assert "Against the boundary that somebody else drew It gains 10.8 hectares and loses 0 m²" in said
    assert Boundary.objects.filter(area=place.area).count() == 2
    assert save(client, place, answer).status_code == 302
    assert shape_of(Boundary.objects.filter(area=place.area).latest("pk")).equals(box(0.212, 51.602, 0.218, 51.605))


def test_a_shape_can_be_changed_again_before_it_is_saved(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    looked = ask(client, world.place, way="paste", pasted=BIGGER)
    again = ask(client, world.place, do="change", accepted=looked.context["accepted"])  # type: ignore[attr-defined]
    assert again.status_code == 200
    shown = again.context["shape_form"]["shape"].value()  # type: ignore[attr-defined]
    assert drawing.of_text(shown)[0].shape.equals(box(0.212, 51.602, 0.218, 51.605))


def test_only_keepers_draw(world: SimpleNamespace) -> None:
    address = f"/hotspots/{world.place.pk}/boundary/"
    assert [world.clients[name].get(address).status_code for name in world.clients] == [200, 403, 404]
    assert "Analysts, SNT leads and managers of the lead agency" in words(world.clients["partner"].get(address))
    assert [ask(world.clients[name], world.place).status_code for name in world.clients] == [422, 403, 404]


@pytest.mark.usefixtures("points")
def test_under_the_map_lie_areas_and_points_and_never_a_place(world: SimpleNamespace) -> None:
    client = world.clients["stranger"]
    BoundaryFactory(area=LsoaFactory(), box_of=(0.210, 51.60, 0.214, 51.605))
    near = client.get("/hotspots/map-background/?box=0.20,51.59,0.23,51.61").json()
    assert {kind: len(found) for kind, found in near["outlines"].items()} == {"borough": 1, "ward": 1, "lsoa": 1}
    assert near["points"] == [[0.214, 51.603, 2], [0.2169, 51.603, 1], [0.2145, 51.6035, 1]]
    assert {name for *_, name in near["names"]} <= set(Area.objects.filter(kind="ward").values_list("name", flat=True))
    assert all(0.20 <= longitude <= 0.23 and 51.59 <= latitude <= 51.61 for longitude, latitude, _ in near["names"])
    assert len(near["names"]) == len(near["outlines"]["ward"])
    far = client.get("/hotspots/map-background/?box=0,51,0.5,52").json()
    assert (sorted(far["outlines"]), far["points"]) == (["borough", "ward"], [])
    assert sorted(client.get("/hotspots/map-background/?box=-2,50,1,52").json()["outlines"]) == ["borough"]
    for wrong in ("", "1,2,3", "0.3,51,0.2,52", "nan,51,1,52", "0,1,2,91"):
        assert client.get("/hotspots/map-background/", {"box": wrong}).status_code == 400
