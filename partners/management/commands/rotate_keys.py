"""Encrypts all encrypted fields with the first of FIELD_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import encryption


class Command(BaseCommand):
    """manage.py rotate_keys"""

    help = "Encrypts with the first of FIELD_KEYS whatever another one wrote. Afterwards the others can be taken away."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found, rewritten = encryption.rotate()
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{rewritten} of {found} encrypted field{'s' if found != 1 else ''} written with the first key."
        )
