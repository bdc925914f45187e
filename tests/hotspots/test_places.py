"""Where a row is counted: the rule of docs/design.md, case by case."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from hotspots.models import Area
from hotspots.places import Placer
from tests.factories import BoroughFactory, BoundaryFactory, LsoaFactory, MembershipFactory, WardFactory

pytestmark = pytest.mark.django_db
MONTH = date(2016, 4, 1)
MAY_2022 = date(2022, 5, 5)
Row = tuple[str | None, float | None]


def columns(rows: list[Row]) -> tuple[pl.Series, pl.Series, pl.Series]:
    """(LSOA, longitude) pairs as the columns that a Placer is asked about; all points lie at 51.505 N."""
    lon = [None if x is None else round(x * 1e6) for _, x in rows]
    return (
        pl.Series([lsoa for lsoa, _ in rows], dtype=pl.String),
        pl.Series(lon, dtype=pl.Int32),
        pl.Series([None if x is None else 51_505_000 for x in lon], dtype=pl.Int32),
    )


def wards_of(rows: list[Row], month: date = MONTH, era: int = 0) -> list[str]:
    placer = Placer()
    ids = placer.wards(month, *columns(rows), placer.eras[era])
    codes = dict(Area.objects.values_list("id", "code"))
    return [codes.get(area, "") for area in ids.tolist()]


@pytest.fixture
def two_wards() -> list[Area]:
    """Ward A from 0.10 to 0.11 degrees east, ward B from 0.11 to 0.12."""
    borough = BoroughFactory(name="Havering")
    wards: list[Area] = [WardFactory.create(code=code, parent=borough) for code in ("E05A", "E05B")]
    for index, ward in enumerate(wards):
        west = (10 + index) / 100
        BoundaryFactory(area=ward, box_of=(west, 51.5, west + 0.01, 51.51))
    return wards


def test_by_the_lookup_even_where_the_point_is_elsewhere(two_wards: list[Area]) -> None:
    MembershipFactory(child=LsoaFactory(code="E01A"), parent=two_wards[0])
    assert wards_of([("E01A", 0.115), ("E01A", None)]) == ["E05A", "E05A"]


def test_by_the_point_without_a_lookup_or_without_an_lsoa(two_wards: list[Area]) -> None:
    assert wards_of([(None, 0.105), ("E01Z", 0.115), (None, None), ("E01Z", None), (None, 0.5)]) == [
        "E05A",
        "E05B",
        "",
        "",
        "",
    ]


def test_a_point_on_a_shared_edge_has_the_lowest_code(two_wards: list[Area]) -> None:
    assert wards_of([(None, 0.11)]) == ["E05A"]


def test_a_split_lsoa_goes_by_the_point_else_to_the_largest_weight(two_wards: list[Area]) -> None:
    split, even = LsoaFactory(code="E01S"), LsoaFactory(code="E01E")
    for lsoa, weights in ((split, (0.3, 0.7)), (even, (0.5, 0.5))):
        for ward, weight in zip(two_wards, weights, strict=True):
            MembershipFactory(child=lsoa, parent=ward, weight=weight)
    assert wards_of([("E01S", 0.105), ("E01S", None), ("E01S", 0.5), ("E01E", None)]) == [
        "E05A",
        "E05B",
        "E05B",
        "E05A",
    ]


def test_the_lookup_in_force_for_the_month(two_wards: list[Area]) -> None:
    lsoa = LsoaFactory(code="E01A")
    MembershipFactory(child=lsoa, parent=two_wards[0], valid_from=date(2015, 1, 1))
    MembershipFactory(child=lsoa, parent=two_wards[1], valid_from=date(2016, 5, 1))
    found = [wards_of([("E01A", None)], date(year, month, 1))[0] for year, month in ((2012, 1), (2016, 4), (2016, 5))]
    assert found == ["E05A", "E05A", "E05B"]


def test_every_row_counts_once_in_every_set(two_wards: list[Area]) -> None:
    new = WardFactory(code="E05N", parent=two_wards[0].parent, valid_from=MAY_2022)
    BoundaryFactory(area=new, box_of=(0.10, 51.5, 0.12, 51.51))
    MembershipFactory(child=LsoaFactory(code="E01A"), parent=two_wards[0])
    placer = Placer()
    assert [(era.valid_from, era.valid_to, len(era.ward_ids)) for era in placer.eras] == [
        (date(2010, 5, 6), None, 2),
        (MAY_2022, None, 1),
    ]
    # the lookup knows the LSOA for the first set only: in the second it goes by the point
    rows: list[Row] = [("E01A", 0.115), ("E01A", None)]
    assert [wards_of(rows, era=0), wards_of(rows, era=1)] == [["E05A", "E05A"], ["E05N", ""]]


def boroughs_of(rows: list[tuple[str | None, str | None, float | None]]) -> list[str]:
    lsoa, lon, lat = columns([(code, x) for code, _, x in rows])
    district = pl.Series([name for _, name, _ in rows], dtype=pl.String)
    names = dict(Area.objects.values_list("id", "name"))
    return [names.get(area, "") for area in Placer().boroughs_of(MONTH, lsoa, district, lon, lat).tolist()]


def test_the_borough_by_lookup_then_by_published_name_then_by_point(two_wards: list[Area]) -> None:
    other = BoroughFactory(name="Redbridge")
    BoundaryFactory(area=other, box_of=(0.2, 51.5, 0.21, 51.51))
    MembershipFactory(child=LsoaFactory(code="E01A"), parent=two_wards[0])
    LsoaFactory(code="E01R", parent=other)
    assert boroughs_of(
        [
            ("E01A", "Redbridge", 0.205),
            ("E01R", None, 0.105),
            ("E01Z", "HAVERING", 0.205),
            ("E01Z", "Epping Forest", 0.205),
            (None, None, 0.205),
            (None, None, 0.105),  # Havering has no shape of its own: its wards'
            (None, None, None),
        ]
    ) == ["Havering", "Redbridge", "Havering", "", "Redbridge", "Havering", ""]


def test_points_west_of_greenwich_and_seen_before(two_wards: list[Area]) -> None:
    west = WardFactory(code="E05W", parent=two_wards[0].parent)
    BoundaryFactory(area=west, box_of=(-0.2, 51.5, -0.19, 51.51))
    placer = Placer()
    for _ in range(2):
        ids = placer.wards(MONTH, *columns([(None, -0.195), (None, 0.105), (None, -0.195)]), placer.eras[0])
        assert ids.tolist() == [west.pk, two_wards[0].pk, west.pk]


def test_without_any_area_nothing_is_placed() -> None:
    placer = Placer()
    assert placer.eras == []
    assert boroughs_of([("E01A", "Havering", 0.1), (None, None, 0.1)]) == ["", ""]


def test_answers_come_without_the_database(two_wards: list[Area], django_assert_num_queries: type) -> None:
    with django_assert_num_queries(5):
        placer = Placer()
        placer.wards(MONTH, *columns([("E01A", 0.105)]), placer.eras[0])


def test_a_ward_lies_in_its_own_borough_or_in_none_that_is_known(db: None) -> None:
    borough, other = BoroughFactory(), BoroughFactory()
    ward, orphan = WardFactory(parent=borough), WardFactory(parent=None)
    placer = Placer()
    wards = np.array([ward.pk, ward.pk, ward.pk, orphan.pk, 0])
    boroughs = np.array([borough.pk, other.pk, 0, other.pk, other.pk])
    assert placer.lie_in(wards, boroughs).tolist() == [True, False, False, True, True]
