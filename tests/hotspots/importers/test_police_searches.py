from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from shapely import box, to_wkb

from hotspots import categories, facts
from hotspots.importers import police_searches
from hotspots.importers.base import FactTable, Refused
from hotspots.models import Source
from tests import factories
from tests.hotspots.importers.police_files import SEARCHES, file_of, parse, search_row

NAME = "2016-06-metropolitan-stop-and-search.csv"
SLUGS = categories.by_slug(categories.SEARCH)


def one(*rows: dict[str, str], name: str = NAME) -> FactTable:
    (table,), _ = parse(police_searches, file_of(rows, SEARCHES), name)
    return table


def test_a_row_becomes_a_fact_with_the_published_columns() -> None:
    table = one(search_row(Gender="Male", Age_range="18-24", Legislation="Misuse of Drugs Act 1971 (section 23)"))
    assert (table.source, table.publisher, table.month) == (Source.SEARCHES, "metropolitan", date(2016, 6, 1))
    assert [*table.frame.columns][: len(facts.SCHEMA[Source.SEARCHES])] == [*facts.SCHEMA[Source.SEARCHES]]
    row = table.frame.row(0, named=True)
    assert row["category"] == SLUGS["controlled-drugs"].number
    assert row["result"] == SLUGS["search-no-further-action"].number
    assert (row["lon"], row["lat"]) == (183439, 51575900)
    assert row["at"] == datetime(2016, 6, 10, 12, tzinfo=UTC)
    assert (row["gender"], row["age_range"], row["legislation"]) == (
        "Male",
        "18-24",
        "Misuse of Drugs Act 1971 (section 23)",
    )


def test_the_month_is_that_of_the_local_time() -> None:
    rows = [
        search_row(Date=at)
        for at in ("2016-05-31T22:59:00+00:00", "2016-05-31T23:15:00+00:00", "2016-12-31T23:15:00+00:00")
    ]
    tables, _ = parse(police_searches, file_of(rows, SEARCHES), "metropolitan.csv")
    assert [(table.month.month, table.frame.height) for table in tables] == [(5, 1), (6, 1), (12, 1)]


def test_late_on_31_may_belongs_to_the_june_file() -> None:
    table = one(search_row(Date="2016-05-31T23:15:00+00:00"), search_row())
    assert (table.month, table.frame.height) == (date(2016, 6, 1), 2)


def test_a_force_that_writes_local_time_as_utc_loses_no_search() -> None:
    rows = [search_row(), search_row(Date="2016-06-30T23:30:00+00:00")]
    (table,), quality = parse(police_searches, file_of(rows, SEARCHES), NAME)
    assert (table.month, table.frame.height) == (date(2016, 6, 1), 2)
    assert quality.notes == ["1 searches are of another month by local time; they count in 2016-06, as published."]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Date": "2016-08-01T12:00:00+00:00"}, "of another month: “2016-08-01T12:00:00+00:00”"),
        ({"Date": "yesterday"}, "not a date and time: “yesterday”"),
        ({"Date": ""}, "not a date and time: “”"),
        ({"Latitude": "0", "Longitude": "0"}, "impossible coordinates: “0”, “0” is not in the UK"),
    ],
)
def test_impossible_rows_are_rejected(cells: dict[str, str], reason: str) -> None:
    _, quality = parse(police_searches, file_of([search_row(), search_row(), search_row(**cells)], SEARCHES), NAME)
    assert quality.rejected == [(4, reason)]


def test_a_file_of_another_month_than_its_name_is_refused() -> None:
    with pytest.raises(Refused, match="says 2016-06 in its name but its rows are of 2016-08"):
        one(search_row(Date="2016-08-01T12:00:00+00:00"))


@pytest.mark.parametrize(
    ("published", "slug"),
    [
        ("Article for use in theft", "article-for-use-in-theft"),
        ("Articles for use in criminal damage", "articles-for-criminal-damage"),
        ("Crossbows", "other-object"),
        ("Goods on which duty has not been paid etc.", "other-object"),
        ("Detailed object of search unavailable", "object-not-stated"),
        ("", "object-not-stated"),
    ],
)
def test_objects(published: str, slug: str) -> None:
    assert one(search_row(Object_of_search=published)).frame["category"].to_list() == [SLUGS[slug].number]


def test_a_new_object_counts_as_another_and_is_said() -> None:
    (table,), quality = parse(police_searches, file_of([search_row(Object_of_search="Drones")], SEARCHES), NAME)
    assert table.frame["category"].to_list() == [SLUGS["other-object"].number]
    assert quality.notes == ["Counted under “Another object”: Drones."]


@pytest.mark.parametrize(
    ("published", "slug"),
    [
        ("A no further action disposal", "search-no-further-action"),
        ("Nothing found - no further action", "search-no-further-action"),
        ("Suspected psychoactive substances seized - No further action", "search-no-further-action"),
        ("Arrest", "search-further-action"),
        ("Khat or Cannabis warning", "search-further-action"),
        ("Summons / charged by post", "search-further-action"),
        ("", "search-outcome-not-stated"),
        ("Article found - Detailed outcome unavailable", "search-outcome-not-stated"),
    ],
)
def test_results(published: str, slug: str) -> None:
    assert one(search_row(Outcome=published)).frame["result"].to_list() == [SLUGS[slug].number]


@pytest.mark.django_db
def test_the_force_is_that_of_the_borough_where_the_name_does_not_say() -> None:
    publisher = factories.PublisherFactory(slug="metropolitan")
    borough = factories.BoroughFactory(parent=publisher.area)
    factories.BoundaryFactory(area=borough, box_of=(0.1, 51.5, 0.3, 51.6), shape=to_wkb(box(0.1, 51.5, 0.3, 51.6)))
    assert one(search_row(), name="havering_derived.csv").publisher == "metropolitan"


@pytest.mark.django_db
def test_a_borough_of_an_unknown_force_is_not_given_to_one_without_a_territory() -> None:
    factories.PublisherFactory(slug="btp", area=None)
    borough = factories.BoroughFactory(parent=None)
    factories.BoundaryFactory(area=borough, box_of=(0.1, 51.5, 0.3, 51.6), shape=to_wkb(box(0.1, 51.5, 0.3, 51.6)))
    with pytest.raises(Refused, match="does not say which force"):
        one(search_row(), name="havering_derived.csv")


@pytest.mark.django_db
def test_without_a_name_or_a_borough_the_force_is_asked_for() -> None:
    with pytest.raises(Refused, match="does not say which force"):
        one(search_row(), name="havering_derived.csv")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "rows", "located"),
    [
        ("2016-06-metropolitan-stop-and-search.csv", 10490, 9619),
        ("2019-08-city-of-london-stop-and-search.csv", 336, 262),
    ],
)
def test_real_months_are_whole(real_data: Path, name: str, rows: int, located: int) -> None:
    (table,), quality = parse(police_searches, (real_data / "stop_and_search" / name).read_bytes(), name)
    assert (quality.rows_read, quality.rows_kept, table.rows_located) == (rows, rows, located)
    assert quality.notes == []


@pytest.mark.realdata
def test_havering_has_broken_months_in_2018(real_data: Path) -> None:
    content = (real_data / "stop_and_search" / "havering_2016-06_2022-12_derived.csv").read_bytes()
    tables, quality = parse(police_searches, content, "metropolitan-havering.csv")
    rows = {table.month: table.frame.height for table in tables}
    assert (rows[date(2018, 2, 1)], rows[date(2018, 3, 1)]) == (7, 1)
    assert rows[date(2016, 6, 1)] == 138  # three of them late on 31 May in UTC
    assert date(2016, 5, 1) not in rows
    assert sum(rows.values()) == quality.rows_kept == 9379
