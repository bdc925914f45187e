"""What the list of registers and the page of one read: always what its viewer may see, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Prefetch

from interventions import rows as parts
from interventions import states
from interventions.models import Intervention
from interventions.registers.register import Register
from partners.visibility import Viewer


def rows(viewer: Viewer, register: Register) -> Any:
    """The records of a register that somebody sees, in no order, as its own model has them."""
    found = register.model.objects.visible_to(viewer).filter(kind__in=register.kinds)
    return found.select_related("owner").prefetch_related("wards")


def with_parts(found: Any, register: Register) -> Any:
    """The same, with the rows of their parts at hand. One query more for each part."""
    return found.prefetch_related(*(Prefetch(part.name, parts.of(part)) for part in register.parts))


def counts(viewer: Viewer) -> tuple[Counter[str], Counter[str]]:
    """How many records of each kind somebody sees, and how many of these are orders in force now. Two queries."""
    seen = Intervention.objects.visible_to(viewer).order_by()

    def by_kind(some: Any) -> Counter[str]:
        return Counter(dict(some.values_list("kind").annotate(n=Count("pk"))))

    return by_kind(seen), by_kind(states.in_force(seen, viewer.now))


def named(viewer: Viewer, pks: list[int]) -> list[Intervention]:
    """The records with these numbers that somebody sees. One query, none for no number."""
    return list(Intervention.objects.visible_to(viewer).filter(pk__in=pks)) if pks else []
