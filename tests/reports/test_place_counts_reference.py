"""Counts of drawn places equal the plain recomputation of `tests.reference`, in random worlds and on real records.

Whatever the order of imports, what they bring up to date is what counting everything anew gives.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from hotspots.calc.metres import area_m2
from hotspots.models import Area, Boundary
from hotspots.register import boundaries
from reports import place_counts
from reports.models import PlaceCount, PlacePoint
from tests import reference
from tests.reference.drawn import METRES_A_DEGREE, Counted, Drawn, counted
from tests.reports.test_summaries_reference import load, stored
from tests.reports.test_summaries_worlds import SOUTH, STEP, WEST, Maker

pytestmark = pytest.mark.django_db
RING_M = 300
NORTH_M = METRES_A_DEGREE
EAST_M = METRES_A_DEGREE * 0.625  # about, at 51 degrees


def draw(shape: shapely.Geometry, code: str, day: date, ring_m: int = RING_M) -> dict[int, Drawn]:
    """A drawn place and its ring in the database, by boundary; the boroughs are worked out from boxes."""
    drawn = {}
    for kind, of in ((Area.Kind.HOTSPOT, shape), (Area.Kind.RING, boundaries.ring_around(shape, ring_m, []))):
        area, _ = Area._base_manager.get_or_create(code=f"{kind}-{code}", defaults={"kind": kind, "name": "Drawn"})
        row = boundaries.write(area, of, day, "test", shown=of)
        drawn[row.pk] = Drawn(_place(shape), _boroughs(of), ring_m if kind == Area.Kind.RING else 0)
    return drawn


def areas_of(drawn: dict[int, Drawn]) -> set[int]:
    """The drawn areas of these boundaries."""
    return set(Boundary.objects.filter(pk__in=drawn).values_list("area", flat=True))


def _place(shape: shapely.Geometry) -> reference.Place:
    parts = [[list(ring.coords)[:-1] for ring in (p.exterior, *p.interiors)] for p in shapely.get_parts(shape)]
    return reference.Place("drawn", polygons=parts)


def _boroughs(shape: shapely.Geometry) -> frozenset[str]:
    """By shapes, else by wards: those with a hundredth of its ground."""
    found: dict[str, list[shapely.Geometry]] = {}
    for borough in Area.objects.filter(kind="borough"):
        own = list(borough.boundaries.all()) or [
            row for ward in Area.objects.filter(parent=borough) for row in ward.boundaries.all()
        ]
        found[borough.code] = [boundaries.shape_of(row) for row in own]
    least = 0.01 * area_m2(shape)
    return frozenset(
        code
        for code, outlines in found.items()
        if sum(area_m2(part) for one in outlines if not (part := one.intersection(shape)).is_empty) >= least
    )


def random_shape(maker: Maker) -> shapely.Geometry:
    """A rectangle whose edges lie on map points, or 40 or 160 m from them; perhaps a point lies in a hole."""
    choose = maker.random.choice

    def off() -> float:
        return choose([0, 0, 40, -40, 160, -160])

    west, south = choose(range(6)), choose(range(3))
    east, north = choose(range(west + 1, 9)), choose(range(south + 1, 5))
    box = shapely.box(
        WEST + west * STEP + off() / EAST_M,
        SOUTH + south * STEP + off() / NORTH_M,
        WEST + east * STEP + off() / EAST_M,
        SOUTH + north * STEP + off() / NORTH_M,
    )
    if east - west > 1 and north - south > 1 and choose([True, False]):
        x, y, half = WEST + (west + 1) * STEP, SOUTH + (south + 1) * STEP, choose([40, 160])
        box -= shapely.box(x - half / EAST_M, y - half / NORTH_M, x + half / EAST_M, y + half / NORTH_M)
    return box


def everything() -> set[tuple[object, ...]]:
    """Every count of a drawn place and of its points."""
    fields = [field.attname for field in PlacePoint._meta.concrete_fields if not field.primary_key]
    return {*PlaceCount.objects.values_list(), *PlacePoint.objects.values_list(*fields)}


def assert_as_reference(drawn: dict[int, Drawn], files: list[Path]) -> None:
    rows = PlaceCount.objects.values_list("boundary_id", "category__slug", "month", *Counted._fields)
    found = {row[:3]: Counted(*row[3:]) for row in rows}
    expected = counted(drawn, files, stored("police.uk"))
    assert found.keys() == expected.keys()
    wrong = {key: (found[key], expected[key]) for key in found if found[key] != expected[key]}
    assert not wrong, "\n".join(f"{key} {drawn[key[0]]}: {pair}" for key, pair in list(wrong.items())[:10])


@example(seed=387)  # all months of the boroughs go
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller seed is no smaller world
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_worlds(seed: int) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        maker = Maker(seed, Path(folder))
        maker.make_areas()
        drawn = draw(random_shape(maker), "one", maker.months[0])
        drawn |= draw(random_shape(maker), "one", maker.months[3])  # the first version keeps its counts
        areas = areas_of(drawn)
        place_counts.recount(areas)
        files: list[Path] = []
        for batch in maker.batches():
            load(*batch)
            files += batch
            made = everything()
            place_counts.recount(areas)
            assert made == everything()
        assert_as_reference(drawn, files)
        transaction.set_rollback(True)


@pytest.mark.realdata
def test_havering(real_data: Path) -> None:
    """A place in the middle of Romford and its ring, drawn from round numbers, on three months of real records."""
    load(real_data / "boundaries" / "london_boroughs.gpkg")
    files = sorted((real_data / "street_havering_derived").rglob("*.csv"))[:3]
    load(*files)
    drawn = draw(shapely.box(0.1791, 51.5749, 0.1857, 51.5793), "romford", date(2016, 1, 1))
    place_counts.recount(areas_of(drawn))
    for row in drawn.values():
        object.__setattr__(row, "boroughs", frozenset(["E09000016"]))
    assert_as_reference(drawn, files)
    counts = PlaceCount.objects.filter(boundary=min(drawn), month=date(2016, 4, 1)).values_list("low", "count", "high")
    low, drawn_as, high = map(sum, zip(*counts, strict=True))
    assert 0 < low < drawn_as < high
