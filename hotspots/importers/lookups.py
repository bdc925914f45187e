"""Lookups from LSOA to ward, as the Office for National Statistics and the Greater London Authority publish them.

One row is an LSOA (2011 or 2021) and a ward, with a weight (the share of the LSOA's residents) and a year where the
lookup has them; a best-fit lookup has neither. A row of a year speaks for the months from its 1 January on. So does a
best-fit lookup to the wards of a year (the column WD25CD), so that next year's can stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import polars as pl

from hotspots.importers import areas, postcodes, reading
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area, AreaMembership

NAME = "LSOA to ward lookup"
COLUMNS = ("LSOA21CD", "WD25CD")  # for the sentence about a file that almost is one
TOLERANCE = 0.02  # published weights are rounded, and leave out shares of a few people
_PATTERNS = {
    "lsoa": re.compile(r"lsoa(\d\d)?(cd|code)"),
    "ward": re.compile(r"(wd|ward)(\d\d)?(cd|code)|gsscode"),
    "borough": re.compile(r"(lad|la|ltla|borough)(\d\d)?(cd|code)"),
    "year": re.compile(r"year"),
    "weight": re.compile(r"weight|share"),
}
_KINDS = {"lsoa": Area.Kind.LSOA, "ward": Area.Kind.WARD, "borough": Area.Kind.BOROUGH}


def _columns(header: Iterable[str]) -> dict[str, str]:
    """Role -> column name."""
    return {
        role: name
        for role, pattern in _PATTERNS.items()
        for name in reversed([*header])
        if pattern.fullmatch(reading.normal(name))
    }


def recognises(head: Head) -> bool:
    """A table with a column of LSOA codes and one of ward codes, and none of postcodes."""
    return {"lsoa", "ward"} <= _columns(head.header).keys() and not postcodes.recognises(head)


def load(file: SourceFile, quality: Quality, options: Options) -> bool:
    """Stores LSOAs, wards, boroughs and memberships. True if anything changed. Raises Refused."""
    table = reading.table(file.content, quality)
    columns = _columns(table.columns)
    rows = _rows(table, columns)
    names = {role: areas.name_column(columns[role], table.columns) for role in _KINDS if role in columns}

    def named(role: str) -> dict[str, str]:
        name = names[role]
        values = table[name].fill_null("").str.strip_chars() if name else [""] * table.height
        return dict(zip(table[columns[role]].str.strip_chars(), values, strict=True))

    changed = False
    borough_of: dict[str, str] = {}  # LSOA or ward -> borough; of an LSOA in several, where most of it is
    ids: dict[str, int] = {}
    if "borough" in columns:
        by_code, _, changed = areas.save(Area.Kind.BOROUGH, named("borough"))
        ids = {code: area.id for code, area in by_code.items()}
        for lsoa, ward, borough in rows.sort("weight").select("lsoa", "ward", "borough").iter_rows():
            borough_of[lsoa] = borough_of[ward] = borough
    parents = {code: ids[borough] for code, borough in borough_of.items()}
    lsoas, _, saved = areas.save(Area.Kind.LSOA, named("lsoa"), parents)
    changed |= saved
    for lsoa, ward in rows.select("lsoa", "ward").iter_rows():
        if parent := lsoas[lsoa].parent_id:
            parents.setdefault(ward, parent)
    wards, new, saved = areas.save(Area.Kind.WARD, named("ward"), parents)
    changed |= saved
    boroughs = {ward.parent_id for ward in wards.values()} - {None}
    others = list(Area.objects.filter(kind=Area.Kind.WARD, parent__in=boroughs).exclude(code__in=wards))
    changed |= areas.put_in_force([*wards.values()], new, options.valid_from, others, quality)
    source = f"{columns['lsoa']} to {columns['ward']}" + (" by year" if "year" in columns else "")
    changed |= _store(rows, {**lsoas, **wards}, source)
    quality.rows_kept = quality.rows_read
    if not changed:
        quality.note("This lookup was stored already: nothing changed.")
    return changed


def _rows(table: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    """Checked rows: lsoa, ward, borough?, from (date or null), weight."""
    frame = table.select(reading.ROW, **{role: pl.col(name).str.strip_chars() for role, name in columns.items()})
    for role, kind in _KINDS.items():
        if role in columns:
            pattern = f"^(?:{areas.PATTERNS[kind].pattern})$"
            for row, code in (
                frame.filter(~pl.col(role).fill_null("").str.contains(pattern)).select(reading.ROW, role).rows()
            ):
                raise Refused(
                    f"Row {row} has no {Area.Kind(kind).label} code in {columns[role]}: {code or 'it is blank'}."
                )
    weight = pl.col("weight").cast(pl.Float64, strict=False) if "weight" in columns else pl.lit(1.0)
    year = pl.col("year").cast(pl.Int32, strict=False) if "year" in columns else _year_of(columns["ward"])
    frame = frame.with_columns(weight=weight, year=year)
    if "year" in columns:
        for (row,) in (
            frame.filter(pl.col("year").is_null() | ~pl.col("year").is_between(1990, 2100)).select(reading.ROW).rows()
        ):
            raise Refused(f"Row {row} has no year in {columns['year']}.")
    for (row,) in (
        frame.filter(~pl.col("weight").fill_null(-1.0).is_between(0, 1 + TOLERANCE)).select(reading.ROW).rows()
    ):
        raise Refused(f"Row {row} has no weight between 0 and 1 in {columns['weight']}.")
    key = ["lsoa", "ward", "year"]
    for row, lsoa, ward in frame.filter(~pl.struct(key).is_first_distinct()).select(reading.ROW, "lsoa", "ward").rows():
        raise Refused(f"Row {row} gives {lsoa} and {ward} a second time.")
    sums = frame.group_by("lsoa", "year", maintain_order=True).agg(pl.col("weight").sum())
    for lsoa, when, total in sums.filter((pl.col("weight") - 1).abs() > TOLERANCE).rows():
        raise Refused(
            f"The weights of {lsoa}{f' in {when}' if when else ''} sum to {total:g}, not to 1: every part of an "
            "LSOA must be in some ward"
            + ("." if "weight" in columns else ", and a lookup without weights must name each LSOA once.")
        )
    return frame.filter(pl.col("weight") > 0).with_columns(pl.col("weight").clip(upper_bound=1))


def _year_of(column: str) -> pl.Expr:
    """2025 for WD25CD, null where the column does not say."""
    digits = re.search(r"\d\d", column)
    return pl.lit(2000 + int(digits[0]) if digits else None, dtype=pl.Int32)


def _store(rows: pl.DataFrame, by_code: dict[str, Area], source: str) -> bool:
    """Makes the LSOAs' memberships from this source equal to the rows."""
    wanted = {
        (by_code[lsoa].id, by_code[ward].id, date(year, 1, 1) if year else None): weight
        for lsoa, ward, year, weight in rows.select("lsoa", "ward", "year", "weight").iter_rows()
    }
    children = {child for child, _, _ in wanted}
    stored = AreaMembership.objects.filter(child__in=children)
    fields = ("id", "child_id", "parent_id", "valid_from", "weight", "source")
    stale = []
    for pk, child, parent, since, weight, of in stored.values_list(*fields):
        key = (child, parent, since)
        if key in wanted and wanted[key] == weight:
            del wanted[key]
        elif key in wanted or of == source:
            stale.append(pk)
    AreaMembership.objects.filter(id__in=stale).delete()
    AreaMembership.objects.bulk_create(
        AreaMembership(child_id=child, parent_id=parent, valid_from=since, weight=weight, source=source)
        for (child, parent, since), weight in wanted.items()
    )
    return bool(stale or wanted)
