"""Tables of figures read and written whole, and the lock that keeps their writers apart."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
from django.db import connection

# One writer of figures at a time, whoever it is. Any number will do that nothing else locks.
LOCK = 7_301_001


def lock_figures() -> None:
    """Waits until nobody else writes summaries or counts of places; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def copy_in(table: str, rows: pl.DataFrame) -> None:
    """Adds rows to a table, by the names of their columns."""
    text = io.BytesIO()
    rows.write_csv(text, include_header=False, separator="\t", null_value="\\N")
    text.seek(0)
    # PostgreSQL reads its own format faster, but in that nothing is quoted.
    quoted = " WITH (FORMAT csv, DELIMITER E'\\t', NULL '\\N')" if pl.String in rows.dtypes else ""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(rows.columns)}) FROM STDIN{quoted}", text, 1 << 18)


def copy_out(query: str, schema: dict[str, Any]) -> pl.DataFrame:
    """The answer to a query without parameters, as a frame."""
    text = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT", text)
    text.seek(0)
    if not text.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(text, has_header=False, separator="\t", schema=schema, null_values="\\N")
