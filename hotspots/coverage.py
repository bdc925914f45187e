"""Who published which month: what is known, what is missing, and whose figures an area rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

import numpy as np
from django.db import models

from hotspots import facts, sql
from hotspots.models import Area, Publisher, Slice, Source
from hotspots.places import Placer

# A month with fewer rows than this share of the publisher's median month is partial.
PARTIAL_SHARE = 0.25
# Its rows lie in everybody's area, so a month without it undercounts every area a little.
TRANSPORT_POLICE = "btp"
# The API's answers hold only the areas that were asked for: they count where no force's file does, as partial.
API_PUBLISHER = "data-police-uk"


class State(models.TextChoices):
    """What a publisher's month is worth."""

    REPORTED = "reported", "Reported"
    PARTIAL = "partial", "Partial"
    EXTRACT = "extract", "Extract"
    MISSING = "missing", "Missing"


@dataclass(frozen=True)
class Cell:
    """One publisher's month. `slice` is None, and `rows` 0, where the month is missing."""

    state: State
    slice: Slice | None
    rows: int


@dataclass(frozen=True)
class Line:
    """One publisher's months. `cells` runs beside `Coverage.months`; None = outside its first to last month."""

    publisher: Publisher
    scope: str  # "" = all of the publisher's figures, else the part that the files hold, as a borough's name
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Coverage:
    """Publisher x month of one source. `months` has every month from the first to the last with any slice."""

    source: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reported:
    """What one publisher's months are worth, from its first to its last. `scope` as of `Line`."""

    publisher: str
    scope: str
    states: dict[date, State]


def back(month: date, months: int) -> date:
    """The first day of the month that lies `months` before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from `first` to `last`, both included."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1)]


def coverage(source: str) -> Coverage:
    """What is loaded of a source, publishers by name. One query."""
    slices = Slice.objects.current().filter(source=source).select_related("publisher").order_by("month", "id")
    by_line: dict[tuple[str, str, int], dict[date, Slice]] = defaultdict(dict)
    for found in slices:
        by_line[found.publisher.name, found.scope, found.publisher_id][found.month] = found
    every = [month for line in by_line.values() for month in line]
    months = months_between(min(every), max(every)) if every else []
    lines = []
    for (_, scope, _), line in sorted(by_line.items(), key=lambda item: item[0]):
        worth = [(found.month, found.rows, bool(found.only_categories)) for found in line.values()]
        states = _states(source, worth)
        cells = [
            Cell(states[month], line.get(month), line[month].rows if month in line else 0) if month in states else None
            for month in months
        ]
        lines.append(Line(next(iter(line.values())).publisher, scope, tuple(cells)))
    return Coverage(source, tuple(months), tuple(lines))


def reported(source: str, where: str = "true", *values: object) -> list[Reported]:
    """`coverage` in short, for pages: states alone, of the slices (s) of publishers (p) that an SQL condition chooses:
    all of a publisher's, or all of a scope's, as months are judged beside each other. One query."""
    found = sql.rows(
        f"""
        SELECT p.name, s.scope, s.publisher_id, s.month, s.rows, s.only_categories <> '[]'
        FROM hotspots_slice s JOIN hotspots_publisher p ON p.id = s.publisher_id
        WHERE s.superseded IS NULL AND s.source = %s AND ({where})
        ORDER BY p.name, s.scope, s.publisher_id, s.month
        """,  # noqa: S608 - the condition is the caller's own text
        str(source),
        *values,
    )
    return [
        Reported(name, scope, _states(source, [row[3:] for row in line]))
        for (name, scope, _), line in groupby(found, lambda row: row[:3])
    ]


def _states(source: str, line: Sequence[tuple[date, int, bool]]) -> dict[date, State]:
    """Month -> state, from the first to the last month of a line: (month, rows, whether it is an extract), in order."""
    step = 3 if source == Source.PARTNER_QUARTER else 1
    if source in (Source.MPS_WARD, Source.MPS_BOROUGH, Source.PARTNER, Source.PARTNER_QUARTER):
        # Rows of these are cells of a table, not records; `only_categories` says which types the table has.
        known = {month: State.REPORTED for month, _, _ in line}
    else:
        whole = [rows for _, rows, extract in line if not extract]
        least = PARTIAL_SHARE * median(whole) if whole else 0
        known = {
            month: State.EXTRACT if extract else State.PARTIAL if rows < least else State.REPORTED
            for month, rows, extract in line
        }
    return {month: known.get(month, State.MISSING) for month in months_between(line[0][0], line[-1][0])[::step]}


def area_publishers(placer: Placer | None = None) -> dict[int, int]:
    """Area id -> id of its home publisher: the one whose missing month makes the area's count unknown.

    A force's is its own; a borough's is that of the force which is its parent or, without one, the territorial
    publisher with the most located rows there in the largest month of each source that it has; a ward's is its
    borough's. Areas that no loaded publisher polices are not in the answer.
    """
    of_force = dict(Publisher.objects.filter(area__isnull=False).order_by("-slug").values_list("area_id", "id"))
    boroughs = Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("id", "parent_id")
    home: dict[int, int] = of_force | {area: of_force[force] for area, force in boroughs if force in of_force}
    orphans = {area for area, _ in boroughs if area not in home}
    if orphans and of_force:
        placer = placer or Placer()
        rows: Counter[tuple[int, int]] = Counter()
        for found in _largest_months(of_force.values()):
            rows.update({(area, found.publisher_id): n for area, n in _rows_by_borough(found, placer).items()})
        most: dict[int, int] = {}
        for (area, publisher), count in rows.items():  # by slug: the first of two with as many
            if area in orphans and count > most.get(area, 0):
                most[area], home[area] = count, publisher
    wards = Area.objects.filter(kind=Area.Kind.WARD, parent__in=home).values_list("id", "parent_id")
    return home | {ward: home[parent] for ward, parent in wards if parent}


def settle_publishers(placer: Placer) -> dict[int, int]:
    """`area_publishers`, after keeping each borough's as `Area.home`: what pages go by. Call it where summaries are
    made, in their transaction. One query more, and one for each publisher that gains boroughs."""
    home = area_publishers(placer)
    moved: dict[int | None, list[int]] = defaultdict(list)
    for borough, kept in Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("id", "home_id"):
        if kept != home.get(borough):
            moved[home.get(borough)].append(borough)
    for publisher, boroughs in moved.items():
        Area.objects.filter(id__in=boroughs).update(home_id=publisher)
    return home


def _largest_months(publishers: Iterable[int]) -> models.QuerySet[Slice]:
    """Each publisher's month with the most rows, of each source; by slug.

    The largest one reaches furthest: newer months may hold one borough or one type of crime. And it seldom changes.
    """
    sources = [Source.STREET, Source.OUTCOMES, Source.SEARCHES]
    loaded = Slice.objects.current().filter(source__in=sources, publisher__in=publishers)
    return loaded.order_by("publisher__slug", "source", "-rows", "-month", "id").distinct("publisher__slug", "source")


def _rows_by_borough(found: Slice, placer: Placer) -> dict[int, int]:
    """Borough id -> rows of the slice there."""
    places = facts.tally(found.path, found.source, settled=placer.settled(found.month))
    areas = placer.boroughs_of(found.month, *(places[name] for name in facts.PLACE))
    boroughs, where = np.unique(areas, return_inverse=True)
    rows = np.bincount(where, weights=places["rows"])
    return {int(area): int(count) for area, count in zip(boroughs, rows, strict=True) if area}
