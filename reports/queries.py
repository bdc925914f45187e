"""What the pages read: the only reader for them. Every function costs a fixed number of queries."""
# ruff: noqa: S608 - what is put into a query's text is a constant of this module

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from hotspots import categories, coverage
from hotspots.models import DRAWN, Area, Population, Source
from hotspots.sql import rows
from partners.visibility import Viewer
from reports.models import MonthlySummary
from reports.schemes import HEADLINE


class Figure(NamedTuple):
    """One area's month of one category, as `MonthlySummary` has it. None = unknown."""

    month: date
    count: int | None  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    previous_month: int | None
    last_year: int | None
    rolling_12: int | None
    rate_per_1000: float | None
    coverage: int
    converted: bool


def unknown(month: date) -> Figure:
    """The figure of a month without a row."""
    return Figure(month, None, None, None, None, None, MonthlySummary.Coverage.MISSING, False)


# The kinds of areas that have monthly figures.
SUMMARISED = (Area.Kind.FORCE, Area.Kind.BOROUGH, Area.Kind.WARD)


@dataclass(frozen=True, slots=True)
class Place:
    """One area, with the area it lies in ("" where none is known)."""

    pk: int
    kind: str
    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    parent_pk: int | None = None
    parent_code: str = ""
    parent_name: str = ""
    # Its home publisher's slug, whose missing month makes its counts unknown; "" where nobody who polices it published.
    force: str = ""

    def in_force(self, day: date) -> bool:
        """Whether these boundaries were the official ones on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def in_force_in(self, month: date) -> bool:
        """Whether they were on any day of a month (its first day): its figures are then not converted."""
        begun = self.valid_from is None or self.valid_from.replace(day=1) <= month
        return begun and (self.valid_to is None or month < self.valid_to)


@dataclass(frozen=True, slots=True)
class WardSet:
    """The wards of one borough that came into force on one day."""

    valid_from: date | None
    valid_to: date | None
    wards: tuple[Place, ...]

    @property
    def day(self) -> date | None:
        """A day on which they were in force, by which addresses name them; None for wards without dates."""
        return self.valid_from or (self.valid_to - timedelta(days=1) if self.valid_to else None)


@dataclass(frozen=True, slots=True)
class Release:
    """What is loaded of one publisher's figures from one source, superseded releases apart."""

    source: str
    publisher: str
    slug: str
    first: date
    last: date
    # The publisher's own date of its newest release, where it has one.
    release: date | None
    loaded: datetime


class Span(NamedTuple):
    """First and last month of a scheme's rows for an area, and the newest one that bears comparison (else the newest
    with a count, else the last)."""

    first: date
    last: date
    newest: date


def data_version() -> int:
    """The number of changes to the published figures so far; 0 before the first. One query."""
    found = rows("SELECT number FROM hotspots_dataversion WHERE id = 1")
    return int(found[0][0]) if found else 0


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

_HAS_WARDS = "EXISTS (SELECT FROM hotspots_area ward WHERE ward.kind = 'ward' AND ward.parent_id = a.id)"
_IS_SHOWN_BOROUGH = f"a.kind = 'borough' AND {_HAS_FIGURES} AND {_HAS_WARDS}"


def _places(condition: str, *values: Any) -> list[Place]:
    found = rows(f"{_PLACES} WHERE a.kind <> ALL(%s) AND ({condition}) ORDER BY a.name, a.code", [*DRAWN], *values)
    return [Place(*row) for row in found]


def place(kind: str, code: str) -> Place | None:
    """The ward, borough or force with this code; None if there is none. One query."""
    return next(iter(_places("a.kind = %s AND a.code = %s", kind, code)), None)


def boroughs() -> list[Place]:
    """The boroughs that have wards and figures, by name. One query."""
    return _places(_IS_SHOWN_BOROUGH)


def boroughs_and_wards(code: str) -> tuple[list[Place], list[WardSet]]:
    """The boroughs as above, and the wards of the one with this code as `ward_sets` has them. One query."""
    found = _places(f"({_IS_SHOWN_BOROUGH}) OR (a.kind = 'ward' AND parent.code = %s)", code)
    wards = [place for place in found if place.kind == Area.Kind.WARD]
    return [place for place in found if place.kind == Area.Kind.BOROUGH], in_sets(wards)


def named_places(codes: Collection[str], wards_of: Collection[str], *, all_boroughs: bool) -> list[Place]:
    """The areas with these codes, all wards (of any time) of the boroughs `wards_of`, and perhaps every borough that
    has figures; by name. Areas of other kinds come only where named. One query."""
    every = f" OR (a.kind = 'borough' AND {_HAS_FIGURES})" if all_boroughs else ""
    named = "a.code = ANY(%s) OR (a.kind = 'ward' AND parent.code = ANY(%s))"
    return _places(f"({named}{every})", list(codes), list(wards_of))


def places_with_figures() -> list[Place]:
    """Every force, borough and ward that has figures, by name. One query."""
    return _places(f"a.kind = ANY(%s) AND {_HAS_FIGURES}", [kind.value for kind in SUMMARISED])


def own_borough(viewer: Viewer, choices: Sequence[Place]) -> Place:
    """The borough where one of the reader's agencies works; else the one that an agency is named after ("Havering
    Council"); else the first."""
    works_in = {code for standing in viewer.standings for code in standing.agency_areas}
    names = " ".join(viewer.agency_names).casefold()
    return next(
        (borough for borough in choices if borough.code in works_in),
        next((borough for borough in choices if borough.name.casefold() in names), choices[0]),
    )


def ward_sets(borough_pk: int) -> list[WardSet]:
    """A borough's wards by the day they came into force, oldest first; wards by name. One query."""
    return ward_sets_of([borough_pk]).get(borough_pk, [])


def ward_sets_of(borough_pks: Collection[int]) -> dict[int, list[WardSet]]:
    """The same of several boroughs, by borough; those without wards are not in the answer. One query."""
    found: dict[int, list[Place]] = {}
    for ward in _places("a.kind = 'ward' AND a.parent_id = ANY(%s)", list(borough_pks)):
        found.setdefault(ward.parent_pk or 0, []).append(ward)
    return {pk: in_sets(wards) for pk, wards in found.items()}


def in_sets(wards: Iterable[Place]) -> list[WardSet]:
    """One borough's wards by the day they came into force, oldest first."""
    found: dict[date | None, list[Place]] = {}
    for ward in wards:
        found.setdefault(ward.valid_from, []).append(ward)
    return [
        WardSet(since, max((ward.valid_to for ward in wards if ward.valid_to), default=None), tuple(wards))
        for since, wards in sorted(found.items(), key=lambda item: item[0] or date.min)
    ]


def set_in_force(sets: Sequence[WardSet], day: date) -> WardSet:
    """The newest of a borough's sets, oldest first, that had begun by a day; else its first."""
    return next((one for one in reversed(sets) if one.valid_from is None or one.valid_from <= day), sets[0])


_SPAN = """
    min(month), max(month),
    coalesce(max(month) FILTER (WHERE coverage > %s), max(month) FILTER (WHERE count IS NOT NULL), max(month))
    FROM reports_monthlysummary WHERE area_id = ANY(%s) AND category_id = ANY(%s)
"""


def spans(*area_pks: int) -> dict[str, Span]:
    """The months for which an area (of several: any of them) has rows, by scheme. One query."""
    schemes = {categories.by_slug(scheme)[slug].number: scheme for scheme, slug in HEADLINE.items()}
    found = rows(
        f"SELECT category_id, {_SPAN} GROUP BY category_id ORDER BY category_id",
        MonthlySummary.Coverage.PARTIAL.value,
        list(area_pks),
        list(schemes),
    )
    return {schemes[number]: Span(*months) for number, *months in found}


def spans_by_area(area_pks: Collection[int], scheme: str) -> dict[int, Span]:
    """The months for which areas have rows of a scheme, by area; areas without any are not in the answer. One query."""
    headline = categories.by_slug(scheme)[HEADLINE[scheme]].number
    partial = MonthlySummary.Coverage.PARTIAL.value
    found = rows(f"SELECT area_id, {_SPAN} GROUP BY area_id", partial, list(area_pks), [headline])
    return {pk: Span(*months) for pk, *months in found}


class Want(NamedTuple):
    """Areas and categories (numbers), and the months wanted of them, both ends included."""

    areas: Collection[int]
    categories: Collection[int]
    since: date
    until: date


def figures(*wanted: Want) -> dict[tuple[int, int], dict[date, Figure]]:
    """Figures by area and category number, and month; in no order. One query."""
    one = "(area_id = ANY(%s) AND category_id = ANY(%s) AND month BETWEEN %s AND %s)"
    found: dict[tuple[int, int], dict[date, Figure]] = {}
    for area, number, *row in rows(
        "SELECT area_id, category_id, month, count, previous_month, same_month_last_year, rolling_12, rate_per_1000, "
        f"coverage, converted FROM reports_monthlysummary WHERE {' OR '.join([one] * len(wanted))}",
        *(part for want in wanted for part in (list(want.areas), list(want.categories), want.since, want.until)),
    ):
        found.setdefault((area, number), {})[row[0]] = Figure._make(row)
    return found


def releases(sources: Collection[str], since: date, until: date) -> list[Release]:
    """What is loaded of these sources for these months, both ends included, by source and publisher. One query."""
    found = rows(
        """
        SELECT s.source, p.name, p.slug, min(s.month), max(s.month), max(s.release), max(s.loaded)
        FROM hotspots_slice s JOIN hotspots_publisher p ON p.id = s.publisher_id
        WHERE s.superseded IS NULL AND s.source = ANY(%s) AND s.month BETWEEN %s AND %s
        GROUP BY s.source, p.name, p.slug ORDER BY s.source, p.name
        """,
        [str(source) for source in sources],
        since,
        until,
    )
    return [Release(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Denominator:
    """The residents that a rate is per: `year` is the year they were counted in, None where added up from LSOAs."""

    residents: int
    year: int | None


def denominator(area_pk: int, month: date, figures: Iterable[Figure]) -> Denominator | None:
    """The residents that a month's stored rates are per, worked back from the year's rates; None without any.
    One query: the year they were counted in, where that very number is published for the area.
    """
    rated = [f for f in figures if f.month.year == month.year and f.month <= month and f.count and f.rate_per_1000]
    if not rated:
        return None
    largest = max(rated, key=lambda figure: (figure.count or 0, figure.month))
    residents = round(1000 * (largest.count or 0) / (largest.rate_per_1000 or 1))
    years = Population.objects.filter(area_id=area_pk, residents=residents).values_list("year", flat=True)
    return Denominator(residents, max((y for y in years if y <= month.year), default=min(years, default=None)))


@dataclass(frozen=True, slots=True)
class Gap:
    """Months within a window that a publisher did not report, or reported in part."""

    publisher: str
    missing: tuple[date, ...]
    partial: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """How whole a source is for an area: the slug of its home publisher ("" = none), and the gaps."""

    force: str
    gaps: tuple[Gap, ...]


def reporting(source: str, window: Collection[date], place: Place) -> Reporting:
    """Gaps of the publishers that an area's figures rest on: its home publisher, those without a territory (but a force
    counts its own rows alone), and whoever published a ready-made table of it. One query."""
    which: tuple[str, ...]
    if source in (Source.MPS_WARD, Source.MPS_BOROUGH):
        borough = place.parent_name if place.kind == Area.Kind.WARD else place.name
        which = "s.scope = '' OR upper(s.scope) = upper(%s)", borough
    elif place.kind == Area.Kind.FORCE:
        which = "p.slug = %s", place.force
    else:
        which = "p.slug = %s OR p.area_id IS NULL", place.force
    found = []
    for line in coverage.reported(source, *which):
        missing = tuple(month for month in window if line.states.get(month) == coverage.State.MISSING)
        partial = tuple(month for month in window if line.states.get(month) == coverage.State.PARTIAL)
        if missing or partial:
            found.append(Gap(line.publisher, missing, partial))
    return Reporting(place.force, tuple(found))
