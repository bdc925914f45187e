"""Shapes of areas as SVG paths: simplified together, so that neighbours keep their common edge, and made once.

The drawing is in Web Mercator, which at the size of a city keeps shapes true, and in which map tiles lie square.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.models import Boundary
from hotspots.sql import rows
from reports.keeping import kept

WIDTH = 1000  # units across, unless asked otherwise
TALLEST = 1.1  # times the width
MARGIN = 6
# In units: what is smaller than a triangle of this side is left out.
TOLERANCE = 1.5
SLIVER = 200  # square units: a smaller hole between areas is none
KEEP_SECONDS = 30 * 24 * 3600
_VERSION = 1  # of what is kept: count it up when `Drawing` or the way it is made changes


class Shape(NamedTuple):
    """One area: its path (`d`), the point furthest from its edges, and how far that is, in units of the drawing."""

    path: str
    x: int
    y: int
    room: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Areas in one frame of `width` x `height` units. `shapes` are by area pk; areas without a boundary are not there.

    `borders` is the path of the lines between areas that lie in different areas (boroughs), and of the outer edge.
    A point of the Web Mercator square (0 to 1, from the north-west) is at `(x - left) * scale`, `(y - top) * scale`.
    """

    width: int
    height: int
    left: float
    top: float
    scale: float
    shapes: dict[int, Shape]
    borders: str


def drawing(area_pks: Collection[int], day: date, *, width: int = WIDTH) -> Drawing | None:
    """The areas' shapes in force on a day, else the nearest later or the last ones; None where no area has any.

    One query; one more when these boundaries are drawn for the first time.
    """
    chosen: dict[int, tuple[Any, ...]] = {}
    for row in rows(
        """
        SELECT b.area_id, b.valid_from, b.id, a.parent_id, b.west, b.south, b.east, b.north
        FROM hotspots_boundary b JOIN hotspots_area a ON a.id = b.area_id
        WHERE b.area_id = ANY(%s) ORDER BY b.area_id, b.valid_from NULLS FIRST
        """,
        list(area_pks),
    ):
        if row[0] not in chosen or (row[1] and row[1] <= day):
            chosen[row[0]] = row
    if not chosen:
        return None
    key = f"shapes:{_VERSION}:{width}:{sha256(repr(sorted(chosen.items())).encode()).hexdigest()}"
    return kept(key, KEEP_SECONDS, lambda: _draw({row[2]: row[3] for row in chosen.values()}, width))


def mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude and latitude (WGS84, degrees), n x 2, on the Web Mercator square: 0 to 1 from the north-west."""
    north = np.arcsinh(np.tan(np.radians(points[:, 1])))
    return np.column_stack([points[:, 0] / 360 + 0.5, 0.5 - north / (2 * math.pi)])


def _draw(boundaries: dict[int, int | None], width: int) -> Drawing:
    """The drawing of these boundaries (pk -> the pk of what the area lies in)."""
    found = list(Boundary.objects.filter(pk__in=boundaries).order_by("area_id").values_list("pk", "area_id", "outline"))
    outlines = np.array([_geometry(outline) for _, _, outline in found], dtype=object)
    outlines = shapely.transform(outlines, mercator)
    left, top, right, bottom = shapely.total_bounds(outlines)
    inner = width - 2 * MARGIN
    scale = min(inner / (right - left), inner * TALLEST / (bottom - top))
    left -= (width / scale - (right - left)) / 2
    top -= MARGIN / scale
    units = shapely.transform(outlines, lambda points: (points - (left, top)) * scale)
    simple = shapely.coverage_simplify(units, TOLERANCE)
    circles = [_room(geometry) for geometry in simple]
    shapes = {
        area: Shape(_rings_path(geometry), *circle)
        for (_, area, _), geometry, circle in zip(found, simple, circles, strict=True)
    }
    lying: dict[int | None, list[int]] = defaultdict(list)
    for index, (pk, _, _) in enumerate(found):
        lying[boundaries[pk]].append(index)
    edges = [shapely.boundary(_union(simple[members])) for members in lying.values()]
    borders = shapely.line_merge(shapely.unary_union(edges))
    return Drawing(
        width=width,
        height=math.ceil((bottom - top) * scale + MARGIN),
        left=float(left),
        top=float(top),
        scale=float(scale),
        shapes=shapes,
        borders="".join(_path(line, closed=False) for line in shapely.get_parts(borders)),
    )


def _geometry(outline: dict[str, object]) -> shapely.Geometry:
    return shapely.geometry.shape(outline)


def _room(geometry: shapely.Geometry) -> tuple[int, int, int]:
    """The middle and the radius of the largest circle inside."""
    line = shapely.maximum_inscribed_circle(geometry, tolerance=2)
    (x, y), _ = line.coords
    return round(x), round(y), int(line.length)


def _union(parts: NDArray[np.object_]) -> shapely.Geometry:
    """The areas as one, without the slivers between neighbours that were published one by one."""
    whole = shapely.get_parts(shapely.union_all(parts, grid_size=1))
    kept = [shapely.Polygon(p.exterior, [h for h in p.interiors if shapely.Polygon(h).area > SLIVER]) for p in whole]
    return shapely.MultiPolygon(kept)


def _rings_path(geometry: shapely.Geometry) -> str:
    rings = [ring for part in shapely.get_parts(geometry) for ring in (part.exterior, *part.interiors)]
    return "".join(_path(ring, closed=True) for ring in rings)


def _path(line: shapely.Geometry, *, closed: bool) -> str:
    """A line as relative steps between whole units: "m10 20l5-3 2 2z"; "" where it shrinks to a point."""
    points = np.rint(shapely.get_coordinates(line)).astype(int)
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    if not len(steps):
        return ""
    if closed:
        steps = steps[:-1]  # z goes home
    numbers = "".join(f"{n}" if n < 0 else f" {n}" for n in steps.ravel().tolist()).lstrip()
    return f"M{points[0][0]} {points[0][1]}l{numbers}{'z' * closed}"
