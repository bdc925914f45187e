"""police.uk outcomes: one row each time a crime's outcome changed, counted in the month of the outcome."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from hotspots import categories
from hotspots.importers import police_uk, reading
from hotspots.importers.base import FactTable, Head, Quality, SourceFile
from hotspots.models import Source

NAME = "police.uk outcomes"
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
    "Outcome type",
)
_NAMES = police_uk.numbers(categories.OUTCOME)


def recognises(head: Head) -> bool:
    """Whether the columns are there, in any order."""
    return set(head.header) >= set(COLUMNS)


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table per publisher and month; one alone where the file's name says which."""
    claim = police_uk.claim_of(file, "outcomes")
    frame = reading.table(file.content, quality)
    frame = police_uk.dated(frame, claim, quality)
    frame = police_uk.publisher_of(frame, claim, quality)
    frame = frame.with_columns(police_uk.categorised(frame["Outcome type"], _NAMES).alias("category"))
    frame = police_uk.points(frame)
    frame = police_uk.without(
        frame,
        quality,
        [
            (pl.col("category").is_null(), police_uk.said("unknown outcome type:", "Outcome type")),
            police_uk.misplaced(frame),
        ],
    )
    frame = police_uk.placed(frame, police_uk.single_force(frame), quality)
    frame = police_uk.crime_ids(frame, quality)
    frame = frame.with_columns(
        police_uk.districts(frame["LSOA name"]).alias("district"),
        lsoa="LSOA code",
        street="Location",
    )
    yield from police_uk.tables(Source.OUTCOMES, frame, quality, names=police_uk.publisher_names(frame))
