"""What is known of a shape before it is saved: its size, where it lies, what it overlaps, what was recorded in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.utils import timezone
from django.utils.safestring import SafeString

from hotspots import points
from hotspots.calc.metres import area_m2
from hotspots.coverage import State, reported
from hotspots.models import Area, Boundary, Hotspot, Source
from hotspots.register.boundaries import in_force, shape_of, touched, with_boroughs
from hotspots.register.drawing import hectares
from hotspots.register.pictures import Layer, picture
from hotspots.words import percent, span, spans
from partners.visibility import Viewer

MONTHS = 12
# A share of less is an edge drawn along another's, give or take.
LEAST_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another place that shares ground: the share of the shape that lies in it, and of it that lies in the shape."""

    name: str
    record: Hotspot
    shape: shapely.Geometry
    of_this: str
    of_other: str


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a page says of a shape, in words. Counts are None where no month is loaded."""

    size: str
    boroughs: list[str]
    # (name, share of the shape), the largest first.
    wards: list[tuple[str, str]]
    # The share that lies in no borough or ward that is loaded; "" of nothing.
    outside: str
    parts: int
    overlaps: list[Overlap]
    held: points.Held | None
    period: str
    picture: SafeString
    # Against the boundary that holds now.
    gained: str = ""
    lost: str = ""
    # That months of the count are missing or reported in part; "" where none is.
    short: str = ""


def preview(
    shape: shapely.Geometry,
    viewer: Viewer,
    *,
    on: date,
    besides: int | None = None,
    before: shapely.Geometry | None = None,
) -> Preview:
    """What a shape would be from a day, for who is to save it.

    `besides` is the place whose shape it is, `before` the one that it takes the place of. Six queries, and the files
    of the newest twelve months are read.
    """
    size = area_m2(shape)
    lying = touched(shape, timezone.localdate())
    ground = shapely.union_all([its for _, its in lying])
    wards = sorted(
        ((area.name, _share(shape, its)) for area, its in lying if area.kind == Area.Kind.WARD),
        key=lambda pair: (-pair[1], pair[0]),
    )
    overlaps = overlapped(shape, viewer, on=on, besides=besides)
    months = points.newest_months(MONTHS)
    gained = lost = ""
    if before is not None:
        gained, lost = (
            hectares(_size(one)) for one in (shapely.difference(shape, before), shapely.difference(before, shape))
        )
    layers = [Layer("ward", its, area.name) for area, its in lying if area.kind == Area.Kind.WARD or not wards]
    layers += [Layer("other", one.shape, one.name) for one in overlaps]
    layers += [Layer("before", before, "the boundary until now")] if before is not None else []
    outside = 1 - _share(shape, ground)
    return Preview(
        size=hectares(size),
        boroughs=[one.name for one in with_boroughs([area for area, _ in lying]) if one.kind == Area.Kind.BOROUGH],
        wards=[(name, _percent(share)) for name, share in wards if share >= LEAST_SHARE],
        outside=_percent(outside) if outside >= LEAST_SHARE else "",
        parts=shapely.get_num_geometries(shape),
        overlaps=overlaps,
        held=points.held(shape, months) if months else None,
        period=span(months[0], months[-1]) if months else "",
        picture=picture([*layers, Layer("shape", shape, "the shape")]),
        gained=gained,
        lost=lost,
        short=_short([area for area, _ in lying], months),
    )


def overlapped(shape: shapely.Geometry, viewer: Viewer, *, on: date, besides: int | None = None) -> list[Overlap]:
    """The places that somebody sees and that share ground with a shape on a day, by name. Two queries.

    All that can overlap a place is found here.
    """
    seen = Hotspot.objects.visible_to(viewer).exclude(status=Hotspot.Status.ARCHIVED)
    by_area = {one.area_id: one for one in seen if one.pk != besides}
    found = []
    for area, row in in_force(list(by_area), on).items():
        its = shape_of(row)
        of_this = _share(shape, its)
        if of_this >= LEAST_SHARE or _share(its, shape) >= LEAST_SHARE:
            record = by_area[area]
            found.append(Overlap(record.name, record, its, _percent(of_this), _percent(_share(its, shape))))
    return sorted(found, key=lambda one: (one.name, one.record.pk))


def versions(rows: Sequence[Boundary]) -> list[dict[str, object]]:
    """The dated shapes of one place, newest first: their days, size, and where they came from."""
    today = timezone.localdate()
    return [
        {
            "since": row.valid_from,
            "until": row.valid_to,
            "size": hectares(area_m2(shape_of(row))),
            "source": row.source,
            "now": (row.valid_from or date.min) <= today < (row.valid_to or date.max),
        }
        for row in sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)
    ]


def _short(areas: Collection[Area], months: Collection[date]) -> str:
    """Which of these months the areas' forces reported in part or not at all, in a sentence. One query."""
    boroughs = [area.parent if area.kind == Area.Kind.WARD else area for area in areas]
    homes = sorted({one.home_id for one in boroughs if one and one.home_id})
    lines = reported(Source.STREET, "p.id = ANY(%s)", homes)
    weak = [one for one in months if any(line.states.get(one) != State.REPORTED for line in lines)]
    be = "is" if len(weak) == 1 else "are"
    return f"{' and '.join(spans(weak))} {be} missing or reported in part, so it is too low." if weak else ""


def _share(shape: shapely.Geometry, other: shapely.Geometry) -> float:
    """The share of a shape that lies in another, 0 to 1."""
    return float(shape.intersection(other).area / shape.area)


def _size(shape: shapely.Geometry) -> float:
    return 0.0 if shape.is_empty else area_m2(shape)


def _percent(share: float) -> str:
    return percent(round(share * 1000), 1000) or "0%"
