"""Every figure on the pages, as a reader finds it there, against the plain recomputation of `tests.reference`.

Two worlds are loaded by the real importers: real records (Havering, City of London, forces with odd files), and random
small ones. The pages are read as HTML (`tests.reports.rendered`); a table or tile that no check knows fails.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from hotspots import categories
from hotspots.models import Area
from partners.models import User
from reports.actions import set_priorities
from tests import factories, reference
from tests.reference import World
from tests.reports.rendered.expected import Known
from tests.reports.rendered.explore import check_explore
from tests.reports.rendered.map import check_file, check_lsoas, check_map, check_rates
from tests.reports.rendered.overview import check_overview
from tests.reports.rendered.profile import check_profile, newest
from tests.reports.rendered.reading import Page
from tests.reports.rendered.wards import check_wards, wards_in_force
from tests.reports.rendered.worlds import standing
from tests.reports.test_summaries_reference import load, load_havering, world_as_loaded
from tests.reports.test_summaries_worlds import Maker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@dataclass(frozen=True)
class Loaded:
    """One world: its areas, the reference's figures of it, and where its facts lie."""

    world: World
    known: Known
    facts: Path
    files: list[Path]

    def areas(self, kind: str) -> list[tuple[str, str]]:
        """(code, name) of the areas of a kind that have figures of crimes."""
        have = {area for scheme, area, _, _ in self.known.figures if scheme == "police.uk"}
        return [
            one for one in Area.objects.filter(kind=kind).order_by("code").values_list("code", "name") if one[0] in have
        ]


def recomputed(files: list[Path], tables: list[Path], facts: Path) -> Loaded:
    """The figures of these files, in the order of their import, and of Havering's tables, by the reference."""
    world = world_as_loaded(range(2008, 2027))
    forces = set(Area.objects.filter(kind="force").values_list("code", flat=True))
    names = {(one.scheme, one.slug): one.name for one in categories.DEFINITIONS}
    figures = reference.figures(world, files, forces)
    if tables:
        figures |= reference.table_figures(world, tables, "E09000016")
    return Loaded(world, Known(figures, names), facts, files)


@pytest.fixture(scope="module")
def every_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> Iterator[Loaded]:
    """One world, loaded once for all tests of this file that want it; afterwards the database is as it was."""
    folder = tmp_path_factory.mktemp("world")
    with standing(django_db_blocker, folder) as facts:
        tables = []
        if request.param == "real":
            files = load_real(request.getfixturevalue("real_data"))
            tables = load_tables(request.getfixturevalue("real_data"), folder)
        else:
            maker = Maker(request.param, folder)
            maker.make_areas()
            files = []
            for batch in maker.batches():
                load(*batch)
                files += batch
        yield recomputed(files, tables, facts)


@pytest.fixture
def loaded(every_world: Loaded, settings: LazySettings) -> Loaded:
    settings.FACTS_DIR = every_world.facts
    return every_world


def load_real(data: Path) -> list[Path]:
    """Havering with everything there is of it, City of London, and other forces' odd files."""
    load_havering(data)
    street = sorted((data / "street_havering_derived").rglob("*.csv"))
    street += sorted((data / "street_city_of_london").rglob("*.csv"))
    street += sorted((data / "street_quirk_forces").glob("*.csv"))
    others = sorted((data / "outcomes_burglary_only").glob("*.csv")) + sorted(
        (data / "stop_and_search").glob("20*.csv")
    )
    load(*street)
    load(*others)
    return [*street, *others]


def load_tables(data: Path, folder: Path) -> list[Path]:
    """Havering's rows of the Metropolitan Police's tables, by ward and by borough; windows overlap."""
    made = []
    for name in ("mps_borough_24m_202112-202311", "mps_ward_24m_202112-202311", "mps_ward_24m_202304-202503"):
        lines = (data / "london_datastore" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
        rows = csv.DictReader(lines)
        made.append(folder / f"{name}.csv")
        with made[-1].open("w", newline="") as stream:
            table = csv.DictWriter(stream, rows.fieldnames or [])
            table.writeheader()
            table.writerows(row for row in rows if row["LookUp_BoroughName"] == "Havering")
    load(*made)
    return made


WORLDS = [pytest.param("real", marks=pytest.mark.realdata), 1, 2, 3]
each_world = pytest.mark.parametrize("every_world", WORLDS, indirect=True, scope="module")


def boroughs_with_wards(loaded: Loaded) -> list[tuple[str, str]]:
    """(code, name) of the boroughs that pages offer."""
    having = {ward.parent for ward in loaded.world.wards}
    return [(code, name) for code, name in loaded.areas("borough") if code in having]


def spread(months: list[date], count: int) -> list[date]:
    """Some months, the first and the last among them."""
    return sorted({months[round(index * (len(months) - 1) / (count - 1))] for index in range(count)})


@each_world
@pytest.mark.parametrize("kind", ["ward", "borough", "force"])
def test_profiles(loaded: Loaded, signed_in: Client, kind: str) -> None:
    """Each area as it is shown unasked, or at an early, a middle or the last month, a sum or a type; in turn."""
    asked = itertools.cycle(itertools.product(("all-crime-and-asb", "robbery"), (0, 1, 2)))
    areas = loaded.areas(kind)
    for index, (code, _) in enumerate(areas if kind == "ward" else areas[:3] + areas[-3:]):
        path = f"/{kind}s/{code}/"
        months = spread(loaded.known.months("police.uk", code), 3)
        if index % 3 == 0:
            page = Page(signed_in.get(path, {"lines": "years"} if index % 2 else {}))
            assert check_profile(page, loaded.known, loaded.world, code, newest(loaded.known, code))
        slug, place = next(asked)
        chosen = months[min(place, len(months) - 1)]
        page = Page(signed_in.get(path, {"month": f"{chosen:%Y-%m}", "category": slug, "months": "all"}))
        assert check_profile(page, loaded.known, loaded.world, code, chosen, slug)


@each_world
def test_overviews(loaded: Loaded, signed_in: Client, analyst: User) -> None:
    for code, name in boroughs_with_wards(loaded):
        page = Page(signed_in.get("/", {"borough": code}))
        check_overview(page, loaded.known, loaded.world, code, name, newest(loaded.known, code))
        for month in spread(loaded.known.months("police.uk", code), 4):
            page = Page(signed_in.get("/", {"borough": code, "month": f"{month:%Y-%m}"}))
            check_overview(page, loaded.known, loaded.world, code, name, month)

        chosen = [categories.by_slug("police.uk")[slug] for slug in ("robbery", "anti-social-behaviour", "burglary")]
        set_priorities(by=analyst, area=Area.objects.get(code=code, kind="borough"), chosen=chosen)
        page = Page(signed_in.get("/", {"borough": code}))
        month = newest(loaded.known, code)
        check_overview(page, loaded.known, loaded.world, code, name, month, [one.name for one in chosen])


@each_world
def test_maps(loaded: Loaded, signed_in: Client) -> None:
    for code, name in boroughs_with_wards(loaded):
        months = loaded.known.months("police.uk", code)
        for month in {months[len(months) // 2], newest(loaded.known, code), months[-1]}:
            for period, slug in (("month", "all-crime"), ("year", "burglary")):
                asked = {"borough": code, "month": f"{month:%Y-%m}", "period": period, "category": slug}
                response = signed_in.get("/map/", asked)
                if response.status_code == 400:
                    assert not any(ward.polygons for ward in loaded.world.wards if ward.parent == code)
                    continue
                page, data = Page(response), signed_in.get("/map/data/", asked).json()
                check_map(page, data, loaded.known, loaded.world, code, name, month, slug, period)
                wards = wards_in_force(loaded.world, code, month)
                areas = {**wards, f"All of {name}": code}
                rows = csv_rows(signed_in.get("/map/map.csv", asked))
                check_file(rows, loaded.known, loaded.world, areas, month, slug, period)
                if period == "month":
                    page = Page(signed_in.get("/map/", {**asked, "measure": "rate"}))
                    check_rates(page, loaded.known, loaded.world, wards, month, slug)


@pytest.mark.parametrize("every_world", [1, 2, 3], indirect=True, scope="module")
def test_maps_of_lsoas(loaded: Loaded, signed_in: Client) -> None:
    counts = reference.lsoa_counts(loaded.files)
    for code, name in boroughs_with_wards(loaded):
        inside = Area.objects.filter(kind="lsoa", parent__code=code)
        lsoas = dict(inside.exclude(code="E01000001").values_list("name", "code"))  # one is on no map
        for lsoa in inside.filter(code__in=lsoas.values()):
            factories.BoundaryFactory(area=lsoa)
        for month in spread(loaded.known.months("police.uk", code), 4):
            for period, slug in (("month", "all-crime-and-asb"), ("year", "burglary"), ("month", "robbery")):
                asked = {"borough": code, "by": "lsoa", "month": f"{month:%Y-%m}", "period": period, "category": slug}
                response = signed_in.get("/map/", asked)
                if response.status_code == 400:
                    assert not lsoas
                    continue
                check_lsoas(
                    Page(response), lsoas, counts, loaded.known, loaded.world, name, code, month, slug, period
                )  # fmt: skip


VIEWS = [
    ("police.uk", "count", "line"), ("police.uk", "rate", "multiples"), ("police.uk", "rolling", "heat"),
    ("police.uk", "change", "bar"), ("police.uk", "share", "line"), ("police.uk", "index", "multiples"),
    ("search", "count", "heat"), ("search", "rolling", "line"), ("outcome", "count", "multiples"),
    ("mps", "count", "heat"), ("mps", "rolling", "multiples"), ("mps", "rate", "line"), ("mps", "change", "bar"),
    ("outcome", "change", "heat"),
]  # fmt: skip
CATEGORIES = {
    "police.uk": ("burglary", "robbery,drugs"),
    "search": ("all-searches,firearms",),
    "outcome": ("all-outcomes,court-result",),
    "mps": ("all-crime,major-theft", "homicide,stalking-and-harassment"),
}


@each_world
@pytest.mark.parametrize(("scheme", "measure", "view"), VIEWS)
def test_explore(loaded: Loaded, signed_in: Client, scheme: str, measure: str, view: str) -> None:
    known = loaded.known.of(scheme)
    for code, _ in boroughs_with_wards(loaded):
        months = known.months(scheme, code)
        if not months:
            continue
        base = months[0] if len(months) < 14 else months[13]
        for cat in CATEGORIES[scheme]:
            asked = {"areas": f"{code},{code}.wards", "cat": cat, "from": f"{months[0]:%Y-%m}", "measure": measure}
            asked |= {"view": view, "scheme": scheme} | ({"base": f"{base:%Y-%m}"} if measure == "index" else {})
            check_explore(signed_in, asked, known, measure, cat.split(","), base)


@each_world
def test_wards_pages(loaded: Loaded, signed_in: Client) -> None:
    for code, name in boroughs_with_wards(loaded):
        page = Page(signed_in.get("/wards/", {"borough": code}))
        check_wards(page, loaded.known, loaded.world, code, name, newest(loaded.known, code), "all-crime")
        slugs = itertools.cycle(("all-crime-and-asb", "burglary", "drugs"))
        for month, slug in zip(spread(loaded.known.months("police.uk", code), 5), slugs, strict=False):
            page = Page(signed_in.get("/wards/", {"borough": code, "month": f"{month:%Y-%m}", "category": slug}))
            check_wards(page, loaded.known, loaded.world, code, name, month, slug)


@pytest.mark.realdata
@pytest.mark.parametrize("every_world", ["real"], indirect=True, scope="module")
def test_pages_of_the_metropolitan_polices_tables(loaded: Loaded, signed_in: Client) -> None:
    """The wards page and the map of a scheme that is published ready-made."""
    code, known = "E09000016", loaded.known.of("mps")
    months = known.months("mps", code)
    for month, slug in zip(spread(months, 5), itertools.cycle(("all-crime", "major-burglary", "shoplifting"))):
        asked = {"scheme": "mps", "month": f"{month:%Y-%m}", "category": slug}
        page = Page(signed_in.get("/wards/", {**asked, "borough": code}))
        check_wards(page, known, loaded.world, code, "Havering", month, slug)
        for period in ("month", "year"):
            on_map = {**asked, "borough": code, "period": period}
            page, data = Page(signed_in.get("/map/", on_map)), signed_in.get("/map/data/", on_map).json()
            check_map(page, data, known, loaded.world, code, "Havering", month, slug, period)


def csv_rows(response: Any) -> list[dict[str, str]]:
    """A file of the product."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
