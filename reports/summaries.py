"""The monthly summaries: the only writer of `MonthlySummary`.

Counts come from fact slices (`reports.counting`, `reports.mps`, `reports.partner_counts`), what is derived from them
from `reports.calc.cube`.
`recompute` does the months that a change touches and gives, row by row, what `rebuild` gives from nothing. Both bring
the counts of drawn places up to date with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from django.db import connection, transaction
from numpy.typing import NDArray

from hotspots import categories, facts
from hotspots.coverage import settle_publishers
from hotspots.places import Placer
from hotspots.populations import residents
from reports import partner_counts, place_counts
from reports.bulk import copy_in, copy_out, lock_figures
from reports.calc import cube as calc
from reports.counting import EVERY_ERA, Cube, RecordCounter, exempt
from reports.models import MonthlySummary
from reports.mps import read_tables
from reports.partner_counts import read_counts

# A month's count is in its own row, in the next month's "previous month", and in twelve rolling sums; in next year's
# "same month last year" too.
REACH = 12
SCHEMES = tuple(dict.fromkeys(facts.SCHEME.values()))
# Those whose facts are counts already.
READY_MADE = (categories.MPS, *partner_counts.SCHEMES)
TABLE = MonthlySummary._meta.db_table


def rebuild() -> None:
    """Makes every summary again from the slices, in one transaction. Readers see the old ones until it commits."""
    with transaction.atomic():
        lock_figures()
        placer = Placer()
        home = settle_publishers(placer)
        for scheme in SCHEMES:
            if scheme in READY_MADE:
                _replace(_read(scheme, placer), None)
            else:
                counter = RecordCounter(scheme, placer, home)
                counter.count(counter.cube.months)
                _replace(counter.cube, None)
        place_counts.update(None)


def recompute(touched: Mapping[str, Collection[date]]) -> None:
    """Brings the summaries up to date with the slices after a change in these months (first days) of these sources.

    Call it in the transaction that changed the `Slice` rows.
    """
    with transaction.atomic():
        lock_figures()
        months: dict[str, set[date]] = defaultdict(set)
        for source, of_source in touched.items():
            months[facts.SCHEME[source]].update(of_source)
        placer = Placer()
        home = settle_publishers(placer)
        for scheme in SCHEMES:
            if scheme not in READY_MADE:
                # Untouched schemes as well: an area's home publisher may have changed.
                _update(RecordCounter(scheme, placer, home), months[scheme])
            elif months[scheme]:
                # One file brings two years, and what covers a month depends on all files: always from nothing.
                _replace(_read(scheme, placer), None)
        place_counts.update(months[categories.POLICE_UK])


def _read(scheme: str, placer: Placer) -> Cube:
    return read_tables(placer) if scheme == categories.MPS else read_counts(scheme)


def _update(counter: RecordCounter, touched: set[date]) -> None:
    """Replaces the summaries that the facts of the touched months, or coverage that changed with them, go into."""
    cube = counter.cube
    stale = touched | counter.asked.keys() | _changed(cube)
    counter.count(sorted(stale))
    affected = _after(stale, cube.months)
    _fill_in(cube, _before(affected, cube.months) - stale)
    if affected or not cube.counts.size:
        _replace(cube, affected)


def _after(months: set[date], every: Sequence[date]) -> set[date]:
    """The months whose figures draw on these: each and the twelve that follow it."""
    at = [every.index(month) for month in months]
    return {every[index + step] for index in at for step in range(REACH + 1) if index + step < len(every)}


def _before(months: set[date], every: Sequence[date]) -> set[date]:
    """The months that the figures of these draw on: each and the twelve before it."""
    at = [every.index(month) for month in months]
    return {every[index - step] for index in at for step in range(REACH + 1) if index >= step}


def _changed(cube: Cube) -> set[date]:
    """The months whose stored coverage is no longer right, or not there at all.

    What is loaded in one month can change the coverage of any other: it moves a publisher's median, and so what is
    partial; it can give an area its home publisher, and the source its first or last month.
    """
    if not cube.counts.size:
        return set()
    first, last = int(cube.categories[0]), int(cube.categories[-1])
    # An area's month as one number, two bits a category: no scheme's counted categories span more than 32.
    shifts = 2 * (cube.categories - first)
    right = (cube.coverage.astype(np.int64) << shifts[np.newaxis, :, np.newaxis]).sum(axis=1)
    stored = copy_out(
        f"SELECT area_id, month, bit_or(coverage::bigint << 2 * (category_id - {first})) FROM {TABLE} "  # noqa: S608
        f"WHERE category_id BETWEEN {first} AND {last} GROUP BY area_id, month",
        {"area": pl.Int64, "month": pl.Date, "cover": pl.Int64},
    )
    nowhere = -1  # no row
    right[np.arange(len(cube.months)) < cube.start[:, np.newaxis]] = nowhere
    found = np.full(right.shape, nowhere, np.int64)
    rows, known_areas = _positions(stored["area"], cube.areas)
    columns, known_months = _positions(stored["month"], cube.months)
    if not (known_areas | ~known_months).all():
        return set(cube.months)  # summaries of an area that should have none
    use = known_areas & known_months
    found[rows[use], columns[use]] = stored["cover"].to_numpy()[use]
    return {month for month, same in zip(cube.months, (found == right).all(axis=0), strict=True) if not same}


def _fill_in(cube: Cube, months: set[date]) -> None:
    """Reads the counts of these months, which are right already, from the table."""
    if not months:
        return
    first, last = int(cube.categories[0]), int(cube.categories[-1])
    dates = ", ".join(f"'{month}'" for month in sorted(months))
    stored = copy_out(
        f"SELECT area_id, category_id, month, count FROM {TABLE} "  # noqa: S608 - names and numbers of our own
        f"WHERE category_id BETWEEN {first} AND {last} "
        f"AND month IN ({dates}) AND count > 0",
        {"area": pl.Int64, "category": pl.Int64, "month": pl.Date, "count": pl.Int32},
    )
    at = [
        _positions(stored[name], axis)[0]
        for name, axis in (("area", cube.areas), ("category", cube.categories), ("month", cube.months))
    ]
    cube.counts[tuple(at)] = stored["count"].to_numpy()


def _positions(
    values: pl.Series, axis: Sequence[date] | NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each value stands on a sorted axis (0 where it does not), and whether it does."""
    keys = pl.Series(axis, dtype=values.dtype)
    found = values.replace_strict(keys, np.arange(len(keys)), default=None, return_dtype=pl.Int64)
    return found.fill_null(0).to_numpy(), found.is_not_null().to_numpy()


def _replace(cube: Cube, affected: set[date] | None) -> None:
    """Writes the summaries of the affected months (None = all), and removes those of months that are no more."""
    numbers = [definition.number for definition in categories.DEFINITIONS if definition.scheme == cube.scheme]
    lo, hi = min(numbers), max(numbers)
    keep = [month for month in cube.months if affected is not None and month not in affected]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE category_id BETWEEN %s AND %s AND NOT month = ANY(%s::date[])",  # noqa: S608
            [lo, hi, keep],
        )
    if cube.counts.size:
        at = [index for index, month in enumerate(cube.months) if month not in keep]
        if cube.scheme == categories.PARTNER_QUARTER:  # rows for quarters alone, by their first month
            at = [index for index in at if cube.months[index].month % 3 == 1]
        copy_in(TABLE, _rows(cube, at))


def _rows(cube: Cube, columns: list[int]) -> pl.DataFrame:
    """The rows of `MonthlySummary` for the months at these indexes: by area, category, month."""
    numbers, counts, coverage = _with_groups(cube)
    known, comparable = coverage > calc.UNKNOWN, coverage > calc.PARTIAL
    previous, last_year = (calc.earlier(counts, comparable, step) for step in (1, 12))
    rolling = calc.rolling(counts, comparable)
    years = sorted({cube.months[index].year for index in columns})
    people = residents(cube.areas.tolist(), years)
    table = np.zeros((len(cube.areas), len(cube.months)), np.int64)
    for index in columns:
        year = cube.months[index].year
        table[:, index] = [people.get((area, year)) or 0 for area in cube.areas.tolist()]
    rate = calc.rate_per_1000(counts, table)

    shape = (len(cube.areas), len(numbers), len(columns))

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return values[:, :, columns].ravel()

    def where(name: str, values: NDArray[Any], sure: NDArray[np.bool_]) -> pl.Series:
        return pl.select(pl.when(pl.Series(flat(sure))).then(pl.Series(flat(values))).alias(name)).to_series()

    months = pl.Series([cube.months[index] for index in columns], dtype=pl.Date)
    rows = pl.DataFrame(
        {
            "area_id": np.repeat(cube.areas, shape[1] * shape[2]),
            "category_id": np.tile(np.repeat(numbers, shape[2]), shape[0]),
            "month": months.gather(np.tile(np.arange(shape[2]), shape[0] * shape[1])),
            "count": where("count", counts, known),
            "previous_month": where("previous_month", *previous),
            "same_month_last_year": where("same_month_last_year", *last_year),
            "rolling_12": where("rolling_12", *rolling),
            "rate_per_1000": where("rate_per_1000", rate, known & ~np.isnan(rate)),
            "coverage": flat(coverage),
            "converted": flat(np.broadcast_to(cube.converted[:, np.newaxis, :], counts.shape)),
        }
    )
    if not cube.start.any():
        return rows
    begun = np.array(columns) >= cube.start[:, np.newaxis]
    return rows.filter(pl.Series(np.repeat(begun, shape[1], axis=0).ravel()))


def _with_groups(cube: Cube) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
    """Numbers, counts and coverage of the scheme's categories and groups, by number."""
    definitions = categories.by_slug(cube.scheme)
    never = exempt(cube.scheme, cube.months)
    index = {number: position for position, number in enumerate(cube.categories.tolist())}
    planes = {number: (cube.counts[:, at], cube.coverage[:, at]) for number, at in index.items()}
    for definition in {definition.number: definition for definition in definitions.values()}.values():
        if definition.members:
            parts: dict[str, list[int]] = {}
            for member in map(definitions.__getitem__, definition.members):
                # The Metropolitan Police splits and merges its types within their headings.
                part = member.parent if cube.scheme == categories.MPS else member.slug
                parts.setdefault(part, []).append(index[member.number])
            in_every_era = definition.slug in EVERY_ERA
            planes[definition.number] = calc.group(
                cube.counts, cube.coverage, [*parts.values()], never if in_every_era else None
            )
    numbers = sorted(planes)
    counts = np.stack([planes[number][0] for number in numbers], axis=1)
    coverage = np.stack([planes[number][1] for number in numbers], axis=1)
    return np.array(numbers, np.int64), counts, coverage
