"""Metropolitan Police tables: all variants in the real data, and what is rejected with which words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots import categories, facts
from hotspots.importers import mps_tables, pipeline, reading
from hotspots.importers.base import FactTable, Head, Quality, Refused, SourceFile
from hotspots.models import ImportedFile, Slice
from partners.jobs import Progress

NUMBERS = {slug: d.number for slug, d in categories.by_slug(categories.MPS).items()}
HEADER = "MajorText,MinorText,WardName,WardCode,LookUp_BoroughName"


def parse(text: str | bytes) -> tuple[list[FactTable], Quality]:
    content = text.encode() if isinstance(text, str) else text
    quality = Quality()
    head = reading.head("table.csv", content[: reading.HEAD_BYTES], whole=len(content) <= reading.HEAD_BYTES)
    assert mps_tables.recognises(head)
    tables = list(mps_tables.parse(SourceFile("table.csv", content, ""), quality))
    for table in tables:
        assert dict(table.frame.schema) == facts.SCHEMA[table.source]
    return tables, quality


def total(tables: list[FactTable], months: set[date], slug: str, **where: str) -> int:
    frames = [table.frame.filter(category=NUMBERS[slug], **where) for table in tables if table.month in months]
    return int(pl.concat(frames)["count"].sum())


def test_wide_months_become_long_slices() -> None:
    tables, quality = parse(
        f"{HEADER},202202,202203\n"
        "Vehicle Offences,Theft from a Motor Vehicle,Gooshays,E05013973,Havering,4,\n"
        "VEHICLE OFFENCES,INTERFERING WITH A MOTOR VEHICLE,Gooshays,E05013973,Havering,0,7\n"
    )
    assert [(t.month, t.release, t.scope, t.publisher, t.source) for t in tables] == [
        (date(2022, 2, 1), date(2022, 3, 1), "Havering", "metropolitan", "mps-ward"),
        (date(2022, 3, 1), date(2022, 3, 1), "Havering", "metropolitan", "mps-ward"),
    ]
    assert tables[0].frame.rows() == [
        (NUMBERS["theft-from-a-vehicle"], "E05013973", "Havering", 4),
        (NUMBERS["interfering-with-a-motor-vehicle"], "E05013973", "Havering", 0),
    ]
    assert tables[1].frame["count"].to_list() == [None, 7]  # a blank cell is unknown, not zero
    assert tables[0].only_categories == ("interfering-with-a-motor-vehicle", "theft-from-a-vehicle")
    assert (quality.rows_read, quality.rows_kept) == (2, 2)


def test_borough_table_with_its_columns_in_another_order_and_case() -> None:
    tables, _ = parse("lookup_boroughname,202202,minortext,majortext\nBarnet,3,Arson,Arson and Criminal Damage\n")
    assert tables[0].source == "mps-borough"
    assert tables[0].frame.rows() == [(NUMBERS["arson"], "Barnet", "Barnet", 3)]


def test_an_empty_month_is_not_reported_rather_than_zero() -> None:
    tables, quality = parse(
        f"{HEADER},202201,202202,202203\nRobbery,Robbery of Personal Property,X,E05013973,Havering,,0,2\n"
    )
    assert [t.month for t in tables] == [date(2022, 3, 1)]
    assert "Nothing is counted in January 2022, February 2022: taken as not reported, not as zero." in quality.notes


def test_bad_rows_are_rejected_by_number() -> None:
    tables, quality = parse(
        f"{HEADER},202202\n"
        "Theft,Shoplifting,X,E05013973,Havering,1\n"
        "Theft,Space Travel,X,E05013973,Havering,1\n"
        "Theft,Shoplifting,X,Gooshays,Havering,1\n"
        "Theft,Other Theft,X,E05013973,Havering,many\n"
        "Theft,Bicycle Theft,X,E05013973,Havering,-1\n"
        "Theft,Shoplifting,X,E05013973,Havering,5\n"
        "Theft,Theft from Person,X,E05013973,,5\n"
    )
    assert quality.rejected == [
        (3, "'Space Travel' is not a known type of crime"),
        (4, "'Gooshays' is not a ward code"),
        (5, "'many' in 202202 is not a whole number"),
        (6, "'-1' in 202202 is not a whole number"),
        (7, "repeats the type and place of a row above"),
        (8, "has no borough"),
    ]
    assert tables[0].frame["count"].to_list() == [1]


def test_a_table_without_months_is_refused() -> None:
    with pytest.raises(Refused, match="no column for a month"):
        mps_tables.recognises(Head("x.csv", b"", tuple(HEADER.split(","))))
    assert not mps_tables.recognises(Head("x.csv", b"", ("Crime ID", "Month")))


def test_every_type_of_today_has_a_name_and_every_name_one_type() -> None:
    leaves = {d.slug for d in categories.DEFINITIONS if d.scheme == categories.MPS and not d.members}
    assert set(mps_tables.TYPES) == leaves
    names = [name for names in mps_tables.TYPES.values() for name in names]
    assert len({mps_tables._key(name) for name in names}) == len(names)


@given(st.lists(st.lists(st.none() | st.integers(0, 999), min_size=3, max_size=3), min_size=1, max_size=9))
def test_every_cell_is_kept(cells: list[list[int | None]]) -> None:
    lines = [
        f"Theft,Shoplifting,W,E05{n:06d},Havering," + ",".join("" if c is None else str(c) for c in row)
        for n, row in enumerate(cells)
    ]
    tables, quality = parse("\n".join([f"{HEADER},202201,202202,202203", *lines]))
    assert quality.rows_kept == quality.rows_read == len(cells)
    found = {table.month.month: table.frame["count"].to_list() for table in tables}
    for month in (1, 2, 3):
        column = [row[month - 1] for row in cells]
        assert found.get(month) == (column if any(column) else None)


@pytest.mark.django_db
@pytest.mark.parametrize("newest_first", [False, True])
def test_the_newer_release_of_a_month_wins_in_any_order(tmp_path: Path, newest_first: bool) -> None:
    row = "Theft,Shoplifting,X,E05013971,Havering"
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(f"{HEADER},202201,202202\n{row},5,6\n")
    new.write_text(f"{HEADER},202202,202203\n{row},8,9\n")
    for path in (new, old) if newest_first else (old, new):
        run = pipeline.run(
            [path],
            title="Test",
            by=None,
            progress=Progress(None),
            summarise=lambda touched: None,
            areas_changed=lambda: None,
        )
        assert run.files.get().state == ImportedFile.State.STORED
    current = Slice.objects.current().order_by("month")
    assert [(s.month.month, facts.read(s.path)["count"].to_list()) for s in current] == [(1, [5]), (2, [8]), (3, [9])]
    superseded = Slice.objects.get(superseded__isnull=False)
    assert (superseded.release, superseded.month) == (date(2022, 2, 1), date(2022, 2, 1))
    assert facts.read(superseded.path)["count"].to_list() == [6]


# --- Real files -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real_tables(real_data: Path) -> dict[str, tuple[list[FactTable], Quality]]:
    return {path.stem: parse(path.read_bytes()) for path in sorted((real_data / "london_datastore").glob("*.csv"))}


def test_every_row_of_every_real_table_is_known(real_tables: dict[str, tuple[list[FactTable], Quality]]) -> None:
    expected = {
        "havering_ward_historical_201004-202402_from_parquet": (167, 611, "Havering", date(2024, 2, 1)),
        "mps_borough_24m_202112-202311": (24, 1581, "", date(2023, 11, 1)),
        "mps_borough_hist_201004-2021b": (140, 1728, "", date(2021, 11, 1)),
        "mps_ward_24m_202009-202208": (24, 22168, "", date(2022, 8, 1)),
        "mps_ward_24m_202112-202311": (24, 23438, "", date(2023, 11, 1)),
        "mps_ward_24m_202304-202503": (24, 17901, "", date(2025, 3, 1)),
    }
    for name, (months, rows, scope, release) in expected.items():
        tables, quality = real_tables[name]
        assert (len(tables), quality.rows_kept, quality.rows_rejected) == (months, rows, 0)
        assert {(t.scope, t.release) for t in tables} == {(scope, release)}
        assert {t.frame.height for t in tables} == {rows}


def test_gooshays_interfering_with_a_motor_vehicle(real_tables: dict[str, tuple[list[FactTable], Quality]]) -> None:
    tables, _ = real_tables["mps_ward_24m_202112-202311"]
    for month, count in ((date(2022, 2, 1), 4), (date(2023, 2, 1), 13)):
        assert total(tables, {month}, "interfering-with-a-motor-vehicle", area="E05013971") == count


@pytest.mark.parametrize(("year", "count"), [(2017, 2017), (2019, 1878), (2020, 1540)])
def test_havering_violence_with_injury(
    real_tables: dict[str, tuple[list[FactTable], Quality]], year: int, count: int
) -> None:
    tables, _ = real_tables["mps_borough_hist_201004-2021b"]
    months = {date(year, month, 1) for month in range(1, 13)}
    assert total(tables, months, "violence-with-injury", area="Havering") == count


def test_borough_totals_exceed_ward_totals(real_tables: dict[str, tuple[list[FactTable], Quality]]) -> None:
    """Crimes without a usable place are in no ward. All London in 2020-21; Havering in 2021-23."""

    def counted(name: str, borough: str = "") -> dict[date, int]:
        fraud = [NUMBERS["fraud-and-forgery-offences"], NUMBERS["nfib-fraud"]]
        kept = ~pl.col("category").is_in(fraud) & pl.col("borough").str.starts_with(borough)
        return {table.month: int(table.frame.filter(kept)["count"].sum()) for table in real_tables[name][0]}

    for by_borough, by_ward in (
        (counted("mps_borough_hist_201004-2021b"), counted("mps_ward_24m_202009-202208")),
        (counted("mps_borough_24m_202112-202311", "Havering"), counted("mps_ward_24m_202112-202311", "Havering")),
    ):
        months = by_borough.keys() & by_ward.keys()
        assert len(months) >= 15
        assert 1.015 <= sum(by_borough[m] for m in months) / sum(by_ward[m] for m in months) <= 1.03


def test_rows_of_the_airports_keep_their_ward(real_tables: dict[str, tuple[list[FactTable], Quality]]) -> None:
    tables, quality = real_tables["mps_ward_24m_202112-202311"]
    last = tables[-1].frame.filter(category=NUMBERS["criminal-damage"], area="E05013570")
    assert last["borough"].sort().to_list() == ["Aviation Security (SO18)", "Hillingdon"]
    assert any(note.startswith("Aviation Security (SO18) is no borough") for note in quality.notes)


def test_a_month_is_revised_between_releases(real_tables: dict[str, tuple[list[FactTable], Quality]]) -> None:
    first, second = real_tables["mps_ward_24m_202009-202208"][0], real_tables["mps_ward_24m_202112-202311"][0]
    month = date(2021, 12, 1)
    counts = [next(t.frame["count"].sum() for t in tables if t.month == month) for tables in (first, second)]
    assert counts[0] != counts[1]
    assert first[0].release is not None
    assert second[0].release is not None
    assert first[0].release < second[0].release


def test_notes_of_the_new_recording_system_and_of_fraud(
    real_tables: dict[str, tuple[list[FactTable], Quality]],
) -> None:
    notes = " ".join(real_tables["mps_ward_24m_202304-202503"][1].notes)
    assert "February and March 2024" in notes
    assert "Fraud is stored, but does not count in totals" in notes
    assert "Counted as Domestic burglary: BURGLARY IN A DWELLING." in notes
    assert pl.Series(real_tables["mps_ward_24m_202009-202208"][1].notes).str.contains("2024").sum() == 0
