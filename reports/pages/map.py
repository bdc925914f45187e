"""What the map shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area
from hotspots.populations import residents
from reports import lsoas
from reports.forms.map import LSOA, YEAR
from reports.keeping import kept
from reports.pages import shown_month
from reports.queries import (
    Figure,
    Place,
    Release,
    Reporting,
    Span,
    Want,
    data_version,
    figures,
    releases,
    reporting,
    set_in_force,
    spans,
    ward_sets_of,
)
from reports.schemes import choose_scheme, definition, sources_of
from reports.sentences import PARTIAL
from reports.shapes import Drawing, drawing

KEEP_SECONDS = 24 * 3600
CITY_WIDTH = 2000  # units across a map of many boroughs


class NoShapes(Exception):
    """There is nothing to draw. The message is a sentence."""


class Spot(NamedTuple):
    """One area of the map. `within` is the ward of an LSOA, the borough of a ward; an LSOA's profile is its ward's."""

    pk: int
    code: str
    name: str
    within: str
    profile_code: str


class Cell(NamedTuple):
    """One area's figure: of the month or of the twelve months to it, and a year before. None = unknown.

    `rate` is per 1,000 residents. `partial`, `before_partial`: reported in part, so that the two are not compared.
    `converted`, `before_converted`: the ward was not in force then, or not in all of the twelve months.
    """

    value: int | None
    before: int | None
    rate: float | None
    partial: bool = False
    before_partial: bool = False
    converted: bool = False
    before_converted: bool = False

    @property
    def is_converted(self) -> bool:
        """Whether one of the figures that are known was moved onto boundaries of another time."""
        now, before = self.value is not None, self.before is not None
        return (now and self.converted) or (before and self.before_converted)


@dataclass(frozen=True, slots=True)
class Map:
    """All that the map shows. `borough` is None for all of them, and `total` then None; else the borough's figure."""

    borough: Place | None
    boroughs: list[Place]
    by: str
    scheme: str
    category: Definition
    month: date
    period: str
    spans: dict[str, Span]
    spots: list[Spot]
    cells: dict[int, Cell]
    total: Cell | None
    drawing: Drawing
    # The areas are those in force on this day.
    day: date
    releases: list[Release]
    reporting: Reporting


def map_page(
    borough: Place | None,
    choices: list[Place],
    *,
    by: str,
    scheme: str,
    category: str,
    month: date | None,
    day: date | None,
    period: str,
) -> Map:
    """A map of a borough of the choices; None is all of them. Raises NoFigures, NoShapes and UnknownCategory. At most
    9 queries, the first time some more.
    """
    members = [borough] if borough else choices
    has = spans(*(one.pk for one in members))
    scheme = choose_scheme(has, scheme) if by != LSOA else categories.POLICE_UK
    chosen = definition(scheme, category)
    last = shown_month(members[0], has, scheme, month)
    if by == LSOA:
        assert borough is not None  # noqa: S101 - the form asks for one
        spots, cells, total = _lsoas(borough, chosen, last, day or last, period)
    else:
        spots, cells, total = _wards(members, borough, chosen, last, day or last, period)
    drawn = drawing([spot.pk for spot in spots], day or last, **({} if borough else {"width": CITY_WIDTH}))
    if drawn is None:
        raise NoShapes(f"The boundaries of {_where(borough)}'s {'LSOAs' if by == LSOA else 'wards'} are not loaded.")
    sources = sources_of(scheme, Area.Kind.WARD)
    return Map(
        borough=borough,
        boroughs=choices,
        by=by,
        scheme=scheme,
        category=chosen,
        month=last,
        period=period,
        spans=has,
        spots=spots,
        cells=cells,
        total=total,
        drawing=drawn,
        day=day or last,
        releases=releases(sources, last if period != YEAR else back(last, 11), last),
        reporting=reporting(sources[0], _months(last, period), members[0]),
    )


def _where(borough: Place | None) -> str:
    return borough.name if borough else "all boroughs"


def _months(last: date, period: str) -> list[date]:
    return [back(last, step) for step in reversed(range(12 if period == YEAR else 1))]


def _wards(
    members: Sequence[Place], borough: Place | None, category: Definition, month: date, day: date, period: str
) -> tuple[list[Spot], dict[int, Cell], Cell | None]:
    """Two queries; residents are kept."""
    spots = _ward_spots(members, day)
    pks = [spot.pk for spot in spots] + ([borough.pk] if borough else [])
    year_before = back(month, 12)
    # Of twelve months the first says whether the ward was in force in all of them.
    starts = [back(month, 11), back(year_before, 11)] if period == YEAR else []
    found = figures(*(Want(pks, [category.number], one, one) for one in (month, year_before, *starts)))
    people = _residents(pks, month.year) if period == YEAR else {}
    cells = {}
    for pk in pks:
        own = found.get((pk, category.number), {})
        first, first_before = (bool((row := own.get(one)) and row.converted) for one in starts or (month, year_before))
        cell = _cell(own.get(month), own.get(year_before), period, people.get(pk))
        cells[pk] = cell._replace(
            converted=cell.converted or first, before_converted=cell.before_converted or first_before
        )
    return spots, cells, cells[borough.pk] if borough else None


def _ward_spots(boroughs: Sequence[Place], day: date) -> list[Spot]:
    """Of each borough the wards in force on a day, else its first ones; by borough and name. One query."""
    sets = ward_sets_of([borough.pk for borough in boroughs])
    return [
        Spot(ward.pk, ward.code, ward.name, borough.name, ward.code)
        for borough in boroughs
        if borough.pk in sets
        for ward in set_in_force(sets[borough.pk], day).wards
    ]


def _cell(now: Figure | None, before: Figure | None, period: str, people: int | None) -> Cell:
    if now is None:
        return Cell(None, None, None)
    if period == YEAR:
        earlier = before.rolling_12 if before else None
        return Cell(
            now.rolling_12,
            earlier,
            _rate(now.rolling_12, people),
            converted=now.converted,
            before_converted=before is not None and before.converted,
        )
    return Cell(
        now.count,
        now.last_year,
        now.rate_per_1000,
        now.count is not None and now.coverage == PARTIAL,
        before is not None and before.count is not None and before.coverage == PARTIAL,
        now.converted,
        before is not None and before.converted,
    )


def _lsoas(
    borough: Place, category: Definition, month: date, day: date, period: str
) -> tuple[list[Spot], dict[int, Cell], Cell | None]:
    """Four queries; counts and residents are kept."""
    areas = lsoas.of_borough(borough.pk, day)
    if not areas:
        raise NoShapes(f"The boundaries of {borough.name}'s LSOAs are not loaded.")
    number = category.number
    own = figures(Want([borough.pk], [number], back(month, 23), month)).get((borough.pk, number), {})
    counted = lsoas.counts(areas, category, own)
    people = _residents([borough.pk, *(one.pk for one in areas)], month.year)
    total = _cell(own.get(month), own.get(back(month, 12)), period, people.get(borough.pk))
    window, earlier = _months(month, period), _months(back(month, 12), period)
    cells = {}
    for one in areas:
        by_month = counted[one.pk]
        value, partial = _sum(by_month, window)
        before, before_partial = _sum(by_month, earlier)
        cells[one.pk] = Cell(value, before, _rate(value, people.get(one.pk)), partial, before_partial)
    spots = [Spot(one.pk, one.code, one.name, one.ward_name, one.ward_code) for one in areas]
    return spots, cells, total


def _sum(counts: Mapping[date, lsoas.Count], window: Sequence[date]) -> tuple[int | None, bool]:
    """The sum of the months, and whether a single month is partial: partial months do not enter a longer sum."""
    found = [counts.get(month) or lsoas.Count(None, partial=False) for month in window]
    if len(found) == 1:
        return found[0].count, found[0].partial
    known = [one.count for one in found if one.count is not None and not one.partial]
    return (sum(known), False) if len(known) == len(found) else (None, False)


def _rate(value: int | None, people: int | None) -> float | None:
    return 1000 * value / people if value is not None and people else None


def _residents(pks: Sequence[int], year: int) -> dict[int, int | None]:
    """Residents of areas in a year, kept for the version of the figures."""
    key = f"map-residents:{data_version()}:{year}:{hash(tuple(pks))}"
    return kept(key, KEEP_SECONDS, lambda: {pk: people for (pk, _), people in residents(pks, [year]).items()})
