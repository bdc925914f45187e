"""The dated shapes of hotspots and their rings: which is in force, where a shape lies, and how a ring is made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import orjson
import shapely
from django.db.models import F, Q, QuerySet

from hotspots.calc.metres import grown
from hotspots.models import Area, Boundary, Hotspot
from partners.roles import Role
from partners.visibility import Viewer

# Metres of the least and the widest ring: police.uk moves points by more than the least.
NARROWEST, WIDEST, DEFAULT_WIDTH = 250, 1000, 500


def in_force(area_pks: Collection[int], on: date) -> dict[int, Boundary]:
    """The boundary of each area on a day, else its first one. One query."""
    found: dict[int, Boundary] = {}
    for row in Boundary.objects.filter(area__in=area_pks).order_by(F("valid_from").asc(nulls_first=True)):
        if row.area_id not in found or row.valid_from is None or row.valid_from <= on:
            found[row.area_id] = row
    return found


def shape_of(boundary: Boundary) -> shapely.Geometry:
    """The shape as it was drawn, in longitude and latitude."""
    return shapely.from_wkb(bytes(boundary.shape))


def touched(shape: shapely.Geometry, on: date) -> list[tuple[Area, shapely.Geometry]]:
    """The boroughs and wards in force on a day that share ground with a shape, and theirs. One query."""
    near = (
        _within(Boundary.objects.all(), shape.bounds)
        .filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gt=on),
            Q(area__valid_to=None) | Q(area__valid_to__gt=on),
            area__kind__in=(Area.Kind.BOROUGH, Area.Kind.WARD),
        )
        .select_related("area__parent")
    )
    shapely.prepare(shape)
    found = [(row.area, shape_of(row)) for row in near]
    return [(area, its) for area, its in found if its.intersection(shape).area > 0]


def areas_touched(shape: shapely.Geometry, on: date) -> list[Area]:
    """The boroughs and wards in force on a day that share ground with a shape, boroughs first, by name. One query."""
    return with_boroughs([area for area, _ in touched(shape, on)])


def with_boroughs(areas: Collection[Area]) -> list[Area]:
    """Areas and the boroughs that they lie in, boroughs first, by name: a borough may be known by its wards alone."""
    found = {*areas, *(one.parent for one in areas if one.parent and one.parent.kind == Area.Kind.BOROUGH)}
    return sorted(found, key=lambda one: (one.kind != Area.Kind.BOROUGH, one.name, one.code))


def _within(rows: QuerySet[Boundary], bounds: tuple[float, float, float, float]) -> QuerySet[Boundary]:
    west, south, east, north = bounds
    return rows.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def ring_around(shape: shapely.Geometry, metres: int, others: Collection[shapely.Geometry]) -> shapely.Geometry:
    """What lies within so many metres of a shape, and neither in it nor in the others."""
    ring = shapely.difference(grown(shape, metres), shape)
    return shapely.difference(ring, shapely.union_all(list(others))) if others else ring


def left_out_of_ring(hotspot: Hotspot, on: date) -> list[shapely.Geometry]:
    """The shapes of the other hotspots that a ring leaves out: those its lead agency sees, never covert ones.

    What a ring shows is its whole band, so nobody sees in it where another hotspot is.
    """
    sees = Viewer.of_agency(hotspot.owner, Role.MANAGER)
    others = (
        Hotspot.objects.visible_to(sees)
        .filter(kind=Hotspot.Kind.HOTSPOT)
        .exclude(pk=hotspot.pk)
        .exclude(status=Hotspot.Status.ARCHIVED)
        .exclude(audience=Hotspot.Audience.TEAM)
    )
    return [shape_of(row) for row in in_force([one.area_id for one in others], on).values()]


def write(area: Area, shape: shapely.Geometry, valid_from: date, source: str, *, shown: shapely.Geometry) -> Boundary:
    """A new version of an area's shape from a day; the one in force until then ends on it.

    A version from that very day is replaced: its counts go with it. `shown` is what browsers are given.
    """
    Boundary.objects.filter(area=area, valid_from=valid_from).delete()
    Boundary.objects.filter(area=area, valid_from__lt=valid_from).filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from)
    ).update(valid_to=valid_from)
    later = Boundary.objects.filter(area=area, valid_from__gt=valid_from).order_by("valid_from").first()
    west, south, east, north = shape.bounds
    return Boundary.objects.create(
        area=area,
        valid_from=valid_from,
        valid_to=later.valid_from if later else None,
        shape=shapely.to_wkb(shape),
        outline=orjson.loads(shapely.to_geojson(shapely.set_precision(shown, 1e-6))),
        west=west,
        south=south,
        east=east,
        north=north,
        source=source,
    )
