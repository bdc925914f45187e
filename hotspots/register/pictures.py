"""A small picture of shapes over each other, as SVG text. What it shows is said in words beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray

WIDTH, TALLEST = 600, 500
# Around the shapes that it is about, as a share of their size.
MARGIN = 0.25


class Layer(NamedTuple):
    """One shape: `kind` is "ward", "other", "before" or "shape", which style sheets tell apart."""

    kind: str
    shape: shapely.Geometry
    name: str


def picture(layers: Sequence[Layer]) -> SafeString:
    """The layers in order, the last on top, around all that are no wards. It needs at least one of these."""
    about = shapely.union_all([one.shape for one in layers if one.kind != "ward"])
    west, south, east, north = about.bounds
    # A degree of longitude is so much shorter than one of latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    around = MARGIN * max(wide, high)
    wide, high = wide + 2 * around, high + 2 * around
    scale = min(WIDTH / wide, TALLEST / high)
    left, top = west - around / squeeze, north + around

    def flat(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(points[:, 0] - left) * squeeze * scale, (top - points[:, 1]) * scale])

    width, height = round(wide * scale), round(high * scale)
    frame = shapely.box(-10, -10, width + 10, height + 10)
    drawn = [
        f'<path class="app-shape__{one.kind}" d="{_path(shape)}"><title>{escape(one.name)}</title></path>'
        for one in layers
        if not (shape := shapely.transform(one.shape, flat).intersection(frame).simplify(0.5)).is_empty
    ]
    said = escape(" and ".join(one.name for one in layers if one.kind != "ward"))
    return mark_safe(  # noqa: S308 - numbers of ours, and names escaped
        f'<svg class="app-shape" viewBox="0 0 {width} {height}" role="img" aria-label="A picture of {said}">'
        f"{''.join(drawn)}</svg>"
    )


def _path(shape: shapely.Geometry) -> str:
    """Polygons as a path in tenths of units; lines and points that clipping left are nothing."""
    steps = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            points = np.round(shapely.get_coordinates(ring)[:-1], 1)
            steps.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(steps)
