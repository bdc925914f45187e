"""Lookups, ward names and populations: what is stored, and what is refused with which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from django.db import transaction

from hotspots import importers
from hotspots.importers import boundaries, lookups, populations, reading, ward_names
from hotspots.importers.base import Options, Quality, Refused, SourceFile
from hotspots.models import Area, AreaMembership, Population
from hotspots.populations import residents
from tests.factories import AreaFactory, BoroughFactory, LsoaFactory, MembershipFactory, PopulationFactory, WardFactory

pytestmark = pytest.mark.django_db
MAY_2022 = date(2022, 5, 5)


def load(content: str | bytes, importer: ModuleType = lookups, valid_from: date | None = None) -> tuple[bool, Quality]:
    data = content.encode() if isinstance(content, str) else content
    quality = Quality()
    whole = len(data) <= reading.HEAD_BYTES
    assert importers.recognise(reading.head("x", data[: reading.HEAD_BYTES], whole=whole)) is importer
    with transaction.atomic():
        return importer.load(SourceFile("x", data, ""), quality, Options(valid_from=valid_from)), quality


def memberships() -> set[tuple[str, str, date | None, float]]:
    return set(AreaMembership.objects.values_list("child__code", "parent__code", "valid_from", "weight"))


BEST_FIT = (
    "LSOA21CD,LSOA21NM,WD25CD,WD25NM,LAD25CD,LAD25NM\n"
    "E01000001,Havering 001A,E05013967,Beam Park,E09000016,Havering\n"
    "E01000002,Havering 001B,E05013968,Cranham,E09000016,Havering\n"
)
WEIGHTED = (
    "LSOA11CD,GSS_CODE,year,weight\n"
    "E01000001,E05013967,2011,0.25\nE01000001,E05013968,2011,0.75\nE01000001,E05013969,2011,0\n"
    "E01000001,E05013967,2012,1\n"
)


def test_best_fit_makes_areas_and_memberships() -> None:
    assert load(BEST_FIT)[0]
    assert memberships() == {
        ("E01000001", "E05013967", date(2025, 1, 1), 1.0),
        ("E01000002", "E05013968", date(2025, 1, 1), 1.0),
    }
    havering = Area.objects.get(kind="borough", code="E09000016", name="Havering")
    assert set(Area.objects.filter(parent=havering).values_list("kind", "name")) == {
        ("lsoa", "Havering 001A"),
        ("lsoa", "Havering 001B"),
        ("ward", "Beam Park"),
        ("ward", "Cranham"),
    }


def test_weights_by_year_without_those_of_nothing() -> None:
    load(BEST_FIT)
    assert load(WEIGHTED)[0]
    assert {row for row in memberships() if row[2] != date(2025, 1, 1)} == {
        ("E01000001", "E05013967", date(2011, 1, 1), 0.25),
        ("E01000001", "E05013968", date(2011, 1, 1), 0.75),
        ("E01000001", "E05013967", date(2012, 1, 1), 1.0),
    }


def test_the_same_lookup_again_changes_nothing_and_a_new_one_replaces_its_rows() -> None:
    load(WEIGHTED)
    changed, quality = load(WEIGHTED)
    assert not changed
    assert quality.notes == ["This lookup was stored already: nothing changed."]
    assert load(WEIGHTED.replace("E05013967,2012", "E05013968,2012"))[0]
    assert {row[1] for row in memberships() if row[2] == date(2012, 1, 1)} == {"E05013968"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "LSOA11CD,GSS_CODE,year,weight\nE01000001,E05013967,2011,0.5\n",
            "The weights of E01000001 in 2011 sum to 0.5",
        ),
        ("LSOA21CD,WD25CD\nE01000001,E05013967\nE01000001,E05013968\n", "must name each LSOA once"),
        ("LSOA11CD,GSS_CODE,year,weight\n" + "E01000001,E05013967,2011,0.5\n" * 2, "Row 3 gives E01000001"),
        ("LSOA21CD,WD25CD\nE01000001,Cranham\n", "Row 2 has no Ward code in WD25CD: Cranham"),
        ("LSOA21CD,WD25CD\n,E05013967\n", "Row 2 has no LSOA code in LSOA21CD: it is blank"),
        ("LSOA11CD,GSS_CODE,year,weight\nE01000001,E05013967,soon,1\n", "Row 2 has no year in year"),
        ("LSOA11CD,GSS_CODE,year,weight\nE01000001,E05013967,2011,all\n", "Row 2 has no weight between 0 and 1"),
    ],
)
def test_refused(content: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        load(content)
    assert words in str(refused.value)
    assert not Area.objects.exists()


def test_wards_of_a_second_set_need_a_day() -> None:
    havering = BoroughFactory(code="E09000016", name="Havering")
    old = WardFactory(code="E05000306", parent=havering, valid_from=None)
    with pytest.raises(Refused, match="Say from which day"):
        load(BEST_FIT)
    load(BEST_FIT, valid_from=MAY_2022)
    old.refresh_from_db()
    assert old.valid_to == MAY_2022
    assert Area.objects.get(code="E05013967").valid_from == MAY_2022


def test_real_lookups(real_data: Path) -> None:
    load((real_data / "lookups/havering_gla_lsoa11_ward22.csv").read_bytes())
    load((real_data / "lookups/havering_lsoa21_wd25.csv").read_bytes())
    assert Area.objects.filter(kind="ward", parent__name="Havering").count() == 20
    dates = AreaMembership.objects.values_list("valid_from__year", flat=True)
    assert sorted(set(dates)) == [*range(2011, 2022), 2025]
    assert AreaMembership.objects.filter(valid_from__year=2025).count() == 153
    assert AreaMembership.objects.filter(valid_from__year=2011).values("child").distinct().count() == 150


# --- Names ----------------------------------------------------------------------------------------------------------


def test_only_known_wards_are_named(real_data: Path) -> None:
    content = (real_data / "lookups/london_wards_2018_names.csv").read_bytes()
    with pytest.raises(Refused, match="None of the codes is a known ward"):
        load(content, ward_names)
    havering = BoroughFactory(code="E09000016", name="Havering")
    ward = WardFactory(code="E05000310", name="E05000310", parent=None)
    changed, quality = load(content, ward_names)
    ward.refresh_from_db()
    assert changed
    assert (ward.name, ward.parent) == ("Gooshays", havering)
    assert Area.objects.filter(kind="ward").count() == 1
    assert quality.rows_kept == 1
    assert not load(content, ward_names)[0]


# --- Populations ----------------------------------------------------------------------------------------------------


def test_real_census_and_ward_profiles(real_data: Path) -> None:
    census = (real_data / "population/havering_census2021_ts001_lsoa.csv").read_bytes()
    with pytest.raises(Refused, match="import boundaries or a lookup first"):
        load(census, populations)
    load((real_data / "boundaries/havering_wards_2018.geojson").read_bytes(), boundaries)
    load((real_data / "lookups/havering_lsoa21_wd25.csv").read_bytes(), valid_from=MAY_2022)
    assert load(census, populations)[0]
    assert not load(census, populations)[0]
    load((real_data / "population/havering_ward_profiles_2015_pop.csv").read_bytes(), populations)
    gooshays = {area.code: area for area in Area.objects.filter(name="Gooshays")}
    havering = Area.objects.get(code="E09000016")
    old, new = gooshays["E05000310"], gooshays["E05013971"]
    found = residents([old.pk, new.pk, havering.pk], [2012, 2017, 2023])
    assert found[old.pk, 2012] == found[old.pk, 2017] == Population.objects.get(area=old, year=2015).residents
    by_lsoa = sum(Population.objects.filter(area__memberships__parent=new).values_list("residents", flat=True))
    assert found[new.pk, 2012] == found[new.pk, 2023] == by_lsoa
    assert found[havering.pk, 2017] == 250_350
    assert Population.objects.filter(year=2021).count() == 153


def test_generic_population_rejects_rows_without_a_number() -> None:
    AreaFactory(code="E05000001")
    changed, quality = load(
        'code,year,residents\nE05000001,2020,"1,200"\nE05000001,2021,few\nE05000002,2020,5\n', populations
    )
    assert changed
    assert Population.objects.get().residents == 1200
    assert quality.rejected == [(3, "has no year or no number of residents")]
    _, quality = load(
        "code,year,residents\nE05000001,2020,5\n"
        + "".join(
            f"E05000001,202{n},{residents}\n" for n, residents in enumerate(("inf", "nan", "99999999999", "-1"), 1)
        ),
        populations,
    )
    assert quality.rows_rejected == 4
    with pytest.raises(Refused, match="Row 3 gives E05000001 in 2020 a second time"):
        load("code,year,residents\nE05000001,2020,1\nE05000001,2020,2\n", populations)


def test_residents_of_a_ward_need_all_of_its_lsoas() -> None:
    borough = BoroughFactory()
    ward, one, two = WardFactory(parent=borough), LsoaFactory(), LsoaFactory()
    MembershipFactory(child=one, parent=ward, weight=0.5)
    MembershipFactory(child=two, parent=ward)
    PopulationFactory(area=one, year=2021, residents=1001)
    assert residents([ward.pk, borough.pk], [2021]) == {(ward.pk, 2021): None, (borough.pk, 2021): None}
    PopulationFactory(area=two, year=2021, residents=2000)
    assert residents([ward.pk, borough.pk], [2021]) == {(ward.pk, 2021): 2500, (borough.pk, 2021): 2500}
    PopulationFactory(area=ward, year=2011, residents=7)
    assert residents([ward.pk], [2000, 2021]) == {(ward.pk, 2000): 7, (ward.pk, 2021): 7}


def test_the_newest_lookup_with_figures_counts() -> None:
    ward, old, new = WardFactory(), LsoaFactory(), LsoaFactory()
    MembershipFactory(child=old, parent=ward, valid_from=date(2011, 1, 1))
    MembershipFactory(child=new, parent=ward, valid_from=date(2025, 1, 1))
    PopulationFactory(area=old, year=2011, residents=100)
    assert residents([ward.pk], [2021]) == {(ward.pk, 2021): 100}
    PopulationFactory(area=new, year=2021, residents=300)
    assert residents([ward.pk], [2021]) == {(ward.pk, 2021): 300}


def test_residents_are_read_in_a_fixed_number_of_queries(django_assert_num_queries: type) -> None:
    wards = [WardFactory() for _ in range(4)]
    with django_assert_num_queries(5):
        residents([ward.pk for ward in wards] + [ward.parent_id for ward in wards], range(2010, 2026))
