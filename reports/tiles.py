"""Map tiles below a map, where MAP_TILE_URL names a tile server; else nothing is asked of anybody."""

from __future__ import annotations

import math
from itertools import product

from django.conf import settings

from reports.maps import Tile
from reports.shapes import Drawing

TILE = 256  # pixels across
SHOWN = 700  # about how many pixels wide a map is on a screen
DEEPEST = 16


def tiles_below(drawing: Drawing) -> list[Tile]:
    """The tiles that cover a drawing, at the zoom in which they are about as large as they were drawn."""
    if not settings.MAP_TILE_URL:
        return []
    pixels = drawing.scale * SHOWN / drawing.width  # of the whole Web Mercator square
    zoom = min(max(round(math.log2(pixels / TILE)), 0), DEEPEST)
    count = 2**zoom
    size = drawing.scale / count
    right, bottom = drawing.left + drawing.width / drawing.scale, drawing.top + drawing.height / drawing.scale
    columns = range(max(int(drawing.left * count), 0), min(int(right * count), count - 1) + 1)
    rows = range(max(int(drawing.top * count), 0), min(int(bottom * count), count - 1) + 1)
    return [
        Tile(
            settings.MAP_TILE_URL.format(z=zoom, x=x, y=y),
            (x / count - drawing.left) * drawing.scale,
            (y / count - drawing.top) * drawing.scale,
            size,
        )
        for y, x in product(rows, columns)
    ]
