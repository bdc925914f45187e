"""Which types of crime rose and fell most in which wards: three months against the same three a year before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hotspots import categories
from hotspots.categories import Definition
from hotspots.sql import rows
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


def types(scheme: str) -> dict[int, Definition]:
    """The categories whose moves are looked at, by number: those counted from rows that are part of totals."""
    return {d.number: d for d in categories.DEFINITIONS if d.scheme == scheme and not d.members and d.in_totals}


def moves(area_pks: Collection[int], scheme: str, months: Sequence[date]) -> list[Move]:
    """What may be among the largest rises and falls of these months, by count: a ward's type enters where each month is
    whole and known in both years, and equal ones all do.

    Types only: a group would count the same crimes again. One query.
    """
    own = types(scheme)
    found = rows(_MOVED, list(area_pks), list(own), list(months), PARTIAL, len(months), SHOWN, SHOWN)
    return [Move(area, own[number], now, before) for area, number, now, before in found]


# Some hundreds of sums, of which a page shows ten: PostgreSQL picks them.
_MOVED = """
    WITH moved AS (
        SELECT area_id, category_id, sum(count) AS now, sum(same_month_last_year) AS before
        FROM reports_monthlysummary
        WHERE area_id = ANY(%s) AND category_id = ANY(%s) AND month = ANY(%s) AND coverage > %s
            AND count IS NOT NULL AND same_month_last_year IS NOT NULL
        GROUP BY area_id, category_id HAVING count(*) = %s
    )
    (SELECT * FROM moved WHERE now > before ORDER BY now - before DESC FETCH FIRST %s ROWS WITH TIES)
    UNION ALL
    (SELECT * FROM moved WHERE now < before ORDER BY before - now DESC FETCH FIRST %s ROWS WITH TIES)
"""


def largest(found: Sequence[Move], names: Mapping[int, str], sign: int) -> list[Move]:
    """The five largest rises (`sign` 1) or falls (-1) by count; of equal ones the smaller base first, then by name."""
    moved = [move for move in found if sign * move.change > 0]
    moved.sort(key=lambda move: (-abs(move.change), move.before, names[move.area], move.category.name))
    return moved[:SHOWN]
