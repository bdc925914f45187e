"""Writing many rows of one table by COPY, which the database reads several times faster than INSERT."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

import orjson
from django.db import connection, models

# What stands for NULL: no text that people write holds it.
_NULL = "\x01"


def numbers(model: type[models.Model], count: int) -> list[int]:
    """So many new primary keys, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def copy(model: type[models.Model], fields: Sequence[Any], rows: Iterable[models.Model]) -> None:
    """Writes rows, of these fields, whose primary keys are set."""
    names = [one.attname for one in fields]
    as_json = [isinstance(one, models.JSONField) for one in fields]
    _copy(
        model._meta.db_table,
        [one.column for one in fields],
        ([_cell(getattr(row, name), is_json) for name, is_json in zip(names, as_json, strict=True)] for row in rows),
    )


def copy_pairs(through: type[models.Model], columns: Sequence[str], pairs: Iterable[tuple[int, int]]) -> None:
    """Writes the rows of a table that joins two others."""
    _copy(through._meta.db_table, columns, pairs)


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.seek(0)
    quote = connection.ops.quote_name
    named = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {quote(table)} ({named}) FROM STDIN WITH (FORMAT csv, NULL '{_NULL}')",
            text,
        )


def _cell(value: Any, is_json: bool) -> Any:
    """A value as PostgreSQL reads it from CSV."""
    if value is None:
        return _NULL
    if is_json:
        return orjson.dumps(value).decode()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        quoted = ",".join('"' + str(one).replace("\\", "\\\\").replace('"', '\\"') + '"' for one in value)
        return "{" + quoted + "}"
    return value
