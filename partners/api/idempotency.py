"""Each write is done once, however often it is sent: by the caller's Idempotency-Key.

The key, the work and its answer are one transaction. So a crash leaves nothing, and the request can be sent again; the
same request at the same moment waits for the first one's end, by the unique key in the database. What was refused
changed nothing and is not kept: mended, it can be sent under the same key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import APIException

from partners.api.errors import BadParameters, Refused
from partners.models import IdempotentRequest

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
# How long the second of two equal requests waits for the first, in seconds.
PATIENCE = 10


class Underway(APIException):
    """409: the same request is being answered."""

    status_code = 409
    default_detail = "The same request is being answered at this moment: send it again in a few seconds."
    wait = 5


@dataclass(frozen=True, slots=True)
class Request:
    """One write as it was sent. `caller` is "key-<prefix>" or "user-<id>", `rights` what the caller may do now."""

    caller: str
    key: str
    method: str
    path: str
    body: bytes
    rights: str

    def __post_init__(self) -> None:
        """Raises BadParameters without a usable key."""
        if not (1 <= len(self.key) <= 255 and self.key.isascii() and self.key.isprintable()):
            sentence = "Send 1 to 255 letters, digits or signs, new for each write, such as a UUID."
            raise BadParameters({HEADER: [sentence]})

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole request. Rights belong to it: an answer is not repeated to one who lost them since."""
        parts = (self.method.encode(), self.path.encode(), self.rights.encode(), self.body)
        return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def once(request: Request, work: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes, bool]:
    """(status, answer, whether it is a replay). Raises Refused for another request under a used key, and Underway."""
    with transaction.atomic():
        kept, is_new = _claim(request)
        if not is_new:
            if kept.body_hash != request.fingerprint:
                raise Refused(f"This {HEADER} was used for another request, or with other rights: take a new one.")
            return kept.status or 200, bytes(kept.answer), True
        kept.status, kept.answer = work()
        kept.save(update_fields=["status", "answer"])
        return kept.status, kept.answer, False


def _claim(request: Request) -> tuple[IdempotentRequest, bool]:
    """The row of this key, and whether it is ours. Waits while another request's transaction holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = %s", [f"{int(PATIENCE * 1000)}ms"])
        try:
            claimed = IdempotentRequest.objects.get_or_create(
                caller=request.caller,
                key=request.key,
                defaults={
                    "method": request.method,
                    "path": request.path[:500],
                    "body_hash": request.fingerprint,
                    "content_type": "application/json",
                },
            )
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Underway from error
            raise
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    return claimed


def sweep() -> int:
    """Removes what is older than a day; how many."""
    return IdempotentRequest.objects.filter(received__lt=timezone.now() - KEPT).delete()[0]
