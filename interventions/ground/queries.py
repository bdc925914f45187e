"""Visits to the same premises, as far as somebody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, Sum

from interventions.models import LicensingVisit, Swab
from partners.visibility import Viewer

MOST = 20


def visits_of_premises(viewer: Viewer, visit: Any) -> list[LicensingVisit]:
    """The other visits to the premises of a visit, by the number of its licence or, where it says none, its name; the
    newest first. [] where it says neither. Three queries at most."""
    number, name = visit.licence_number.strip(), visit.premises_name.strip()
    if not number and not name:
        return []
    same = Q(licence_number__iexact=number) if number else Q(premises_name__iexact=name)
    rows = LicensingVisit.objects.visible_to(viewer).filter(same).exclude(pk=visit.pk)
    return list(rows.exclude(status=LicensingVisit.Status.CANCELLED).order_by("-starts", "-pk")[:MOST])


def swabs_of(visits: Sequence[LicensingVisit]) -> dict[int, tuple[int, int]]:
    """Visit -> swabs positive and taken, of visits that the reader sees; none where none were taken. One query."""
    rows = Swab.objects.filter(record__in=[one.pk for one in visits]).order_by().values("record")
    return {row["record"]: (row["hit"], row["all"]) for row in rows.annotate(hit=Sum("positive"), all=Sum("taken"))}
