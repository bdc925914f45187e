"""Shapes as people give them: texts, files, lists and points; and what cannot be a place."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import orjson
import polars as pl
import pyogrio
import pytest
import shapely
from django.utils import timezone
from shapely import box

from hotspots import categories, facts
from hotspots.calc.metres import area_m2, circle
from hotspots.importers.boundaries import BRITISH_GRID, WGS84, _transform
from hotspots.models import Area, Source
from hotspots.register import drawing
from hotspots.register.actions import Drawn
from partners.refusals import Refused
from tests.factories import BoroughFactory, BoundaryFactory, LsoaFactory, SliceFactory, WardFactory

pytestmark = pytest.mark.django_db
SHOPS = box(0.212, 51.602, 0.216, 51.605)
TODAY = timezone.localdate()
SQUARE = "[[0.21, 51.60], [0.22, 51.60], [0.22, 51.605], [0.21, 51.605], [0.21, 51.60]]"


@pytest.fixture
def heaton() -> Area:
    """A ward of Havering, 2.8 km by 2.2 km, beside one of Redbridge of the same size."""
    for name, west in (("Redbridge", 0.16), ("Havering", 0.20)):
        borough = BoroughFactory(name=name)
        BoundaryFactory(area=borough, box_of=(west, 51.59, west + 0.04, 51.61))
        ward = WardFactory(parent=borough, name={"Havering": "Heaton"}.get(name, "Hainault"), valid_from=None)
        BoundaryFactory(area=ward, box_of=(west, 51.59, west + 0.04, 51.61))
    return ward


def refused(call: object, *arguments: object, **named: object) -> tuple[str, str]:
    with pytest.raises(Refused) as problem:
        call(*arguments, **named)  # type: ignore[operator]
    return problem.value.field, str(problem.value)


def judged(shape: shapely.Geometry) -> Drawn:
    return drawing.judged(shape, "drawn", on=TODAY)


def streets(rows: list[tuple[str, float, float]]) -> None:
    """One burglary at each of these map points, in one month."""
    number = categories.by_slug(categories.POLICE_UK)["burglary"].number
    every = [
        (number, None, None, round(x * 1e6), round(y * 1e6), f"On or near {name}", None, None) for name, x, y in rows
    ]
    frame = pl.DataFrame(every, schema=facts.SCHEMA[Source.STREET], orient="row")
    SliceFactory(month=date(2026, 3, 1), path=facts.write(Source.STREET, frame))


# --- What cannot be a place -----------------------------------------------------------------------------------------


def test_shapes_that_cannot_be_a_place(heaton: Area) -> None:
    assert refused(judged, circle(0.21, 51.60, 10))[1].startswith("The shape is 312 m² large; the least is 500 m².")
    assert refused(judged, box(0.165, 51.591, 0.235, 51.609))[1].startswith(
        "The shape is 9.71 km² large, larger than all of Heaton (6.17 km²), the largest ward that it touches."
    )
    assert refused(judged, box(-3.2, 55.9, -3.1, 56.0))[1].startswith("No borough or ward that is loaded lies there.")
    assert refused(judged, drawing.polygons.swapped(SHOPS))[1].startswith("Longitude and latitude are swapped")
    assert refused(judged, shapely.Polygon())[1].startswith("The shape is empty.")
    assert refused(judged, shapely.LineString([(0.21, 51.6), (0.22, 51.6)]))[1].startswith("This is a LineString")
    # As large as a ward, or across two boroughs, it can.
    assert judged(box(0.20, 51.59, 0.24, 51.61)).source == "drawn"
    assert judged(box(0.19, 51.60, 0.21, 51.605)).shape.equals(box(0.19, 51.60, 0.21, 51.605))


def test_a_crossing_is_said_with_the_nearest_street(heaton: Area) -> None:
    bow_tie = shapely.from_wkt("POLYGON ((0.21 51.60, 0.22 51.61, 0.22 51.60, 0.21 51.61, 0.21 51.60))")
    crosses = "The outline crosses itself near {}. Move a corner so that it does not: nothing was repaired."
    assert refused(judged, bow_tie)[1] == crosses.format("51.60500, 0.21500")
    streets([("Straight Road", 0.2152, 51.6052), ("Hilldene Avenue", 0.2160, 51.6060)])
    assert refused(judged, bow_tie)[1] == crosses.format("Straight Road (51.60500, 0.21500)")


# --- Texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f'{{"type": "Polygon", "coordinates": [{SQUARE}]}}',
        f'{{"type": "Feature", "properties": null, "geometry": {{"type": "Polygon", "coordinates": [{SQUARE}]}}}}',
        "POLYGON ((0.21 51.60, 0.22 51.60, 0.22 51.605, 0.21 51.605, 0.21 51.60))",
        '\ufeff{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": [SQUARE]}}]}',
    ],
)
def test_an_outline_may_be_pasted_in_any_of_these_forms(heaton: Area, text: str) -> None:
    assert drawing.read(text.replace("SQUARE", SQUARE), on=TODAY).shape.equals(box(0.21, 51.60, 0.22, 51.605))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste the outline as GeoJSON or well-known text."),
        ("{", "The GeoJSON is not whole: line 1"),
        ("[1, 2]", "The text is JSON but not GeoJSON"),
        ('{"type": "Point", "coordinates": [0.2, 51.6]}', "This is a Point, not an outline."),
        ('{"type": "Polygon", "coordinates": []}', "The shape is empty."),
        ('{"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52]]]}', "An outline needs at least"),
        ('{"type": "FeatureCollection", "features": []}', "The GeoJSON file has no features"),
        ('{"type": "Feature", "geometry": null}', "The shape is empty."),
        ("POLYGON ((0 1, 2", "This is neither GeoJSON nor well-known text."),
        ("x" * 1_000_001, "The text is longer than 1,000,000 letters."),
        ("[" * 100_000, "The GeoJSON is not whole"),
        ('{"type": "Polygon", "coordinates": ' + "[" * 300 + "]" * 300 + "}", "The GeoJSON is nested deeper"),
        ('{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": '
         + "[" * 300 + "]" * 300 + "}}]}", "Feature 1 has a geometry that cannot be read"),
    ],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_texts_that_give_no_outline(text: str, sentence: str) -> None:
    field, said = refused(drawing.of_text, text)
    assert (field, said[: len(sentence)]) == ("shape", sentence)


# --- Files ----------------------------------------------------------------------------------------------------------


def written(folder: Path, suffix: str, shapes: list[shapely.Geometry], names: list[str]) -> bytes:
    """A GeoPackage or a zipped shapefile in metres of the British National Grid."""
    moved = _transform(np.array(shapes, dtype=object), WGS84, BRITISH_GRID)
    path = folder / f"places{suffix}"
    driver = {".gpkg": "GPKG", ".shp": "ESRI Shapefile"}[suffix]
    fields = [np.array(names, dtype=object)], ["name"]
    pyogrio.raw.write(path, shapely.to_wkb(moved), *fields, driver=driver, geometry_type="Polygon", crs="EPSG:27700")
    if suffix == ".gpkg":
        return path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("places.*"):
            archive.write(part, part.name)
    return packed.getvalue()


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_polygons_of_a_file_in_another_coordinate_system(heaton: Area, tmp_path: Path, suffix: str) -> None:
    there = box(0.222, 51.602, 0.226, 51.605)
    found = drawing.of_file(written(tmp_path, suffix, [SHOPS, there], ["Shops", "Station"]))
    assert [one.name for one in found] == ["Shops (Polygon 1)", "Station (Polygon 2)"]
    for one, shape in zip(found, (SHOPS, there), strict=True):
        assert one.shape.symmetric_difference(shape).area < shape.area / 10_000
    whole = drawing.judged(drawing.together(found), "both", on=TODAY)
    assert shapely.get_num_geometries(whole.shape) == 2
    assert [one.name for one in drawing.unseal_found(drawing.seal_found(found))] == [one.name for one in found]


def collection(number: int) -> bytes:
    ring = orjson.loads(SQUARE)
    one = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return orjson.dumps({"type": "FeatureCollection", "features": [one] * number})


def test_a_file_with_50_000_polygons_is_refused_at_once(tmp_path: Path) -> None:
    begun = perf_counter()
    assert refused(drawing.of_file, collection(50_000)) == (
        "file",
        "The file is larger than 5 MB. Save the wanted polygon alone.",
    )
    assert refused(drawing.of_file, collection(20_000))[1].startswith(
        "The file has 20,000 features; at most 200 can be chosen from."
    )
    tiny = [shapely.box(0.21, 51.6, 0.211, 51.601)] * 20_000
    assert refused(drawing.of_file, written(tmp_path, ".gpkg", tiny, ["x"] * 20_000))[1].startswith(
        "The file has 20,000 features"
    )
    assert perf_counter() - begun < 10  # nearly all of it is this test's own writing


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name,shape\n", "Choose a GeoJSON file, a GeoPackage or a zipped shapefile; this is something else."),
        (b"\0\0\x27\x0a\0", "A shapefile is several files: put the .shp, .dbf, .shx and .prj into one zip file."),
        (b"PK\x03\x04", "upload.zip is damaged or cut off."),
        (b'{"type": "Polygon", "name": "\xff"}', "The GeoJSON file is not in UTF-8: save it so."),
        (b"SQLite format 3\0" + b"\0" * 100, "The file is an SQLite database, but not a GeoPackage."),
    ],
)
def test_files_that_are_none(content: bytes, sentence: str) -> None:
    field, said = refused(drawing.of_file, content)
    assert (field, said[: len(sentence)]) == ("file", sentence)


def test_a_small_zip_that_unpacks_to_much_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("places.shp", bytes(60_000_000))
    assert len(packed.getvalue()) < 100_000
    assert refused(drawing.of_file, packed.getvalue())[1] == "What the zip holds is larger than 50 MB."


# --- Lists and points -----------------------------------------------------------------------------------------------


def test_lsoas_of_a_ward_become_one_shape_without_slivers(heaton: Area) -> None:
    # The second leaves a sliver of 40 cm between them, closed at both ends.
    west = BoundaryFactory(area=LsoaFactory(name="Havering 001A", code="E01000001"), box_of=(0.21, 51.60, 0.22, 51.605))
    corners = [(0.22, 51.60), (0.23, 51.60), (0.23, 51.605), (0.22, 51.605), (0.22, 51.604), (0.220005, 51.6025)]
    shape = shapely.Polygon([*corners, (0.22, 51.601)])
    east = BoundaryFactory(
        area=LsoaFactory(name="Havering 001B", code="E01000002"),
        box_of=(0.22, 51.60, 0.23, 51.605),
        shape=shapely.to_wkb(shape),
    )
    BoundaryFactory(area=LsoaFactory(name="Redbridge 001A"), box_of=(0.17, 51.60, 0.18, 51.605))
    found = drawing.lsoas_of([heaton], TODAY)
    assert found == [west.area, east.area]
    drawn = drawing.of_areas(found, on=TODAY)
    assert drawn.source == "LSOAs E01000001, E01000002"
    assert drawn.shape.equals(box(0.21, 51.60, 0.23, 51.605))
    assert drawing.of_areas(found[1:], on=TODAY).shape.equals(shape)  # one alone is as it was published
    assert drawing.lsoas_of([], TODAY) == []


def test_areas_without_a_boundary_are_named(heaton: Area) -> None:
    assert refused(drawing.of_areas, [LsoaFactory(name="Havering 009Z")], on=TODAY) == (
        "lsoas",
        "No boundary is loaded of Havering 009Z. Choose others, or draw the shape.",
    )
    assert refused(drawing.of_areas, [], on=TODAY, field="wards") == ("wards", "Choose at least one.")


def test_a_circle_around_a_point(heaton: Area) -> None:
    drawn = drawing.around_point(0.21, 51.60, 200, on=TODAY)
    assert area_m2(drawn.shape) == pytest.approx(3.1416 * 200**2, rel=0.01)
    assert drawn.source == "200 m around 51.60000, 0.21000"
    assert refused(drawing.around_point, 0.21, 51.60, 24, on=TODAY) == ("radius", "The radius is 25 to 1,500 m.")


def test_streets_are_found_by_their_map_points_and_drawn_around(heaton: Area) -> None:
    ends = [("Straight Road", 0.212, 51.602), ("Straight Road", 0.214, 51.604)]
    streets([*ends, ("Hilldene Avenue", 0.22, 51.60), ("No Location", 0.22, 51.61), ("Far Road", 0.17, 51.60)])
    found = drawing.streets_of(heaton, TODAY)
    assert found == {"Straight Road": [(0.212, 51.602), (0.214, 51.604)], "Hilldene Avenue": [(0.22, 51.60)]}
    drawn = drawing.around_streets(["Straight Road"], found["Straight Road"], on=TODAY)
    assert drawn.source == "around Straight Road"
    assert all(drawn.shape.contains(shapely.Point(x, y)) for _, x, y in ends)
    assert not drawn.shape.contains(shapely.Point(0.22, 51.60))
    # 50 m on both sides of 262 m, and round ends.
    assert area_m2(drawn.shape) == pytest.approx(262 * 100 + 3.1416 * 50**2, rel=0.02)


def test_nobody_changes_a_shape_between_two_pages() -> None:
    sealed = drawing.seal(Drawn(SHOPS, "drawn"))
    again = drawing.unseal(sealed)
    assert (again.source, shapely.equals_identical(again.shape, SHOPS)) == ("drawn", True)
    for text in ("", "x", sealed[:-2], drawing.seal_found([drawing.Found("x", SHOPS)])):
        assert refused(drawing.unseal, text) == ("accepted", "The shape was not sent whole. Give it again.")
