"""For somebody who has lost telephone, passkey and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.actions import second_factors
from partners.models import User


class Command(BaseCommand):
    """manage.py remove_second_factor ADDRESS"""

    help = "Takes away a person's second factor, and signs the person out everywhere. Make sure first who it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account for {options['email']}.")
        try:
            second_factors.remove_second_factor(user=user)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user} has no second factor any more, and is signed out everywhere.")
