"""The orders that somebody on the street can act on, and what they wrote down lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from hotspots.models import Area
from interventions.models import Condition, Intervention, PspoAction, PublicSpacesOrder
from partners.visibility import Viewer

# Days for which what was done under an order that has ended since can still arrive.
LATE = 7


@dataclass(frozen=True, slots=True)
class OrderHere:
    """An order as far as it is shown, its conditions that hold, and the wards in which it lies."""

    order: PublicSpacesOrder
    conditions: list[Condition]
    wards: list[Area]


def orders(viewer: Viewer, *, late: bool = False) -> list[OrderHere]:
    """The orders in force now that somebody sees, those of their own agencies first; with `late`, also those that ended
    in the last week. Three queries."""
    now = viewer.now
    ends_after = now - timedelta(days=LATE) if late else now
    rows = (
        PublicSpacesOrder.objects.visible_to(viewer)
        .filter(Q(ends__gt=ends_after) | Q(ends=None), status=Intervention.Status.DONE, starts__lte=now)
        .select_related("owner")
        .prefetch_related("wards", "conditions")
        .order_by("title", "pk")
    )
    own = viewer.agencies()
    found = sorted(rows, key=lambda order: order.owner_id not in own)
    today = timezone.localdate(now)
    return [
        OrderHere(order, [one for one in order.conditions.all() if one.holds_on(today)], list(order.wards.all()))
        for order in found
    ]


def sent_before(viewer: Viewer, sent_as: UUID) -> PspoAction | None:
    """What the same person has sent by the same number already; None = nothing."""
    return PspoAction.objects.visible_to(viewer).filter(created_by=viewer.user, sent_as=sent_as).first()


def of_last_day(viewer: Viewer) -> list[PspoAction]:
    """What the person wrote down of the last 24 hours, the newest first."""
    lately = (viewer.now - timedelta(days=1), viewer.now)
    rows = PspoAction.objects.visible_to(viewer).filter(created_by=viewer.user, starts__range=lately)
    return list(rows.order_by("-starts", "-pk")[:20])
