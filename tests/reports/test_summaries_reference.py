"""Every summary equals the plain recomputation of `tests.reference`, on real records and on random small worlds."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import shapely

from hotspots import populations
from hotspots.importers import pipeline
from hotspots.importers.base import Options
from hotspots.models import Area, AreaMembership, Boundary, ImportRun
from partners.jobs import Progress
from reports import summaries
from reports.models import MonthlySummary
from tests import reference
from tests.reference import Figure, Place, World

pytestmark = pytest.mark.django_db


def load(*paths: Path, valid_from: date | None = None) -> ImportRun:
    """Imports files as the command does; fails where one is refused."""
    run = pipeline.run(
        list(paths),
        title="test",
        by=None,
        progress=Progress(None),
        summarise=summaries.recompute,
        areas_changed=summaries.rebuild,
        options=Options(valid_from=valid_from),
    )
    refused = [f"{file.name}: {file.message}" for file in run.files.filter(state="refused")]
    refused = [sentence for sentence in refused if "already stored whole" not in sentence]
    assert not refused, refused
    return run


def world_as_loaded(years: Iterable[int]) -> World:
    """The areas in the database, as the reference wants them."""
    shapes: dict[int, list[list[reference.Ring]]] = {}
    for area, shape in Boundary.objects.order_by("valid_from").values_list("area_id", "shape"):
        parts = shapely.get_parts(shapely.from_wkb(bytes(shape)))
        shapes[area] = [[list(ring.coords)[:-1] for ring in (part.exterior, *part.interiors)] for part in parts]
    areas = {area.pk: area for area in Area.objects.select_related("parent")}

    def places(kind: str) -> list[Place]:
        return [
            Place(
                area.code,
                area.parent.code if area.parent else None,
                area.name,
                area.valid_from,
                area.valid_to,
                shapes.get(area.pk, []),
            )
            for area in areas.values()
            if area.kind == kind
        ]

    lookups: dict[str, list[tuple[str, float, date | None]]] = {}
    borough_of_lsoa = {a.code: a.parent.code for a in areas.values() if a.kind == "lsoa" and a.parent}
    newest_first = sorted(
        AreaMembership.objects.select_related("child", "parent__parent"),
        key=lambda one: (-(one.valid_from or date.min).toordinal(), -one.weight, one.parent.code),
    )
    for membership in newest_first:
        ward = membership.parent
        lookups.setdefault(membership.child.code, []).append((ward.code, membership.weight, membership.valid_from))
        if ward.parent and membership.weight > 0:
            borough_of_lsoa.setdefault(membership.child.code, ward.parent.code)
    people = populations.residents([*areas], [*years])
    residents = {(areas[area].code, year): count for (area, year), count in people.items()}
    return World(places("ward"), places("borough"), lookups, borough_of_lsoa, residents)


def stored(*schemes: str) -> dict[tuple[str, str, str, date], Figure]:
    """The summaries of the schemes."""
    rows = MonthlySummary.objects.filter(category__scheme__in=schemes).values_list(
        "category__scheme", "area__code", "category__slug", "month", *Figure._fields
    )
    return {row[:4]: Figure(*row[4:]) for row in rows}


def assert_as_reference(files: list[Path], *schemes: str) -> dict[tuple[str, str, str, date], Figure]:
    """Compares every figure, and the set of figures; the figures."""
    found = stored(*schemes)
    forces = set(Area.objects.filter(kind="force").values_list("code", flat=True))
    expected = reference.figures(world_as_loaded({key[3].year for key in found}), files, forces)
    expected = {key: figure for key, figure in expected.items() if key[0] in schemes}
    assert found.keys() == expected.keys()
    wrong = {key: (found[key], expected[key]) for key in found if found[key] != expected[key]}
    assert not wrong, "\n".join(f"{key}: {pair}" for key, pair in list(wrong.items())[:10])
    return found


def load_havering(data: Path) -> None:
    """Both ward sets, borough outlines, lookups and residents."""
    load(data / "boundaries" / "london_boroughs.gpkg")
    load(data / "boundaries" / "havering_wards_2018.geojson")
    load(data / "boundaries" / "havering_wards_2022_APPROX_from_lsoa21.geojson", valid_from=date(2022, 5, 5))
    load(data / "lookups" / "havering_lsoa21_wd25.csv", data / "lookups" / "havering_gla_lsoa11_ward22.csv")
    load(data / "population")


HAVERING = [1812, 1906, 1867, 1952, 1861, 1827, 1833, 1695, 1825, 1845, 1641, 1965]
HAVERING += [1886, 2044, 1929, 1931, 1997, 1824, 1959, 1926, 1844, 1770, 1640, 1900]


@pytest.mark.realdata
@pytest.mark.slow
def test_havering(real_data: Path) -> None:
    load_havering(real_data)
    files = sorted((real_data / "street_havering_derived").rglob("*.csv"))
    load(*files)
    found = assert_as_reference(files, "police.uk")
    borough = [found["police.uk", "E09000016", "all-crime-and-asb", month].count for month in _months(2016, 4, 24)]
    assert borough == HAVERING


@pytest.mark.realdata
@pytest.mark.slow
def test_city_of_london(real_data: Path) -> None:
    load(real_data / "boundaries" / "london_boroughs.gpkg")
    files = sorted((real_data / "street_city_of_london").rglob("*.csv"))
    load(*files)
    found = assert_as_reference(files, "police.uk")
    assert sum(key[:3] == ("police.uk", "city-of-london", "all-crime-and-asb") for key in found) == 32


@pytest.mark.realdata
@pytest.mark.slow
def test_searches_and_outcomes(real_data: Path) -> None:
    load(real_data / "boundaries" / "london_boroughs.gpkg")
    load(real_data / "boundaries" / "havering_wards_2018.geojson")
    searches = sorted((real_data / "stop_and_search").glob("20*.csv"))
    outcomes = sorted((real_data / "outcomes_burglary_only").glob("*.csv"))
    load(*searches)
    load(*outcomes)
    assert_as_reference([*searches, *outcomes], "search", "outcome")


@pytest.mark.realdata
def test_answers_of_the_api_count_only_without_a_file_and_as_partial(real_data: Path) -> None:
    load(real_data / "boundaries" / "london_boroughs.gpkg")
    load(real_data / "boundaries" / "havering_wards_2018.geojson")
    load(real_data / "api_json_havering_wards" / "2017-05")
    month = date(2017, 5, 1)

    def borough() -> Figure:
        return stored("police.uk")["police.uk", "E09000016", "all-crime-and-asb", month]

    asked = borough()
    assert asked.coverage == reference.PARTIAL
    assert asked.count
    areas = {area for _, area, _, _ in stored("police.uk")}
    assert "E09000001" not in areas, "nobody asked about the City of London"
    load(*(real_data / "street_havering_derived" / "2017-05").glob("*.csv"))
    assert borough().coverage == reference.COMPLETE
    assert borough().count == HAVERING[13]
    made = stored("police.uk")
    summaries.rebuild()
    assert made == stored("police.uk")


@pytest.mark.realdata
@pytest.mark.slow
def test_metropolitan_police_tables(real_data: Path) -> None:
    load_havering(real_data)
    tables = real_data / "london_datastore"
    load(tables / "mps_ward_24m_202112-202311.csv")
    load(tables / "mps_borough_hist_201004-2021b.csv")
    found = stored("mps")

    def counts(area: str, category: str, months: list[date]) -> list[int | None]:
        return [found["mps", area, category, month].count for month in months]

    interfering = "interfering-with-a-motor-vehicle"
    assert counts("E05013971", interfering, [date(2022, 2, 1), date(2023, 2, 1)]) == [4, 13]
    violence = [counts("E09000016", "violence-with-injury", _months(year, 1, 12)) for year in (2017, 2019, 2020)]
    assert [sum(n or 0 for n in of_year) for of_year in violence] == [2017, 1878, 1540]

    # A ward's or borough's crimes are all rows of the table that have its code or name, fraud apart.
    for path, column, areas in (
        (tables / "mps_ward_24m_202112-202311.csv", "WardCode", {f"E050139{n}" for n in range(67, 87)}),
        (tables / "mps_borough_hist_201004-2021b.csv", "LookUp_BoroughName", {"Havering"}),
    ):
        totals: Counter[tuple[str, date]] = Counter()
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if row[column] in areas and "fraud" not in row["MajorText"].lower():
                    for name, cell in row.items():
                        if name.isdigit():
                            totals[row[column], date(int(name[:4]), int(name[4:]), 1)] += int(cell or 0)
        assert totals
        assert {area for area, _ in totals} == areas
        for (area, month), total in totals.items():
            code = "E09000016" if area == "Havering" else area
            assert counts(code, "all-crime", [month]) == [total or None], (area, month)


def _months(year: int, month: int, count: int) -> list[date]:
    start = year * 12 + month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, start + count)]
