"""The small map of a borough's wards with its key, on the overview and on the wards page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports import maps
from reports.shapes import Drawing


@dataclass(frozen=True, slots=True)
class SmallMap:
    """What the template `reports/_small_map.html` prints: `key` is (shade, text) of each class, `unknown` how many
    wards have no figure."""

    title: str
    svg: SafeString
    key: list[tuple[str, str]]
    unknown: int


def small_map(
    drawing: Drawing | None,
    regions: Sequence[maps.Region],
    *,
    heading: str,
    title: str,
    description: str,
    is_rate: bool = False,
) -> SmallMap | None:
    """The map, `heading` above it; None where no boundaries are loaded."""
    if drawing is None:
        return None
    svg = maps.choropleth(drawing, regions, title=title, description=description)
    known = [region.value for region in regions if region.value is not None]
    places = maps.rate_places([max(known, default=0)]) if is_rate else 0
    key = [(one.shade, _class_text(one, places)) for one in maps.classes(known)]
    return SmallMap(heading, svg, key, len(regions) - len(known))


def _class_text(one: maps.Class, places: int) -> str:
    """ "8 to 50 (4 wards)"."""
    low, high = f"{one.low:,.{places}f}", f"{one.high:,.{places}f}"
    span = low if low == high else f"{low} to {high}"
    return f"{span} ({one.areas} {'ward' if one.areas == 1 else 'wards'})"
