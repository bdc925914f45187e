from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import categories, facts
from hotspots.importers import police_street
from hotspots.importers.base import FactTable, Refused
from hotspots.models import Source
from tests.hotspots.importers.police_files import NAME, OLD_STREET, STREET, file_of, parse, street_row

NUMBERS = {d.name: d.number for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK}


def one(content: bytes, name: str = NAME) -> FactTable:
    (table,), _ = parse(police_street, content, name)
    return table


def rejections(*rows: dict[str, str], name: str = NAME) -> list[tuple[int, str]]:
    return parse(police_street, file_of([street_row(), *rows]), name)[1].rejected


def test_a_row_becomes_a_fact() -> None:
    table = one(file_of([street_row()]))
    assert (table.source, table.publisher, table.month) == (Source.STREET, "metropolitan", date(2018, 10, 1))
    assert table.publisher_name == "Metropolitan Police Service"
    assert table.rows_located == 1
    assert table.frame.schema == pl.Schema(facts.SCHEMA[Source.STREET])
    assert table.frame.row(0, named=True) == {
        "category": NUMBERS["Burglary"],
        "lsoa": "E01002342",
        "district": "Havering",
        "lon": 183439,
        "lat": 51575900,
        "street": "On or near South Street",
        "crime": 0xAAA003527BD5D88D,
        "outcome": categories.by_slug(categories.OUTCOME)["under-investigation"].number,
    }


def test_reordered_columns_and_a_missing_context_give_the_same_facts() -> None:
    rows = [street_row(), street_row(Crime_type="Drugs")]
    usual = one(file_of(rows))
    assert one(file_of(rows, list(reversed(STREET[:-1])))).frame.equals(usual.frame)


def test_the_old_columns_have_points_on_the_british_grid() -> None:
    # The worked example of the Ordnance Survey's guide to coordinate systems: Caister water tower.
    tower = street_row(Month="2011-01", Easting="651410", Northing="313177", Reported_by="Norfolk Constabulary")
    table = one(file_of([tower], OLD_STREET), "2011-01-norfolk-street.csv")
    assert table.frame["lon"][0] / 1e6 == pytest.approx(1.716052, abs=0.0001)
    assert table.frame["lat"][0] / 1e6 == pytest.approx(52.657977, abs=0.0001)
    assert table.frame["crime"].null_count() == table.frame["lsoa"].null_count() == 1


@pytest.mark.parametrize(
    ("month", "published", "slug", "words"),
    [
        ("2011-01", "Violent crime", "violent-crime", "six categories"),
        ("2012-04", "Violent crime", "violent-crime", "eleven categories"),
        ("2012-04", "Public disorder and weapons", "public-order", "eleven categories"),
    ],
)
def test_older_schemes_are_mapped_with_a_visible_note(month: str, published: str, slug: str, words: str) -> None:
    content = file_of([street_row(Month=month, Crime_type=published)], OLD_STREET)
    (table,), quality = parse(police_street, content, f"{month}-metropolitan-street.csv")
    assert table.frame["category"].to_list() == [categories.by_slug(categories.POLICE_UK)[slug].number]
    assert [note for note in quality.notes if words in note]


def test_todays_names_in_an_old_month_need_no_mapping() -> None:
    content = file_of([street_row(Month="2011-01", Crime_type="Violence and sexual offences")])
    (table,), quality = parse(police_street, content, "2011-01-metropolitan-street.csv")
    assert table.frame["category"].to_list() == [NUMBERS["Violence and sexual offences"]]
    assert quality.notes == []


def test_rows_without_an_id_and_identical_rows_are_all_kept() -> None:
    asb = street_row(Crime_ID="", Crime_type="Anti-social behaviour", Last_outcome_category="")
    (table,), quality = parse(police_street, file_of([asb] * 5 + [street_row()] * 2))
    assert table.frame.height == quality.rows_kept == 7
    assert table.frame["crime"].null_count() == 5
    assert quality.notes == ["1 records repeat a Crime ID of this file; they are all counted, as published."]


def test_an_id_that_is_not_hexadecimal_is_left_out_and_said() -> None:
    (table,), quality = parse(police_street, file_of([street_row(Crime_ID="n/a"), street_row()]))
    assert table.frame["crime"].to_list() == [None, 0xAAA003527BD5D88D]
    assert quality.notes == ["1 Crime IDs are not hexadecimal numbers; their records are counted without an ID."]


def test_blank_coordinates_are_kept_without_a_place() -> None:
    blank = street_row(Longitude="", Latitude="", Location="No Location", LSOA_code="", LSOA_name="")
    (table,), quality = parse(police_street, file_of([blank, street_row()]))
    assert table.frame["lon"].to_list() == [None, 183439]
    assert (table.rows_located, quality.without_location, quality.rows_kept) == (1, 1, 2)


def test_coordinates_without_an_lsoa_are_kept() -> None:
    table = one(file_of([street_row(LSOA_code="", LSOA_name="")]))
    assert (table.rows_located, table.frame["lsoa"].to_list(), table.frame["district"].to_list()) == (1, [None], [None])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Crime_type": "Piracy"}, "unknown crime type: “Piracy”"),
        ({"Crime_type": ""}, "unknown crime type: “”"),
        ({"Longitude": "zero"}, "impossible coordinates: “zero”, “51.575900”"),
        ({"Longitude": "0", "Latitude": "0"}, "impossible coordinates"),
        ({"Longitude": "51.5759", "Latitude": "0.1834"}, "impossible coordinates"),
        ({"Longitude": ""}, "impossible coordinates: “”, “51.575900”"),
        ({"Longitude": "NaN"}, "impossible coordinates"),
        ({"Month": "2018-13"}, "not a month: “2018-13”"),
        ({"Month": ""}, "not a month: “”"),
        ({"Month": "2091-10"}, "not a month: “2091-10”"),
        ({"Month": "2001-10"}, "not a month: “2001-10”"),
    ],
)
def test_impossible_rows_are_rejected_with_number_and_reason(cells: dict[str, str], words: str) -> None:
    ((row, reason),) = rejections(street_row(**cells))
    assert row == 3
    assert words in reason


def test_a_single_row_of_another_month_is_rejected() -> None:
    ((row, reason),) = rejections(street_row(), street_row(Month="2018-11"))
    assert (row, reason) == (4, "of another month: “2018-11”")


def test_a_file_whose_rows_are_of_another_month_than_its_name_is_refused() -> None:
    with pytest.raises(Refused, match="says 2018-10 in its name but its rows are of 2018-11"):
        parse(police_street, file_of([street_row(Month="2018-11")] * 3))


def test_a_name_with_a_thirteenth_month_is_refused() -> None:
    with pytest.raises(Refused, match="2018-13, which is not a month"):
        parse(police_street, file_of([street_row()]), "2018-13-metropolitan-street.csv")


def test_a_file_named_after_another_force_is_refused() -> None:
    with pytest.raises(Refused, match="says essex in its name but its rows were reported by Metropolitan"):
        parse(police_street, file_of([street_row()]), "2018-10-essex-street.csv")


def test_a_name_we_do_not_know_gives_way_to_a_force_that_we_do() -> None:
    assert one(file_of([street_row()]), "2018-10-met-street.csv").publisher == "metropolitan"
    table = one(file_of([street_row(Reported_by="Isle of Sheep Police")]), "2018-10-sheep-street.csv")
    assert (table.publisher, table.publisher_name) == ("sheep", "Isle of Sheep Police")


def test_street_rows_in_a_file_named_outcomes_are_refused() -> None:
    with pytest.raises(Refused, match="named as outcomes but has the columns of street"):
        parse(police_street, file_of([street_row()]), "2018-10-metropolitan-outcomes.csv")


def test_a_name_that_says_nothing_leaves_it_to_the_rows() -> None:
    rows = [
        street_row(),
        street_row(Month="2018-11"),
        street_row(Reported_by="British Transport Police"),
        street_row(),
        street_row(Reported_by="Isle of Sheep Constabulary"),
    ]
    tables, quality = parse(police_street, file_of(rows), "everything.csv")
    assert [(t.publisher, t.month.month, t.frame.height) for t in tables] == [
        ("metropolitan", 10, 2),
        ("metropolitan", 11, 1),
        ("btp", 10, 1),
        ("isle-of-sheep-constabulary", 10, 1),
    ]
    assert tables[-1].publisher_name == "Isle of Sheep Constabulary"
    assert quality.rows_kept == 5


def test_a_few_odd_months_do_not_become_months_of_their_own() -> None:
    rows = [street_row()] * 200 + [street_row(Month="2018-09")]
    tables, quality = parse(police_street, file_of(rows), "romford.csv")
    assert [table.month.month for table in tables] == [10]
    assert quality.rejected == [(202, "of another month: “2018-09”")]


def test_a_london_file_whose_points_lie_in_scotland_is_refused() -> None:
    with pytest.raises(Refused, match=r"around longitude -3.19, latitude 55.95, 5\d\d km from where Metropolitan"):
        parse(police_street, file_of([street_row(Longitude="-3.19", Latitude="55.95")] * 5))


def test_a_single_point_in_scotland_is_dropped_and_its_row_counted() -> None:
    rows = [street_row()] * 9 + [street_row(Longitude="-3.19", Latitude="55.95")]
    (table,), quality = parse(police_street, file_of(rows))
    assert table.frame["lon"].to_list() == [183439] * 9 + [None]
    assert (quality.rows_kept, quality.without_location) == (10, 1)
    assert "(rows 11)" in quality.notes[0]


def test_points_of_the_transport_police_may_lie_anywhere() -> None:
    btp = {"Reported_by": "British Transport Police"}
    rows = [street_row(**btp)] * 9 + [street_row(**btp, Longitude="-3.19", Latitude="55.95")]
    assert one(file_of(rows), "2018-10-btp-street.csv").rows_located == 10


def test_a_large_file_of_one_category_is_an_extract() -> None:
    (table,), quality = parse(police_street, file_of([street_row()] * 100))
    assert table.only_categories == ("burglary",)
    assert "burglary only" in quality.notes[-1]
    assert one(file_of([street_row()] * 99)).only_categories == ()


def test_an_unknown_outcome_is_left_out_and_said() -> None:
    (table,), quality = parse(police_street, file_of([street_row(Last_outcome_category="Escaped")]))
    assert table.frame["outcome"].to_list() == [None]
    assert "'Escaped'" in quality.notes[0]


CELLS = {
    "Crime_ID": st.sampled_from(["", "00ff" * 16, "not an id"]),
    "Month": st.sampled_from(["2018-10", "2018-10", "2018-10", "2018-09", "soon"]),
    "Longitude": st.sampled_from(["0.18", "0.2", "", "east"]),
    "Latitude": st.sampled_from(["51.5", "51.6", ""]),
    "Location": st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    "Crime_type": st.sampled_from([*[*NUMBERS][:14], "Piracy"]),
}


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=30), st.sampled_from(["romford.csv", "all.csv"]))
def test_every_row_is_kept_once_or_rejected_once(cells: list[dict[str, str]], name: str) -> None:
    rows = [street_row(**row) for row in cells]
    tables, quality = parse(police_street, file_of(rows), name)
    assert quality.rows_read == len(rows)
    assert quality.rows_kept + quality.rows_rejected == quality.rows_read
    assert quality.rows_kept == sum(table.frame.height for table in tables) == sum(quality.by_category.values())
    rejected = {row for row, _ in quality.rejected}
    expected = Counter(
        (date(2018, int(row["Month"][5:]), 1), NUMBERS[row["Crime type"]], row["Location"] or None)
        for number, row in enumerate(rows, start=2)
        if number not in rejected
    )
    assert expected == Counter(
        (table.month, *row) for table in tables for row in table.frame.select("category", "street").iter_rows()
    )


# --- Real files -----------------------------------------------------------------------------------------------------


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "rows", "located", "without_lsoa", "without_id"),
    [
        ("2018-10-btp-street.csv", 5080, 5080, 91, 5080),
        ("2018-10-dyfed-powys-street.csv", 3415, 3387, 28, 982),
        ("2018-10-essex-street.csv", 17791, 17712, 79, 3826),
        ("2018-10-northern-ireland-street.csv", 13613, 13554, 13613, 5218),
        ("2018-12-staffordshire-street.csv", 8429, 7453, 976, 2462),
    ],
)
def test_quirky_forces_keep_every_row(
    real_data: Path, name: str, rows: int, located: int, without_lsoa: int, without_id: int
) -> None:
    (table,), quality = parse(police_street, (real_data / "street_quirk_forces" / name).read_bytes(), name)
    assert (quality.rows_read, quality.rows_kept, quality.notes) == (rows, rows, [])
    assert (table.rows_located, quality.without_location) == (located, rows - located)
    assert table.frame.select("lsoa", "crime").null_count().row(0) == (without_lsoa, without_id)


@pytest.mark.realdata
def test_northern_ireland_reuses_ids_between_months_and_keeps_all_rows(real_data: Path) -> None:
    october, november = (
        one((real_data / "street_quirk_forces" / name).read_bytes(), name).frame["crime"].drop_nulls()
        for name in ("2018-10-northern-ireland-street.csv", "2018-11-northern-ireland-street.csv")
    )
    assert october.is_in(november.implode()).any()


@pytest.mark.realdata
def test_burglary_of_august_2011_is_an_extract(real_data: Path) -> None:
    name = "2011-08-metropolitan-street.csv"
    (table,), quality = parse(police_street, (real_data / "met_burglary_only" / name).read_bytes(), name)
    assert (table.frame.height, table.only_categories) == (8243, ("burglary",))
    assert quality.rows_rejected == 0


@pytest.mark.realdata
def test_twelve_years_in_one_file_make_145_months(real_data: Path) -> None:
    name = "havering_burglary_2010-12_2022-12.csv"
    tables, quality = parse(police_street, (real_data / "met_burglary_only" / name).read_bytes(), name)
    assert {table.publisher for table in tables} == {"metropolitan"}
    assert [table.month for table in tables] == sorted(table.month for table in tables)
    assert (len(tables), tables[0].month, tables[-1].month) == (145, date(2010, 12, 1), date(2022, 12, 1))
    assert all(table.only_categories == ("burglary",) for table in tables)
    assert sum(table.frame.height for table in tables) == quality.rows_kept == 23677
