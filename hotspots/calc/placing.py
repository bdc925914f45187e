"""Which polygon each of many points lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray


def place(
    lon: NDArray[np.float64], lat: NDArray[np.float64], polygons: Sequence[shapely.Geometry], codes: Sequence[str]
) -> NDArray[np.int32]:
    """For each point the index of the polygon it lies in or on the edge of; -1 = in none.

    `lon` and `lat` are one-dimensional and in the polygons' coordinates; NaN lies nowhere. Where several polygons
    have the point (a shared edge), the one with the lowest code has it. The polygons are prepared in place.

    Points are sorted by longitude, so a polygon's candidates are one stretch of them, cut down by latitude: the exact
    test then sees each point about twice, whatever the number of polygons.
    """
    order = np.argsort(lon)  # NaN sorts last, behind every polygon
    x, y = lon[order], lat[order]
    found = np.full(len(x), -1, dtype=np.int32)
    bounds = shapely.bounds(polygons) if len(polygons) else np.empty((0, 4))
    first = np.searchsorted(x, bounds[:, 0], side="left")
    last = np.searchsorted(x, bounds[:, 2], side="right")
    shapely.prepare(polygons)
    for index in sorted(range(len(polygons)), key=lambda index: codes[index]):
        start, stop = first[index], last[index]
        stretch = y[start:stop]
        near = (stretch >= bounds[index, 1]) & (stretch <= bounds[index, 3]) & (found[start:stop] < 0)
        candidates = start + np.flatnonzero(near)
        inside = shapely.intersects_xy(polygons[index], x[candidates], y[candidates])
        found[candidates[inside]] = index
    result = np.empty_like(found)
    result[order] = found
    return result
