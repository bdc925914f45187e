from __future__ import annotations

from datetime import date

from hotspots import presenters
from hotspots.coverage import Cell, Coverage, Line, State
from hotspots.models import Area, ImportedFile, Publisher, Slice, Source
from hotspots.queries import Areas, Loaded, WardSet
from tests.factories import months_from


def line(name: str, cells: list[Cell | None], scope: str = "") -> Line:
    return Line(Publisher(slug=name.lower(), name=name), scope, tuple(cells))


def cell(state: State, rows: int = 10) -> Cell:
    return Cell(state, None if state == State.MISSING else Slice(pk=1, file_id=7, rows=rows), rows)


def test_sources_name_gaps_and_what_is_not_loaded() -> None:
    months = tuple(months_from(date(2016, 4, 1), 4))
    reported, missing, partial = cell(State.REPORTED), cell(State.MISSING, 0), cell(State.PARTIAL)
    matrix = Coverage(Source.STREET, months, (line("Met", [reported, missing, missing, partial]),))
    loaded = [Loaded(Source.STREET, "Met", "", months[0], months[3], 2, 20, presenters.timezone.now())]
    street, *others = presenters.sources(loaded, {Source.STREET: matrix})
    assert street.rows[0].months == "April 2016 to July 2016"
    assert street.rows[0].gaps == ["May 2016 to June 2016"]
    assert street.rows[0].partial == ["July 2016"]
    assert [table.source for table in others] == [source for source in Source if source != Source.STREET]
    assert not any(table.rows for table in others)


def test_areas_say_what_is_missing() -> None:
    assert all("None" in sentences[0] for _, sentences in presenters.areas(Areas({}, {}, [], [], [])))


def test_areas_in_words() -> None:
    found = Areas(
        kinds={Area.Kind.BOROUGH: 1, Area.Kind.LSOA: 150},
        with_boundary={Area.Kind.LSOA: 149},
        ward_sets=[
            WardSet(None, date(2022, 5, 5), wards=18, boroughs=1, with_boundary=18),
            WardSet(date(2022, 5, 5), None, wards=20, boroughs=1, with_boundary=19),
        ],
        lookups=[
            ("GLA", date(2016, 1, 1), 149),
            ("GLA", date(2017, 1, 1), 150),
            ("ONS best fit", None, 1),
        ],
        populations=[(2021, "lsoa", 150, "Census"), (2015, "ward", 1, "GLA")],
    )
    words = dict(presenters.areas(found))
    assert words["Wards"] == [
        "18 wards in 1 borough, in force since before records until 4 May 2022",
        "20 wards in 1 borough, in force from 5 May 2022; 1 without a boundary",
    ]
    assert words["LSOAs (small areas)"] == ["150 known, 149 with a boundary"]
    assert words["Lookups from LSOA to ward"] == [
        "150 LSOAs in 2 versions, for months from January 2016, the last from January 2017 (GLA)",
        "1 LSOA (ONS best fit)",
    ]
    assert words["Residents"] == ["2021: 150 LSOAs (Census)", "2015: 1 ward (GLA)"]


def test_coverage_by_year_newest_first_with_words_for_every_mark() -> None:
    months = tuple(months_from(date(2016, 12, 1), 3))
    matrix = Coverage(
        Source.STREET,
        months,
        (
            line("Met", [cell(State.REPORTED, 1812), cell(State.MISSING, 0), cell(State.EXTRACT)]),
            line("BTP", [None, cell(State.PARTIAL, 1), None], scope="Havering"),
        ),
    )
    newest, oldest = presenters.coverage(matrix)
    assert (newest.year, oldest.year) == (2017, 2016)
    assert [publisher for publisher, _ in newest.lines] == ["Met", "BTP, Havering only"]
    assert [publisher for publisher, _ in oldest.lines] == ["Met"]
    december = oldest.lines[0][1][11]
    assert december is not None
    assert (december.words, december.file) == ("December 2016: reported, 1,812 rows", 7)
    assert oldest.lines[0][1][:11] == [None] * 11
    january = newest.lines[0][1][0]
    assert january is not None
    assert (january.words, january.file, january.shape) == ("January 2017: missing", None, "✕")
    assert newest.lines[1][1][0].words == "January 2017: partial, 1 row"  # type: ignore[union-attr]


def test_shapes_differ() -> None:
    assert len(set(presenters.SHAPES.values())) == len(State)


def test_quality_of_a_refused_file_without_a_record() -> None:
    page = presenters.quality(ImportedFile(size=10))
    assert (page.notes, page.changes, page.unknown_lsoa_words, page.rejected_share) == ([], [], "", "")


def test_quality_in_words() -> None:
    quality = {
        "without_location": 47,
        "unknown_lsoas": {"elsewhere": 900, "E01009999": 2},
        "by_category": {"Burglary": 1990, "Drugs": 10},
        "notes": ["Windows text."],
        "changes": [
            {
                "slice": "April 2016, Met",
                "rows_before": 2010,
                "rows_after": 2000,
                "categories": [{"name": "Drugs", "before": 20, "after": 10}],
            }
        ],
    }
    page = presenters.quality(ImportedFile(size=10, rows_read=2001, rows_kept=2000, rows_rejected=1, quality=quality))
    assert page.rejected_share == "less than 0.1%"
    assert page.without_location_share == "2.4%"
    assert page.unknown_lsoas == [("E01009999", 2)]
    assert "2 rows in 1 LSOA of the boroughs that are loaded" in page.unknown_lsoa_words
    assert "900 rows lie in LSOAs elsewhere" in page.unknown_lsoa_words
    assert page.categories == [("Burglary", 1990, "99.5%"), ("Drugs", 10, "0.5%")]
    assert page.changes[0].what == "April 2016, Met: 2,000 rows instead of 2,010 (−10)"
    assert [(c.name, c.difference) for c in page.changes[0].categories] == [("Drugs", "−10")]
