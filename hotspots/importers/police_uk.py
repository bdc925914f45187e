"""What the police.uk formats have in common: file names, months, publishers, points, categories, Crime IDs.

Everything works on whole columns. Mappings of texts go through their few distinct values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from django.utils import timezone
from pyproj import Transformer

from hotspots import categories, facts
from hotspots.importers import forces
from hotspots.importers.base import FactTable, Quality, Refused, SourceFile
from hotspots.importers.reading import ROW

# "2016-04-metropolitan-street.csv"; browsers add " (1)" to a file that they save twice.
_PUBLISHED = re.compile(
    r"(?P<month>\d{4}-\d{2})-(?P<force>[a-z-]{1,40})-(?P<kind>street|outcomes|stop-and-search)( \(\d+\))?\.csv"
)
# Great Britain, Northern Ireland and their islands.
WEST, EAST, SOUTH, NORTH = -9.0, 2.5, 49.0, 61.0
KM_PER_DEGREE = 111.2
# A force's records lie around its people; one whose middle is further off is not this force's.
FILE_TOO_FAR_KM = 120
# A single record so far from the rest has a wrong point.
ROW_TOO_FAR_KM = 300
# About so many records, spread over the file, tell where its middle is.
MIDDLE_OF = 5_000
# One month (or publisher) with this share of a file that does not name its own is what the file is of: the rest is odd.
DOMINANT = 0.99
EXTRACT_ROWS, EXTRACT_CATEGORIES = 100, 2
MICRODEGREES = 1_000_000
# police.uk publishes since December 2010; no force publishes older months.
FIRST_MONTH = date(2010, 1, 1)


@dataclass(frozen=True)
class Published:
    """What the name of a published file says."""

    month: date
    force: str
    kind: str


def published(stem: str) -> Published | None:
    """What a file's name says, or None for a name that is not of the published form. Raises Refused for month 13."""
    match = _PUBLISHED.fullmatch(stem)
    if match is None:
        return None
    month = month_of(match["month"])
    if month is None:
        raise Refused(f"The file name says {match['month']}, which is not a month from {FIRST_MONTH:%Y-%m} to today.")
    return Published(month, match["force"], match["kind"])


def published_force(name: str) -> str | None:
    """The force in a published file's name, folders and all; None for other names."""
    match = _PUBLISHED.fullmatch(SourceFile(name, b"", "").stem)
    return match["force"] if match else None


def month_of(text: str | None) -> date | None:
    """First day of the month in "2016-04"; None where the text is no month from 2010 to today.

    One month that cannot be would stretch every series by the years between.
    """
    if text is None or not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        return None
    month = date(int(text[:4]), int(text[5:]), 1)
    return month if FIRST_MONTH <= month <= timezone.localdate() else None


def mapped(column: pl.Series, function: Callable[[str | None], object], dtype: type[pl.DataType]) -> pl.Series:
    """The column with `function` applied to each distinct value (None too)."""
    values = column.unique().to_list()
    return column.replace_strict(values, [function(value) for value in values], return_dtype=dtype)


def without(frame: pl.DataFrame, quality: Quality, checks: Sequence[tuple[pl.Expr, pl.Expr]]) -> pl.DataFrame:
    """The rows for which no check is true. The others are rejected with the message of their first true check."""
    bad = frame.select(pl.any_horizontal([check for check, _ in checks]).fill_null(value=False)).to_series()
    if not bad.any():
        return frame
    reason = pl.coalesce([pl.when(check).then(message) for check, message in checks])
    for row, why in frame.filter(bad).select(ROW, reason.alias("why")).iter_rows():
        quality.reject(row, why)
    return frame.filter(~bad)


def quoted(column: str) -> pl.Expr:
    """The start of a column's text in quotation marks, for a message."""
    return pl.concat_str(pl.lit("“"), pl.col(column).fill_null("").str.slice(0, 60), pl.lit("”"))


def said(words: str, column: str) -> pl.Expr:
    """A message: the words, then the text of the column."""
    return pl.concat_str(pl.lit(words + " "), quoted(column))


# --- Places -------------------------------------------------------------------------------------------------------


def points(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `x`, `y` (degrees, WGS84; null where blank) and `misplaced` (given, but no point of the United Kingdom).

    From Longitude and Latitude, or from Easting and Northing (British National Grid).
    """
    grid = "Easting" in frame.columns
    first, second = ("Easting", "Northing") if grid else ("Longitude", "Latitude")
    frame = frame.with_columns(
        pl.col(first).cast(pl.Float64, strict=False).alias("x"),
        pl.col(second).cast(pl.Float64, strict=False).alias("y"),
    )
    if grid:
        to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
        east, north = frame["x"].to_numpy().copy(), frame["y"].to_numpy().copy()
        nowhere = (east == 0) & (north == 0)
        lon, lat = to_degrees.transform(east, north)
        frame = frame.with_columns(
            x=pl.Series(np.where(nowhere, 0.0, lon), nan_to_null=True).replace(float("inf"), 0.0),
            y=pl.Series(np.where(nowhere, 0.0, lat), nan_to_null=True).replace(float("inf"), 0.0),
        )
    given = pl.col(first).is_not_null() | pl.col(second).is_not_null()
    inside = pl.col("x").is_between(WEST, EAST) & pl.col("y").is_between(SOUTH, NORTH)
    return frame.with_columns(misplaced=given & ~inside.fill_null(value=False))


def misplaced(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """The check for rows whose coordinates are no point of the United Kingdom (`points` must have run)."""
    first, second = ("Easting", "Northing") if "Easting" in frame.columns else ("Longitude", "Latitude")
    words = pl.concat_str(
        pl.lit("impossible coordinates: "), quoted(first), pl.lit(", "), quoted(second), pl.lit(" is not in the UK")
    )
    return pl.col("misplaced"), words


def placed(frame: pl.DataFrame, force: forces.Force | None, quality: Quality) -> pl.DataFrame:
    """Adds `lon`, `lat` (millionths of a degree) to a frame with `points`, dropping points that cannot be right.

    Raises Refused where the file as a whole lies far from the territory of `force`.
    """
    some = frame.select("x", "y").drop_nulls().gather_every(1 + frame.height // MIDDLE_OF)
    x, y = some["x"].median(), some["y"].median()
    if isinstance(x, float) and isinstance(y, float):
        if force and force.middle:
            off = float(distance_km(*force.middle, x, y))
            if off > FILE_TOO_FAR_KM:
                raise Refused(
                    f"The records lie around longitude {x:.2f}, latitude {y:.2f}, {off:.0f} km from "
                    f"where {force.name} polices: are they another force's, or are the coordinates mixed up?"
                )
        if force is None or forces.has_territory(force.slug):
            away = distance_km(x, y, frame["x"].to_numpy(), frame["y"].to_numpy()) > ROW_TOO_FAR_KM
            if away.any():
                rows = ", ".join(map(str, frame[ROW].filter(pl.Series(away)).head(20)))
                quality.note(
                    f"{away.sum()} records lie more than {ROW_TOO_FAR_KM} km from the others; they are counted, but "
                    f"without their point (rows {rows}{', ...' if away.sum() > 20 else ''})."
                )
                keep = pl.Series(~away)
                frame = frame.with_columns(x=pl.when(keep).then("x"), y=pl.when(keep).then("y"))
    lon, lat = ((pl.col(name) * MICRODEGREES).round().cast(pl.Int32) for name in ("x", "y"))
    frame = frame.with_columns(lon=lon, lat=lat)
    quality.without_location += frame["lon"].null_count()
    return frame


def distance_km(lon: float, lat: float, to_lon: float | np.ndarray, to_lat: float | np.ndarray) -> np.ndarray:
    """Distance in km, on a flat map: good to a few per cent inside the United Kingdom. NaN where a coordinate is."""
    east = (np.asarray(to_lon) - lon) * np.cos(np.radians(lat))
    return np.asarray(np.hypot(east, np.asarray(to_lat) - lat) * KM_PER_DEGREE)


def districts(names: pl.Series) -> pl.Series:
    """The local authorities of LSOA names, see `district_of`."""
    if (names.str.slice(-5, 1) == " ").all():  # as all of today's are: " 001A"
        return names.str.head(-5)
    return mapped(names, district_of, pl.String)


def district_of(lsoa_name: str | None) -> str | None:
    """The local authority in an LSOA's name: "Havering 001A" -> "Havering"."""
    return lsoa_name.rsplit(" ", 1)[0] if lsoa_name else None


# --- Categories and IDs -------------------------------------------------------------------------------------------


def crime_ids(frame: pl.DataFrame, quality: Quality) -> pl.DataFrame:
    """Adds `crime`: the first 16 hexadecimal digits of "Crime ID" as a number; null without one. Drops no row."""
    published_ids = pl.col("Crime ID")
    frame = frame.with_columns(
        crime=published_ids.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64, strict=False)
    )
    ids = frame["crime"].drop_nulls()
    unreadable = frame.height - frame["Crime ID"].null_count() - ids.len()
    if unreadable:
        quality.note(f"{unreadable} Crime IDs are not hexadecimal numbers; their records are counted without an ID.")
    repeated = ids.len() - ids.n_unique()
    if repeated:
        quality.note(f"{repeated} records repeat a Crime ID of this file; they are all counted, as published.")
    return frame


def categorised(column: pl.Series, names: dict[str, int]) -> pl.Series:
    """Numbers of the texts in `names` (lower case); null for any other text."""
    return mapped(column, lambda text: names.get(" ".join(text.lower().split())) if text else None, pl.UInt16)


def numbers(scheme: str) -> dict[str, int]:
    """Lower-case published name -> number, of the counted categories of a scheme."""
    return {d.name.lower(): d.number for d in categories.DEFINITIONS if d.scheme == scheme and not d.members}


def extract_of(frame: pl.DataFrame, measured: int, scheme: str) -> tuple[str, ...]:
    """The slugs of the one or two categories a larger file holds, where its scheme measures more; else ()."""
    found = frame["category"].unique().sort().to_list()
    if frame.height < EXTRACT_ROWS or len(found) > EXTRACT_CATEGORIES or measured <= EXTRACT_CATEGORIES:
        return ()
    by_number = {d.number: d for d in categories.DEFINITIONS if d.scheme == scheme}
    return tuple(by_number[number].slug for number in found)


def count_categories(frame: pl.DataFrame, quality: Quality) -> None:
    """Adds the frame's rows by category to the quality record."""
    names = categories.by_number()
    for number, rows in frame["category"].value_counts().iter_rows():
        quality.by_category[names[number].name] += rows


# --- Whose, and of which month ------------------------------------------------------------------------------------


def dated(frame: pl.DataFrame, claim: Published | None, quality: Quality) -> pl.DataFrame:
    """Adds `month` from "Month" and rejects rows of another month than the file's.

    The file's month is that of its name; a file without one may hold several months, unless one is nearly all of it.
    Raises Refused where name and rows disagree.
    """
    frame = frame.with_columns(mapped(frame["Month"], month_of, pl.Date).alias("month"))
    return of_month(
        without(frame, quality, [(pl.col("month").is_null(), said("not a month:", "Month"))]), claim, quality, "Month"
    )


def of_month(
    frame: pl.DataFrame, claim: Published | None, quality: Quality, column: str, words: str = "of another month:"
) -> pl.DataFrame:
    """The rows of the file's month (see `dated`); the others are rejected with `words` and the text of `column`."""
    month = claim.month if claim else None
    tally = frame["month"].value_counts(sort=True)
    if claim and tally.height and tally["month"][0] != claim.month and tally["count"][0] * 2 > frame.height:
        raise Refused(
            f"The file says {claim.month:%Y-%m} in its name but its rows are of {tally['month'][0]:%Y-%m}. "
            "Which is right? Rename the file, or get it again."
        )
    if month is None and tally.height > 1 and tally["count"][0] >= DOMINANT * frame.height:
        month = tally["month"][0]
    if month is None:
        return frame
    return without(frame, quality, [(pl.col("month") != month, said(words, column))])


def publisher_of(frame: pl.DataFrame, claim: Published | None, quality: Quality) -> pl.DataFrame:
    """Adds `publisher` (slug). A published file is its force's, whoever reported a row; else "Reported by" decides.

    Raises Refused where the name says one force and the rows come from another.
    """
    if claim is None:
        frame = without(frame, quality, [(pl.col("Reported by").is_null(), pl.lit("does not say who reported it"))])
        return frame.with_columns(
            mapped(frame["Reported by"], lambda name: forces.named(name or "").slug, pl.String).alias("publisher")
        )
    name = frame["Reported by"].mode().first()
    known = forces.by_slug().get(forces.named(name).slug) if isinstance(name, str) else None
    if known and claim.force in forces.by_slug() and known.slug != claim.force:
        raise Refused(
            f"The file says {claim.force} in its name but its rows were reported by {known.name}. "
            "Which is right? Rename the file, or get it again."
        )
    return frame.with_columns(publisher=pl.lit(known.slug if known else claim.force))


def publisher_names(frame: pl.DataFrame) -> dict[str, str]:
    """slug -> the publisher's name: ours where the force is known, else as the rows have it."""
    pairs = frame.select("publisher", "Reported by").unique(maintain_order=True).iter_rows()
    names: dict[str, str] = {}
    for slug, reported in pairs:
        known = forces.by_slug().get(slug) or forces.named(reported or "")
        names.setdefault(slug, known.name or slug)
    return names


def tables(
    source: str,
    frame: pl.DataFrame,
    quality: Quality,
    *,
    names: dict[str, str],
    only_categories: tuple[str, ...] = (),
    extra: Iterable[str] = (),
) -> Iterator[FactTable]:
    """One table per publisher and month of a frame with `publisher`, `month` and the source's columns, in order."""
    columns = [*facts.SCHEMA[source], *extra]
    quality.rows_kept += frame.height
    count_categories(frame, quality)
    if only_categories:
        by_slug = categories.by_slug(facts.SCHEME[source])
        listed = " and ".join(by_slug[slug].name.lower() for slug in only_categories)
        quality.note(f"The file holds {listed} only: an extract. Other categories are unknown from it, not zero.")
    single = frame["month"].n_unique() == 1 and frame["publisher"].n_unique() == 1
    parts = [frame] if single else frame.partition_by("publisher", "month", maintain_order=True)
    for part in parts:
        if not part.height:
            continue
        slug, month = part["publisher"][0], part["month"][0]
        yield FactTable(
            source=source,
            publisher=slug,
            publisher_name=names[slug],
            month=month,
            frame=part.select(columns),
            rows_located=part.height - part["lon"].null_count(),
            only_categories=only_categories,
        )


def single_force(frame: pl.DataFrame) -> forces.Force | None:
    """The force of a frame with `publisher`, or None where it has several."""
    slugs = frame["publisher"].unique()
    return forces.of_slug(slugs[0]) if slugs.len() == 1 else None


def claim_of(file: SourceFile, kind: str) -> Published | None:
    """What the file's name says. Raises Refused where it says another kind of file than its columns."""
    claim = published(file.stem)
    if claim and claim.kind != kind:
        raise Refused(f"The file is named as {claim.kind} but has the columns of {kind}. Rename it, or get it again.")
    return claim
