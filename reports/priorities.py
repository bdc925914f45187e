"""The categories that a borough's partnership has made its priorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from hotspots import categories
from hotspots.categories import Definition
from hotspots.models import Area, DataVersion
from partners.models import Membership, User
from reports.models import Priority

MOST = 4
# Who may choose them.
SETTERS = (Membership.Role.ANALYST, Membership.Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One priority, in order: its category, who made it one, and when."""

    category: Definition
    set_by: str
    set_at: datetime


def standing(code: str) -> tuple[int, tuple[int, ...]]:
    """What an overview rests on: the version of the figures (0 before the first), and the borough's priorities as
    category numbers, in order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [code])
        row = cursor.fetchone()
    return (row[0], tuple(row[1])) if row else (0, ())


# Every overview asks this first, also a kept one.
_STANDING = f"""
    SELECT number, ARRAY(
        SELECT category_id FROM {Priority._meta.db_table} JOIN {Area._meta.db_table} area ON area.id = area_id
        WHERE area.code = %s ORDER BY position
    ) FROM {DataVersion._meta.db_table} WHERE id = 1
"""  # noqa: S608 - the names of our own tables


def chosen(area_pk: int) -> list[Chosen]:
    """A borough's priorities in order. One query."""
    rows = Priority.objects.filter(area=area_pk).values_list("category_id", "set_by__full_name", "set_at")
    return [Chosen(by_number(number), name, at) for number, name, at in rows.order_by("position")]


def may_set(user: User) -> bool:
    """Whether a person may choose priorities: staff, and analysts and managers of an agency. One query at most."""
    return user.is_staff or user.memberships.filter(role__in=SETTERS).exists()


@lru_cache(maxsize=512)
def by_number(number: int) -> Definition:
    """The category with this number. Raises StopIteration for a number that no scheme has."""
    return next(one for one in categories.DEFINITIONS if one.number == number)
