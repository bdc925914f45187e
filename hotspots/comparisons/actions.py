"""What people do to the comparison places of a hotspot: `verb_noun(*, by, ...)`, atomic, audited."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from hotspots.models import ComparisonPlace
from hotspots.register.actions import locked
from partners import audit
from partners.refusals import Refused
from partners.visibility import Viewer

MOST, LONGEST_REASON = 5, 500


@transaction.atomic
def accept_comparison_place(
    *,
    by: Viewer,
    pk: int,
    name: str,
    lsoa_codes: Sequence[str],
    level_ratio: float,
    trend_difference: float,
    mix_difference: float,
    reason: str,
) -> ComparisonPlace:
    """A group of LSOAs that a place is compared with from now on; the numbers are those of `ComparisonPlace`.

    Raises Refused, and Hotspot.DoesNotExist where the place is none to change.
    """
    record = locked(by, pk)
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("reason", "Say why it is a fair comparison, in one line.")
    if len(reason) > LONGEST_REASON:
        raise Refused("reason", f"The reason has at most {LONGEST_REASON} characters; this has {len(reason)}.")
    current = list(ComparisonPlace.objects.filter(hotspot=record, ended_at=None))
    if len(current) >= MOST:
        raise Refused("reason", f"A place is compared with at most {MOST} others. End one of them first.")
    if any(set(one.lsoa_codes) & set(lsoa_codes) for one in current):
        raise Refused("reason", "This place is compared with some of these LSOAs already.")
    made = ComparisonPlace.objects.create(
        hotspot=record,
        name=name[:200],
        lsoa_codes=list(lsoa_codes),
        level_ratio=level_ratio,
        trend_difference=trend_difference,
        mix_difference=mix_difference,
        reason=reason,
        accepted_by=by.user,
    )
    said = {"comparison": made.pk, "lsoas": list(lsoa_codes)}
    audit.write("hotspot.comparison-accepted", by=by, about=[record], after=said, reason=reason)
    return made


@transaction.atomic
def end_comparison_place(*, by: Viewer, pk: int, comparison: int) -> ComparisonPlace:
    """A place is no longer compared with this one; the row stays. Nothing happens where it has ended already.

    Raises Hotspot.DoesNotExist where the place is none to change, ComparisonPlace.DoesNotExist where it has no such.
    """
    record = locked(by, pk)
    found = ComparisonPlace.objects.get(pk=comparison, hotspot=record)
    if found.ended_at is None:
        found.ended_at, found.ended_by = timezone.now(), by.user
        found.save(update_fields=["ended_at", "ended_by"])
        audit.write("hotspot.comparison-ended", by=by, about=[record], before={"comparison": found.pk})
    return found
