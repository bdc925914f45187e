"""From the Metropolitan Police's ready-made tables to a cube of counts.

The tables overlap and are revised, and some hold one borough only: of each borough and month the newest release that
has it counts. A table knows the types that occur in it; of those, a ward or borough without a row has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.calc import conversion
from hotspots.coverage import months_between
from hotspots.models import Area, AreaMembership, Slice, Source
from hotspots.places import Placer
from hotspots.populations import residents
from reports.calc.cube import COMPLETE, UNKNOWN
from reports.counting import Cube, empty_cube, leaves


@dataclass(frozen=True, eq=False)
class _Month:
    """What counts of one source in one month."""

    rows: pl.DataFrame  # (area, borough, category, count) of the newest releases; `borough` in lower case
    types: dict[str, frozenset[str]]  # borough, lower case -> slugs of the types that its table knows
    force: int | None  # the force's area, where one of the releases has all boroughs


def read_tables(placer: Placer) -> Cube:
    """The cube of the scheme "mps": the boroughs that any table covers, their wards of every set, and the force."""
    by_ward, by_borough = _newest(Source.MPS_WARD), _newest(Source.MPS_BOROUGH)
    every = [*by_ward, *by_borough]
    covered = {name for table in [*by_ward.values(), *by_borough.values()] for name in table.types}
    named = Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("id", "name")
    boroughs = {name.casefold(): area for area, name in named if name.casefold() in covered}
    ward_sets = _ward_sets(boroughs, placer)
    wards = {ward for sets in ward_sets.values() for of_set in sets for ward in of_set.values()}
    forces = {table.force for table in by_borough.values() if table.force}
    months = months_between(min(every), max(every)) if every else []
    cube = empty_cube(categories.MPS, {*boroughs.values(), *wards, *forces}, months)
    for month, table in by_borough.items():
        _enter(
            cube,
            month,
            table.rows,
            "borough",
            {name: (boroughs[name], table.types[name]) for name in boroughs.keys() & table.types.keys()},
        )
        if table.force:
            whole = table.rows.with_columns(borough=pl.lit(""))
            _enter(cube, month, whole, "borough", {"": (table.force, frozenset.intersection(*table.types.values()))})
    shares = _Shares(wards)
    for month, table in by_ward.items():
        codes = set(table.rows["area"].unique().to_list())
        published = {
            name: [of_set for of_set in ward_sets[name] if codes & of_set.keys()]
            for name in boroughs.keys() & table.types.keys()
        }
        places = {
            code: (ward, table.types[name])
            for name, sets in published.items()
            for of_set in sets
            for code, ward in of_set.items()
        }
        _enter(cube, month, table.rows, "area", places)
        for name, sets in published.items():
            for of_set in ward_sets[name]:
                if sets and of_set not in sets:
                    _convert(cube, month, sets[-1].values(), of_set.values(), shares)
    return cube


def _ward_sets(boroughs: dict[str, int], placer: Placer) -> dict[str, list[dict[str, int]]]:
    """Borough -> its ward sets, oldest first, each as code -> area id."""
    wards = Area.objects.filter(kind=Area.Kind.WARD, parent__in=boroughs.values()).order_by("code")
    known = {ward: (code, parent) for ward, code, parent in wards.values_list("id", "code", "parent_id")}
    sets: dict[str, list[dict[str, int]]] = {name: [] for name in boroughs}
    for era in placer.eras:
        members = [(ward, *known[ward]) for ward in era.ward_ids.tolist() if ward in known]
        for name, borough in boroughs.items():
            if of_set := {code: ward for ward, code, parent in members if parent == borough}:
                sets[name].append(of_set)
    return sets


def _newest(source: str) -> dict[date, _Month]:
    """Month -> the rows that count: of each borough those of the newest release that has it."""
    slices: dict[date, list[Slice]] = defaultdict(list)
    for found in Slice.objects.current().filter(source=source).select_related("publisher"):
        slices[found.month].append(found)
    result = {}
    for month, releases in slices.items():
        rows: list[pl.DataFrame] = []
        types: dict[str, frozenset[str]] = {}
        force = None
        for found in sorted(releases, key=lambda found: (found.release or date.min, found.pk), reverse=True):
            table = facts.read(found.path, ["area", "borough", "category", "count"])
            table = table.with_columns(pl.col("borough").str.to_lowercase())
            fresh = table.filter(~pl.col("borough").is_in([*types]))
            known = frozenset(found.only_categories or (d.slug for d in leaves(categories.MPS)))
            types |= dict.fromkeys(fresh["borough"].unique().to_list(), known)
            rows.append(fresh)
            if not found.scope:
                force = found.publisher.area_id
        result[month] = _Month(pl.concat(rows), types, force)
    return result


def _enter(
    cube: Cube, month: date, rows: pl.DataFrame, key: str, places: Mapping[str, tuple[int, frozenset[str]]]
) -> None:
    """Puts the sums of the rows of each place into the cube.

    `places`: value of the column `key` -> (area, the types its table knows). Of these types no row is 0, and a blank
    cell unknown.
    """
    if not places:
        return
    column = cube.months.index(month)
    at = np.searchsorted(cube.areas, [area for area, _ in places.values()])
    known = {types: [COMPLETE * (d.slug in types) for d in leaves(categories.MPS)] for _, types in places.values()}
    cube.coverage[at, :, column] = [known[types] for _, types in places.values()]
    sums = (
        rows.filter(pl.col(key).is_in([*places]))
        .group_by(key, "category")
        .agg(pl.col("count").sum(), blank=pl.col("count").is_null().any())
    )
    area = sums[key].replace_strict([*places], at, return_dtype=pl.Int64).to_numpy()
    category = np.searchsorted(cube.categories, sums["category"].to_numpy())
    cube.counts[area, category, column] = sums["count"].to_numpy()
    cube.coverage[area, category, column] *= ~sums["blank"].to_numpy()
    cube.counts[at, :, column] *= cube.coverage[at, :, column] > UNKNOWN


class _Shares:
    """The LSOAs of wards by the lookups, and their residents: what published counts are converted by."""

    def __init__(self, wards: Collection[int]) -> None:
        self._lookups: dict[str, list[tuple[date, int, float]]] = defaultdict(list)
        memberships = AreaMembership.objects.filter(parent__in=wards, weight__gt=0, child__kind=Area.Kind.LSOA)
        for lsoa, day, ward, weight in memberships.values_list("child_id", "valid_from", "parent_id", "weight"):
            self._lookups[str(lsoa)].append((day or date.min, ward, weight))
        self._residents: dict[int, dict[str, int]] = {}

    def matrix(self, month: date, old: Sequence[int], new: Sequence[int]) -> NDArray[np.float64]:
        """Old wards x new wards: the share of the residents, by the lookups in force in the month."""
        if month.year not in self._residents:
            found = residents([int(lsoa) for lsoa in self._lookups], [month.year])
            self._residents[month.year] = {str(lsoa): people for (lsoa, _), people in found.items() if people}
        people = self._residents[month.year]
        return conversion.matrix(
            self._in_force(month, old), self._in_force(month, new), people, [*map(str, old)], [*map(str, new)]
        )

    def _in_force(self, month: date, wards: Sequence[int]) -> dict[str, dict[str, float]]:
        """LSOA -> ward -> weight, by the newest lookup not after the month, else the oldest."""
        result = {}
        for lsoa, rows in self._lookups.items():
            days = {day for day, ward, _ in rows if ward in wards}
            if days:
                since = max((day for day in days if day <= month), default=min(days))
                result[lsoa] = {str(ward): weight for day, ward, weight in rows if day == since and ward in wards}
        return result


def _convert(cube: Cube, month: date, published: Collection[int], wards: Collection[int], shares: _Shares) -> None:
    """Puts a published ward set's counts on another set, where lookups and residents allow it without loss."""
    column = cube.months.index(month)
    old, new = (np.searchsorted(cube.areas, sorted(areas)) for areas in (published, wards))
    known = (cube.coverage[old, :, column] == COMPLETE).all(axis=0)
    counts = cube.counts[old, :, column].astype(np.int64).T
    moved = conversion.convert(counts[known], shares.matrix(month, sorted(published), sorted(wards)))
    if moved is not None:
        cube.counts[:, :, column][np.ix_(new, known)] = moved.T
        cube.coverage[:, :, column][np.ix_(new, known)] = COMPLETE
        cube.converted[new, column] = True
