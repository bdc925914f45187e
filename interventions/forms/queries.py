"""What the chooser reads."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

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
