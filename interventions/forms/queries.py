"""What the chooser reads, and the wards that forms offer."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from hotspots.models import Area
from hotspots.queries import wards_in_force
from interventions.models import Intervention
from partners.visibility import Viewer

# Over which days it is counted what is added most.
DAYS = 180


def most_used(viewer: Viewer) -> list[str]:
    """The kinds of which somebody's own agencies added most lately, the commonest first. One query."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Intervention.objects.own_to(viewer).filter(created_at__gte=since)
    counted = rows.order_by().values("kind").annotate(number=Count("pk")).order_by("-number", "kind")
    return [row["kind"] for row in counted]


def wards_to_choose() -> list[Area]:
    """The wards of boroughs in force today, in order. One query."""
    return list(wards_in_force(timezone.localdate()).filter(parent__isnull=False))
