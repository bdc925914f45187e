"""The place that somebody asks about: a point, a street, a hotspot or a ward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import shapely

from hotspots import points
from hotspots.calc.metres import circle, grown
from hotspots.models import Area, Boundary, Hotspot
from hotspots.places import MICRO
from hotspots.queries import wards_in_force
from hotspots.register.boundaries import in_force, shape_of
from hotspots.register.drawing import STREET_M

# Metres around a point that count as here: a phone knows no better where it is.
POINT_M = 25
MONTHS = 3
MOST_STREETS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks about. `point` is set where it is one."""

    name: str
    shape: shapely.Geometry
    point: shapely.Point | None = None
    hotspot: int | None = None


@dataclass(frozen=True, slots=True)
class Street:
    """One street of one ward, by police.uk's map points of the newest months."""

    name: str
    ward: Area
    at: tuple[tuple[float, float], ...]


def at_point(latitude: float, longitude: float) -> Place:
    """A point, known to about ten metres."""
    said = f"{latitude:.4f}, {longitude:.4f}"
    return Place(said, circle(longitude, latitude, POINT_M), shapely.Point(longitude, latitude))


def of_area(area: Area, on: date) -> Place | None:
    """A ward; None where no boundary of it is loaded. One query."""
    found = in_force([area.pk], on)
    return Place(area.name, shape_of(found[area.pk])) if area.pk in found else None


def of_hotspot(hotspot: Hotspot, on: date) -> Place | None:
    """A hotspot that the reader sees. One query."""
    found = in_force([hotspot.area_id], on)
    if hotspot.area_id not in found:
        return None
    return Place(hotspot.name, shape_of(found[hotspot.area_id]), hotspot=hotspot.pk)


def of_street(street: Street) -> Place:
    """What lies along a street."""
    hull = shapely.MultiPoint(street.at).convex_hull
    return Place(f"{street.name}, {street.ward.name}", grown(hull, STREET_M))


def streets(text: str, on: date, *, ward: str = "") -> list[Street]:
    """The streets that have every word of a text in their name, by name and ward, at most so many; with `ward`, its
    code, those of that ward alone. Two queries, and the files of the newest months are read."""
    words = text.casefold().split()[:5]
    areas: Any = wards_in_force(on)
    wards = list(areas.filter(code=ward) if ward else areas)
    shapes = _shapes(wards, on)
    months = points.newest_months(MONTHS)
    if not words or not shapes or not months:
        return []
    rows = points.near([shapely.box(*shapely.total_bounds(list(shapes.values())))], months, streets=True)
    rows = rows.select("street", "lon", "lat").unique().sort("street", "lon", "lat")
    for word in words:
        rows = rows.filter(pl.col("street").str.to_lowercase().str.contains(word, literal=True))
    return _by_ward(rows, wards, shapes)[:MOST_STREETS]


def _shapes(wards: Sequence[Area], on: date) -> dict[int, shapely.Geometry]:
    return {pk: shape_of(row) for pk, row in in_force([one.pk for one in wards], on).items()}


def _by_ward(rows: pl.DataFrame, wards: Sequence[Area], shapes: dict[int, shapely.Geometry]) -> list[Street]:
    by_pk = {one.pk: one for one in wards}
    keys = list(shapes)
    tree = shapely.STRtree([shapes[key] for key in keys])
    found: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for name, lon, lat in rows.iter_rows():
        point = (lon / MICRO, lat / MICRO)
        for index in tree.query(shapely.Point(point), predicate="intersects")[:1]:
            found[name, keys[index]].append(point)
    order = sorted(found, key=lambda key: (key[0], by_pk[key[1]].name))
    return [Street(name, by_pk[pk], tuple(found[name, pk])) for name, pk in order]


def near_name(point: shapely.Point, metres: float) -> str:
    """ "near High Street", by the nearest map point of the newest month; "" where there is none so near."""
    around = circle(point.x, point.y, metres)
    (rows,) = points.inside([around], points.newest_months(1))
    rows = rows.filter(pl.col("street") != "")
    if rows.is_empty():
        return ""
    off = (pl.col("lon") / MICRO - point.x).pow(2) + ((pl.col("lat") / MICRO - point.y) * 1.6).pow(2)
    return f"near {rows.sort(off)['street'][0]}"


def wards_of(place: Place, metres: float, on: date) -> tuple[list[Area], list[Area]]:
    """The wards in force in which a place lies, and those within so many metres of it, by name. One query."""
    around = grown(place.shape, metres)
    west, south, east, north = around.bounds
    rows = Boundary.objects.filter(
        area__in=wards_in_force(on), west__lte=east, east__gte=west, south__lte=north, north__gte=south
    ).select_related("area")
    shapes = {row.area: shape_of(row) for row in rows}
    near = sorted((one for one, its in shapes.items() if its.intersects(around)), key=lambda one: one.name)
    return [one for one in near if shapely.intersection(shapes[one], place.shape).area > 0], near
