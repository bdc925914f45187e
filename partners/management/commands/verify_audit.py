"""Says whether the audit trail is as it was written."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import verification


def _number_and_hash(text: str) -> tuple[int, str]:
    if not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", text):
        raise ArgumentTypeError(f"{text!r} is not NUMBER:HASH, as this command prints it.")
    number, expected = text.split(":")
    return int(number), expected


class Command(BaseCommand):
    help = (
        "Works out the hash of every audit event again and follows the chain. Prints the last event's number and hash: "
        "keep them where nobody who can reach the database can change them, and give them to --expect the next time, "
        "which also finds a trail that was cut off or written anew. Exit status 1 where something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", type=int, default=1, dest="first", metavar="N", help="read from event N on")
        parser.add_argument(
            "--expect", type=_number_and_hash, metavar="NUMBER:HASH", help="an event as it was printed before"
        )

    def handle(self, *args: Any, first: int, expect: tuple[int, str] | None, **options: Any) -> None:
        try:
            found = verification.verify(first=first, expected=expect)
        except verification.Damaged as error:
            raise CommandError(str(error)) from None
        self.stdout.write(str(found))
