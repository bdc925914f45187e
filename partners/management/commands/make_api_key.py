"""Makes an API key for an agency's system."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.actions.keys import make_api_key
from partners.models import Agency
from partners.roles import Scope


class Command(BaseCommand):
    help = "Makes an API key for an agency and prints it once; only a hash of it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", help="the agency's name")
        parser.add_argument("name", help="what the key is for, as people will see it")
        parser.add_argument("--days", type=int, default=90, help="valid for so many days (default: 90)")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it may do, repeated for several (default: figures)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = Agency.objects.get(name__iexact=options["agency"])
        except Agency.DoesNotExist as error:
            known = ", ".join(Agency.objects.order_by("name").values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no agency “{options['agency']}”. Agencies: {known}.") from error
        try:
            key, shown_once = make_api_key(
                agency=agency, name=options["name"], days=options["days"], scopes=options["scope"] or [Scope.FIGURES]
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{key.name} for {agency}, valid until {key.expires:%d %B %Y}. It is shown only now:")
        self.stdout.write(shown_once)
