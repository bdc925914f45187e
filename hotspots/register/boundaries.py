"""The dated shapes of hotspots and their rings: which is in force, where a shape lies, and how a ring is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import orjson
import shapely
from django.db import connection
from django.db.models import F, Q, QuerySet

from hotspots.calc.metres import grown
from hotspots.models import Area, Boundary, Hotspot
from partners.roles import Role
from partners.visibility import Viewer

# Metres of the least and the widest ring: police.uk moves points by more than the least.
NARROWEST, WIDEST, DEFAULT_WIDTH = 250, 1000, 500


def in_force(area_pks: Collection[int], on: date, *, shapes: bool = True) -> dict[int, Boundary]:
    """The boundary of each area on a day, else its first one. One query; without `shapes` it does not read these."""
    rows = Boundary.objects.filter(area__in=area_pks).order_by(F("valid_from").asc(nulls_first=True))
    found: dict[int, Boundary] = {}
    for row in rows if shapes else rows.defer("shape", "outline"):
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


def write_ring(hotspot: Hotspot, shape: shapely.Geometry, valid_from: date) -> None:
    """The ring around a shape of a hotspot from a day: counted without the others in it, shown as its whole band."""
    if hotspot.ring is None:
        raise ValueError("The hotspot has no ring.")
    ring = ring_around(shape, hotspot.ring_m, left_out_of_ring(hotspot, valid_from))
    band = ring_around(shape, hotspot.ring_m, [])
    write(hotspot.ring, ring, valid_from, f"{hotspot.ring_m} m around", shown=band)


def redo_rings_near(hotspot: Hotspot, since: date, before: Iterable[Boundary] = ()) -> list[Hotspot]:
    """Makes the rings of other hotspots anew from a day on, where a shape of this one (any version) made a difference.

    `before` are versions that are no more. Returns the hotspots whose rings changed, in order. Which hotspots a ring
    leaves out is for `left_out_of_ring` alone to say, so a covert one changes nobody's ring.
    """
    meets = Q(pk__in=[])
    for row in (*before, *Boundary.objects.filter(area=hotspot.area)):
        meets |= Q(west__lte=row.east, east__gte=row.west, south__lte=row.north, north__gte=row.south)
    rings = Boundary.objects.filter(meets, area__kind=Area.Kind.RING).exclude(area=hotspot.ring)
    still = rings.filter(Q(valid_to=None) | Q(valid_to__gt=since))
    others = Hotspot.objects.filter(ring__in=still.values("area")).exclude(ring_m=0).order_by("pk")
    return [other for other in others.select_related("owner", "area", "ring") if _redo_ring(other, since)]


def _redo_ring(hotspot: Hotspot, since: date) -> bool:
    """Makes a hotspot's rings anew from a day on; whether any of them is another than before."""
    if hotspot.ring is None:
        return False
    rings = Boundary.objects.filter(area=hotspot.ring)
    days = {row.valid_from for row in rings if row.valid_from and row.valid_from > since}
    changed = False
    for day in sorted({since, *days}):
        before = in_force([hotspot.ring.pk], day).get(hotspot.ring.pk)
        if before is None or (before.valid_from and before.valid_from > day):
            continue
        drawn = in_force([hotspot.area_id], day)[hotspot.area_id]
        ring = ring_around(shape_of(drawn), hotspot.ring_m, left_out_of_ring(hotspot, day))
        if not shapely.equals(ring, shape_of(before)):
            write_ring(hotspot, shape_of(drawn), day)
            changed = True
    return changed


def from_day_on(area: Area, day: date) -> list[Boundary]:
    """The versions of an area's shape that hold on a day or later; the last one where all have ended. One query."""
    rows = list(Boundary.objects.filter(area=area).order_by(F("valid_from").asc(nulls_first=True)))
    return [row for row in rows if row.valid_to is None or row.valid_to > day] or rows[-1:]


def lock() -> None:
    """Lets no two drawings at once make each other's rings, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('drawn places'))")


def write(area: Area, shape: shapely.Geometry, valid_from: date, source: str, *, shown: shapely.Geometry) -> Boundary:
    """A new version of an area's shape from a day; the one in force until then ends on it.

    A version from that very day is replaced: its counts go with it. `shown` is what browsers are given, and what the
    box is around: what is left out at a ring's edge would narrow it.
    """
    Boundary.objects.filter(area=area, valid_from=valid_from).delete()
    Boundary.objects.filter(area=area, valid_from__lt=valid_from).filter(
        Q(valid_to=None) | Q(valid_to__gt=valid_from)
    ).update(valid_to=valid_from)
    later = Boundary.objects.filter(area=area, valid_from__gt=valid_from).order_by("valid_from").first()
    west, south, east, north = shown.bounds
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
