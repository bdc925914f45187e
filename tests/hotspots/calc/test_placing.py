"""Points into polygons: the lowest code has a shared edge, and it is fast."""

from __future__ import annotations

import time
from random import Random

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.calc.placing import place


def test_inside_outside_edge_and_nan() -> None:
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    lon, lat = np.array([0.5, 1.5, 1.0, 3.0, np.nan, 0.5]), np.array([0.5, 0.5, 0.5, 0.5, 0.5, np.nan])
    assert place(lon, lat, [west, east], ["B", "A"]).tolist() == [0, 1, 1, -1, -1, -1]
    assert place(lon, lat, [west, east], ["A", "B"]).tolist() == [0, 1, 0, -1, -1, -1]
    assert place(lon, lat, [], []).tolist() == [-1] * 6
    assert place(lon[:0], lat[:0], [west], ["A"]).tolist() == []


def test_a_hole_is_outside() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    assert place(np.array([1.5, 0.5]), np.array([1.5, 0.5]), [ring], ["A"]).tolist() == [-1, 0]


@settings(max_examples=50)
@given(
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=6),
    st.lists(st.tuples(st.integers(-1, 10), st.integers(-1, 10)), max_size=20),
    st.randoms(),
)
def test_equals_asking_every_polygon(
    boxes: list[tuple[int, int, int, int]], points: list[tuple[int, int]], random: Random
) -> None:
    polygons = [shapely.box(x, y, x + width + 1, y + height + 1) for x, y, width, height in boxes]
    codes = [f"E{n}" for n in range(len(polygons))]
    random.shuffle(codes)
    expected = []
    for x, y in points:
        hit = [i for i, polygon in enumerate(polygons) if polygon.intersects(shapely.Point(x, y))]
        expected.append(min(hit, key=lambda i: codes[i], default=-1))
    lon, lat = np.array([p[0] for p in points], dtype=float), np.array([p[1] for p in points], dtype=float)
    assert place(lon, lat, polygons, codes).tolist() == expected


def wards(columns: int, rows: int, vertices: int) -> list[shapely.Polygon]:
    """Wards that tile a rectangle, with crooked shared borders of about `vertices` points each."""
    random = np.random.default_rng(1)
    corners = np.stack(np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1), indexing="ij"), axis=-1)

    def border(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        along = np.linspace(0, 1, vertices // 4 + 1)[:, None]
        offset = np.concatenate([[0], random.normal(0, 0.01, vertices // 4 - 1), [0]])[:, None]
        return start + (end - start) * along + offset * np.array([start[1] - end[1], end[0] - start[0]])

    across = {(i, j): border(corners[i, j], corners[i + 1, j]) for i in range(columns) for j in range(rows + 1)}
    up = {(i, j): border(corners[i, j], corners[i, j + 1]) for i in range(columns + 1) for j in range(rows)}
    return [
        shapely.Polygon(
            np.concatenate([across[i, j], up[i + 1, j][1:], across[i, j + 1][::-1][1:], up[i, j][::-1][1:]])
        )
        for i in range(columns)
        for j in range(rows)
    ]


def test_45_000_points_into_680_wards_within_the_bar() -> None:
    polygons = wards(34, 20, 150)
    assert 145 <= np.mean(shapely.get_num_coordinates(polygons)) <= 155
    random = np.random.default_rng(2)
    lon, lat = random.uniform(0.001, 0.999, (2, 45_000))
    codes = [f"E05{n:06d}" for n in range(680)]
    best = 9.0
    for _ in range(3):
        fresh = shapely.from_wkb(shapely.to_wkb(polygons))  # not prepared yet
        start = time.perf_counter()
        found = place(lon, lat, fresh, codes)
        best = min(best, time.perf_counter() - start)
    assert np.mean(found >= 0) > 0.99
    assert best <= 0.15
