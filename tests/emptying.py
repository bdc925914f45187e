"""How a test without a transaction leaves the database: as Django's `flush` does, in a tenth of its time.

`flush` makes every table anew, full or empty, and then fills again what `migrate` fills. Here only tables with rows are
emptied, under the same locks, and what `migrate` filled stays where it is as `migrate` left it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from hotspots.models import Category
from interventions.models import LegalParameter, OrderType

# Filled after each `migrate`.
FILLED = [model._meta.db_table for model in (ContentType, Permission, Category, LegalParameter, OrderType)]
by_django = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # the stubs leave it out


def prepare() -> Callable[[TransactionTestCase], None]:
    """What empties the database after a test. What FILLED holds now is taken for what belongs there."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = {name: connection.ops.quote_name(name) for name in names}
    filled = _content()
    lock = f"LOCK TABLE {', '.join(tables.values())} IN ACCESS EXCLUSIVE MODE"
    ask = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {table})" for name, table in tables.items() if name not in FILLED
    )

    def empty(test: TransactionTestCase) -> None:
        if _content() != filled or not _superuser():
            by_django(test)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(lock)  # waits for whoever still writes, as TRUNCATE does
            cursor.execute(ask)
            full = [tables[name] for (name,) in cursor.fetchall()]
            # No triggers: neither those of foreign keys nor those that guard the audit trail.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in full:
                cursor.execute(f"DELETE FROM {table}")

    return empty


def _content() -> list[str]:
    """A fingerprint of each table of FILLED."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {one} t" for one in FILLED)
        )
        return [found for (found,) in cursor.fetchall()]


def _superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])
