"""Counts that partners send by month or quarter, in the template of their kind of agency: one row is one count.

The depersonalised information of the Crime and Disorder (Prescribed Information) Regulations 2007, by ward or borough.
A quarter's total stays a quarter's: it is never spread over months. What is blank or hidden by its agency, and what
is not in the file, is not known; a zero must be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone

from hotspots import categories
from hotspots.importers import reading
from hotspots.importers.base import FactTable, Head, Quality, Refused, SourceFile
from hotspots.importers.forces import PARTNER_PREFIX
from hotspots.models import Area, Publisher, Slice, Source
from partners.models import Agency

NAME = "Partner counts"
COLUMNS = ("Agency", "Period", "Area code", "Series", "Count")
# For people who fill the file in; not read.
AREA_NAME = "Area name"
# The agency of a template's example rows, which are nobody's figures.
EXAMPLE = "EXAMPLE ROW: replace"
KINDS = {
    "police": "Police",
    "fire": "Fire and rescue service",
    "council": "Council",
    "nhs": "NHS",
    "ambulance": "Ambulance service",
}
_PERIOD = re.compile(r"(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))", re.ASCII)
# How agencies write a count that they hide.
_HIDDEN = ("", "*", "-", "c", "<5", "x")
_SLUGS = {
    reading.normal(name): slug
    for slug, definition in categories.by_slug(categories.PARTNER).items()
    for name in (slug, definition.name)
}


def template(kind: str) -> list[list[str]]:
    """The header and example rows for a kind of agency (of `KINDS`): a month, a quarter and a hidden count of each
    series."""
    rows = [["Agency", "Period", "Area code", AREA_NAME, "Series", "Count"]]
    for _, slug, _ in categories.PARTNER_SERIES[kind]:
        rows += [
            [EXAMPLE, "2025-04", "E05000000", "A ward", slug, "12"],
            [EXAMPLE, "2025-Q2", "E09000000", "A borough", slug, "140"],
            [EXAMPLE, "2025-05", "E05000000", "A ward", slug, ""],
        ]
    return rows


def scope_of(borough: str, series: str) -> str:
    """The scope of a slice of a series of a borough: "Havering: Council: noise reported"; long names are cut."""
    return f"{borough[:40]}: {series}"


def recognises(head: Head) -> bool:
    """Whether the template's columns are there, in any order."""
    return set(head.header) >= set(COLUMNS)


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table for each agency, period, borough and series, so that each is replaced by itself."""
    table = reading.table(file.content, quality)
    if table["Agency"].str.strip_chars().eq(EXAMPLE).any():
        raise Refused("The template's example rows are still in the file: put your own in their place.")
    rows = _checked(table, quality)
    quality.rows_kept = rows.height
    _describe(rows, quality)
    by_slug = {scheme: categories.by_slug(scheme) for scheme in (categories.PARTNER, categories.PARTNER_QUARTER)}
    keys = ["publisher", "source", "month", "borough", "slug"]
    names: dict[str, str] = dict(_agencies().values())
    for (publisher, source, month, borough, slug), found in rows.group_by(keys, maintain_order=True):
        series = by_slug[str(source)][str(slug)]
        frame = found.select(pl.lit(series.number, pl.UInt16).alias("category"), "area", "borough", "count")
        yield FactTable(
            source=str(source),
            publisher=str(publisher),
            publisher_name=names[str(publisher)],
            month=month,
            frame=frame,
            rows_located=frame.height,
            scope=scope_of(str(borough), series.name),
            only_categories=(series.slug,),
        )


def _checked(table: pl.DataFrame, quality: Quality) -> pl.DataFrame:
    """The good rows: row, publisher (its slug), source, month, area, borough, slug, count (null = not known).
    The others are rejected."""
    frame = table.select(reading.ROW, *(pl.col(name).str.strip_chars().fill_null("") for name in COLUMNS))
    areas = _areas(frame["Area code"])
    agencies = _agencies()
    frame = frame.with_columns(
        publisher=_mapped("Agency", lambda cell: agencies.get(cell.casefold(), (None,))[0]),
        area=_mapped("Area code", lambda cell: areas.get(cell, (None,))[0]),
        borough=_mapped("Area code", lambda cell: areas.get(cell, (None, None))[1]),
        slug=_mapped("Series", lambda cell: _SLUGS.get(reading.normal(cell))),
        source=_mapped("Period", lambda cell: _period(cell)[0]),
        month=_mapped("Period", lambda cell: _period(cell)[1], pl.Date),
        hidden=pl.col("Count").str.to_lowercase().is_in(_HIDDEN),
        count=pl.when(pl.col("Count").str.contains(r"^\d{1,9}$")).then(pl.col("Count")).cast(pl.Int32, strict=False),
    )
    bad: dict[int, str] = {}

    def reject(wrong: pl.Expr, column: str, sentence: str) -> None:
        for row, cell in frame.filter(wrong).select(reading.ROW, column).iter_rows():
            bad.setdefault(row, sentence.format(repr(cell)) if cell else f"has no {column.lower()}")

    reject(pl.col("publisher").is_null(), "Agency", "{} is not an agency of this partnership")
    reject(pl.col("month").is_null(), "Period", "{} is not a month (2025-04) or a quarter (2025-Q2)")
    today = timezone.localdate()
    last = pl.when(pl.col("source") == Source.PARTNER_QUARTER.value).then(pl.lit("3mo")).otherwise(pl.lit("1mo"))
    frame = frame.with_columns(end=pl.col("month").dt.offset_by(last))
    reject(pl.col("end") > today, "Period", "{} is not over yet")
    reject(pl.col("area").is_null(), "Area code", "{} is not a ward or borough that is loaded")
    reject(pl.col("slug").is_null(), "Series", "{} is not a series of the templates")
    reject(pl.col("count").is_null() & ~pl.col("hidden"), "Count", "{} is not a whole number")
    for row, code, month, end in frame.select(reading.ROW, "area", "month", "end").drop_nulls().iter_rows():
        _, _, since, until = areas[code]
        if (since and since >= end) or (until and until <= month):
            bad.setdefault(row, f"{code!r} was no ward in that period: use the codes of its time")
    same = pl.struct("publisher", "source", "month", "area", "slug")
    for (row,) in (
        frame.filter(~same.is_first_distinct() & ~pl.col(reading.ROW).is_in([*bad])).select("row").iter_rows()
    ):
        bad.setdefault(row, "repeats the period, area and series of a row above")
    _reject_others(frame, bad)
    for row in sorted(bad):
        quality.reject(row, bad[row])
    return frame.filter(~pl.col(reading.ROW).is_in([*bad]))


def _mapped(column: str, of: Callable[[str], Any], dtype: Any = pl.String) -> pl.Expr:
    """What a function makes of each of a column's few distinct texts (None = null)."""
    return pl.col(column).map_batches(
        lambda cells: cells.replace_strict(
            found := cells.unique(), pl.Series([of(cell) for cell in found], dtype=dtype), return_dtype=dtype
        ),
        return_dtype=dtype,
    )


def _period(cell: str) -> tuple[str | None, date | None]:
    """(source, first day) of "2025-04" or "2025-Q2", calendar quarters; (None, None) for anything else."""
    found = _PERIOD.fullmatch(cell)
    if not found:
        return None, None
    year, month, quarter = found.groups()
    if month:
        return Source.PARTNER.value, date(int(year), int(month), 1)
    return Source.PARTNER_QUARTER.value, date(int(year), int(quarter) * 3 - 2, 1)


def _agencies() -> dict[str, tuple[str, str]]:
    """name in lower case -> (publisher's slug, name) of the partnership's agencies."""
    known: dict[str, str] = dict(Publisher.objects.values_list("name", "slug"))  # some publish crime as well
    found = Agency.objects.filter(left_at=None).values_list("pk", "name")
    return {name.casefold(): (known.get(name, f"{PARTNER_PREFIX}{pk}"), name) for pk, name in found}


def _areas(codes: pl.Series) -> dict[str, tuple[str, str, date | None, date | None]]:
    """code -> (code, name of its borough, in force from, until) of the wards and boroughs that are loaded."""
    kinds = (Area.Kind.WARD, Area.Kind.BOROUGH)
    found = Area.objects.filter(kind__in=kinds, code__in=codes.unique().to_list()).select_related("parent")
    return {
        area.code: (area.code, borough.name, area.valid_from, area.valid_to)
        for area in found
        if (borough := area if area.kind == Area.Kind.BOROUGH else area.parent)
    }


def _reject_others(frame: pl.DataFrame, bad: dict[int, str]) -> None:
    """Rejects counts of a series that another agency sends for the borough and period: two are not added."""
    names = {scheme: categories.by_slug(scheme) for scheme in (categories.PARTNER, categories.PARTNER_QUARTER)}
    loaded = Slice.objects.current().filter(source__in=(Source.PARTNER, Source.PARTNER_QUARTER))
    owners = {
        (source, scope, month): name
        for source, scope, month, *name in loaded.values_list(
            "source", "scope", "month", "publisher__slug", "publisher__name"
        )
    }
    good = frame.filter(~pl.col(reading.ROW).is_in([*bad]))
    columns = (reading.ROW, "publisher", "source", "borough", "slug", "month")
    for row, publisher, source, borough, slug, month in good.select(columns).iter_rows():
        by, owner = owners.get((source, scope_of(borough, names[source][slug].name), month), (publisher, ""))
        if by != publisher:
            bad[row] = f"this series of {borough} comes from {owner}: the counts of two agencies are not added"


def _describe(rows: pl.DataFrame, quality: Quality) -> None:
    """The quality page's numbers and notes."""
    by_slug = categories.by_slug(categories.PARTNER)
    for slug, number in rows["slug"].value_counts().iter_rows():
        quality.by_category[by_slug[slug].name] += number
    quality.note("These counts are shown beside crime and are never added to it. What is not in the file is not known.")
    if hidden := int(rows["count"].null_count()):
        quality.note(f"Blank or hidden by their agency, so not known and not zero: {hidden:,} of the counts.")
    if (rows["source"] == Source.PARTNER_QUARTER.value).any():
        quality.note("Totals of quarters are kept as quarters: they are not spread over months.")
