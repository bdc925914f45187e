"""Makes an account for a person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from partners.actions.people import make_user
from partners.models import Agency, Role


class Command(BaseCommand):
    help = "Makes an account for a person in an agency, and prints its password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("name", help="the person's name, as colleagues will see it")
        parser.add_argument("--agency", required=True, help="the agency's name; it is made where there is none")
        parser.add_argument("--kind", choices=Agency.Kind.values, default=Agency.Kind.COUNCIL, help="of a new agency")
        parser.add_argument("--role", choices=Role.values, default=Role.VIEWER)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            user, password = make_user(
                email=options["email"],
                full_name=options["name"],
                agency_name=options["agency"],
                agency_kind=options["kind"],
                role=options["role"],
            )
        except (ValidationError, ValueError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stderr.write(f"{user} can sign in as {user.email}. The password is shown only now:")
        self.stdout.write(password)
