"""The fact store: immutable Parquet slices under FACTS_DIR, and nothing else knows how they lie on disk.

A slice's file is named by the SHA-256 of its content, so writing the same facts twice is harmless, and a file without a
`Slice` row (a crash) is litter that `manage.py sweep_facts` removes. Columns by source:

street, api   category u16, lsoa str?, district str?, lon i32?, lat i32?, street str?, crime u64?, outcome u16?
              (api: and id u64)
outcomes      category u16, lsoa str?, district str?, lon i32?, lat i32?, street str?, crime u64?
searches      category u16 (object), result u16, lon i32?, lat i32?, at datetime[us, UTC], and published columns as str?
mps-ward      category u16, area str (GSS code), borough str, count i32
mps-borough   category u16, area str (borough name), borough str, count i32
partner, partner-quarter
              category u16, area str (GSS code of a ward or borough), borough str, count i32 (null = not known)

`category`, `result`, `outcome` are numbers of `hotspots.categories`. `lon`, `lat` are millionths of a degree, WGS84.
`district` is the LSOA's name without its last part ("Havering 001A" -> "Havering"): the local authority as published.
`crime` is the first 16 hexadecimal digits of the published Crime ID. Rows stand in file order and none is dropped.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
from django.conf import settings

from hotspots import categories
from hotspots.models import Source

SCHEME: dict[str, str] = {
    Source.STREET: categories.POLICE_UK,
    Source.API: categories.POLICE_UK,
    Source.OUTCOMES: categories.OUTCOME,
    Source.SEARCHES: categories.SEARCH,
    Source.MPS_WARD: categories.MPS,
    Source.MPS_BOROUGH: categories.MPS,
    Source.PARTNER: categories.PARTNER,
    Source.PARTNER_QUARTER: categories.PARTNER_QUARTER,
}

_Columns = dict[str, type[pl.DataType] | pl.DataType]
_PLACED: _Columns = {"lsoa": pl.String, "district": pl.String, "lon": pl.Int32, "lat": pl.Int32}
PLACE = tuple(_PLACED)
_STREET: _Columns = {"category": pl.UInt16, **_PLACED, "street": pl.String, "crime": pl.UInt64, "outcome": pl.UInt16}
_TABLE: _Columns = {"category": pl.UInt16, "area": pl.String, "borough": pl.String, "count": pl.Int32}
# The columns every slice of a source has, in order; importers may add published columns behind them.
SCHEMA: dict[str, _Columns] = {
    Source.STREET: _STREET,
    Source.API: _STREET,
    Source.OUTCOMES: {k: v for k, v in _STREET.items() if k != "outcome"},
    Source.SEARCHES: {
        "category": pl.UInt16,
        "result": pl.UInt16,
        "lon": pl.Int32,
        "lat": pl.Int32,
        "at": pl.Datetime("us", "UTC"),
    },
    Source.MPS_WARD: _TABLE,
    Source.MPS_BOROUGH: _TABLE,
    Source.PARTNER: _TABLE,
    Source.PARTNER_QUARTER: _TABLE,
}


def root() -> Path:
    """The folder of the fact store."""
    return Path(settings.FACTS_DIR)


def write(source: str, frame: pl.DataFrame) -> str:
    """Stores a frame that has the source's schema; its path relative to the fact store.

    Atomic: the file appears whole or not at all. Raises ValueError for another schema, OSError where the disk is full.
    """
    expected = SCHEMA[source]
    found = dict(zip(frame.columns, frame.dtypes, strict=True))
    if [*found][: len(expected)] != [*expected] or any(found[name] != dtype for name, dtype in expected.items()):
        raise ValueError(f"A {source} slice needs the columns {expected}, not {found}.")
    folder = root() / source
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{os.getpid()}-{id(frame):x}.tmp"
    content = io.BytesIO()  # written to disk from here: polars does not say OSError where the disk is full
    frame.write_parquet(content, compression="zstd", compression_level=1, statistics=False)
    digest = hashlib.sha256(content.getbuffer()).hexdigest()
    try:
        with temporary.open("wb") as stream:
            stream.write(content.getbuffer())
            stream.flush()
            os.fsync(stream.fileno())
        final = folder / digest[:2] / f"{digest}.parquet"
        final.parent.mkdir(exist_ok=True)
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    return str(final.relative_to(root()))


def read(path: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """The facts of one slice, by `Slice.path`, in file order; only `columns` where given."""
    return pl.read_parquet(root() / path, columns=list(columns) if columns else None)


def tally(path: str, source: str, by: Sequence[str] = (), settled: pl.Series | None = None) -> pl.DataFrame:
    """How many facts of a slice have each combination of place (`PLACE`) and the columns `by`: column `rows`, u32.

    Place columns that the source does not have are null. Of rows with an LSOA in `settled`, only the LSOA is told
    apart: fewer combinations where nothing depends on the rest. The order is not defined.
    """
    columns = [*by, *(name for name in PLACE if name in SCHEMA[source])]
    rows = read(path, columns)
    if settled is not None and "lsoa" in columns:
        closer = [name for name in PLACE if name != "lsoa"]
        rows = rows.with_columns(
            pl.when(~pl.col("lsoa").is_in(settled.implode()).fill_null(value=False)).then(pl.col(closer))
        )
    counts = rows.group_by(columns).agg(pl.len().alias("rows"))
    return counts.with_columns(pl.lit(None, _PLACED[name]).alias(name) for name in PLACE if name not in columns)


def unreferenced(known: Iterable[str]) -> list[Path]:
    """Files in the store that none of the `known` paths names."""
    keep = {root() / path for path in known}
    return [path for path in root().rglob("*.parquet") if path not in keep]
