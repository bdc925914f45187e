"""Postcode directories of the Office for National Statistics (ONSPD, NSPL): which wards a postcode district lies in.

A row is a postcode. Only its first half is kept ("RM3"), with the number of postcodes in each ward: enough to find a
ward by, and no address. A district's rows are all in one file of the folder `multi_csv` of the published zip, so the
districts of a file replace what was known of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from hotspots.importers import reading
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area, PostcodeDistrict
from hotspots.places import wards_of_lsoas

NAME = "Postcode directory"
COLUMNS = ("pcds", "lsoa21cd")
MOVES_FIGURES = False
_POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?) *[0-9][A-Z]{2}$"
_PATTERNS = {
    "postcode": re.compile(r"pcds?|pcd[278]|postcode"),
    "ended": re.compile(r"doterm"),
    # The newest first: a directory has the LSOAs of several censuses.
    "lsoa": re.compile(r"lsoa(\d\d)?(cd)?"),
    "ward": re.compile(r"(os)?ward|wd\d\d(cd)?"),
}


def _columns(header: Iterable[str]) -> dict[str, str]:
    """Role -> column name; of several, the one of the latest year."""
    return {
        role: name
        for role, pattern in _PATTERNS.items()
        for name in sorted(header, key=reading.normal)
        if pattern.fullmatch(reading.normal(name))
    }


def recognises(head: Head) -> bool:
    """A table with a column of postcodes and one of LSOA codes."""
    return {"postcode", "lsoa"} <= _columns(head.header).keys()


def load(file: SourceFile, quality: Quality, options: Options) -> bool:
    """Stores the file's districts by ward. True if anything changed. Raises Refused."""
    table = reading.table(file.content, quality)
    columns = _columns(table.columns)
    blank = pl.lit(None, pl.String)
    rows = table.select(
        reading.ROW,
        pl.col(columns["postcode"]).str.to_uppercase().str.strip_chars().str.extract(_POSTCODE).alias("outward"),
        *(
            (pl.col(columns[role]).str.strip_chars() if role in columns else blank).alias(role)
            for role in ("ended", "lsoa", "ward")
        ),
    )
    for row in rows.filter(pl.col("outward").is_null())[reading.ROW]:
        quality.reject(row, f"has no postcode in {columns['postcode']}")
    rows = rows.drop_nulls("outward")
    in_use = rows.filter(pl.col("ended").fill_null("") == "")
    if ended := rows.height - in_use.height:
        quality.note(f"Postcodes that are no longer in use, and were passed over: {ended:,}.")
    placed = _placed(in_use)
    if not placed.height:
        raise Refused("None of the postcodes lies in a ward that is loaded: import boundaries and a lookup first.")
    quality.rows_kept = placed.height
    if elsewhere := in_use.height - placed.height:
        quality.note(f"Postcodes that lie in no ward that is loaded, and were passed over: {elsewhere:,}.")
    counts = placed.group_by("outward", "at").len()
    changed = _store(
        {(outward, ward): n for outward, ward, n in counts.iter_rows()}, rows["outward"].unique().to_list()
    )
    if not changed:
        quality.note("These districts were stored already: nothing changed.")
    return changed


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that lie in a ward in force, with its area id as `at`: the ward they name, else that of their LSOA."""
    wards = dict(Area.objects.filter(kind=Area.Kind.WARD, valid_to=None).values_list("code", "id"))
    lsoas = wards_of_lsoas()

    def ids(column: str, known: dict[str, int]) -> pl.Expr:
        return pl.col(column).replace_strict([*known], [*known.values()], default=None, return_dtype=pl.Int64)

    return rows.with_columns(at=pl.coalesce(ids("ward", wards), ids("lsoa", lsoas))).drop_nulls("at")


def _store(wanted: dict[tuple[str, int], int], outwards: list[str]) -> bool:
    """Makes the rows of these districts equal to those wanted. True if anything changed."""
    known = PostcodeDistrict.objects.filter(outward__in=outwards)
    stored = {(outward, ward): n for outward, ward, n in known.values_list("outward", "ward_id", "postcodes")}
    if stored == wanted:
        return False
    known.delete()
    PostcodeDistrict.objects.bulk_create(
        PostcodeDistrict(outward=outward, ward_id=ward, postcodes=n) for (outward, ward), n in sorted(wanted.items())
    )
    return True
