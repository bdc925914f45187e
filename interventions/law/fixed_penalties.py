"""Fixed penalty notices: one penalty has one number, whichever agency gives it, under whichever power."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection

from interventions.drafts import Draft
from interventions.law.rules import Said, block
from interventions.models import CommunityProtection, PspoAction


def as_written(number: str | None) -> str:
    """A number as all agencies write it: "hv 1234" and "HV1234" are one fixed penalty. "" = none."""
    return "".join((number or "").split()).upper()


def look_up(drafts: Sequence[Draft]) -> None:
    """Which numbers other records have, of whichever register, or others among the drafts. Three queries at most."""
    numbers = Counter(number for draft in drafts if (number := draft.record.fpn_number))
    held: dict[str | None, set[int]] = defaultdict(set)
    if numbers:
        if connection.in_atomic_block:
            # It is to be written. Two who send the same number at once: the second is told, as any later one is.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('fixed penalties'))")
        for model in (PspoAction, CommunityProtection):
            those = model._base_manager.filter(fpn_number__in=list(numbers))
            for number, pk in those.values_list("fpn_number", "pk"):
                held[number].add(pk)
    for draft in drafts:
        one = draft.record
        draft.known["is_used"] = bool(held[one.fpn_number] - {one.pk})
        draft.known["is_twice"] = numbers[one.fpn_number] > 1


def one_number(draft: Draft) -> Iterator[Said]:
    """No other record has the number. Whose it is, its reader may not know: it is not said."""
    number = draft.record.fpn_number
    if draft.known.get("is_used"):
        yield block(
            "fpn_number",
            f"Another record has the number {number} already, of this agency or another: one fixed penalty has "
            "one number.",
        )
    elif draft.known.get("is_twice"):
        yield block("fpn_number", f"The number {number} is given more than once here.")


def number_and_amount(draft: Draft) -> Iterator[Said]:
    """A fixed penalty has a number, and an amount."""
    one = draft.record
    if not one.fpn_number:
        yield block("fpn_number", "Give the number of the fixed penalty notice.")
    if one.fpn_amount is None:
        yield block("fpn_amount", "Give the amount of the fixed penalty.")
    elif one.fpn_amount <= 0:
        yield block("fpn_amount", "The fixed penalty is more than nothing.")
