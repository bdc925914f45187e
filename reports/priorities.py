"""The categories that a borough's partnership has made its priorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hotspots import categories
from hotspots.categories import Definition
from hotspots.sql import rows
from reports.models import Priority

MOST = 4


@dataclass(frozen=True, slots=True)
class Chosen:
    """One priority, in order: its category, who made it one, and when."""

    category: Definition
    set_by: str
    set_at: datetime


def standing(code: str) -> tuple[int, tuple[int, ...]]:
    """What an overview rests on: the version of the figures (0 before the first), and the borough's priorities as
    category numbers, in order. One query."""
    found = rows(_STANDING, code)
    return (found[0][0], tuple(found[0][1])) if found else (0, ())


# Every overview asks this first, also a kept one.
_STANDING = """
    SELECT number, ARRAY(
        SELECT category_id FROM reports_priority JOIN hotspots_area area ON area.id = area_id
        WHERE area.code = %s ORDER BY position
    ) FROM hotspots_dataversion WHERE id = 1
"""


def chosen(area_pk: int) -> list[Chosen]:
    """A borough's priorities in order. One query."""
    found = Priority.objects.filter(area=area_pk).values_list("category_id", "set_by__full_name", "set_at")
    return [Chosen(categories.by_number()[number], name, at) for number, name, at in found.order_by("position")]
