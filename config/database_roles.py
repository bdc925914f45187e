"""The database's two roles, where DATABASE_OWNER_URL names a second one.

The owner has the tables and migrates them. The application reads and writes their rows, and nothing more: of the audit
trail it reads and adds, so that whoever gets hold of the application can neither change nor remove what was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.conf import settings
from django.db import connection, transaction

READ_AND_ADD_ONLY = "partners_auditevent"
READ_ONLY = "django_migrations"


@contextmanager
def as_owner() -> Iterator[None]:
    """While inside, this thread's connection is the owner's; without an owner nothing changes."""
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    own = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update({name: owner[name] for name in own})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(own)


def grant() -> None:
    """Gives the application's role its rights to all tables as they are now. Call it inside `as_owner`."""
    role = environ.Env.db_url_config(settings.DATABASE_URL)["USER"]
    if not settings.DATABASE_OWNER_URL or role == connection.settings_dict["USER"]:
        return
    name = connection.ops.quote_name(role)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE UPDATE, DELETE ON {READ_AND_ADD_ONLY} FROM {name}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {READ_ONLY} FROM {name}")
