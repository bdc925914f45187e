"""Which wards a ward is compared with, and their figures.

Similar wards are chosen by the twelve months that end before both of the years that are compared: chosen by those
figures, a ward that was high by chance would be set beside others that were high by chance. Where they are not known,
the year before the newest has to do, and the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hotspots import categories
from hotspots.coverage import back
from hotspots.sql import rows
from reports.queries import Place
from reports.schemes import HEADLINE

# How many are named; with fewer than FEWEST none are.
SIMILAR, FEWEST = 5, 3
# Neither its residents nor its rate may be more than so many times those of the ward, or the ward's those of it.
WITHIN = 1.5

# `level` has each ward's residents and rate of all crime. Residents are those that the stored rates are per.
_COMPARED = """
WITH level AS MATERIALIZED (
    SELECT s.area_id, 1000 * s.count / s.rate_per_1000 AS residents, s.rolling_12 * s.rate_per_1000 / s.count AS rate
    FROM reports_monthlysummary s
    WHERE s.category_id = %(headline)s AND s.month = %(chosen_by)s AND s.count > 0 AND s.rolling_12 > 0
        AND s.rate_per_1000 > 0 AND s.area_id = ANY(ARRAY(
            SELECT id FROM hotspots_area
            WHERE kind = 'ward' AND (valid_from <= %(day)s) IS NOT FALSE AND (valid_to > %(day)s) IS NOT FALSE))
), near AS (
    SELECT other.area_id, abs(ln(other.residents / own.residents)) + abs(ln(other.rate / own.rate)) AS distance
    FROM level own JOIN level other ON other.area_id <> own.area_id
        AND other.residents BETWEEN own.residents / %(within)s AND own.residents * %(within)s
        AND other.rate BETWEEN own.rate / %(within)s AND own.rate * %(within)s
    WHERE own.area_id = %(ward)s
    ORDER BY distance, other.area_id LIMIT %(similar)s
), listed AS (
    SELECT area_id, distance FROM near
    UNION ALL SELECT %(ward)s, -2
    UNION ALL SELECT %(borough)s, -1 WHERE %(borough)s IS NOT NULL
)
SELECT area.kind, area.code, area.name, coalesce(borough.name, ''), now.rolling_12, before.rolling_12,
    round((1000.0 * whole.count / nullif(whole.rate_per_1000, 0))::numeric)::integer
FROM listed
JOIN hotspots_area area ON area.id = listed.area_id
LEFT JOIN hotspots_area borough ON borough.id = area.parent_id AND borough.kind = 'borough'
LEFT JOIN reports_monthlysummary now
    ON now.area_id = area.id AND now.category_id = %(category)s AND now.month = %(month)s
LEFT JOIN reports_monthlysummary before
    ON before.area_id = area.id AND before.category_id = %(category)s AND before.month = %(year_before)s
LEFT JOIN reports_monthlysummary whole
    ON whole.area_id = area.id AND whole.category_id = %(headline)s AND whole.month = %(month)s
ORDER BY listed.distance, area.id
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One area's twelve months to a month, and the twelve before them. None = unknown."""

    kind: str
    code: str
    name: str
    borough: str
    year: int | None
    year_before: int | None
    # Those of the month's stored rates.
    residents: int | None

    @property
    def rate(self) -> float | None:
        """The twelve months' count per 1,000 residents."""
        return None if self.year is None or not self.residents else 1000 * self.year / self.residents


def compared(ward: Place, *, scheme: str, category: int, month: date, chosen_by: date) -> list[Compared]:
    """The ward, its borough, and up to five similar wards, nearest first, for the twelve months to `month`. One query.
    `chosen_by` is the month with which the twelve end by which they are chosen.

    Similar are wards of all boroughs, of those in force with this one, by residents and rate of all crime: nearest are
    those whose two ratios to the ward's own are, multiplied, smallest.
    """
    day = month
    if not ward.in_force(day):
        day = ward.valid_from or (ward.valid_to or month) - timedelta(days=1)
    found = rows(
        _COMPARED,
        ward=ward.pk,
        borough=ward.parent_pk,
        headline=categories.by_slug(scheme)[HEADLINE[scheme]].number,
        category=category,
        month=month,
        year_before=back(month, 12),
        chosen_by=chosen_by,
        day=day,
        within=WITHIN,
        similar=SIMILAR,
    )
    return [Compared(*row) for row in found]
