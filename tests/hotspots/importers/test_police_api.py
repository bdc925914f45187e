from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from hotspots import categories, facts
from hotspots.importers import police_api, reading, recognise
from hotspots.importers.base import Refused
from hotspots.models import Source
from tests.hotspots.importers.police_files import parse

SLUGS = categories.by_slug(categories.POLICE_UK)


def crime(**values: Any) -> dict[str, Any]:
    return {
        "category": "burglary",
        "location_type": "Force",
        "location": {
            "latitude": "51.575900",
            "street": {"id": 1, "name": "On or near South Street"},
            "longitude": "0.183439",
        },
        "context": "",
        "outcome_status": {"category": "Under investigation", "date": "2017-05"},
        "persistent_id": "00ff" * 16,
        "id": 1,
        "location_subtype": "",
        "month": "2017-05",
    } | values


def stop(**values: Any) -> dict[str, Any]:
    return {
        "involved_person": True,
        "datetime": "2018-06-30T23:40:00+00:00",
        "type": "Person search",
        "object_of_search": "Offensive weapons",
        "outcome": "Arrest",
        "location": {"latitude": "51.5759", "longitude": "0.183439", "street": {"id": 1, "name": "x"}},
        "age_range": "over 34",
        "outcome_linked_to_object_of_search": None,
    } | values


def recognised(content: bytes) -> str:
    return recognise(reading.head("answer.json", content, whole=True)).NAME


def test_a_crime_becomes_a_fact_with_its_id() -> None:
    content = orjson.dumps([crime()])
    assert recognised(content) == "data.police.uk API"
    (table,), _ = parse(police_api, content, "answer.json")
    assert (table.source, table.publisher, table.month) == (Source.API, "data-police-uk", date(2017, 5, 1))
    assert [*table.frame.columns] == [*facts.SCHEMA[Source.API], "id"]
    row = table.frame.row(0, named=True)
    assert (row["category"], row["lon"], row["lat"], row["id"]) == (SLUGS["burglary"].number, 183439, 51575900, 1)
    assert (row["crime"], row["street"]) == (0x00FF00FF00FF00FF, "On or near South Street")


def test_the_same_id_counts_once_also_where_the_records_differ() -> None:
    (table,), quality = parse(police_api, orjson.dumps([crime(), crime(outcome_status=None), crime(id=2)]))
    assert table.frame["id"].to_list() == [1, 2]
    assert (quality.rows_read, quality.rows_kept) == (3, 2)
    assert "1 records came twice" in quality.notes[0]


def test_nulls_are_no_error() -> None:
    content = orjson.dumps(
        [crime(location=None, outcome_status=None, persistent_id=""), crime(id=2, location_type=None)]
    )
    (table,), quality = parse(police_api, content)
    assert table.frame["lon"].to_list() == [None, 183439]
    assert table.frame["outcome"].null_count() == table.frame["crime"].null_count() == 1
    assert quality.rows_rejected == 0


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"category": "piracy"}, "unknown category: “piracy”"),
        ({"id": None}, "has no id"),
        ({"month": "soon"}, "not a month: “soon”"),
        ({"location": {"latitude": "invalid", "longitude": "0.1"}}, "impossible coordinates"),
        ({"location": {"latitude": 0, "longitude": 0}}, "impossible coordinates"),
    ],
)
def test_impossible_records_are_rejected_by_their_number(values: dict[str, Any], reason: str) -> None:
    _, quality = parse(police_api, orjson.dumps([crime(id=9), crime(**values)]))
    ((row, why),) = quality.rejected
    assert row == 2
    assert reason in why


def test_searches_are_read_like_those_of_the_files() -> None:
    content = orjson.dumps([stop(), stop(outcome=False, location=None)])
    assert recognised(content) == "data.police.uk API"
    (table,), quality = parse(police_api, content)
    searches = categories.by_slug(categories.SEARCH)
    assert (table.source, table.publisher, table.month) == (Source.SEARCHES, "data-police-uk", date(2018, 7, 1))
    assert table.frame["category"].to_list() == [searches["offensive-weapons"].number] * 2
    assert table.frame["result"].to_list() == [
        searches["search-further-action"].number,
        searches["search-no-further-action"].number,
    ]
    assert (table.rows_located, quality.without_location) == (1, 1)


def test_half_an_answer_is_refused() -> None:
    with pytest.raises(Refused, match="not whole JSON"):
        parse(police_api, orjson.dumps([crime(), crime()])[:-30])


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("crime.json", "a single record"),
        ("stop-and-search.json", "a single record"),
        ("outcome.json", "answer about outcomes"),
        ("neighbourhood-html-in-name.json", "not a file that can be read here"),
        ("coordinate-invalid.json", "not a file that can be read here"),
    ],
)
def test_other_answers_of_the_api_are_refused(real_data: Path, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        recognised((real_data / "fixtures" / "police-data-kit" / name).read_bytes())
