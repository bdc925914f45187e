"""Who published which month: what is known, what is missing, and whose figures an area rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np
from django.db import models

from hotspots import facts
from hotspots.models import Area, Publisher, Slice, Source
from hotspots.places import Placer

# A month with fewer rows than this share of the publisher's median month is partial.
PARTIAL_SHARE = 0.25
# Its rows lie in everybody's area, so a month without it undercounts every area a little.
TRANSPORT_POLICE = "btp"


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
        states = _states(line.values())
        first, last = min(line), max(line)
        cells = [
            Cell(states[line[month].pk], line[month], line[month].rows)
            if month in line
            else Cell(State.MISSING, None, 0)
            if first < month < last
            else None
            for month in months
        ]
        lines.append(Line(next(iter(line.values())).publisher, scope, tuple(cells)))
    return Coverage(source, tuple(months), tuple(lines))


def _states(slices: Iterable[Slice]) -> dict[int, State]:
    """Slice id -> state, of the slices of one publisher, source and scope."""
    slices = list(slices)
    if slices and slices[0].source in (Source.MPS_WARD, Source.MPS_BOROUGH):
        # Rows of these are cells of a table, not records; `only_categories` says which types the table has.
        return {found.pk: State.REPORTED for found in slices}
    whole = [found.rows for found in slices if not found.only_categories]
    usual = median(whole) if whole else 0
    return {
        found.pk: State.EXTRACT
        if found.only_categories
        else State.PARTIAL
        if found.rows < PARTIAL_SHARE * usual
        else State.REPORTED
        for found in slices
    }


def area_publishers(placer: Placer | None = None) -> dict[int, int]:
    """Area id -> id of its home publisher: the one whose missing month makes the area's count unknown.

    A force's is its own; a borough's is that of the force which is its parent or, without one, the territorial
    publisher with the most located rows there in its newest whole month (street files, else outcomes, else searches);
    a ward's is its borough's. Areas that no loaded publisher polices are not in the answer.
    """
    of_force = dict(Publisher.objects.filter(area__isnull=False).order_by("-slug").values_list("area_id", "id"))
    boroughs = Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("id", "parent_id")
    home: dict[int, int] = of_force | {area: of_force[force] for area, force in boroughs if force in of_force}
    orphans = {area for area, _ in boroughs if area not in home}
    if orphans and of_force:
        newest = _newest_months(of_force.values())
        placer = placer or Placer()
        most: dict[int, int] = {}
        for publisher, found in newest.items():
            for area, rows in _rows_by_borough(found, placer).items():
                if area in orphans and rows > most.get(area, 0):
                    most[area], home[area] = rows, publisher
    wards = Area.objects.filter(kind=Area.Kind.WARD, parent__in=home).values_list("id", "parent_id")
    return home | {ward: home[parent] for ward, parent in wards if parent}


def _newest_months(publishers: Iterable[int]) -> dict[int, Slice]:
    """Publisher id -> its newest whole month, of the first source that it has; by slug."""
    sources = [Source.STREET, Source.OUTCOMES, Source.SEARCHES]
    slices: dict[int, dict[str, list[Slice]]] = defaultdict(lambda: defaultdict(list))
    loaded = Slice.objects.current().filter(source__in=sources, publisher__in=publishers)
    for found in loaded.order_by("publisher__slug", "month"):
        slices[found.publisher_id][found.source].append(found)
    newest = {}
    for publisher, by_source in slices.items():
        first = next(by_source[source] for source in sources if source in by_source)
        states = _states(first)
        newest[publisher] = max(first, key=lambda found: (states[found.pk] == State.REPORTED, found.month))
    return newest


def _rows_by_borough(found: Slice, placer: Placer) -> dict[int, int]:
    """Borough id -> rows of the slice there."""
    places = facts.tally(found.path, found.source)
    areas = placer.boroughs_of(found.month, *(places[name] for name in facts.PLACE))
    boroughs, where = np.unique(areas, return_inverse=True)
    rows = np.bincount(where, weights=places["rows"])
    return {int(area): int(count) for area, count in zip(boroughs, rows, strict=True) if area}
