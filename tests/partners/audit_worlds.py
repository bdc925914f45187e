"""Records for the tests of the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from interventions.models import Intervention
from interventions.registers import register_of
from partners.models import Agency


def agency(name: str = "Havering Council", part_of: Agency | None = None) -> Agency:
    """The agency of this name, made where there is none."""
    return Agency.objects.get_or_create(name=name, defaults={"kind": Agency.Kind.COUNCIL, "part_of": part_of})[0]


def intervention(title: str = "Patrol", *, owner: Agency | None = None, **fields: Any) -> Intervention:
    """A saved activity record of an hour from now, of Havering Council unless said otherwise."""
    now = timezone.now()
    given = {"kind": "patrol", "strand": "prevent", "starts": now, "ends": now + timedelta(hours=1), **fields}
    made: Intervention = register_of(given["kind"]).model._base_manager.create(
        title=title, owner=owner or agency(), **given
    )
    return made
