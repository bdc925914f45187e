"""Maps of areas shaded by a figure, as SVG text. The table beside a map says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import product
from typing import NamedTuple

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from reports.calc import classes as calc
from reports.shapes import Drawing

# Light to dark, told apart without colour vision and on a grey printer. Ink that reads on each.
SHADES = ("#edf8fb", "#bfd3e6", "#9ebcda", "#8c96c6", "#8460ab", "#86389b", "#4d004b")
INKS = ("#0b0c0c", "#0b0c0c", "#0b0c0c", "#0b0c0c", "#ffffff", "#ffffff", "#ffffff")
# White with small crosses, as a month that is not known has a cross: no class is filled so.
UNKNOWN = "url(#not-known)"
# Map tiles below a map, where MAP_TILE_URL names a tile server; else nothing is asked of anybody.
TILE_PIXELS = 256
SHOWN_PIXELS = 700  # about how wide a map is on a screen
DEEPEST_ZOOM = 16
LINE, MARK = "#505a5f", "#0b0c0c"
_INK = dict(zip(SHADES, INKS, strict=True)) | {UNKNOWN: "#0b0c0c"}


class Region(NamedTuple):
    """One area of a map, by its pk. A `value` of None is unknown; `label` is the figure, `said` what a reader is told
    of it (the label, where empty). `partial`: reported in part, hatched."""

    area: int
    name: str
    href: str
    value: float | None
    label: str
    said: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Class:
    """One shade of the key: values from `low` to `high`, both included, and how many areas have them."""

    low: float
    high: float
    areas: int
    shade: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture that lies under a map, in units of its drawing."""

    href: str
    x: float
    y: float
    size: float


@lru_cache(maxsize=16)
def shades(number: int) -> tuple[str, ...]:
    """As many shades, light to dark, as far apart as can be. At most seven."""
    return tuple(SHADES[round(index * 6 / max(number - 1, 1))] for index in range(number))


def classes(values: Iterable[float]) -> list[Class]:
    """Up to five classes with about equally many areas each; equal values share a class."""
    known = list(values)
    made = calc.classes(known, calc.tops(known, calc.QUANTILE, 5), method=calc.QUANTILE)
    return [Class(one.low, one.high, one.areas, shade) for one, shade in zip(made, shades(len(made)), strict=True)]


def rate_places(limits: Sequence[float]) -> int:
    """With how many decimals a key writes rates: one, but for rates so small that classes would look alike."""
    return 1 if limits and max(limits) >= 10 else 2


def fill(value: float | None, limits: Sequence[float], *, partial: bool = False) -> str:
    """What an area is filled with: the shade of the class that its figure is in, hatched where it is partial."""
    if value is None:
        return UNKNOWN
    shade = shades(len(limits))[calc.position(value, limits)]
    return f"url(#part-{shade[1:]})" if partial else shade


def choropleth(
    drawing: Drawing,
    regions: Sequence[Region],
    *,
    title: str,
    description: str,
    limits: Sequence[float] | None = None,
    labels: bool = True,
    tiles: Sequence[Tile] = (),
    marked: int | None = None,
) -> SafeString:
    """A map of the regions that the drawing has, each a link and labelled with its figure where there is room; an
    unknown one is white with crosses. A group, not an image, since it holds links.

    `limits` are the upper limits of the classes, five quantiles where None. `marked` is the area that is outlined.
    """
    unit = drawing.width / 400  # about a pixel where the map is small
    known = [region.value for region in regions if region.value is not None]
    tops = calc.tops(known, calc.QUANTILE, 5) if limits is None else limits
    scale = shades(len(tops))
    paths, hatched = [], False
    for region in regions:
        shape = drawing.shapes.get(region.area)
        if shape is None:
            continue
        value = region.value
        filled = UNKNOWN if value is None else scale[calc.position(value, tops)]
        if region.partial and value is not None:
            hatched, filled = True, f"url(#part-{filled[1:]})"
        said = f"{escape(region.name)}: {escape(region.said or region.label)}"
        paths.append(
            f'<a href="{escape(region.href)}" data-area="{region.area}"><title>{said}</title>'
            f'<path d="{shape.path}" fill="{filled}"/></a>'
        )
    ground = "".join(
        f'<image href="{escape(tile.href)}" x="{tile.x:.1f}" y="{tile.y:.1f}" width="{tile.size:.1f}" '
        f'height="{tile.size:.1f}"/>'
        for tile in tiles
    )
    opacity = ' fill-opacity="0.75"' if ground else ""
    mark = drawing.shapes.get(marked) if marked is not None else None
    return mark_safe(  # noqa: S308 - names, labels and addresses are escaped, all else is numbers
        f'<svg class="app-map" viewBox="0 0 {drawing.width} {drawing.height}" font-size="{14 * unit:g}" role="group" '
        f'aria-labelledby="map-t map-d">'
        f'<title id="map-t">{escape(title)}</title><desc id="map-d">{escape(description)}</desc>'
        + (_hatches(unit) if hatched or limits is not None else _crosses(unit) if len(known) < len(regions) else "")
        + (f'<g aria-hidden="true">{ground}</g>' if ground else "")
        + f'<g class="app-map__areas" stroke="{LINE}" stroke-width="{unit * 0.7:g}" fill-rule="evenodd" '
        f'stroke-linejoin="round"{opacity}>{"".join(paths)}</g>'
        f'<path d="{drawing.borders}" fill="none" stroke="{MARK}" stroke-width="{1.6 * unit:g}" '
        f'stroke-linejoin="round" pointer-events="none"/>'
        + (
            f'<path d="{mark.path}" fill="none" stroke="#ffdd00" stroke-width="{5 * unit:g}" pointer-events="none"/>'
            f'<path d="{mark.path}" fill="none" stroke="{MARK}" stroke-width="{2 * unit:g}" pointer-events="none"/>'
            if mark
            else ""
        )
        + '<g class="app-map__labels" text-anchor="middle" font-weight="700" pointer-events="none" aria-hidden="true">'
        f"{write(drawing, regions, tops) if labels else ''}</g></svg>"
    )


def write(drawing: Drawing, regions: Sequence[Region], limits: Sequence[float]) -> SafeString:
    """The figures on the areas, where there is room for them."""
    unit = drawing.width / 400
    scale = shades(len(limits))
    texts = []
    for region in regions:
        shape = drawing.shapes.get(region.area)
        value, text = region.value, "–" if region.value is None else region.label
        if shape is None or shape.room < unit * max(6, 3.7 * len(text)):  # a figure is about 7.4 wide
            continue
        shade = UNKNOWN if value is None else scale[calc.position(value, limits)]
        # On hatches and crosses a figure needs a ground of its own.
        around = "#ffffff" if value is None else shade if region.partial else ""
        ground = f' stroke="{around}" stroke-width="{4 * unit:g}" paint-order="stroke"' if around else ""
        texts.append(
            f'<text x="{shape.x}" y="{shape.y + 5 * unit:.0f}" fill="{_INK[shade]}"{ground}>{escape(text)}</text>'
        )
    return mark_safe("".join(texts))  # noqa: S308 - the figure is escaped, all else is numbers and our own colours


def _crosses(unit: float) -> str:
    """The fill of an area whose figure is not known."""
    side = 12 * unit
    return (
        f'<defs><pattern id="not-known" width="{side:g}" height="{side:g}" patternUnits="userSpaceOnUse">'
        f'<rect width="{side:g}" height="{side:g}" fill="#ffffff"/><path transform="scale({unit:g})" '
        f'd="M3 3l3 3M6 3l-3 3" stroke="{LINE}" stroke-width="0.8"/></pattern></defs>'
    )


def _hatches(unit: float) -> str:
    """A hatched fill for each shade: `part-` and the shade's digits. With the crosses."""
    side = 6 * unit
    return (
        f"{_crosses(unit)}<defs>"
        + "".join(
            f'<pattern id="part-{shade[1:]}" width="{side:g}" height="{side:g}" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="{side:g}" height="{side:g}" fill="{shade}"/>'
            f'<path d="M0 0V{side:g}" stroke="{ink}" stroke-width="{1.4 * unit:g}"/></pattern>'
            for shade, ink in zip(SHADES, INKS, strict=True)
        )
        + "</defs>"
    )


def with_key(svg: str, drawing: Drawing, entries: Sequence[tuple[str, str]]) -> str:
    """A map with its key below it, in one drawing. An entry is a swatch and its text."""
    unit = drawing.width / 400
    line = 15 * unit
    parts = []
    for index, (square, text) in enumerate(entries):
        x, y = (index % 2) * 200 * unit, drawing.height + (index // 2) * line
        parts.append(
            f'<g transform="translate({x:g} {y:g}) scale({0.7 * unit:g})">{square}<text x="22" y="13" font-size="14">'
            f"{escape(text)}</text></g>"
        )
    height = drawing.height + math.ceil(len(entries) / 2) * line
    old, new = (f'viewBox="0 0 {drawing.width} {high:g}"' for high in (drawing.height, height))
    return svg.replace(old, new, 1).removesuffix("</svg>") + "".join(parts) + "</svg>"


def swatch(shade: str, *, partial: bool = False) -> SafeString:
    """A square of a map's key."""
    ink = _INK[shade]
    hatch = f'<path d="M1 6L6 1M1 12L12 1M4 15L15 4M10 15L15 10" stroke="{ink}"/>' if partial else ""
    if shade == UNKNOWN:
        shade, hatch = "#ffffff", f'<path d="M5 5l6 6M11 5l-6 6" stroke="{LINE}"/>'
    return mark_safe(  # noqa: S308 - nothing but our own colours
        '<svg width="16" height="16" aria-hidden="true" focusable="false">'
        f'<rect x=".5" y=".5" width="15" height="15" fill="{shade}" stroke="{LINE}"/>{hatch}</svg>'
    )


def tiles_below(drawing: Drawing) -> list[Tile]:
    """The tiles that cover a drawing, at the zoom in which they are about as large as they were drawn."""
    if not settings.MAP_TILE_URL:
        return []
    pixels = drawing.scale * SHOWN_PIXELS / drawing.width  # of the whole Web Mercator square
    zoom = min(max(round(math.log2(pixels / TILE_PIXELS)), 0), DEEPEST_ZOOM)
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
