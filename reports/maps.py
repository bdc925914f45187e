"""A map of areas shaded by a figure, as SVG text: no tiles, no script. The table beside it says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Light to dark, told apart without colour vision and on a grey printer. Ink that reads on each.
SHADES = ("#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#4d004b")
INKS = ("#0b0c0c", "#0b0c0c", "#0b0c0c", "#ffffff", "#ffffff")
UNKNOWN = "#ffffff"
WIDTH = 400


@dataclass(frozen=True, slots=True)
class Region:
    """One area of a map. `outline` is a GeoJSON Polygon or MultiPolygon, WGS84. None = unknown."""

    name: str
    href: str
    value: float | None
    label: str
    outline: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Class:
    """One shade of the key: values from `low` to `high`, both included, and how many areas have them."""

    low: float
    high: float
    areas: int
    shade: str


def classes(values: Iterable[float]) -> list[Class]:
    """Up to five classes with about equally many areas each; equal values share a class."""
    ordered = sorted(values)
    if not ordered:
        return []
    tops = sorted({ordered[math.ceil(len(ordered) * part / 5) - 1] for part in range(1, 6)})
    shades = [SHADES[round(index * 4 / max(len(tops) - 1, 1))] for index in range(len(tops))]
    made, low = [], 0
    for top, shade in zip(tops, shades, strict=True):
        high = max(index for index, value in enumerate(ordered) if value <= top)
        made.append(Class(ordered[low], top, high - low + 1, shade))
        low = high + 1
    return made


def choropleth(regions: Sequence[Region], *, title: str, description: str) -> SafeString:
    """A map of the regions, each a link and labelled with its figure; an unknown one is white and dashed.

    A group, not an image, since it holds links. Raises ValueError without regions.
    """
    if not regions:
        raise ValueError("A map needs at least one area.")
    project, height = _projection(regions)
    shades = classes(region.value for region in regions if region.value is not None)
    ink = dict(zip(SHADES, INKS, strict=True))
    shapes, labels = [], []
    for region in regions:
        shade = next((c.shade for c in shades if region.value is not None and region.value <= c.high), UNKNOWN)
        rings = [[project(point) for point in ring] for ring in _rings(region.outline)]
        path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        dashes = ' stroke-dasharray="3 2"' if region.value is None else ""
        shapes.append(
            f'<a href="{escape(region.href)}" aria-label="{escape(region.name)}: {escape(region.label)}">'
            f"<title>{escape(region.name)}: {escape(region.label)}</title>"
            f'<path d="{path}" fill="{shade}"{dashes}/></a>'
        )
        text = "–" if region.value is None else escape(region.label)
        x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
        labels.append(f'<text x="{x:.0f}" y="{y + 5:.0f}" fill="{ink.get(shade, "#0b0c0c")}">{text}</text>')
    return mark_safe(  # noqa: S308 - names, labels and addresses are escaped, all else is numbers
        f'<svg class="app-map" viewBox="0 0 {WIDTH} {height}" font-size="14" role="group" '
        f'aria-labelledby="map-t map-d">'
        f'<title id="map-t">{escape(title)}</title><desc id="map-d">{escape(description)}</desc>'
        f'<g stroke="#505a5f" fill-rule="evenodd" stroke-linejoin="round">{"".join(shapes)}</g>'
        f'<g text-anchor="middle" font-weight="700" pointer-events="none" aria-hidden="true">{"".join(labels)}</g>'
        "</svg>"
    )


def _rings(outline: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _projection(regions: Sequence[Region]) -> tuple[Any, int]:
    """A function from (longitude, latitude) to drawing units that keeps shapes at this latitude, and the height."""
    points = [point for region in regions for ring in _rings(region.outline) for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 4) / ((east - west) * narrow), (WIDTH * 1.1) / (north - south))
    margin = (WIDTH - (east - west) * narrow * scale) / 2

    def project(point: Sequence[float]) -> tuple[float, float]:
        return round(margin + (point[0] - west) * narrow * scale, 1), round(2 + (north - point[1]) * scale, 1)

    return project, math.ceil((north - south) * scale + 4)


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity; the middle of the points for a ring without an area."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    pairs = list(pairwise(ring))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    return x, y
