"""Which types of crime rose and fell most in which wards: three months against the same three a year before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from hotspots import categories
from hotspots.categories import Definition
from reports.models import MonthlySummary
from reports.queries import Figure
from reports.sentences import PARTIAL

# A ward's single month of one type is mostly chance; three are a little less so.
MONTHS = 3
# The months in which three whole ones are looked for.
REACH = 12
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One ward's count of one type in some months (`now`), and in the same months a year before."""

    area: int
    category: Definition
    now: int
    before: int

    @property
    def change(self) -> int:
        return self.now - self.before


def comparable_months(figures: Mapping[date, Figure], until: date) -> list[date]:
    """The newest three months up to `until`, oldest first, that are whole and known, as is the same month a year
    before; fewer, or none, where the last twelve months do not have three. `figures` are the borough's headline."""
    whole = [
        month
        for month, figure in sorted(figures.items(), reverse=True)
        if month <= until
        and figure.coverage > PARTIAL
        and figure.count is not None
        and figure.last_year is not None
        and (until.year - month.year) * 12 + until.month - month.month < REACH
    ]
    return sorted(whole[:MONTHS])


def moves(area_pks: Collection[int], scheme: str, months: Sequence[date]) -> list[Move]:
    """Every ward's count of every type over these months, where each month is whole and known in both years.

    Types only: a group would count the same crimes again. One query.
    """
    types = {d.number: d for d in categories.DEFINITIONS if d.scheme == scheme and not d.members and d.in_totals}
    rows = (
        MonthlySummary.objects.filter(
            area_id__in=area_pks,
            category_id__in=types,
            month__in=months,
            coverage__gt=PARTIAL,
            count__isnull=False,
            same_month_last_year__isnull=False,
        )
        .values_list("area_id", "category_id")
        .annotate(Sum("count"), Sum("same_month_last_year"), known=Count("month"))
        .filter(known=len(months))
        .order_by()
    )
    return [Move(area, types[number], now, before) for area, number, now, before, _ in rows]


def largest(found: Sequence[Move], names: Mapping[int, str], sign: int) -> list[Move]:
    """The five largest rises (`sign` 1) or falls (-1) by count; of equal ones the smaller base first, then by name."""
    moved = [move for move in found if sign * move.change > 0]
    moved.sort(key=lambda move: (-abs(move.change), move.before, names[move.area], move.category.name))
    return moved[:SHOWN]
