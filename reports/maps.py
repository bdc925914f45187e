"""A map of areas shaded by a figure, as SVG text: no tiles, no script. The table beside it says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.shapes import Drawing

# Light to dark, told apart without colour vision and on a grey printer. Ink that reads on each.
SHADES = ("#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#4d004b")
INKS = ("#0b0c0c", "#0b0c0c", "#0b0c0c", "#ffffff", "#ffffff")
UNKNOWN = "#ffffff"


@dataclass(frozen=True, slots=True)
class Region:
    """One area of a map, by its pk. A `value` of None is unknown; `label` is the figure in words."""

    area: int
    name: str
    href: str
    value: float | None
    label: str


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


def choropleth(drawing: Drawing, regions: Sequence[Region], *, title: str, description: str) -> SafeString:
    """A map of the regions that the drawing has, each a link and labelled with its figure where there is room; an
    unknown one is white and dashed. A group, not an image, since it holds links.
    """
    unit = drawing.width / 400  # about a pixel where the map is small
    shades = classes(region.value for region in regions if region.value is not None)
    ink = dict(zip(SHADES, INKS, strict=True))
    paths, labels = [], []
    for region in regions:
        shape = drawing.shapes.get(region.area)
        if shape is None:
            continue
        value = region.value
        shade = next((c.shade for c in shades if value is not None and value <= c.high), UNKNOWN)
        dashes = f' stroke-dasharray="{3 * unit:g} {2 * unit:g}"' if value is None else ""
        said = f"{escape(region.name)}: {escape(region.label)}"
        paths.append(
            f'<a href="{escape(region.href)}" aria-label="{said}"><title>{said}</title>'
            f'<path d="{shape.path}" fill="{shade}"{dashes}/></a>'
        )
        text = "–" if value is None else escape(region.label)
        if shape.room >= unit * max(6, 3.7 * len(text)):  # a figure is about 7.4 wide
            labels.append(
                f'<text x="{shape.x}" y="{shape.y + 5 * unit:.0f}" fill="{ink.get(shade, "#0b0c0c")}">{text}</text>'
            )
    return mark_safe(  # noqa: S308 - names, labels and addresses are escaped, all else is numbers
        f'<svg class="app-map" viewBox="0 0 {drawing.width} {drawing.height}" font-size="{14 * unit:g}" role="group" '
        f'aria-labelledby="map-t map-d">'
        f'<title id="map-t">{escape(title)}</title><desc id="map-d">{escape(description)}</desc>'
        f'<g stroke="#505a5f" stroke-width="{unit:g}" fill-rule="evenodd" stroke-linejoin="round">{"".join(paths)}</g>'
        f'<g text-anchor="middle" font-weight="700" pointer-events="none" aria-hidden="true">{"".join(labels)}</g>'
        "</svg>"
    )
