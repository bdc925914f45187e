"""From fact slices to a cube of counts: what is known in which area and month, and how many.

Facts that are records (police.uk crimes, outcomes, stop and searches) are counted here; the Metropolitan Police's
ready-made tables in `reports.mps`. The rules are in docs/design.md, "Where a row is counted" and "Coverage".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.coverage import API_PUBLISHER, TRANSPORT_POLICE, Line, State, coverage, months_between
from hotspots.models import Area, Publisher, Slice
from hotspots.places import Placer
from reports.calc.cube import COMPLETE, PARTIAL, UNKNOWN, WITHOUT_TRANSPORT_POLICE

# Groups that add up all there was: known although a category did not exist yet.
EVERY_ERA = frozenset(["all-crime", "all-crime-and-asb"])
Loaded = tuple[Slice, State]
Read = tuple[Slice, pl.DataFrame]  # and its tally


@dataclass(frozen=True, eq=False)
class Cube:
    """Counts of a scheme: areas x categories x months. `areas` are ids, ascending; `categories` numbers, no groups."""

    scheme: str
    areas: NDArray[np.int64]
    categories: NDArray[np.int64]
    months: tuple[date, ...]
    counts: NDArray[np.int32]
    coverage: NDArray[np.int8]  # same shape; as in reports.calc.cube
    converted: NDArray[np.bool_]  # areas x months
    # By area, the position of the first month of its figures: earlier months are other publishers' and have no rows.
    start: NDArray[np.int64]


def leaves(scheme: str) -> list[categories.Definition]:
    """The scheme's categories that are counted from facts, by number."""
    return sorted((d for d in categories.DEFINITIONS if d.scheme == scheme and not d.members), key=lambda d: d.number)


def empty_cube(scheme: str, areas: Iterable[int], months: Sequence[date]) -> Cube:
    """A cube in which nothing is known."""
    ids = np.array(sorted(areas), dtype=np.int64)
    numbers = np.array([d.number for d in leaves(scheme)], dtype=np.int64)
    shape = (len(ids), len(numbers), len(months))
    converted = np.zeros((len(ids), len(months)), np.bool_)
    counts, coverage = np.zeros(shape, np.int32), np.zeros(shape, np.int8)
    return Cube(scheme, ids, numbers, tuple(months), counts, coverage, converted, np.zeros(len(ids), np.int64))


def out_of_force(areas: NDArray[np.int64], months: Sequence[date]) -> NDArray[np.bool_]:
    """Areas x months: the ward was not in force on any day of the month."""
    result = np.zeros((len(areas), len(months)), np.bool_)
    wards = Area.objects.filter(kind=Area.Kind.WARD).values_list("id", "valid_from", "valid_to")
    for area, start, end in wards:
        row = np.searchsorted(areas, area)
        if (start or end) and row < len(areas) and areas[row] == area:
            result[row] = [
                (start is not None and start.replace(day=1) > month) or (end is not None and end <= month)
                for month in months
            ]
    return result


def exempt(scheme: str, months: Sequence[date]) -> NDArray[np.bool_] | None:
    """Categories (of `leaves`) x months: the category did not exist then. None = all always did."""
    if scheme != categories.POLICE_UK:
        return None
    measured = [categories.era_of(month).measured for month in months]
    return np.array([[d.slug not in era for era in measured] for d in leaves(scheme)], np.bool_)


class RecordCounter:
    """Counts one scheme's records. Made, it has a `cube` with coverage and no counts; `count` fills in months.

    `home` is `hotspots.coverage.area_publishers`. `asked` are the months that only the API's answers cover.
    """

    def __init__(self, scheme: str, placer: Placer, home: Mapping[int, int]) -> None:
        self._placer = placer
        sources = [source for source, of in facts.SCHEME.items() if of == scheme]
        lines = [line for source in sources for line in coverage(source).lines]
        self._slices = _by_month(line for line in lines if line.publisher.slug != API_PUBLISHER)
        api = _by_month(line for line in lines if line.publisher.slug == API_PUBLISHER)
        every = [*self._slices, *api]
        months = months_between(min(every), max(every)) if every else []
        # Counted at once: only their rows tell which areas were asked for.
        self.asked = {
            month: self._tally(self._read_slice(found) for found, _ in slices)
            for month, slices in api.items()
            if month not in self._slices
        }

        published = {found.publisher_id for slices in self._slices.values() for found, _ in slices}
        areas = {area for area, publisher in home.items() if publisher in published}
        for tally in self.asked.values():
            areas.update(tally["area"].unique().to_list())
        self.cube = empty_cube(scheme, areas, months)
        self.cube.converted[:] = out_of_force(self.cube.areas, months)
        self._cover(home)

    def count(self, months: Iterable[date]) -> None:
        """Fills in the counts of these months from the slices; what is unknown stays 0."""
        wanted = sorted(months)
        with ThreadPoolExecutor(1) as reader:  # reads the next month while this one is placed
            ahead = [reader.submit(self._read, month) for month in wanted[:1]]
            for month, following in zip_longest(wanted, wanted[1:]):
                read = ahead.pop().result()
                if following:
                    ahead.append(reader.submit(self._read, following))
                tally = self.asked[month] if month in self.asked else self._tally(read)
                column = self.cube.months.index(month)
                self.cube.counts[:, :, column] = self._table(tally) * (self.cube.coverage[:, :, column] > UNKNOWN)

    def _read(self, month: date) -> list[Read]:
        return [self._read_slice(found) for found, _ in self._slices.get(month, [])]

    def _read_slice(self, found: Slice) -> Read:
        by = [name for name in ("category", "result") if name in facts.SCHEMA[found.source]]
        return found, facts.tally(found.path, found.source, by, settled=self._placer.settled(found.month))

    def _tally(self, read: Iterable[Read]) -> pl.DataFrame:
        """Rows by area and category (`area`, `category`, `rows`), of all areas that a row counts in."""
        parts = []
        for found, tally in read:
            lsoa, district, lon, lat = (tally[name] for name in facts.PLACE)
            boroughs = self._placer.boroughs_of(found.month, lsoa, district, lon, lat)
            areas = [boroughs]
            for era in self._placer.eras:
                wards = self._placer.wards(found.month, lsoa, lon, lat, era)
                areas.append(np.where(self._placer.lie_in(wards, boroughs), wards, 0))
            if found.publisher.area_id:
                areas.append(np.full(len(tally), found.publisher.area_id))
            for column in {"category", "result"} & set(tally.columns):
                parts += [
                    pl.DataFrame({"area": ids, "category": tally[column], "rows": tally["rows"]}) for ids in areas
                ]
        if not parts:
            return pl.DataFrame(schema={"area": pl.Int64, "category": pl.UInt16, "rows": pl.UInt32})
        return pl.concat(parts).filter(pl.col("area") > 0).group_by("area", "category").agg(pl.col("rows").sum())

    def _table(self, tally: pl.DataFrame) -> NDArray[np.int32]:
        """A tally as areas x categories of the cube; areas that the cube does not have are left out."""
        table = np.zeros(self.cube.counts.shape[:2], np.int32)
        tally = tally.filter(pl.col("area").is_in(self.cube.areas))
        rows = np.searchsorted(self.cube.areas, tally["area"].to_numpy())
        table[rows, np.searchsorted(self.cube.categories, tally["category"].to_numpy())] = tally["rows"].to_numpy()
        return table

    def _cover(self, home: Mapping[int, int]) -> None:
        """Fills in the cube's coverage: that of an area is its home publisher's, never complete where the transport
        police is missing; that of a force is its own publisher's alone."""
        cover = self.cube.coverage
        publisher_of = np.array([home.get(area, 0) for area in self.cube.areas.tolist()], dtype=np.int64)
        force_ids = list(Area.objects.filter(kind=Area.Kind.FORCE).values_list("id", flat=True))
        territory = ~np.isin(self.cube.areas, force_ids)
        transport = next(iter(Publisher.objects.filter(slug=TRANSPORT_POLICE).values_list("id", flat=True)), 0)
        worth = {month: self._worth(month) for month in self.cube.months}
        self.cube.start[:] = len(self.cube.months)
        for column, month in reversed([*enumerate(self.cube.months)]):
            self.cube.start[np.isin(publisher_of, [*worth[month]])] = column
            if month in self.asked:
                self.cube.start[np.isin(self.cube.areas, self.asked[month]["area"].to_numpy())] = column
        has_transport = any(transport in publishers for publishers in worth.values())
        nothing = np.zeros(cover.shape[1], np.int8)
        for column, month in enumerate(self.cube.months):
            for publisher, known in worth[month].items():
                cover[publisher_of == publisher, :, column] = known
            if has_transport:
                lacking = worth[month].get(transport, nothing) == UNKNOWN
                undercounted = np.ix_(territory, lacking)
                month_cover = cover[:, :, column]
                month_cover[undercounted] = np.minimum(month_cover[undercounted], WITHOUT_TRANSPORT_POLICE)
            if month in self.asked:
                rows = np.isin(self.cube.areas, self.asked[month]["area"].to_numpy())
                cover[rows, :, column] = PARTIAL
        never = exempt(self.cube.scheme, self.cube.months)
        if never is not None:
            cover[:, never] = UNKNOWN

    def _worth(self, month: date) -> dict[int, NDArray[np.int8]]:
        """Publisher id -> how well it reported each category."""
        slugs = [definition.slug for definition in leaves(self.cube.scheme)]
        worth: dict[int, NDArray[np.int8]] = {}
        for found, state in self._slices.get(month, []):
            only = set(found.only_categories)
            value = PARTIAL if state == State.PARTIAL else COMPLETE
            known = np.array([value if not only or slug in only else UNKNOWN for slug in slugs], np.int8)
            publisher = found.publisher_id
            worth[publisher] = np.maximum(worth[publisher], known) if publisher in worth else known
        return worth


def _by_month(lines: Iterable[Line]) -> dict[date, list[Loaded]]:
    """Month -> its slices."""
    result: dict[date, list[Loaded]] = defaultdict(list)
    for line in lines:
        for cell in line.cells:
            if cell and cell.slice:
                result[cell.slice.month].append((cell.slice, cell.state))
    return dict(result)
