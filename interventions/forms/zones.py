"""The ground that a record covers, as it is given on its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import shapely
from django.utils import timezone
from shapely.geometry import mapping

from hotspots.models import Area
from hotspots.register import drawing
from hotspots.register.boundaries import in_force, shape_of
from partners.refusals import Refused

KEEP, NONE, HOTSPOTS, WARDS, DRAW, PASTE = "keep", "none", "hotspots", "wards", "draw", "paste"
WAYS = {
    KEEP: "As it is now",
    NONE: "None",
    HOTSPOTS: "The hotspots chosen above, as far as their boundaries go",
    WARDS: "The wards chosen above, whole",
    DRAW: "Draw it on the map",
    PASTE: "Paste an outline",
}


def zone_by(
    way: str,
    *,
    old: Mapping[str, Any] | None,
    drawn: str,
    pasted: str,
    hotspot_areas: Collection[int],
    wards: Collection[Area],
) -> Mapping[str, Any] | None:
    """The zone that is meant, as GeoJSON; None = none. Raises Refused ("shape", "pasted" or "way")."""
    if way == KEEP:
        return old
    if way == DRAW:
        if not drawn:
            raise Refused("shape", "Nothing is drawn yet. Press “Draw a shape”, or choose another way.")
        return mapping(drawing.together(drawing.of_text(drawn)))
    if way == PASTE:
        return mapping(drawing.together(drawing.of_text(pasted, "pasted")))
    if way == HOTSPOTS:
        return _of_areas(hotspot_areas, "hotspots")
    if way == WARDS:
        return _of_areas([ward.pk for ward in wards], "wards")
    return None


def _of_areas(areas: Collection[int], called: str) -> Mapping[str, Any]:
    """The boundaries of today, together. One query."""
    if not areas:
        raise Refused("way", f"No {called} are chosen above. Choose them, or give the area in another way.")
    rows = in_force(areas, timezone.localdate())
    if len(rows) < len(set(areas)):
        raise Refused("way", f"Not all of the {called} have a boundary here. Draw the area, or paste it.")
    return mapping(drawing.without_slivers(shapely.union_all([shape_of(row) for row in rows.values()])))
