"""A map of what is done, as SVG text: zones and points over the outlines of wards, numbered as in the list beside it.

The list says the same in words: where nothing is drawn, nothing is missing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import product

import numpy as np
import polars as pl
import shapely
from django.conf import settings
from django.db.models import F
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray
from shapely.geometry import shape

from hotspots import points
from hotspots.models import Boundary
from hotspots.places import MICRO
from interventions.drafts import point_of, zone_of
from interventions.models import Intervention

WIDTH, TALLEST = 640, 560
# Metres around what is drawn, at the least: a point alone shows the streets about it.
_AROUND = 250
_TILE, _DEEPEST = 256, 19
# The Web Mercator square has no poles: what lies farther north or south is drawn at its edge.
_FARTHEST = 85.0
# Degrees of longitude up to which streets are named, and how many are.
_WIDEST, _MOST_STREETS = 0.06, 14
INK, GREY, STREET, ZONE, HERE = "#0b0c0c", "#8f979b", "#505a5f", "#1d70b8", "#d4351c"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the map: a shape or a point; `number` as in the list, 0 = it has none; `href` "" = no link."""

    shape: shapely.Geometry
    said: str
    number: int = 0
    href: str = ""
    colour: str = ZONE
    # An outline alone, of the place that the map is about.
    is_outline: bool = False


def mark(record: Intervention, number: int = 0, href: str = "") -> Mark | None:
    """What is shown of a record's ground: its zone, else its point; None where neither is known."""
    ground = zone_of(record) or point_of(record)
    return None if ground is None else Mark(ground, record.title, number, href)


def outlines(codes: Collection[str], on: date) -> list[shapely.Geometry]:
    """The simplified outlines of some published areas on a day. One query."""
    rows = Boundary.objects.published().filter(area__code__in=codes).order_by(F("valid_from").asc(nulls_first=True))
    held = rows.values_list("area", "valid_from", "outline")
    found = {area: outline for area, since, outline in held if since is None or since <= on}
    return [shape(outline) for outline in found.values()]


def drawn(
    marks: Sequence[Mark], wards: Sequence[shapely.Geometry], *, title: str, here: shapely.Point | None = None
) -> SafeString:
    """The map, around its marks and `here`, which is shown as a ring; "" where there is neither. Where nothing would
    say where that is (no tiles, no street, no edge of a ward), it is drawn as large as the wards.

    Streets are named where police.uk has map points of them: one query (two, where it is drawn larger), and the file of
    the newest month is read.
    """
    about = [one.shape for one in marks] + ([here] if here else [])
    if not about:
        return mark_safe("")
    frame = _Frame.around(about)
    streets = _streets(frame)
    if wards and not (streets or settings.MAP_TILE_URL or any(_crosses(frame, one) for one in wards)):
        frame = _Frame.around([*about, *wards])
        streets = _streets(frame)
    box = shapely.box(-10, -10, WIDTH + 10, frame.height + 10)
    parts = [
        f'<svg class="app-ground" viewBox="0 0 {WIDTH} {frame.height}" role="group" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{frame.height}" fill="#fff"/>',
        *_tiles(frame),
    ]
    parts += [
        f'<path d="{_path(frame.placed(one, box))}" fill="none" stroke="{GREY}" stroke-width="1.5"/>' for one in wards
    ]
    parts += [_drawn(one, frame, box) for one in sorted(marks, key=lambda one: -one.shape.area)]
    parts += streets
    parts += _numbers(marks, frame, box)
    if here:
        x, y = shapely.get_coordinates(frame.placed(here, box))[0]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="{HERE}" stroke-width="4"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{HERE}"/>'
        )
    parts.append(
        f'<rect x=".5" y=".5" width="{WIDTH - 1}" height="{frame.height - 1}" fill="none" stroke="{GREY}"/></svg>'
    )
    return mark_safe("".join(parts))  # noqa: S308 - texts and addresses are escaped, all else is numbers


def credit() -> str:
    """Whose map tiles lie below; "" where there are none."""
    return settings.MAP_TILE_ATTRIBUTION if settings.MAP_TILE_URL else ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A part of the Web Mercator square (0 to 1), and how large it is drawn."""

    left: float
    top: float
    scale: float
    height: int

    @classmethod
    def around(cls, shapes: Sequence[shapely.Geometry]) -> _Frame:
        west, south, east, north = shapely.total_bounds(shapes)
        south, north = np.clip([south, north], -_FARTHEST, _FARTHEST)
        margin = _AROUND / (111_000 * math.cos(math.radians((south + north) / 2)))
        (left, bottom), (right, top) = _mercator(
            np.array([[west - margin, south - margin / 1.6], [east + margin, north + margin / 1.6]])
        ).tolist()
        wide, tall = right - left, bottom - top
        # Neither much taller than wide, nor a strip.
        more = max(tall * WIDTH / TALLEST - wide, 0)
        left, wide = left - more / 2, wide + more
        taller = max(wide * 0.45 - tall, 0)
        top, tall = top - taller / 2, tall + taller
        return cls(left, top, WIDTH / wide, math.ceil(tall * WIDTH / wide))

    def bounds(self) -> tuple[float, float, float, float]:
        """Its west, south, east and north in degrees."""
        right, bottom = self.left + WIDTH / self.scale, self.top + self.height / self.scale
        (west, north), (east, south) = (
            (x * 360 - 180, _latitude(y)) for x, y in ((self.left, self.top), (right, bottom))
        )
        return west, south, east, north

    def placed(self, one: shapely.Geometry, box: shapely.Geometry) -> shapely.Geometry:
        """The shape in units of the drawing, cut off a little outside of it."""

        def units(points: NDArray[np.float64]) -> NDArray[np.float64]:
            return (_mercator(points) - (self.left, self.top)) * self.scale

        found = shapely.transform(one, units)
        return found if one.geom_type == "Point" else shapely.intersection(shapely.simplify(found, 0.5), box)


def _mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    north = np.arcsinh(np.tan(np.radians(np.clip(points[:, 1], -_FARTHEST, _FARTHEST))))
    return np.column_stack([points[:, 0] / 360 + 0.5, 0.5 - north / (2 * math.pi)])


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def _drawn(one: Mark, frame: _Frame, box: shapely.Geometry) -> str:
    placed = frame.placed(one.shape, box)
    if placed.is_empty:
        return ""
    if placed.geom_type == "Point":
        at = f'cx="{placed.x:.1f}" cy="{placed.y:.1f}"'
        body = f'<circle {at} r="9" fill="{one.colour}" stroke="#fff" stroke-width="2"/>'
    else:
        fill = "none" if one.is_outline else one.colour
        body = (
            f'<path d="{_path(placed)}" fill="{fill}" fill-opacity=".14" fill-rule="evenodd" '
            f'stroke="{one.colour}" stroke-width="3" stroke-linejoin="round"/>'
        )
    body += f"<title>{escape(one.said)}</title>"
    # The list beside the map has the same links for the keyboard.
    return f'<a href="{escape(one.href)}" tabindex="-1" aria-hidden="true">{body}</a>' if one.href else f"<g>{body}</g>"


def _numbers(marks: Sequence[Mark], frame: _Frame, box: shapely.Geometry) -> list[str]:
    """The numbers of marks, each in its middle; several of one ground beside each other."""
    found, taken = [], set()
    for one in marks:
        placed = frame.placed(one.shape, box)
        if not one.number or placed.is_empty:
            continue
        middle = placed if placed.geom_type == "Point" else placed.representative_point()
        x, y = middle.x, middle.y
        while (round(x / 34), round(y / 34)) in taken:
            x += 34
        taken.add((round(x / 34), round(y / 34)))
        found.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="16" fill="#fff" stroke="{one.colour}" stroke-width="2.5"/>'
            f'<text x="{x:.1f}" y="{y + 7:.1f}" text-anchor="middle" font-size="20" font-weight="700" fill="{INK}">'
            f"{one.number}</text>"
        )
    return found


def _crosses(frame: _Frame, ward: shapely.Geometry) -> bool:
    """Whether the edge of a ward is to be seen."""
    return bool(shapely.boundary(ward).intersects(shapely.box(*frame.bounds())))


def _streets(frame: _Frame) -> list[str]:
    """The names of streets, as far as they do not lie on each other."""
    west, south, east, north = frame.bounds()
    if east - west > _WIDEST:
        return []
    rows = points.near([shapely.box(west, south, east, north)], points.newest_months(1), streets=True)
    named = (
        rows.filter(pl.col("street") != "")
        .sort("lon", "lat")
        .group_by("street", maintain_order=True)
        .agg(pl.col("lon", "lat").first(), pl.len())
    )
    found: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for street, lon, lat, _ in named.sort(["len", "street"], descending=[True, False]).iter_rows():
        x, y = shapely.get_coordinates(frame.placed(shapely.Point(lon / MICRO, lat / MICRO), shapely.box(0, 0, 1, 1)))[
            0
        ]
        half = len(street) * 5
        if not (half < x < WIDTH - half and 22 < y < frame.height - 8):
            continue
        if any(abs(x - other) < half + wide and abs(y - at) < 24 for other, at, wide in taken):
            continue
        taken.append((x, y, half))
        found.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="20" fill="{STREET}" stroke="#fff" '
            f'stroke-width="4" paint-order="stroke">{escape(street)}</text>'
        )
        if len(found) == _MOST_STREETS:
            break
    return found


def _tiles(frame: _Frame) -> list[str]:
    """Map tiles below, where the installation names a server of them; else nobody is asked."""
    if not settings.MAP_TILE_URL:
        return []
    zoom = min(max(round(math.log2(frame.scale / _TILE)), 0), _DEEPEST)
    count = 2**zoom
    right, bottom = frame.left + WIDTH / frame.scale, frame.top + frame.height / frame.scale
    columns = range(max(int(frame.left * count), 0), min(int(right * count), count - 1) + 1)
    lines = range(max(int(frame.top * count), 0), min(int(bottom * count), count - 1) + 1)
    size = frame.scale / count
    return [
        f'<image href="{escape(settings.MAP_TILE_URL.format(z=zoom, x=x, y=y))}" '
        f'x="{(x / count - frame.left) * frame.scale:.1f}" y="{(y / count - frame.top) * frame.scale:.1f}" '
        f'width="{size:.1f}" height="{size:.1f}"/>'
        for y, x in product(lines, columns)
    ]


def _path(found: shapely.Geometry) -> str:
    """Polygons as a path in tenths of units; lines and points that clipping left are nothing."""
    steps = []
    for part in shapely.get_parts(found):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        for ring in (part.exterior, *part.interiors):
            points = np.round(shapely.get_coordinates(ring)[:-1], 1)
            steps.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points.tolist()) + "Z")
    return "".join(steps)
