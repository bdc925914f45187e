import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hotspots.models import Area, Boundary
from reports import shapes
from tests import factories

DAY = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


def polygon(path: str) -> shapely.Polygon:
    """What a path of one ring draws."""
    assert path.count("M") == 1
    start, steps = re.fullmatch(r"M(-?\d+ -?\d+)l([-\d ]+)z", path).groups()  # type: ignore[union-attr]
    x, y = map(int, start.split())
    numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
    points = [(x, y)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return shapely.Polygon(points)


def load(path: Path, kind: str, code: str, count: int) -> list[Area]:
    """Areas with the outlines of a file, each as published."""
    made: list[Area] = []
    for feature in json.loads(path.read_text())["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        area: Any = factories.AreaFactory(kind=kind, code=feature["properties"][code])
        west, south, east, north = shape.bounds
        Boundary.objects.create(
            area=area, shape=shape.wkb, outline=feature["geometry"], west=west, south=south, east=east, north=north,
            source=path.name,
        )  # fmt: skip
        made.append(area)
    assert len(made) == count
    return made


def square(area: Area, west: float, *, since: date | None = None, until: date | None = None) -> Any:
    return factories.BoundaryFactory(
        area=area, box_of=(west, 51.5, west + 0.01, 51.51), valid_from=since, valid_to=until
    )


def test_neighbours_keep_their_edge_and_proportions_are_true() -> None:
    wards = factories.WardFactory.create_batch(2)
    square(wards[0], 0.1)
    square(wards[1], 0.11)
    found = shapes.drawing([ward.pk for ward in wards], DAY)
    assert found is not None
    one, other = (polygon(found.shapes[ward.pk].path) for ward in wards)
    assert one.intersection(other).area == 0
    assert one.intersection(other).length == pytest.approx(one.bounds[3] - one.bounds[1])
    width, height = one.bounds[2] - one.bounds[0], one.bounds[3] - one.bounds[1]
    assert width / height == pytest.approx(math.cos(math.radians(51.505)), abs=0.004)
    assert one.bounds[2] < other.bounds[2], "east is right"
    assert one.bounds[0] >= 0
    assert other.bounds[2] <= found.width
    x, y, room = found.shapes[wards[0].pk][1:]
    assert one.contains(shapely.Point(x, y).buffer(room - 2))


def test_the_shape_in_force_on_the_day_is_drawn_else_the_nearest_later_else_the_last() -> None:
    ward, fixed = factories.WardFactory.create_batch(2)
    square(fixed, 0.30)
    square(ward, 0.10)  # undated: before all others
    square(ward, 0.12, since=date(2018, 5, 3), until=date(2022, 5, 5))
    square(ward, 0.14, since=date(2022, 5, 5))

    def west(day: date) -> float:
        found = shapes.drawing([ward.pk, fixed.pk], day)
        assert found is not None
        x = polygon(found.shapes[ward.pk].path).bounds[0]
        return (x / found.scale + found.left - 0.5) * 360

    for day, expected in (((2017, 1, 1), 0.10), ((2018, 5, 3), 0.12), ((2022, 5, 4), 0.12), ((2030, 1, 1), 0.14)):
        assert west(date(*day)) == pytest.approx(expected, abs=0.0005), day


def test_areas_without_a_boundary_are_left_out() -> None:
    ward, bare = factories.WardFactory.create_batch(2)
    assert shapes.drawing([bare.pk], DAY) is None
    assert shapes.drawing([], DAY) is None
    square(ward, 0.1)
    found = shapes.drawing([ward.pk, bare.pk], DAY)
    assert found is not None
    assert set(found.shapes) == {ward.pk}


def test_a_drawing_is_made_once_for_each_set_of_boundaries() -> None:
    ward = factories.WardFactory()
    boundary = square(ward, 0.1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shapes.drawing([ward.pk], DAY)
        return len(captured)

    assert [queries(), queries()] == [2, 1]
    boundary.delete()
    square(ward, 0.2)
    assert [queries(), queries()] == [2, 1]
    cache.clear()
    assert queries() == 2


def test_lines_between_boroughs_are_drawn_once_and_lines_within_are_not() -> None:
    boroughs = factories.BoroughFactory.create_batch(2)
    wards = [factories.WardFactory(parent=boroughs[index // 2]) for index in range(4)]
    for index, ward in enumerate(wards):
        square(ward, 0.1 + index / 100)
    found = shapes.drawing([ward.pk for ward in wards], DAY)
    assert found is not None
    boxes = [polygon(found.shapes[ward.pk].path).bounds for ward in wards]
    height = boxes[0][3] - boxes[0][1]
    lines = []
    for start, steps in re.findall(r"M(-?\d+ -?\d+)l([-\d ]+)", found.borders):
        x, y = map(int, start.split())
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        points = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        lines.append(shapely.LineString(points))
    drawn = shapely.union_all(lines)
    assert sum(line.length for line in lines) == pytest.approx(drawn.length), "nothing twice"
    expected = 2 * (boxes[3][2] - boxes[0][0]) + 3 * height
    assert drawn.length == pytest.approx(expected, abs=4)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "kind", "code", "count", "most"),
    [
        ("havering_wards_2018.geojson", Area.Kind.WARD, "GSS_CODE", 18, 12_000),
        ("havering_lsoa2021.geojson", Area.Kind.LSOA, "lsoa21cd", 153, 45_000),
    ],
)
def test_real_boundaries_are_small_and_leave_no_gaps(
    real_data: Path, name: str, kind: str, code: str, count: int, most: int
) -> None:
    areas = load(real_data / "boundaries" / name, kind, code, count)
    found = shapes.drawing([area.pk for area in areas], DAY)
    assert found is not None
    assert len(found.shapes) == count
    assert sum(len(shape.path) for shape in found.shapes.values()) < most
    drawn = [polygon(part + "z") for shape in found.shapes.values() for part in shape.path.split("z") if part]
    ground = shapely.union_all([shapely.make_valid(one) for one in drawn])
    assert ground.area == pytest.approx(sum(one.area for one in drawn), rel=0.005), "hardly an overlap"
    holes = [shapely.Polygon(h).area for part in shapely.get_parts(ground) for h in part.interiors]
    assert sum(holes) < 0.002 * ground.area


@given(st.floats(-179, 179), st.floats(-80, 80))
def test_web_mercator(longitude: float, latitude: float) -> None:
    ((x, y),) = shapes.mercator(np.array([[longitude, latitude]])).tolist()
    assert x == pytest.approx((longitude + 180) / 360)
    # the formula by which tiles are numbered
    angle = math.radians(latitude)
    assert y == pytest.approx((1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2)
