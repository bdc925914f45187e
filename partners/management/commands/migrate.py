"""Django's `migrate`, as the role that owns the tables; afterwards the application's role gets its rights to them."""

from typing import Any

from django.core.management.commands import migrate

from config import database_roles


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with database_roles.as_owner():
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"]):
                database_roles.grant()
