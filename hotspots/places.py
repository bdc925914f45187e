"""Where a row is counted: the ward of every ward set, and the borough, of a row's LSOA and map point.

The rule is in docs/design.md, "Where a row is counted". A `Placer` reads lookups and shapes once (five queries) and
then answers without the database, for many rows at a time. Ask about distinct (LSOA, point) pairs: rows repeat them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import shapely
from django.db.models import F
from numpy.typing import NDArray

from hotspots.calc.placing import place
from hotspots.models import Area, AreaMembership, Boundary

MICRO = 1_000_000
# Of a drawn shape's ground: boundaries are published generalised, so neighbours reach a little into each other.
LEAST_SHARE = 0.01
Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Era:
    """All wards, of all boroughs, that came into force on one day; of a borough, these are one ward set.

    `valid_to` is None where any of the wards is still in force, else the last day's successor.
    """

    valid_from: date | None
    valid_to: date | None
    ward_ids: Ids


class _Shapes:
    """Polygons, the area each one stands for, and the points already placed in them."""

    def __init__(self, rows: Sequence[tuple[int, str, bytes]]) -> None:
        # (area id, code that decides shared edges, WKB)
        self._owners = np.array([area for area, _, _ in rows], dtype=np.int64)
        self._codes = [code for _, code, _ in rows]
        self._polygons = shapely.from_wkb([bytes(wkb) for _, _, wkb in rows])
        self._keys = np.empty(0, dtype=np.int64)
        self._areas = np.empty(0, dtype=np.int64)

    def areas(self, lon: NDArray[np.int64], lat: NDArray[np.int64]) -> Ids:
        """The area of each point (millionths of a degree); 0 = in none. Points seen before cost a look-up only."""
        keys = (lon << 32) + lat
        distinct = np.unique(keys)
        new = distinct[~np.isin(distinct, self._keys, assume_unique=True)]
        if len(new):
            # latitude is the signed low half
            y = ((new & 0xFFFFFFFF) ^ 0x80000000) - 0x80000000
            x = (new - y) >> 32
            index = place(x / MICRO, y / MICRO, self._polygons, self._codes)
            areas = np.where(index >= 0, self._owners[index], 0) if len(self._owners) else np.zeros_like(new)
            keys_all = np.concatenate([self._keys, new])
            order = np.argsort(keys_all)
            self._keys, self._areas = keys_all[order], np.concatenate([self._areas, areas])[order]
        found: Ids = self._areas[np.searchsorted(self._keys, keys)]
        return found


class Placer:
    """Places rows in wards and boroughs, by the areas, lookups and boundaries of the database as it was when made.

    `eras` are sorted by day, the undated first. `boroughs` are area ids.
    """

    def __init__(self) -> None:
        wards = list(
            Area.objects.filter(kind=Area.Kind.WARD)
            .order_by("code")
            .values_list("id", "code", "parent_id", "valid_from", "valid_to")
        )
        boroughs = list(Area.objects.filter(kind=Area.Kind.BOROUGH).order_by("code").values_list("id", "code", "name"))
        shapes = {
            # the newest shape of an area wins
            area: bytes(shape)
            for area, shape in Boundary.objects.filter(area__kind__in=[Area.Kind.WARD, Area.Kind.BOROUGH])
            .order_by(F("valid_from").asc(nulls_first=True))
            .values_list("area_id", "shape")
        }
        self.boroughs: Ids = np.array([area for area, _, _ in boroughs], dtype=np.int64)

        by_day: dict[date | None, list[tuple[int, str, date | None]]] = defaultdict(list)
        for area, code, _, valid_from, valid_to in wards:
            by_day[valid_from].append((area, code, valid_to))
        self.eras: list[Era] = []
        self._era_of_ward: dict[int, int] = {}
        self._ward_shapes: list[_Shapes] = []
        for index, day in enumerate(sorted(by_day, key=lambda day: day or date.min)):
            members = by_day[day]
            ends = [end for _, _, end in members]
            until = None if None in ends else max(end for end in ends if end)
            self.eras.append(Era(day, until, np.array([area for area, _, _ in members], dtype=np.int64)))
            self._era_of_ward.update({area: index for area, _, _ in members})
            self._ward_shapes.append(_Shapes([(a, code, shapes[a]) for a, code, _ in members if a in shapes]))

        self._borough_shapes = self._borough_outlines(wards, boroughs, shapes)
        self._borough_by_name = {name.casefold(): area for area, _, name in boroughs}
        self._ward_codes = {area: code for area, code, *_ in wards}
        self._borough_of_ward = {area: parent for area, _, parent, *_ in wards if parent}
        self._read_lookups(self._borough_of_ward)
        self._tables: dict[tuple[int, int], tuple[pl.DataFrame, NDArray[np.bool_], Ids]] = {}
        self._settled: dict[tuple[int, ...], pl.Series] = {}

    @staticmethod
    def _borough_outlines(
        wards: Sequence[tuple[int, str, int | None, date | None, date | None]],
        boroughs: Sequence[tuple[int, str, str]],
        shapes: dict[int, bytes],
    ) -> _Shapes:
        """The boroughs' own shapes; for a borough without one, those of its newest wards."""
        rows = [(area, code, shapes[area]) for area, code, _ in boroughs if area in shapes]
        for area, code, _ in boroughs:
            if area not in shapes:
                own = [(day or date.min, ward, of) for ward, of, parent, day, _ in wards if parent == area]
                newest = max((day for day, ward, _ in own if ward in shapes), default=None)
                rows += [(area, f"{code} {of}", shapes[w]) for day, w, of in own if day == newest and w in shapes]
        return _Shapes(rows)

    def _read_lookups(self, borough_of_ward: dict[int, int]) -> None:
        """Reads memberships: per era and LSOA, the dated rows; and the borough of every LSOA."""
        lsoas = list(Area.objects.filter(kind=Area.Kind.LSOA).values_list("id", "code", "parent_id"))
        codes = {area: code for area, code, _ in lsoas}
        known = set(self.boroughs.tolist())
        self._borough_of_lsoa = {code: parent for _, code, parent in lsoas if parent in known}
        dated: list[dict[str, dict[date, list[tuple[float, int]]]]] = [defaultdict(dict) for _ in self.eras]
        # An LSOA whose own borough is not known is in that of its largest ward in the newest lookup.
        memberships = AreaMembership.objects.filter(
            weight__gt=0, parent__kind=Area.Kind.WARD, child__kind=Area.Kind.LSOA
        ).order_by(F("valid_from").desc(nulls_last=True), "-weight", "parent__code")
        for child, ward, weight, day in memberships.values_list("child_id", "parent_id", "weight", "valid_from"):
            code = codes[child]
            dated[self._era_of_ward[ward]][code].setdefault(day or date.min, []).append((weight, ward))
            if ward in borough_of_ward:
                self._borough_of_lsoa.setdefault(code, borough_of_ward[ward])
        self._dated = dated
        self._days = [sorted({day for rows in era.values() for day in rows}) for era in dated]

    def _table(self, era: int, month: date) -> tuple[pl.DataFrame, NDArray[np.bool_], Ids]:
        """The lookup in force: a frame (lsoa, row), and by row whether the LSOA is split, and its (largest) ward."""
        vintage = sum(day <= month for day in self._days[era])
        if (era, vintage) not in self._tables:
            codes, split, ward = [], [], []
            for code, rows in self._dated[era].items():
                shares = rows[max((day for day in rows if day <= month), default=min(rows))]
                codes.append(code)
                split.append(len(shares) > 1)
                ward.append(min(shares, key=lambda share: (-share[0], self._ward_codes[share[1]]))[1])
            frame = pl.DataFrame({"lsoa": codes}, schema={"lsoa": pl.String}).with_row_index("row")
            # one row more, for LSOAs that no lookup knows: "split", with no largest ward
            self._tables[era, vintage] = frame, np.array([*split, True]), np.array([*ward, 0], dtype=np.int64)
        return self._tables[era, vintage]

    def settled(self, month: date) -> pl.Series:
        """The LSOAs (codes) whose rows of the month count in the same areas wherever their points lie."""
        vintages = tuple(sum(day <= month for day in days) for days in self._days)
        if vintages not in self._settled:
            codes = set(self._borough_of_lsoa)
            for era in range(len(self.eras)):
                frame, split, _ = self._table(era, month)
                codes &= set(frame["lsoa"].filter(pl.Series(~split[:-1])))
            self._settled[vintages] = pl.Series(sorted(codes), dtype=pl.String)
        return self._settled[vintages]

    def wards(self, month: date, lsoa: pl.Series, lon: pl.Series, lat: pl.Series, era: Era) -> Ids:
        """The ward of the era for each row of `month`, as an area id; 0 = nowhere.

        `lsoa` is the published code (String), `lon` and `lat` millionths of a degree (Int32); null where there is none.
        """
        index = self.eras.index(era)
        frame, split, ward = self._table(index, month)
        rows = _positions(lsoa, frame, default=frame.height)
        result = ward[rows]
        by_point = split[rows]
        placed = _by_point(self._ward_shapes[index], lon, lat, by_point)
        return np.where(placed > 0, placed, result)

    def lie_in(self, wards: Ids, boroughs: Ids) -> NDArray[np.bool_]:
        """Whether each ward belongs to the borough beside it, or to none that is known. A point on a boundary road may
        fall in a ward across the border from its row's LSOA: then the LSOA is right."""
        own = _values(pl.Series(wards), self._borough_of_ward)
        return (own == 0) | (own == boroughs)

    def boroughs_of(self, month: date, lsoa: pl.Series, district: pl.Series, lon: pl.Series, lat: pl.Series) -> Ids:
        """The borough of each row, as an area id; 0 = in none that is known. Arguments as for `wards`.

        By the LSOA's borough in the lookups, else by `district` (the published LSOA name without its last part); for
        a row without an LSOA code, by the map point. `month` is there for the day boroughs change; today none does.
        """
        by_code = _values(lsoa, self._borough_of_lsoa)
        by_name = _values(district.str.to_lowercase(), self._borough_by_name)
        result = np.where(by_code > 0, by_code, by_name)
        placed = _by_point(self._borough_shapes, lon, lat, lsoa.is_null().to_numpy())
        return np.where(placed > 0, placed, result)


def boroughs_under(shapes: Sequence[shapely.Geometry]) -> list[set[int]]:
    """The boroughs (area ids) that each shape shares ground with, by their newest shapes; a borough without one has
    its wards'. Less than 1 % of the shape is a sliver, and left out. Two queries."""
    outlines: dict[int, bytes] = {}
    newest = Boundary.objects.order_by(F("valid_from").asc(nulls_first=True))
    for area, shape in newest.filter(area__kind=Area.Kind.BOROUGH).values_list("area_id", "shape"):
        outlines[area] = bytes(shape)
    wards = newest.filter(area__kind=Area.Kind.WARD, area__parent__kind=Area.Kind.BOROUGH)
    by_wards = wards.exclude(area__parent__in=[*outlines]).values_list("area__parent_id", "shape")
    owners = np.array([*outlines, *(borough for borough, _ in by_wards)], dtype=np.int64)
    polygons = shapely.from_wkb([*outlines.values(), *(bytes(shape) for _, shape in by_wards)])
    under: list[set[int]] = [set() for _ in shapes]
    meet = shapely.STRtree(polygons).query(np.array(shapes, dtype=object), predicate="intersects")
    for one, other in zip(*meet, strict=True):
        if shapely.intersection(shapes[one], polygons[other]).area >= LEAST_SHARE * shapes[one].area:
            under[one].add(int(owners[other]))
    return under


def wards_of_lsoas() -> dict[str, int]:
    """LSOA code -> the ward in force that most of it lies in, as an area id, by the newest lookup. One query."""
    rows = AreaMembership.objects.filter(
        weight__gt=0, parent__kind=Area.Kind.WARD, parent__valid_to=None, child__kind=Area.Kind.LSOA
    ).order_by(F("valid_from").desc(nulls_last=True), "-weight", "parent__code")
    found: dict[str, int] = {}
    for code, ward in rows.values_list("child__code", "parent_id"):
        found.setdefault(code, ward)
    return found


def _values(keys: pl.Series, mapping: dict[str, int] | dict[int, int]) -> Ids:
    """The mapped number of every key; 0 for null and unknown keys."""
    return (
        keys.replace_strict([*mapping], [*mapping.values()], default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
    )


def _positions(keys: pl.Series, frame: pl.DataFrame, default: int) -> Ids:
    """The row of `frame` with each key; `default` for null and unknown keys."""
    found = keys.replace_strict(frame["lsoa"], frame["row"], default=None, return_dtype=pl.Int64)
    return found.fill_null(default).to_numpy()


def _by_point(shapes: _Shapes, lon: pl.Series, lat: pl.Series, wanted: NDArray[np.bool_]) -> Ids:
    """The area of each wanted row's point; 0 for the others and for rows without a point."""
    result = np.zeros(len(lon), dtype=np.int64)
    rows = np.flatnonzero(wanted & (lon.is_not_null() & lat.is_not_null()).to_numpy())
    if len(rows):
        result[rows] = shapes.areas(*(axis.gather(rows).cast(pl.Int64).to_numpy() for axis in (lon, lat)))
    return result
