"""What is wrong with a polygon, in sentences; and that nothing of it is changed on the way."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from hotspots.calc import polygons
from hotspots.register import drawing
from hotspots.register.actions import Drawn

BOW_TIE = shapely.from_wkt("POLYGON ((0.21 51.60, 0.22 51.61, 0.22 51.60, 0.21 51.61, 0.21 51.60))")


def said(shape: shapely.Geometry) -> str:
    return polygons.problem(shape, lambda longitude, latitude: f"at {latitude:.4f}, {longitude:.4f}")


def star(corners: list[float], middle: tuple[float, float]) -> shapely.Geometry:
    """A polygon that never crosses itself: one corner in each direction, so far off."""
    turn = 2 * math.pi / len(corners)
    points = [
        (middle[0] + off * math.cos(turn * index), middle[1] + off * math.sin(turn * index) * 0.6)
        for index, off in enumerate(corners)
    ]
    return shapely.Polygon(points)


SHAPES = st.builds(
    star,
    st.lists(st.floats(0.0005, 0.01), min_size=3, max_size=60),
    st.tuples(st.floats(-5, 2), st.floats(50, 58)),
)


@given(SHAPES)
def test_any_valid_polygon_survives_every_way_of_writing_it(shape: shapely.Geometry) -> None:
    assert said(shape) == ""
    (of_json,) = drawing.of_text(drawing.as_geojson(shape))
    corners = ", ".join(f"{x!r} {y!r}" for x, y in shape.exterior.coords)
    (of_wkt,) = drawing.of_text(f"POLYGON (({corners}))")
    sealed = drawing.unseal(drawing.seal(Drawn(shape, "drawn")))
    for one in (of_json.shape, of_wkt.shape, sealed.shape, shapely.from_wkb(shapely.to_wkb(shape))):
        assert shapely.equals_identical(one, shape)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (BOW_TIE, "The outline crosses itself at 51.6050, 0.2150. Move a corner so that it does not:"),
        (
            shapely.Polygon(box(0, 50, 1, 51).exterior, [box(2, 50, 3, 51).exterior]),
            "A hole lies outside the outline at",
        ),
        (
            shapely.MultiPolygon([box(0, 50, 1, 51), box(0.2, 50.2, 0.4, 50.4)]),
            "One part lies inside another at",
        ),
        (shapely.MultiPolygon([box(0, 50, 1, 51), box(0.5, 50, 2, 51)]), "The outline crosses itself at"),
        (
            box(550_000, 180_000, 551_000, 181_000),
            "The coordinates are in metres of the British National Grid.",
        ),
        (box(200, 50, 201, 51), "The coordinates are no longitudes (-180 to 180) and latitudes (-90 to 90)."),
        (shapely.Point(0, 51).buffer(1, quad_segs=3_000), "The shape has 12,001 corners; at most 10,000 can be kept."),
        (
            shapely.MultiPolygon([box(x, 50, x + 0.5, 51) for x in range(21)]),
            "The shape has 21 separate parts; at most 20 can be one place.",
        ),
        (polygons.from_wkt("POLYGON ((0 50, 1 51, nan 50, 0 50))"), "The shape has a point without coordinates."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(shape: shapely.Geometry, sentence: str) -> None:
    assert said(shape).startswith(sentence)


def test_holes_and_parts_are_no_problem() -> None:
    holed = shapely.Polygon(box(0, 50, 1, 51).exterior, [box(0.2, 50.2, 0.4, 50.4).exterior])
    assert said(holed) == said(shapely.MultiPolygon([holed, box(2, 50, 3, 51)])) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("POLYGON EMPTY", "The shape is empty."),
        ("POINT (0 51)", "This is a Point, not an outline."),
        ("POLYGON ((0 50, 1 50, 1 51))", "An outline needs at least three corners, and its last point"),
        ("SRID=27700;POLYGON ((0 50, 1 50, 1 51, 0 50))", "The text says coordinate system 27700"),
        ("Hilldene shops", "This is neither GeoJSON nor well-known text."),
        # Read by GEOS, this would end the process.
        ("GEOMETRYCOLLECTION (" * 50_000 + ")" * 50_000, "This is neither GeoJSON nor well-known text."),
        ("CURVEPOLYGON ((0 50, 1 50, 1 51, 0 50))", "This is an outline with curves."),
    ],
    ids=lambda value: value[:30],
)
def test_texts_that_give_no_outline(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        polygons.flat(polygons.from_wkt(text))


def test_heights_and_the_usual_system_are_taken() -> None:
    found = polygons.flat(polygons.from_wkt("srid=4326; POLYGON Z ((0 50 7, 1 50 7, 1 51 7, 0 50 7))"))
    assert shapely.equals_identical(found, shapely.Polygon([(0, 50), (1, 50), (1, 51), (0, 50)]))
