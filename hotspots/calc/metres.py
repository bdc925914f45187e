"""Metres on the ground for shapes in longitude and latitude (WGS84): areas, and shapes drawn larger or smaller.

Each shape is projected around its own middle, which at the size of a borough is true to about one part in ten thousand.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray


def area_m2(shape: shapely.Geometry) -> float:
    """Square metres of a shape."""
    return float(_flat(shape, *_middle(shape)).area)


def grown(shape: shapely.Geometry, metres: float) -> shapely.Geometry:
    """The shape with all that is within so many metres of it; where negative, drawn smaller, and then maybe empty."""
    middle = _middle(shape)
    return _round(_flat(shape, *middle).buffer(metres, quad_segs=8), *middle)


def circle(longitude: float, latitude: float, metres: float) -> shapely.Geometry:
    """The circle around a point."""
    return grown(shapely.Point(longitude, latitude), metres)


def metres_apart(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Metres between the nearest points of two shapes that lie a few kilometres apart at most; 0 where they touch."""
    middle = _middle(one)
    return float(_flat(one, *middle).distance(_flat(other, *middle)))


def _middle(shape: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    # Rounded, so that shapes of one neighbourhood share a projection.
    return round((west + east) / 2, 2), round((south + north) / 2, 2)


@lru_cache(maxsize=256)
def _projections(longitude: float, latitude: float) -> tuple[pyproj.Transformer, pyproj.Transformer]:
    flat = pyproj.CRS.from_proj4(f"+proj=laea +lon_0={longitude} +lat_0={latitude} +datum=WGS84 +units=m")
    there = pyproj.Transformer.from_crs("OGC:CRS84", flat, always_xy=True)
    return there, pyproj.Transformer.from_crs(flat, "OGC:CRS84", always_xy=True)


def _flat(shape: shapely.Geometry, longitude: float, latitude: float) -> shapely.Geometry:
    return _through(_projections(longitude, latitude)[0], shape)


def _round(shape: shapely.Geometry, longitude: float, latitude: float) -> shapely.Geometry:
    return _through(_projections(longitude, latitude)[1], shape)


def _through(transformer: pyproj.Transformer, shape: shapely.Geometry) -> shapely.Geometry:
    def convert(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shape, convert)
