"""Where a row counts: its own point-in-polygon, and its own reading of lookups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

Ring = list[tuple[float, float]]


@dataclass
class Place:
    """A ward or borough. `polygons` are lists of rings, the first the outer one."""

    code: str
    parent: str | None = None
    name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    polygons: list[list[Ring]] = field(default_factory=list)

    def __post_init__(self) -> None:
        points = [point for polygon in self.polygons for ring in polygon for point in ring]
        self.west, self.east = min((x for x, _ in points), default=1.0), max((x for x, _ in points), default=0.0)
        self.south, self.north = min((y for _, y in points), default=1.0), max((y for _, y in points), default=0.0)


@dataclass
class World:
    """The areas, and who lives there."""

    wards: list[Place]
    boroughs: list[Place]
    lookups: dict[str, list[tuple[str, float, date | None]]]  # LSOA -> (ward, weight, first day)
    borough_of_lsoa: dict[str, str]
    residents: dict[tuple[str, int], int | None]  # (area, year)
    seen: dict[object, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A borough without a shape has those of its newest wards that have one."""
        for index, borough in enumerate(self.boroughs):
            wards = [ward for ward in self.wards if ward.parent == borough.code and ward.polygons]
            if wards and not borough.polygons:
                newest = max(ward.valid_from or date.min for ward in wards)
                shapes = [p for ward in wards if (ward.valid_from or date.min) == newest for p in ward.polygons]
                self.boroughs[index] = replace(borough, polygons=shapes)


class Row(NamedTuple):
    """One record of a source file. `slugs` are the categories it counts in."""

    slugs: tuple[str, ...]
    lsoa: str
    district: str
    point: tuple[float, float] | None


def on_edge_or_inside(x: float, y: float, ring: Ring) -> tuple[bool, bool]:
    """(the point is on the ring, the point is inside it)."""
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True, False
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return False, inside


def holds(place: Place, x: float, y: float) -> bool:
    """The point lies in the place or on its edge."""
    if not (place.west <= x <= place.east and place.south <= y <= place.north):
        return False
    for outer, *holes in place.polygons:
        edge, inside = on_edge_or_inside(x, y, outer)
        if edge:
            return True
        if inside:
            in_holes = [on_edge_or_inside(x, y, hole) for hole in holes]
            if not any(within for _, within in in_holes):
                return True
    return False


def first_holding(places: list[Place], point: tuple[float, float] | None, seen: dict[object, str | None]) -> str | None:
    """The code of the place with the point; of several the lowest. `seen` keeps the answers."""
    if point is None or not places:
        return None
    key = (places[0].code, point)
    if key not in seen:
        seen[key] = min((place.code for place in places if holds(place, *point)), default=None)
    return seen[key]


def ward_of(world: World, wards: list[Place], month: date, row: Row) -> str | None:
    """The ward of one ward set that a row counts in."""
    codes = {ward.code for ward in wards}
    rows = [
        (since or date.min, ward, weight)
        for ward, weight, since in world.lookups.get(row.lsoa, [])
        if ward in codes and weight > 0
    ]
    if not rows:
        return first_holding(wards, row.point, world.seen)
    days = {day for day, _, _ in rows}
    day = max((day for day in days if day <= month), default=min(days))
    shares = [(-weight, ward) for since, ward, weight in rows if since == day]
    if len(shares) == 1:
        return shares[0][1]
    return first_holding(wards, row.point, world.seen) or min(shares)[1]


def borough_of(world: World, row: Row) -> str | None:
    """The borough that a row counts in."""
    if not row.lsoa:
        return first_holding(world.boroughs, row.point, world.seen)
    if row.lsoa in world.borough_of_lsoa:
        return world.borough_of_lsoa[row.lsoa]
    return next((b.code for b in world.boroughs if b.name.casefold() == row.district.casefold()), None)


class Tally:
    """Where rows count; answers are kept, as rows repeat."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sets: dict[date | None, list[Place]] = defaultdict(list)
        for ward in world.wards:
            self.sets[ward.valid_from].append(ward)
        self.known: dict[tuple[date, str, str, tuple[float, float] | None], list[str]] = {}

    def areas(self, month: date, row: Row) -> list[str]:
        key = (month, row.lsoa, row.district, row.point)
        if key not in self.known:
            borough = borough_of(self.world, row)
            found = [borough] if borough else []
            for wards in self.sets.values():
                ward = ward_of(self.world, wards, month, row)
                if ward and next(w.parent for w in wards if w.code == ward) in (None, borough):
                    found.append(ward)
            self.known[key] = found
        return self.known[key]
