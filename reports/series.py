"""Reads many series at once - areas x categories x months - for the explore page. A fixed number of queries each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from hotspots import categories, sql
from hotspots.models import Area
from reports.models import MonthlySummary
from reports.queries import Figure, Place, Span
from reports.schemes import HEADLINE

KINDS = (Area.Kind.FORCE, Area.Kind.BOROUGH, Area.Kind.WARD)
_PLACES = """
    SELECT a.id, a.kind, a.code, a.name, a.valid_from, a.valid_to, a.parent_id, coalesce(parent.code, ''),
           coalesce(parent.name, ''),
           coalesce(CASE a.kind WHEN 'ward' THEN parents.slug WHEN 'force' THEN a.code ELSE own.slug END, '')
    FROM hotspots_area a
    LEFT JOIN hotspots_area parent ON parent.id = a.parent_id
    LEFT JOIN hotspots_publisher own ON own.id = a.home_id
    LEFT JOIN hotspots_publisher parents ON parents.id = parent.home_id
"""
_HAS_FIGURES = "EXISTS (SELECT FROM reports_monthlysummary WHERE area_id = a.id)"


def places(codes: Collection[str], wards_of: Collection[str], *, all_boroughs: bool) -> list[Place]:
    """The areas with these codes, all wards (of any time) of the boroughs `wards_of`, and perhaps every borough that
    has figures; by name. Areas of other kinds come only where named. One query."""
    every = f" OR (a.kind = 'borough' AND {_HAS_FIGURES})" if all_boroughs else ""
    found = sql.rows(
        f"{_PLACES} WHERE a.code = ANY(%s) OR (a.kind = 'ward' AND parent.code = ANY(%s)){every} "
        "ORDER BY a.name, a.code",
        list(codes), list(wards_of),
    )  # fmt: skip
    return [Place(*row) for row in found]


def choosable() -> list[Place]:
    """Every force, borough and ward that has figures, by name. One query."""
    found = sql.rows(
        f"{_PLACES} WHERE a.kind = ANY(%s) AND {_HAS_FIGURES} ORDER BY a.name, a.code", [kind.value for kind in KINDS]
    )
    return [Place(*row) for row in found]


def spans(area_pks: Collection[int], scheme: str) -> dict[int, Span]:
    """The months for which areas have rows of a scheme, by area; areas without any are not in the answer. One query."""
    number = categories.by_slug(scheme)[HEADLINE[scheme]].number
    found = sql.rows(
        """
        SELECT area_id, min(month), max(month),
               coalesce(max(month) FILTER (WHERE coverage > %s),
                        max(month) FILTER (WHERE count IS NOT NULL), max(month))
        FROM reports_monthlysummary WHERE area_id = ANY(%s) AND category_id = %s GROUP BY area_id""",
        MonthlySummary.Coverage.PARTIAL.value, list(area_pks), number,
    )  # fmt: skip
    return {pk: Span(first, last, newest) for pk, first, last, newest in found}


def rows(
    area_pks: Collection[int], numbers: Collection[int], months: Sequence[date]
) -> dict[tuple[int, int], dict[date, Figure]]:
    """Figures by (area, category number) and month, of the months from the first to the last. One query."""
    found: dict[tuple[int, int], dict[date, Figure]] = {}
    read = sql.rows(
        """
        SELECT area_id, category_id, month, count, previous_month, same_month_last_year, rolling_12, rate_per_1000,
               coverage, converted
        FROM reports_monthlysummary
        WHERE area_id = ANY(%s) AND category_id = ANY(%s) AND month BETWEEN %s AND %s""",
        list(area_pks), list(numbers), min(months), max(months),
    )  # fmt: skip
    for pk, number, *row in read:
        found.setdefault((pk, number), {})[row[0]] = Figure(*row)
    return found
