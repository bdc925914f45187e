"""What the pages, files and routes of activity read: always what its viewer may see, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from hotspots.models import Area
from hotspots.queries import area_choices
from interventions.models import Intervention
from partners.visibility import Viewer, shown


def activity(viewer: Viewer) -> Any:
    """The records that somebody sees, in no order: a queryset of rows whose withheld fields are None."""
    return Intervention.objects.visible_to(viewer).select_related("owner").prefetch_related("wards")


def record(viewer: Viewer, pk: int) -> Intervention | None:
    """One record, as far as it is shown; None where there is none for this viewer. Two queries."""
    found: Intervention | None = activity(viewer).select_related("created_by", "changed_by").filter(pk=pk).first()
    return found


def changeable(viewer: Viewer, pk: int) -> Intervention | None:
    """One record whole, to be changed; None where it is not this viewer's to change."""
    found: Intervention | None = (
        Intervention.objects.changeable_by(viewer).select_related("owner", "changed_by").filter(pk=pk).first()
    )
    return found


def with_parts_withheld(rows: Any, viewer: Viewer) -> int:
    """How many of some rows withhold something from their viewer. One query."""
    whole = Q()
    for name in Intervention.WITHHOLDABLE:
        whole &= shown(Intervention, viewer, name)
    return int(rows.exclude(whole).count())


def wards_in_force() -> list[Area]:
    """Today's wards, each with its borough, by borough and name. One query."""
    codes = [choice.code for choice in area_choices() if choice.within]
    return list(Area.objects.filter(code__in=codes).select_related("parent").order_by("parent__name", "name"))


def changed_since(rows: Any, moment: datetime) -> Any:
    """Of some rows, those that were added or changed at this moment or later, in that order."""
    return rows.filter(changed_at__gte=moment).order_by("changed_at", "pk")
