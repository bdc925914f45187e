"""From the Metropolitan Police's ready-made tables to a cube of counts.

The tables overlap and are revised, and some hold one borough only: of each borough and month the newest release that
has it counts. A table knows the types that occur in it; of those, a ward or borough without a row has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.coverage import months_between
from hotspots.models import Area, Slice, Source
from hotspots.places import Placer
from reports.calc.cube import COMPLETE
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
    months = months_between(min(every), max(every)) if every else []
    boroughs = {
        name.casefold(): area
        for area, name in Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("id", "name")
        if any(name.casefold() in table.types for table in [*by_ward.values(), *by_borough.values()])
    }
    wards: dict[int, dict[int, str]] = defaultdict(dict)  # borough -> ward -> code
    for ward, code, parent in Area.objects.filter(kind=Area.Kind.WARD, parent__in=boroughs.values()).values_list(
        "id", "code", "parent_id"
    ):
        wards[parent][ward] = code
    areas = {*boroughs.values(), *(table.force for table in by_borough.values() if table.force)}
    cube = empty_cube(categories.MPS, areas.union(*wards.values()), months)
    for month, table in by_borough.items():
        for borough, types in table.types.items():
            if borough in boroughs:
                own = table.rows.filter(borough=borough).with_columns(area=pl.lit(boroughs[borough]))
                _enter(cube, month, own, [boroughs[borough]], types)
        if table.force:
            whole = table.rows.with_columns(area=pl.lit(table.force))
            _enter(cube, month, whole, [table.force], frozenset.intersection(*table.types.values()))
    for month, table in by_ward.items():
        codes = set(table.rows["area"].to_list())
        for borough in boroughs.keys() & table.types.keys():
            own = wards[boroughs[borough]]
            for era in placer.eras:
                of_set = [ward for ward in own if ward in set(era.ward_ids.tolist())]
                if any(own[ward] in codes for ward in of_set):
                    ids = pl.Series([own[ward] for ward in of_set]), pl.Series(of_set)
                    rows = table.rows.with_columns(
                        area=pl.col("area").replace_strict(*ids, default=0, return_dtype=pl.Int64)
                    )
                    _enter(cube, month, rows, of_set, table.types[borough])
    return cube


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


def _enter(cube: Cube, month: date, rows: pl.DataFrame, areas: Collection[int], types: frozenset[str]) -> None:
    """Puts the sums of these areas' rows into the cube; of the types known, no row is 0, a blank cell unknown."""
    column = cube.months.index(month)
    at = np.searchsorted(cube.areas, sorted(areas))
    known = np.array([COMPLETE if d.slug in types else 0 for d in leaves(categories.MPS)], np.int8)
    counts, cover = np.zeros(cube.counts.shape[:2], np.int32), np.zeros(cube.counts.shape[:2], np.int8)
    cover[at] = known
    sums = (
        rows.filter(pl.col("area").is_in([*areas]))
        .group_by("area", "category")
        .agg(pl.col("count").sum(), blank=pl.col("count").is_null().any())
    )
    index: tuple[NDArray[np.int64], NDArray[np.int64]] = (
        np.searchsorted(cube.areas, sums["area"].to_numpy()),
        np.searchsorted(cube.categories, sums["category"].to_numpy()),
    )
    counts[index] = sums["count"].to_numpy()
    cover[index] *= ~sums["blank"].to_numpy()
    cube.coverage[at, :, column] = cover[at]
    cube.counts[at, :, column] = (counts * (cover > 0))[at]
