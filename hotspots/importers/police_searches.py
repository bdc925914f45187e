"""police.uk stop and search: one row a search, counted in the month of its local time.

Times are published in UTC, so a search at 23:15 on 31 May is one of June. A published file holds the month in its name
by local time; some forces write local time where UTC belongs. A row of a published file therefore counts in the file's
month if either reckoning says so - each search is published once, so nothing is lost or counted twice - and is rejected
where neither does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import polars as pl
import shapely
from django.utils import timezone

from hotspots import categories
from hotspots.coverage import area_publishers
from hotspots.importers import forces, police_uk, reading
from hotspots.importers.base import FactTable, Head, Quality, Refused, SourceFile
from hotspots.models import Area, Boundary, Publisher, Source

NAME = "police.uk stop and search"
COLUMNS = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)
# Kept as published: column of the slice -> column of the file.
KEPT = {
    "type": "Type",
    "gender": "Gender",
    "age_range": "Age range",
    "self_defined_ethnicity": "Self-defined ethnicity",
    "officer_defined_ethnicity": "Officer-defined ethnicity",
    "legislation": "Legislation",
    "object_of_search": "Object of search",
    "outcome": "Outcome",
    "outcome_linked": "Outcome linked to object of search",
}

_SLUGS = categories.by_slug(categories.SEARCH)
_OTHER, _NOT_STATED = _SLUGS["other-object"].number, _SLUGS["object-not-stated"].number
_OBJECTS = {
    **{d.name.lower(): d.number for d in _SLUGS.values() if not d.slug.startswith("search-") and not d.members},
    "detailed object of search unavailable": _NOT_STATED,
    "goods on which duty has not been paid etc.": _OTHER,
    "game or poaching equipment": _OTHER,
    "evidence of wildlife offences": _OTHER,
    "crossbows": _OTHER,
    "seals or hunting equipment": _OTHER,
    "evidence of hunting any wild mammal with a dog": _OTHER,
}
_NO_ACTION = _SLUGS["search-no-further-action"].number
_ACTION = _SLUGS["search-further-action"].number
_UNSTATED = _SLUGS["search-outcome-not-stated"].number
# Older files write "False" where nothing was found.
_NO_ACTION_TEXTS = frozenset({"a no further action disposal", "false"})
_UNSTATED_TEXTS = frozenset({"", "details not available", "article found - detailed outcome unavailable"})


def recognises(head: Head) -> bool:
    """Whether the columns are there, in any order."""
    return set(head.header) >= set(COLUMNS)


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table per month; one alone where the file's name says which."""
    claim = police_uk.claim_of(file, "stop-and-search")
    frame = shaped(reading.table(file.content, quality), claim, quality)
    slug = claim.force if claim else _force_in_name(file.stem) or _force_there(frame)
    force = forces.of_slug(slug)
    yield from tables(frame, force, quality)


def tables(frame: pl.DataFrame, force: forces.Force, quality: Quality) -> Iterator[FactTable]:
    """The tables of a shaped frame whose searches one force (or the API) published."""
    frame = police_uk.placed(frame, force, quality).with_columns(
        pl.col(column).alias(name) for name, column in KEPT.items()
    )
    frame = frame.with_columns(publisher=pl.lit(force.slug))
    yield from police_uk.tables(Source.SEARCHES, frame, quality, names={force.slug: force.name}, extra=KEPT)


def shaped(frame: pl.DataFrame, claim: police_uk.Published | None, quality: Quality) -> pl.DataFrame:
    """Adds `at`, `month`, `category`, `result` and points to published rows; rejects the impossible."""
    at = pl.coalesce(
        pl.col("Date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False).dt.convert_time_zone("UTC"),
        pl.col("Date").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False).dt.replace_time_zone("UTC"),
    )
    frame = police_uk.points(frame.with_columns(at=at))
    since, until = datetime.combine(police_uk.FIRST_MONTH, time.min, UTC), timezone.now() + timedelta(days=1)
    frame = police_uk.without(
        frame,
        quality,
        [
            (
                ~pl.col("at").is_between(since, until).fill_null(value=False),
                police_uk.said("not a date and time:", "Date"),
            ),
            police_uk.misplaced(frame),
        ],
    )
    frame = frame.with_columns(
        month=pl.col("at").dt.convert_time_zone("Europe/London").dt.date().dt.truncate("1mo"),
        category=police_uk.mapped(frame["Object of search"], _object, pl.UInt16),
        result=police_uk.mapped(frame["Outcome"], _result, pl.UInt16),
    )
    unknown = sorted({text for text in frame["Object of search"].unique().drop_nulls() if _plain(text) not in _OBJECTS})
    if unknown:
        quality.note(f"Counted under “Another object”: {', '.join(unknown[:10])}.")
    return police_uk.of_month(_as_published(frame, claim, quality), claim, quality, "Date", "of another month:")


def _as_published(frame: pl.DataFrame, claim: police_uk.Published | None, quality: Quality) -> pl.DataFrame:
    """Rows that are of the file's month by UTC alone, moved into it."""
    if claim is None:
        return frame
    moved = (pl.col("month") != claim.month) & (pl.col("at").dt.date().dt.truncate("1mo") == claim.month)
    rows = frame.select(moved.sum()).item()
    if not rows:
        return frame
    quality.note(
        f"{rows} searches are of another month by local time; they count in {claim.month:%Y-%m}, as published."
    )
    return frame.with_columns(month=pl.when(moved).then(pl.lit(claim.month)).otherwise("month"))


def _plain(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def _object(text: str | None) -> int:
    plain = _plain(text)
    return _OBJECTS.get(plain, _OTHER) if plain else _NOT_STATED


def _result(text: str | None) -> int:
    plain = _plain(text)
    if plain in _UNSTATED_TEXTS:
        return _UNSTATED
    return _NO_ACTION if plain in _NO_ACTION_TEXTS or plain.endswith("no further action") else _ACTION


# --- Whose, where the name is not of the published form: the rows do not say ---------------------------------------


def _force_in_name(stem: str) -> str | None:
    found = [slug for slug in forces.by_slug() if slug in stem]
    return max(found, key=len) if found else None


def _force_there(frame: pl.DataFrame) -> str:
    """The force that polices the borough in the middle of the points. Raises Refused where that is not known."""
    x, y = frame["x"].median(), frame["y"].median()
    if x is not None and y is not None:
        around = Boundary.objects.filter(
            area__kind=Area.Kind.BOROUGH, west__lte=x, east__gte=x, south__lte=y, north__gte=y
        )
        for boundary in around:
            if shapely.from_wkb(bytes(boundary.shape)).covers(shapely.Point(x, y)):
                publisher = area_publishers().get(boundary.area_id)
                if publisher is not None:
                    return Publisher.objects.get(id=publisher).slug
    raise Refused(
        "The file does not say which force made these searches. Give it the published form of name, like "
        "2016-06-metropolitan-stop-and-search.csv, or put the force into the name, like metropolitan-2016-to-2022.csv."
    )
