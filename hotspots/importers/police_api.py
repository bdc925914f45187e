"""Answers of the data.police.uk API: street-level crimes, and stop and searches, as JSON.

A question asks for an area, so a month takes many answers, and a record on the boundary of two areas comes in both:
crimes are put together by their `id`, over all files of one import.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import polars as pl

from hotspots import categories
from hotspots.importers import forces, police_searches, police_uk
from hotspots.importers.base import FactTable, Head, Quality, Refused, SourceFile
from hotspots.importers.reading import ROW
from hotspots.models import Source

NAME = "data.police.uk API"
PUBLISHER = forces.Force("data-police-uk", "data.police.uk API", None)
# The files of one import make one table a month; rows with the same value here are one.
MERGE_ON = "id"

_CRIME_KEYS = (b'"category"', b'"location_type"', b'"month"')
_STOP_KEYS = (b'"involved_person"', b'"object_of_search"', b'"datetime"')
_SLUGS = {
    **{d.slug: d.number for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK and not d.members},
    "public-disorder-weapons": categories.by_slug(categories.POLICE_UK)["public-order"].number,
}
_OUTCOMES = police_uk.numbers(categories.OUTCOME)
# Column of the stop and search files -> key in the API's answers.
_STOPS = {
    "Type": "type",
    "Date": "datetime",
    "Gender": "gender",
    "Age range": "age_range",
    "Self-defined ethnicity": "self_defined_ethnicity",
    "Officer-defined ethnicity": "officer_defined_ethnicity",
    "Legislation": "legislation",
    "Object of search": "object_of_search",
    "Outcome": "outcome",
    "Outcome linked to object of search": "outcome_linked_to_object_of_search",
}


def recognises(head: Head) -> bool:
    """Whether it is a list of crimes or of searches. Raises Refused for other answers of the same API."""
    start = head.start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"[", b"{")):
        return False
    if b'"person_id"' in start and b'"crime"' in start:
        raise Refused("This is the API's answer about outcomes. Outcomes are read from the police.uk CSV files.")
    known = any(all(key in start for key in keys) for keys in (_CRIME_KEYS, _STOP_KEYS))
    if known and start.startswith(b"{"):
        raise Refused("This is a single record. An answer of the API about crimes or searches is a list of records.")
    return known


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table per month. Row numbers count the records from 1."""
    try:
        answer = orjson.loads(file.content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Refused(f"The file is not whole JSON ({error}). Get the answer again.") from error
    records = [record if isinstance(record, dict) else {} for record in answer]
    quality.rows_read += len(records)
    if any("involved_person" in record for record in records):
        yield from _searches(records, quality)
    else:
        yield from _crimes(records, quality)


def _crimes(records: list[dict[str, Any]], quality: Quality) -> Iterator[FactTable]:
    places = [_part(record, "location") for record in records]
    frame = pl.DataFrame(
        {
            ROW: range(1, len(records) + 1),
            "id": [_whole(record.get("id")) for record in records],
            "Category": [_text(record.get("category")) for record in records],
            "Month": [_text(record.get("month")) for record in records],
            "Crime ID": [_text(record.get("persistent_id")) for record in records],
            "Outcome": [_text(_part(record, "outcome_status").get("category")) for record in records],
            "Longitude": [_text(place.get("longitude")) for place in places],
            "Latitude": [_text(place.get("latitude")) for place in places],
            "street": [_text(_part(place, "street").get("name")) for place in places],
        },
        schema_overrides={ROW: pl.UInt32, "id": pl.UInt64} | dict.fromkeys(_CRIME_TEXTS, pl.String),
    )
    frame = police_uk.points(frame).with_columns(
        month=police_uk.mapped(frame["Month"], police_uk.month_of, pl.Date),
        category=police_uk.mapped(frame["Category"], _SLUGS.get, pl.UInt16),  # type: ignore[arg-type]
        outcome=police_uk.categorised(frame["Outcome"], _OUTCOMES),
    )
    frame = police_uk.without(
        frame,
        quality,
        [
            (pl.col("id").is_null(), pl.lit("has no id")),
            (pl.col("month").is_null(), police_uk.said("not a month:", "Month")),
            (pl.col("category").is_null(), police_uk.said("unknown category:", "Category")),
            police_uk.misplaced(frame),
        ],
    )
    once = frame.unique("id", keep="first", maintain_order=True)
    if once.height < frame.height:
        quality.note(f"{frame.height - once.height} records came twice in this file, and are counted once.")
    frame = police_uk.crime_ids(police_uk.placed(once, PUBLISHER, quality), quality).with_columns(
        publisher=pl.lit(PUBLISHER.slug), lsoa=pl.lit(None, pl.String), district=pl.lit(None, pl.String)
    )
    names = {PUBLISHER.slug: PUBLISHER.name}
    yield from police_uk.tables(Source.API, frame, quality, names=names, extra=["id"])


_CRIME_TEXTS = ("Category", "Month", "Crime ID", "Outcome", "Longitude", "Latitude", "street")


def _searches(records: list[dict[str, Any]], quality: Quality) -> Iterator[FactTable]:
    places = [_part(record, "location") for record in records]
    columns = {
        ROW: list(range(1, len(records) + 1)),
        **{column: [_text(record.get(key)) for record in records] for column, key in _STOPS.items()},
        "Longitude": [_text(place.get("longitude")) for place in places],
        "Latitude": [_text(place.get("latitude")) for place in places],
    }
    types = {name: pl.UInt32 if name == ROW else pl.String for name in columns}
    quality.note("The API gives searches no id: one on the boundary of two areas that were asked for counts twice.")
    frame = police_searches.shaped(pl.DataFrame(columns, schema=types), None, quality)
    yield from police_searches.tables(frame, PUBLISHER, quality)


def _part(record: dict[str, Any], key: str) -> dict[str, Any]:
    """An object inside a record; empty where it is null or something else."""
    found = record.get(key)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    """Texts and numbers as text, false as "False" (as the CSV files have it); None for null, "" and anything else."""
    return str(value).replace("\x00", "") if isinstance(value, str | int | float) and value != "" else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
