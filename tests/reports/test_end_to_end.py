"""From files of odd kinds to the figures that people see: whole paths, with the real importers."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from html import unescape
from pathlib import Path

import orjson
import pytest
from django.core.management import call_command
from django.test import Client

from hotspots import categories
from reports import queries
from reports.models import MonthlySummary
from tests import reference
from tests.archive_server import serving
from tests.factories import BoroughFactory, BoundaryFactory, LsoaFactory, MembershipFactory, WardFactory
from tests.hotspots.importers.police_files import (
    NAME,
    OLD_STREET,
    OUTCOMES,
    SEARCHES,
    file_of,
    search_row,
    street_row,
)
from tests.reports.test_summaries_reference import load, load_havering, world_as_loaded

pytestmark = pytest.mark.django_db
ROMFORD = (0.1, 51.5, 0.3, 51.65)


def ward_of_romford() -> None:
    """A ward and a borough around South Street, and its LSOA."""
    borough = BoroughFactory(code="E09000016", name="Havering", parent=None)
    ward = WardFactory(code="E05000312", name="Romford Town", parent=borough, valid_from=None)
    for area in (borough, ward):
        BoundaryFactory(area=area, box_of=ROMFORD)
    MembershipFactory(child=LsoaFactory(code="E01002342", parent=borough), parent=ward)


def count(area: str, category: str, month: date) -> int | None:
    return MonthlySummary.objects.get(area__code=area, category__slug=category, month=month).count


def lookup_2011(data: Path) -> set[str]:
    """Havering's LSOA codes of 2011."""
    with (data / "lookups" / "havering_gla_lsoa11_ward22.csv").open(encoding="utf-8-sig") as stream:
        return set(re.findall(r"E01\d{6}", stream.read()))


def words(html: bytes) -> str:
    """What a reader reads, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def test_a_month_of_2010_becomes_figures_with_a_note_on_its_six_categories(tmp_path: Path, signed_in: Client) -> None:
    ward_of_romford()
    types = ["Burglary", "Violent crime", "Violent crime", "Other crime", "Anti-social behaviour"]
    path = tmp_path / "2010-12" / "2010-12-metropolitan-street.csv"
    path.parent.mkdir()
    rows = [street_row(Month="2010-12", Crime_type=name) for name in types]
    rows.append(street_row(Month="2010-12", LSOA_code="", LSOA_name=""))  # placed by its Easting and Northing
    path.write_bytes(file_of(rows, OLD_STREET))
    load(path)
    month = date(2010, 12, 1)
    for area in ("E05000312", "E09000016", "metropolitan"):
        slugs = ("burglary", "violent-crime", "other-crime", "drugs", "all-crime", "all-crime-and-asb")
        assert [count(area, slug, month) for slug in slugs] == [2, 2, 1, None, 5, 6]
    page = words(signed_in.get("/wards/E05000312/").content)
    assert "six categories" in page


def test_a_month_of_2012_has_eleven_categories(tmp_path: Path, signed_in: Client) -> None:
    ward_of_romford()
    path = tmp_path / "2012-06-metropolitan-street.csv"
    types = ["Public disorder and weapons", "Violent crime", "Shoplifting", "Anti-social behaviour"]
    path.write_bytes(file_of([street_row(Month="2012-06", Crime_type=name) for name in types]))
    load(path)
    slugs = ("public-order", "violent-crime", "shoplifting", "possession-of-weapons", "robbery", "all-crime")
    assert [count("E05000312", slug, date(2012, 6, 1)) for slug in slugs] == [1, 1, 1, None, 0, 3]
    assert "eleven categories" in words(signed_in.get("/wards/E05000312/").content)


def test_searches_count_in_the_month_of_local_time(tmp_path: Path) -> None:
    ward_of_romford()
    path = tmp_path / "2016-07-metropolitan-stop-and-search.csv"
    times = ["2016-06-30T23:30:00+00:00", "2016-07-15T12:00:00+00:00", "2016-07-31T22:30:00+00:00"]
    path.write_bytes(file_of([search_row(Date=time) for time in times], SEARCHES))
    load(path)
    assert count("E05000312", "all-searches", date(2016, 7, 1)) == 3
    assert not MonthlySummary.objects.filter(month__lt=date(2016, 7, 1)).exists()


@pytest.mark.realdata
def test_every_row_of_every_force_counts_in_its_force(real_data: Path) -> None:
    """Without coordinates (Staffordshire), without LSOAs (Northern Ireland): published is published."""
    paths = [path for path in sorted((real_data / "street_quirk_forces").glob("*.csv")) if "btp" not in path.name]
    assert len(paths) == 5
    load(*paths)
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        force, month = path.stem[8:].removesuffix("-street"), date.fromisoformat(path.stem[:7] + "-01")
        crimes = [row for row in rows if row["Crime type"] != "Anti-social behaviour"]
        assert count(force, "all-crime-and-asb", month) == len(rows)
        assert count(force, "all-crime", month) == len(crimes)


@pytest.mark.realdata
@pytest.mark.slow
def test_both_vintages_of_lsoa_codes_find_their_wards(real_data: Path) -> None:
    """March 2023 holds codes of 2011 and of 2021: each ward set has nearly every row that its borough has."""
    load_havering(real_data)
    path = real_data / "met_burglary_only" / "2023-03-metropolitan-street.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        codes = {row["LSOA code"] for row in csv.DictReader(stream) if row["LSOA name"].startswith("Havering ")}
    newest = max(lookup_2011(real_data))
    assert any(code > newest for code in codes), "codes of 2021"
    assert any(code <= newest for code in codes), "codes of 2011"
    load(path)
    burglary = MonthlySummary.objects.filter(category__slug="burglary", month=date(2023, 3, 1))
    borough = burglary.get(area__code="E09000016").count
    assert borough
    for since in burglary.filter(area__kind="ward").values_list("area__valid_from", flat=True).distinct():
        wards = burglary.filter(area__parent__code="E09000016", area__kind="ward", area__valid_from=since)
        in_wards = sum(number or 0 for number in wards.values_list("count", flat=True))
        assert 0.98 * borough <= in_wards <= borough, since


def test_new_areas_change_the_data_version(tmp_path: Path, signed_in: Client) -> None:
    """What partners have kept of the API is out of date as soon as boundaries are."""
    path = tmp_path / "2018-10-metropolitan-street.csv"
    path.write_bytes(file_of([street_row()]))
    load(path)
    asked = "/api/v1/summaries/?category=burglary"
    before, tag = queries.data_version(), signed_in.get(asked)["ETag"]
    shape = {"type": "Polygon", "coordinates": [[[0.1, 51.5], [0.3, 51.5], [0.3, 51.6], [0.1, 51.6], [0.1, 51.5]]]}
    properties = {"LAD22CD": "E09000016", "LAD22NM": "Havering"}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    boundaries = tmp_path / "boroughs.geojson"
    boundaries.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
    load(boundaries)
    assert queries.data_version() > before
    answer = signed_in.get(asked, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert count("E09000016", "burglary", date(2018, 10, 1)) == 1


def test_a_zip_is_imported_from_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr(f"2018-10/{NAME}", file_of([street_row(), street_row(Crime_type="Drugs")]))
        rows = [street_row(Outcome_type="Local resolution")]
        target.writestr("2018-10/2018-10-metropolitan-outcomes.csv", file_of(rows, OUTCOMES))
    with serving({"/archive/latest.zip": packed.getvalue()}) as server:
        out = io.StringIO()
        call_command("import", f"{server.url}latest.zip", stdout=out)
    assert out.getvalue().endswith("2 files: 2 stored.\n")
    assert count("metropolitan", "all-crime", date(2018, 10, 1)) == 2
    assert count("metropolitan", "out-of-court", date(2018, 10, 1)) == 1


def test_the_shares_of_outcomes_on_the_page_are_those_of_the_files(tmp_path: Path, signed_in: Client) -> None:
    ward_of_romford()
    paths = []
    names = list(reference.OUTCOMES)
    for month in range(1, 4):
        stem = f"2018-{month:02}-metropolitan"
        rows = [
            street_row(Month=f"2018-{month:02}", Outcome_type=names[(month * index) % len(names)])
            for index in range(20 + month)
        ]
        for kind, content in (("street", file_of(rows)), ("outcomes", file_of(rows, OUTCOMES))):
            paths.append(tmp_path / f"{stem}-{kind}.csv")
            paths[-1].write_bytes(content)
    load(*paths)
    figures = reference.figures(world_as_loaded({2018}), paths, {"metropolitan"})
    groups = {d.slug: d.name for d in categories.DEFINITIONS if d.scheme == categories.OUTCOME and d.members}
    totals = {
        slug: sum(figures["outcome", "E05000312", slug, date(2018, month, 1)].count or 0 for month in (1, 2, 3))
        for slug in groups
    }
    assert totals["all-outcomes"] == 21 + 22 + 23
    page = words(signed_in.get("/wards/E05000312/").content)
    assert "66 outcomes recorded" in page
    for slug, total in totals.items():
        if slug != "all-outcomes" and total:
            assert f"{groups[slug]} {total} {100 * total / 66:.0f}%" in page, (slug, total)
