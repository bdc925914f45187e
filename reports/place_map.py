"""A map of one drawn place as SVG text: its boundary, its ring, places it is compared with, map points by their counts.

Outlines are told apart by their stroke and by words in the key, points by their size. The table beside it says the
same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray

from hotspots.calc.metres import grown
from reports.charts.axes import shortened, width
from reports.maps import tiles_below
from reports.shapes import Drawing, mercator

WIDTH = 640  # units across
_TALLEST = 1.0  # times the width
_MARGIN_METRES = 80
GREY, INK, OTHER, DOT = "#8f979b", "#0b0c0c", "#660022", "#1d70b8"
Units = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_SMALLEST, _LARGEST = 2.5, 15.0  # radius of a point


@dataclass(frozen=True, slots=True)
class Dot:
    """One map point; `number` is its rank in the list beside the map, 0 where it is not listed."""

    longitude: float
    latitude: float
    count: int
    said: str
    number: int = 0


def place_map(
    place: shapely.Geometry,
    *,
    frame: Sequence[shapely.Geometry],
    key: str,
    title: str,
    description: str,
    ring: shapely.Geometry | None = None,
    around: Sequence[tuple[str, shapely.Geometry]] = (),
    others: Sequence[tuple[str, shapely.Geometry]] = (),
    dots: Sequence[Dot] = (),
    font: int = 20,
) -> SafeString:
    """The map of a place (longitude and latitude, as all shapes here), framed to hold all of `frame`. `key` makes its
    ids in the page unique. What lies outside of the frame is cut off. `font` is 11 pixels or more where the map is
    shown at its smallest."""
    drawing = _frame(frame)
    box = shapely.box(0, 0, drawing.width, drawing.height)

    def units(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (mercator(points) - (drawing.left, drawing.top)) * drawing.scale

    def path(shape: shapely.Geometry) -> str:
        # A little larger than the frame, so that its edge is no line of the map.
        cut = shapely.intersection(shapely.simplify(shapely.transform(shape, units), 0.7), box.buffer(6))
        return _path(cut)

    opening = (
        f'<svg class="app-map" viewBox="0 0 {drawing.width} {drawing.height}" font-size="{font}" role="img" '
        f'aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>'
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="#fff"/>'
    )
    parts = [opening]
    parts += [
        f'<image href="{escape(tile.href)}" x="{tile.x:.1f}" y="{tile.y:.1f}" width="{tile.size:.1f}" '
        f'height="{tile.size:.1f}"/>'
        for tile in tiles_below(drawing)
    ]
    lines = "".join(path(shape) for _, shape in around)
    parts.append(f'<path d="{lines}" fill="none" stroke="{GREY}" stroke-width="0.8"/>')
    if ring is not None:
        parts.append(
            f'<path d="{path(ring)}" fill="{GREY}" fill-opacity=".16" fill-rule="evenodd" stroke="{INK}" '
            'stroke-width="1.2" stroke-dasharray="6 4"/>'
        )
    parts += [
        f'<path d="{path(shape)}" fill="{OTHER}" fill-opacity=".08" stroke="{OTHER}" stroke-width="2" '
        'stroke-dasharray="10 3 2 3"/>'
        for _, shape in others
    ]
    outline = path(place)
    parts.append(f'<path d="{outline}" fill="none" stroke="#fff" stroke-width="6" stroke-linejoin="round"/>')
    parts.append(
        f'<path d="{outline}" fill="{DOT}" fill-opacity=".06" stroke="{INK}" stroke-width="2.5" '
        'stroke-linejoin="round"/>'
    )
    parts += _dots(dots, units)
    parts += _names(others, units, drawing, font)
    parts.append(
        f'<rect x=".5" y=".5" width="{drawing.width - 1}" height="{drawing.height - 1}" fill="none" '
        f'stroke="{GREY}"/></svg>'
    )
    return mark_safe("".join(parts))  # noqa: S308 - texts and addresses are escaped, all else is numbers


def swatch(kind: str) -> SafeString:
    """The sign of one kind of thing for the map's key: "place", "ring", "other", "points"."""
    look = {
        "place": f'fill="{DOT}" fill-opacity=".06" stroke="{INK}" stroke-width="2.5"',
        "ring": f'fill="{GREY}" fill-opacity=".16" stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 4"',
        "other": f'fill="{OTHER}" fill-opacity=".08" stroke="{OTHER}" stroke-width="2" stroke-dasharray="10 3 2 3"',
    }
    drawn = (
        f'<rect x="2" y="2" width="24" height="12" {look[kind]}/>'
        if kind in look
        else f'<circle cx="7" cy="9" r="3" fill="{DOT}"/><circle cx="19" cy="8" r="6.5" fill="{DOT}"/>'
    )
    return mark_safe(  # noqa: S308 - our own colours
        f'<svg width="28" height="16" aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def _frame(shapes: Sequence[shapely.Geometry]) -> Drawing:
    """A drawing that holds the shapes with some ground around them, never much taller than wide."""
    west, south, east, north = shapely.total_bounds([grown(shapely.box(*one.bounds), _MARGIN_METRES) for one in shapes])
    (left, bottom), (right, top) = mercator(np.array([[west, south], [east, north]]))
    wide, tall = right - left, bottom - top
    # As wide as it is tall at least, so that a narrow place does not make a narrow picture.
    extra = max(tall / _TALLEST - wide, 0)
    left, wide = left - extra / 2, wide + extra
    scale = WIDTH / wide
    return Drawing(WIDTH, max(math.ceil(tall * scale), 200), float(left), float(top), float(scale), {}, "")


def _dots(dots: Sequence[Dot], units: Units) -> list[str]:
    """Circles whose areas are as their counts, the largest first so that none hides another; listed ones numbered."""
    if not dots:
        return []
    most = max(dot.count for dot in dots)
    at = units(np.array([[dot.longitude, dot.latitude] for dot in dots]))
    order = sorted(range(len(dots)), key=lambda index: -dots[index].count)
    drawn, numbers = [], []
    for index in order:
        dot, (x, y) = dots[index], at[index].tolist()
        radius = max(_LARGEST * math.sqrt(dot.count / most), _SMALLEST)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{DOT}" fill-opacity=".75" stroke="#fff" '
            f'stroke-width="1"><title>{escape(dot.said)}</title></circle>'
        )
        if dot.number:
            numbers.append(
                f'<text x="{x + radius + 3:.1f}" y="{y + 7:.1f}" font-weight="700" fill="{INK}" stroke="#fff" '
                f'stroke-width="3.5" paint-order="stroke">{dot.number}</text>'
            )
    return drawn + numbers


def _names(others: Sequence[tuple[str, shapely.Geometry]], units: Units, drawing: Drawing, font: int) -> list[str]:
    """The names of the places compared with, in the middle of what the frame shows of them."""
    drawn = []
    box = shapely.box(0, 0, drawing.width, drawing.height)
    for name, shape in others:
        seen = shapely.intersection(shapely.transform(shape, units), box)
        if seen.area < 400:
            continue
        middle = seen.representative_point()
        text = shortened(name, 30)
        half = width(text, font) / 2 + 4
        x = min(max(middle.x, half), drawing.width - half)
        drawn.append(
            f'<text x="{x:.1f}" y="{middle.y + font / 3:.1f}" text-anchor="middle" font-weight="700" fill="{OTHER}" '
            f'stroke="#fff" stroke-width="4" paint-order="stroke">{escape(text)}</text>'
        )
    return drawn


def _path(shape: shapely.Geometry) -> str:
    """The rings of a shape's polygons."""
    parts = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        for ring in (part.exterior, *part.interiors):
            points = np.round(shapely.get_coordinates(ring)[:-1], 1)
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points.tolist()) + "Z")
    return "".join(parts)
