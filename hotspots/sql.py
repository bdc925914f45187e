"""Hand-written reads of pages: Django takes several times longer to write such a query than PostgreSQL to answer it."""

from __future__ import annotations

from typing import Any

from django.db import connection


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """A query's rows. Lists are arrays: `= ANY(%s)`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
