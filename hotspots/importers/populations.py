"""Usual residents of areas by year: census table TS001, ward profiles, or any table of code, year and residents.

Only areas that are known already get a figure: boundaries and lookups say which areas there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from hotspots.importers import reading
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area, Population

NAME = "Population"
COLUMNS = ("code", "year", "residents")
MOST_RESIDENTS = 1_000_000_000
_CODE = re.compile(r"(geography|new|gss|area|ward|lsoa|lad)?code|(lsoa|wd|lad)\d\d(cd|code)")
_YEAR = re.compile(r"year|date")
_RESIDENTS = re.compile(r"residents|usualresidents|population|residencetypetotalmeasuresvalue")
_RESIDENTS_OF = re.compile(r"population(\d{4})")


def _columns(header: Iterable[str]) -> tuple[str, list[tuple[str, str | int]]] | None:
    """(column of codes, [(column of residents, its year or the column of years)]); None for other tables."""
    by_key = {reading.normal(name): name for name in header}
    code = next((name for key, name in by_key.items() if _CODE.fullmatch(key)), None)
    year = next((name for key, name in by_key.items() if _YEAR.fullmatch(key)), None)
    found: list[tuple[str, str | int]] = [
        (name, int(match[1])) for key, name in by_key.items() if (match := _RESIDENTS_OF.fullmatch(key))
    ]
    if year:
        found += [(name, year) for key, name in by_key.items() if _RESIDENTS.fullmatch(key)][:1]
    return (code, found) if code and found else None


def recognises(head: Head) -> bool:
    """A table with a column of codes, and residents of a year in one of the known spellings."""
    return _columns(head.header) is not None


def load(file: SourceFile, quality: Quality, options: Options) -> bool:
    """Stores residents of the known areas. True if anything changed. Raises Refused."""
    table = reading.table(file.content, quality)
    columns = _columns(table.columns)
    assert columns is not None  # noqa: S101 - `recognises` saw the same header
    code, figures = columns
    long = pl.concat(
        table.select(
            reading.ROW,
            code=pl.col(code).str.strip_chars(),
            year=(pl.lit(str(year)) if isinstance(year, int) else pl.col(year)).str.extract(r"(\d{4})").cast(pl.Int32),
            residents=pl.col(name).str.replace_all(",", "").cast(pl.Float64, strict=False),
        )
        for name, year in figures
    )
    possible = pl.col("year").is_between(1801, 2200) & pl.col("residents").is_between(0, MOST_RESIDENTS)
    bad = long.filter(~possible.fill_null(value=False))
    for row in sorted(bad[reading.ROW].unique()):
        quality.reject(row, "has no year or no number of residents")
    good = long.filter(~pl.col(reading.ROW).is_in(bad[reading.ROW].to_list()))
    for row, twice, year in (
        good.filter(~pl.struct("code", "year").is_first_distinct()).select(reading.ROW, "code", "year").rows()
    ):
        raise Refused(f"Row {row} gives {twice} in {year} a second time.")
    ids = dict(Area.objects.filter(code__in=good["code"].drop_nulls().to_list()).values_list("code", "id"))
    known = good.filter(pl.col("code").is_in([*ids]))
    if not known.height:
        raise Refused(f"None of the codes in {code} is a known area: import boundaries or a lookup first.")
    quality.rows_kept = known[reading.ROW].n_unique()
    if others := quality.rows_read - quality.rows_rejected - quality.rows_kept:
        quality.note(f"{others:,} rows are of areas that are not loaded here; they were passed over.")
    stored = {
        (area, year): residents
        for area, year, residents in Population.objects.filter(area__in=ids.values()).values_list(
            "area", "year", "residents"
        )
    }
    rows = [
        Population(area_id=ids[area], year=year, residents=round(residents), source=file.name[:200])
        for area, year, residents in known.select("code", "year", "residents").iter_rows()
        if stored.get((ids[area], year)) != round(residents)
    ]
    Population.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["area", "year"], update_fields=["residents", "source"]
    )
    if not rows:
        quality.note("These figures were stored already: nothing changed.")
    return bool(rows)
