"""Hand-written reads of pages: Django takes several times longer to write such a query than PostgreSQL to answer it."""

from __future__ import annotations

from typing import Any

from django.db import connection


def rows(query: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    """A query's rows, for the values of `%s` or of `%(name)s`. Lists are arrays: `= ANY(%s)`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(query, named or values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
