"""Every figure on the pages, as a reader finds it there, against the plain recomputation of `tests.reference`.

Two worlds are loaded by the real importers: real records (Havering, City of London, forces with odd files), and random
small ones. The pages are read as HTML (`tests.reports.rendered`); a table or tile that no check knows fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from hotspots import categories
from hotspots.models import Area
from tests import reference
from tests.reference import World
from tests.reports.rendered.expected import Known
from tests.reports.rendered.explore import check_explore
from tests.reports.rendered.map import check_map
from tests.reports.rendered.overview import check_overview
from tests.reports.rendered.profile import check_profile, newest
from tests.reports.rendered.reading import Page
from tests.reports.rendered.wards import check_wards
from tests.reports.rendered.worlds import standing
from tests.reports.test_summaries_reference import load, load_havering, world_as_loaded
from tests.reports.test_summaries_worlds import Maker

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCHEMES = ("police.uk", "search", "outcome")


@dataclass(frozen=True)
class Loaded:
    """One world: its areas, the reference's figures of it, and where its facts lie."""

    world: World
    known: Known
    facts: Path

    def areas(self, kind: str) -> list[tuple[str, str]]:
        """(code, name) of the areas of a kind that have figures of crimes."""
        have = {area for scheme, area, _, _ in self.known.figures if scheme == "police.uk"}
        return [
            one for one in Area.objects.filter(kind=kind).order_by("code").values_list("code", "name") if one[0] in have
        ]


def recomputed(files: list[Path], facts: Path) -> Loaded:
    """The figures of these files, in the order of their import, by the reference."""
    world = world_as_loaded(range(2008, 2027))
    forces = set(Area.objects.filter(kind="force").values_list("code", flat=True))
    names = {(one.scheme, one.slug): one.name for one in categories.DEFINITIONS}
    return Loaded(world, Known(reference.figures(world, files, forces), names), facts)


@pytest.fixture(scope="module")
def every_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> Iterator[Loaded]:
    """One world, loaded once for all tests of this file that want it; afterwards the database is as it was."""
    folder = tmp_path_factory.mktemp("world")
    with standing(django_db_blocker, folder) as facts:
        if request.param == "real":
            files = load_real(request.getfixturevalue("real_data"))
        else:
            maker = Maker(request.param, folder)
            maker.make_areas()
            files = []
            for batch in maker.batches():
                load(*batch)
                files += batch
        yield recomputed(files, facts)


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


WORLDS = [pytest.param("real", marks=pytest.mark.realdata), 1, 2, 3]
each_world = pytest.mark.parametrize("every_world", WORLDS, indirect=True, scope="module")


def boroughs_with_wards(loaded: Loaded) -> list[tuple[str, str]]:
    """(code, name) of the boroughs that pages offer."""
    having = {ward.parent for ward in loaded.world.wards}
    return [(code, name) for code, name in loaded.areas("borough") if code in having]


@each_world
@pytest.mark.parametrize("kind", ["ward", "borough", "force"])
def test_profiles(loaded: Loaded, signed_in: Client, kind: str) -> None:
    for code, _ in loaded.areas(kind):
        path = f"/{kind}s/{code}/"
        months = loaded.known.months("police.uk", code)
        month = newest(loaded.known, code)
        assert check_profile(Page(signed_in.get(path)), loaded.known, loaded.world, code, month)
        for chosen in {months[0], months[len(months) // 2], months[-1]}:
            for slug in ("all-crime-and-asb", "robbery"):
                page = Page(signed_in.get(path, {"month": f"{chosen:%Y-%m}", "category": slug, "months": "all"}))
                assert check_profile(page, loaded.known, loaded.world, code, chosen, slug)


@each_world
def test_overviews(loaded: Loaded, signed_in: Client) -> None:
    for code, name in boroughs_with_wards(loaded):
        months = loaded.known.months("police.uk", code)
        page = Page(signed_in.get("/", {"borough": code}))
        check_overview(page, loaded.known, loaded.world, code, name, newest(loaded.known, code))
        for month in {*months[::9], months[-1]}:
            page = Page(signed_in.get("/", {"borough": code, "month": f"{month:%Y-%m}"}))
            check_overview(page, loaded.known, loaded.world, code, name, month)


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


@each_world
@pytest.mark.parametrize("measure", ["count", "rate", "rolling", "change", "share", "index"])
def test_explore(loaded: Loaded, signed_in: Client, measure: str) -> None:
    for code, _ in boroughs_with_wards(loaded):
        months = loaded.known.months("police.uk", code)
        base = months[0] if len(months) < 14 else months[13]
        for cat in ("burglary", "robbery,drugs"):
            asked = {"areas": f"{code},{code}.wards", "cat": cat, "from": f"{months[0]:%Y-%m}", "measure": measure}
            asked |= {"base": f"{base:%Y-%m}"} if measure == "index" else {}
            check_explore(signed_in, asked, loaded.known, measure, cat.split(","), base)


@each_world
def test_wards_pages(loaded: Loaded, signed_in: Client) -> None:
    for code, name in boroughs_with_wards(loaded):
        months = loaded.known.months("police.uk", code)
        page = Page(signed_in.get("/wards/", {"borough": code}))
        check_wards(page, loaded.known, loaded.world, code, name, newest(loaded.known, code), "all-crime")
        for month in [*months[::7], months[-1]]:
            for slug in ("all-crime-and-asb", "burglary", "drugs"):
                page = Page(signed_in.get("/wards/", {"borough": code, "month": f"{month:%Y-%m}", "category": slug}))
                check_wards(page, loaded.known, loaded.world, code, name, month, slug)
