"""Whether the audit trail is as it was written: every event's hash is worked out again, and the chain followed.

Somebody who may write the table as its owner could write all hashes anew, or cut off the end. That is found only with
a number and hash that were kept elsewhere: `verify` returns the last ones, and takes earlier ones as `expected`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from partners import audit
from partners.models import AuditEvent

AT_A_TIME = 1000


class Damaged(Exception):
    """The trail is not as it was written. The message names the first event that shows it."""


@dataclass(frozen=True)
class Verified:
    """What was found in order: how many events were read, and the last one (0 and `FIRST_HASH` of an empty trail)."""

    events: int
    number: int
    hash: str

    def __str__(self) -> str:
        events = "1 event is" if self.events == 1 else f"{self.events:,} events are"
        return f"{events} as written. The last is {self.number}:{self.hash}"


def verify(*, first: int = 1, expected: tuple[int, str] | None = None) -> Verified:
    """Reads the trail from event `first` on; memory does not grow with it. Raises Damaged at the first event amiss.

    `expected`: the number and hash of an event, as an earlier call returned them.
    """
    # Its own transaction: what is read is read at one moment, and through a cursor of the server.
    with transaction.atomic():
        number, previous = _before(first)
        read = 0
        for event in AuditEvent.objects.filter(number__gte=first).order_by("number").iterator(AT_A_TIME):
            _check(event, number, previous)
            number, previous = event.number, event.hash
            read += 1
            if expected and expected[0] == number and expected[1] != previous:
                raise Damaged(f"Event {number} is not the one that was there: its hash should be {expected[1]}.")
    if expected and expected[0] < first and not _is_kept(*expected):
        raise Damaged(f"Event {expected[0]} is missing or not the one that was there.")
    if expected and expected[0] > number:
        raise Damaged(f"The end is cut off: event {expected[0]} was there once, and the last one now is {number}.")
    return Verified(read, number, previous)


def _before(first: int) -> tuple[int, str]:
    """The number and hash of the event before the first one to read."""
    if first <= 1:
        return 0, audit.FIRST_HASH
    hash_before = AuditEvent.objects.filter(number=first - 1).values_list("hash", flat=True).first()
    if hash_before is None:
        raise Damaged(f"Event {first - 1} is missing.")
    return first - 1, hash_before


def _check(event: AuditEvent, number: int, previous: str) -> None:
    """That the event is the next one after `number`, and has not changed."""
    if event.number != number + 1:
        gone = (
            f"Event {number + 1} is" if event.number == number + 2 else f"Events {number + 1} to {event.number - 1} are"
        )
        raise Damaged(f"{gone} missing.")
    if audit.hash_of(event) != event.hash:
        raise Damaged(f"Event {event.number} was changed, or put in another's place.")
    if event.previous_hash != previous:
        raise Damaged(f"Event {event.number} does not follow event {number}: one of them was changed or exchanged.")


def _is_kept(number: int, expected: str) -> bool:
    return AuditEvent.objects.filter(number=number, hash=expected).exists()
