"""police.uk street-level crime and anti-social behaviour, one row a record: today's columns, and those of 2010-12."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from hotspots import categories
from hotspots.importers import police_uk, reading
from hotspots.importers.base import FactTable, Head, Quality, SourceFile
from hotspots.models import Source

NAME = "police.uk street"
COLUMNS = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
)  # and "Context", which is always empty and may be missing
# Published until 2012: no IDs, no LSOAs, no outcomes, and points on the British National Grid.
OLD_COLUMNS = ("Month", "Reported by", "Falls within", "Easting", "Northing", "Location", "Crime type")
_LATER = ("Crime ID", "LSOA code", "LSOA name", "Last outcome category")

_NAMES = police_uk.numbers(categories.POLICE_UK)
_OLD_NAMES = {
    name.lower(): categories.by_slug(categories.POLICE_UK)[slug].number
    for era in categories.ERAS
    for name, slug in era.names.items()
}
_OUTCOMES = police_uk.numbers(categories.OUTCOME)


def recognises(head: Head) -> bool:
    """Whether the columns are there, in any order."""
    return set(head.header) >= set(COLUMNS) or set(head.header) >= set(OLD_COLUMNS)


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table per publisher and month; one alone where the file's name says which."""
    claim = police_uk.claim_of(file, "street")
    frame = reading.table(file.content, quality)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in _LATER if name not in frame.columns)
    frame = police_uk.dated(frame, claim, quality)
    frame = police_uk.publisher_of(frame, claim, quality)
    frame = frame.with_columns(
        police_uk.categorised(frame["Crime type"], {**_OLD_NAMES, **_NAMES}).alias("category"),
        police_uk.categorised(frame["Last outcome category"], _OUTCOMES).alias("outcome"),
    )
    frame = police_uk.points(frame)
    frame = police_uk.without(
        frame,
        quality,
        [
            (pl.col("category").is_null(), police_uk.said("unknown crime type:", "Crime type")),
            police_uk.misplaced(frame),
        ],
    )
    _note_mapping(frame, quality)
    frame = police_uk.placed(frame, police_uk.single_force(frame), quality)
    frame = police_uk.crime_ids(frame, quality)
    frame = frame.with_columns(
        police_uk.districts(frame["LSOA name"]).alias("district"),
        lsoa="LSOA code",
        street="Location",
    )
    eras = [categories.era_of(month) for month in frame["month"].unique()]
    measured = min((len(era.measured) for era in eras), default=0)
    yield from police_uk.tables(
        Source.STREET,
        frame,
        quality,
        names=police_uk.publisher_names(frame),
        only_categories=police_uk.extract_of(frame, measured, categories.POLICE_UK),
    )


def _note_mapping(frame: pl.DataFrame, quality: Quality) -> None:
    """Says which older scheme was mapped onto today's, and which outcome texts are unknown."""
    texts = {" ".join(text.lower().split()) for text in frame["Crime type"].unique().drop_nulls()}
    old = texts & (_OLD_NAMES.keys() - _NAMES.keys())
    if old:
        months = frame.filter(pl.col("Crime type").str.to_lowercase().is_in(list(old)))["month"].unique().sort()
        for note in dict.fromkeys(categories.era_of(month).note for month in months):
            quality.note(note or f"Older names of categories are shown under today's: {', '.join(sorted(old))}.")
    unknown = frame.filter(pl.col("outcome").is_null() & pl.col("Last outcome category").is_not_null())
    if unknown.height:
        listed = ", ".join(repr(text) for text in unknown["Last outcome category"].unique().sort().head(5))
        quality.note(f"{unknown.height} records have an outcome that is not known here ({listed}); it is left out.")
