"""Counts of LSOAs, which are in no summary: counted from the fact slices by the code that each row was published with.

What is known of an LSOA's month follows from its borough's, with one more rule. The census of 2021 split and merged
LSOAs, and files changed from the old codes to the new ones over a year: a code that came or went with it is known only
while the files used it. Elsewhere no rows are 0, as everywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np
import polars as pl
import shapely
from django.core.cache import cache
from django.db.models import F
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.categories import Definition
from hotspots.coverage import API_PUBLISHER, back
from hotspots.models import Area, AreaMembership, Boundary, Slice, Source
from reports.calc.cube import PARTIAL
from reports.counting import leaves
from reports.keeping import kept
from reports.notes import NEW_LSOA_CODES
from reports.queries import Figure

KEEP_SECONDS = 30 * 24 * 3600
# The last codes of the census of 2011: higher ones came with that of 2021.
_LAST_OF_2011 = {"E01": 33768, "W01": 1958}


@dataclass(frozen=True, slots=True)
class Lsoa:
    """One LSOA of a borough that has a boundary (the pk of which is `boundary`). `ward_code` is "" where no lookup
    knows its ward.

    `since` and `until` are the first and last month in which the files use its code; None = no known limit.
    """

    pk: int
    code: str
    name: str
    ward_code: str = ""
    ward_name: str = ""
    since: date | None = None
    until: date | None = None
    boundary: int = 0

    def is_used(self, month: date) -> bool:
        """Whether all rows of the month on this ground bear this code."""
        return (self.since is None or self.since <= month) and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True)
class Count:
    """One LSOA's rows of a category in a month (first day). None = unknown, which MISSING coverage goes with."""

    count: int | None
    partial: bool


def came_in_2021(code: str) -> bool:
    """Whether a code was made for the census of 2021."""
    found = re.fullmatch(r"([EW]01)(\d{6})", code)
    return bool(found) and int(found[2]) > _LAST_OF_2011[found[1]]  # type: ignore[index]


def of_borough(borough_pk: int, month: date) -> list[Lsoa]:
    """The LSOAs to draw of a borough, by name: those with a boundary, of the codes that were used in a month.

    Three queries; one more the first time that boundaries of both censuses are seen.
    """
    return of_boroughs([borough_pk], month)


def of_boroughs(borough_pks: Collection[int], month: date) -> list[Lsoa]:
    """The same of several boroughs together, with as many queries."""
    rows = list(
        Boundary.objects.filter(area__kind=Area.Kind.LSOA, area__parent__in=borough_pks)
        .order_by("area__name", "area__code")
        .values_list("area_id", "area__code", "area__name", "pk")
    )
    gone = _replaced({pk: (code, boundary) for pk, code, _, boundary in rows})
    new_codes = month >= NEW_LSOA_CODES[0]
    drawn = {
        pk: (code, name, boundary)
        for pk, code, name, boundary in rows
        if (pk not in gone if new_codes else not (gone and came_in_2021(code)))
    }
    wards = _wards(drawn, month)
    made = []
    for pk, (code, name, boundary) in drawn.items():
        since = back(NEW_LSOA_CODES[1], -1) if came_in_2021(code) else None
        until = back(NEW_LSOA_CODES[0], 1) if pk in gone else None
        made.append(Lsoa(pk, code, name, *wards.get(pk, ("", "")), since, until, boundary))
    return made


def counts(lsoas: Sequence[Lsoa], category: Definition, figures: Mapping[date, Figure]) -> dict[int, dict[date, Count]]:
    """Counts of a police.uk category by area pk and month, for the months of the borough's own `figures`.

    Unknown where the borough's count is, where only the API's answers cover the month, and where the files do not use
    the LSOA's code. One query; each month's files are read once for each set of LSOAs.
    """
    months, sums, known = _sums(lsoas, category, figures)
    partial = [figures[month].coverage == PARTIAL for month in months]
    return {
        lsoa.pk: {
            month: Count(count if sure else None, sure and part)
            for month, count, sure, part in zip(months, counts_, known_, partial, strict=True)
        }
        for lsoa, counts_, known_ in zip(lsoas, sums.tolist(), known.tolist(), strict=True)
    }


def comparable(lsoas: Sequence[Lsoa], category: Definition, figures: Mapping[date, Figure]) -> NDArray[np.float64]:
    """The same as a table, LSOAs x months in order; NaN where it is unknown or the month was reported in part."""
    months, sums, known = _sums(lsoas, category, figures)
    whole = np.array([figures[month].coverage != PARTIAL for month in months], np.bool_)
    return np.where(known & whole, sums, np.nan)


def _sums(
    lsoas: Sequence[Lsoa], category: Definition, figures: Mapping[date, Figure]
) -> tuple[list[date], NDArray[np.int64], NDArray[np.bool_]]:
    """The months in order, the rows of a category (LSOAs x months), and where they are known."""
    months = sorted(figures)
    tables = _tables([lsoa.code for lsoa in lsoas], months)
    # A code that no row of any kind bears in a year after the change is one that the files no longer use.
    after = [table for month, table in tables.items() if month > NEW_LSOA_CODES[1]]
    empty = ~np.any([table.any(axis=1) for table in after], axis=0) if len(after) >= 12 else np.zeros(len(lsoas), bool)
    slugs = [one.slug for one in leaves(categories.POLICE_UK)]
    columns = [slugs.index(slug) for slug in (category.members or (category.slug,))]
    sums, known = np.zeros((len(lsoas), len(months)), np.int64), np.zeros((len(lsoas), len(months)), np.bool_)
    for column, month in enumerate(months):
        table = tables.get(month)
        if table is not None and figures[month].count is not None:
            sums[:, column] = table[:, columns].sum(axis=1)
            known[:, column] = [lsoa.is_used(month) for lsoa in lsoas]
            if month >= NEW_LSOA_CODES[0]:
                known[empty, column] = False
    return months, sums, known


def mixes(lsoas: Sequence[Lsoa], months: Collection[date]) -> NDArray[np.int64]:
    """LSOAs x categories (as `leaves`): all rows of these months, known in full or not. One query."""
    tables = _tables([lsoa.code for lsoa in lsoas], months).values()
    empty = np.zeros((len(lsoas), len(leaves(categories.POLICE_UK))), np.int64)
    return sum((table.astype(np.int64) for table in tables), start=empty)


def _tables(codes: Sequence[str], months: Collection[date]) -> dict[date, NDArray[np.int32]]:
    """LSOAs x categories (as `leaves`) of each month for which a force's file is loaded."""
    if not codes:
        return {}
    paths: dict[date, list[str]] = defaultdict(list)
    slices = Slice.objects.current().filter(source=Source.STREET, month__in=months).order_by("path")
    for month, path in slices.exclude(publisher__slug=API_PUBLISHER).values_list("month", "path"):
        paths[month].append(path)
    keys = {month: _key("lsoas", *codes, "", *found) for month, found in paths.items()}
    known = cache.get_many(keys.values())
    made: dict[str, NDArray[np.int32]] = {}
    tables: dict[date, NDArray[np.int32]] = {}
    for month, key in keys.items():
        if key not in known:
            made[key] = np.stack([_table(path, codes) for path in paths[month]]).sum(axis=0, dtype=np.int32)
        tables[month] = known[key] if key in known else made[key]
    if made:
        cache.set_many(made, KEEP_SECONDS)
    return tables


def _table(path: str, codes: Sequence[str]) -> NDArray[np.int32]:
    numbers = [one.number for one in leaves(categories.POLICE_UK)]
    rows = facts.read(path, ["lsoa", "category"])
    tally = rows.filter(pl.col("lsoa").is_in(list(codes))).group_by("lsoa", "category").len()
    table = np.zeros((len(codes), len(numbers)), np.int32)
    position = {code: index for index, code in enumerate(codes)}
    for lsoa, category, number in tally.iter_rows():
        table[position[lsoa], numbers.index(category)] = number
    return table


def _replaced(areas: Mapping[int, tuple[str, int]]) -> set[int]:
    """Of area pk -> (code, pk of its boundary): the areas on whose ground another one came in 2021."""
    if not any(came_in_2021(code) for code, _ in areas.values()):
        return set()
    key = _key("lsoas-replaced", *(f"{pk} {boundary}" for pk, (_, boundary) in sorted(areas.items())))

    def find() -> set[int]:
        rows = Boundary.objects.filter(pk__in=[boundary for _, boundary in areas.values()])
        outlines = {pk: shapely.geometry.shape(outline) for pk, outline in rows.values_list("area_id", "outline")}
        new = [outline for pk, outline in outlines.items() if came_in_2021(areas[pk][0])]
        old = {pk: outline for pk, outline in outlines.items() if not came_in_2021(areas[pk][0])}
        # Neighbours may share a sliver, never the middle of one of them.
        return {
            pk
            for pk, outline in old.items()
            if any(
                outline.intersects(other)
                and (other.contains(outline.point_on_surface()) or outline.contains(other.point_on_surface()))
                for other in new
            )
        }

    return kept(key, KEEP_SECONDS, find)


def _wards(lsoas: Collection[int], month: date) -> dict[int, tuple[str, str]]:
    """LSOA pk -> (code, name) of the ward that most of it lies in: in force in the month, else of the newest wards."""
    rows = AreaMembership.objects.filter(child__in=lsoas, parent__kind=Area.Kind.WARD, weight__gt=0).order_by(
        F("valid_from").asc(nulls_first=True), "weight", "-parent__code"
    )
    best: dict[int, tuple[tuple[bool, date], tuple[str, str]]] = {}
    columns = ("child_id", "parent__code", "parent__name", "parent__valid_from", "parent__valid_to")
    for child, code, name, since, until in rows.values_list(*columns):
        in_force = (since is None or since.replace(day=1) <= month) and (until is None or month < until)
        rank = (in_force, since or date.min)
        if child not in best or rank >= best[child][0]:
            best[child] = rank, (code, name)
    return {child: ward for child, (_, ward) in best.items()}


def _key(*parts: str) -> str:
    return f"{parts[0]}:1:{blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"
