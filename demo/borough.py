"""The places of a synthetic borough: blocks, LSOAs, and wards, which tile it without gaps; one borough has two sets.

The boroughs lie in the North Sea and their codes begin with SYN, so that nothing here can be taken for a real place;
names are like those of East London, so that they read like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.random import Generator

METRES_PER_DEGREE = (69_200.0, 111_200.0)  # of longitude (at this latitude) and latitude

OLD_WARDS = (
    "Brooklands", "Cranham", "Elm Park", "Emerson Park", "Gooshays", "Hacton", "Harold Wood", "Havering Park", "Heaton",
    "Hylands", "Mawneys", "Pettits", "Rainham and Wennington", "Romford Town", "St Andrew's", "South Hornchurch",
    "Squirrel's Heath", "Upminster",
)  # fmt: skip
NEW_WARDS = (
    "Rush Green & Crowlands", "Cranham", "Elm Park", "Emerson Park", "Gooshays", "Hacton", "Harold Wood",
    "Havering-atte-Bower", "Heaton", "Hylands & Harrow Lodge", "Mawneys", "Marshalls & Rise Park",
    "Rainham & Wennington", "St Edward's", "St Andrew's", "South Hornchurch", "Squirrels Heath", "Upminster",
    "Beam Park", "St Alban's",
)  # fmt: skip
NEXT_DOOR_WARDS = (
    "Abbey", "Becontree Heath", "Chadwell & Marks Gate", "Gascoigne & Roding Riverside", "Longbridge", "Thames View",
)  # fmt: skip
LSOAS_PER_WARD = 5
BLOCKS_PER_WARD = 16
POINTS_PER_BLOCK = 5

_FIRST = (
    "Alder Ash Beacon Birch Bramble Carter Cedar Chapel Clover Dagnall Elder Farrier Fern Glebe Hazel Heron Holly Ivy "
    "Juniper Kestrel Larch Linden Maple Mercer Millers Oak Orchard Poplar Quarry Rowan Sable Thorn Tanner Willow Yew"
).split()
_SECOND = "Road Avenue Close Drive Gardens Way Lane Crescent Grove Walk Terrace Court".split()


@dataclass(frozen=True)
class Plan:
    """A borough to be drawn: its frame is west, south, east, north. `old_wards` are None where they never changed."""

    code: str
    name: str
    frame: tuple[float, float, float, float]
    wards: tuple[str, ...]
    old_wards: tuple[str, ...] | None = None


MAIN = Plan("SYNB00001", "Havering (synthetic)", (2.10, 51.60, 2.30, 51.73), NEW_WARDS, OLD_WARDS)
# The name is as long as real ones are, which pages must bear.
NEXT_DOOR = Plan(
    "SYNB00002", "Barking, Dagenham and the Thames Riverside (synthetic)", (1.985, 51.60, 2.114, 51.70), NEXT_DOOR_WARDS
)


@dataclass(frozen=True)
class Borough:
    """The places. Blocks are the smallest cells; the arrays are indexed by block or by map point.

    `block_lsoa`, `block_old`, `block_new`: the LSOA, old ward and new ward of each block, by position.
    `points`: longitude and latitude of the map points, six decimals, shape (points, 2); `point_block` their blocks.
    """

    plan: Plan
    blocks: np.ndarray
    block_lsoa: np.ndarray
    block_old: np.ndarray
    block_new: np.ndarray
    block_residents: np.ndarray
    points: np.ndarray
    point_block: np.ndarray
    point_street: tuple[str, ...]

    @property
    def _digit(self) -> str:
        """What the codes of the borough's parts begin with, after their kind; none in the first borough."""
        return "" if self.plan is MAIN else self.plan.code[-1]

    @cached_property
    def lsoa_codes(self) -> list[str]:
        return [f"SYNL{self._digit}{index + 1:05d}" for index in range(int(self.block_lsoa.max()) + 1)]

    @cached_property
    def lsoa_names(self) -> list[str]:
        """As the census names them: five to a middle-layer area, "Havering (synthetic) 001A"."""
        return [f"{self.plan.name} {index // 5 + 1:03d}{'ABCDE'[index % 5]}" for index in range(len(self.lsoa_codes))]

    @property
    def old_wards(self) -> tuple[str, ...]:
        return self.plan.old_wards or self.plan.wards

    @cached_property
    def old_codes(self) -> list[str]:
        return [f"SYNW{self._digit}1{index + 1:04d}" for index in range(len(self.old_wards))]

    @cached_property
    def new_codes(self) -> list[str]:
        if not self.plan.old_wards:
            return self.old_codes
        return [f"SYNW{self._digit}2{index + 1:04d}" for index in range(len(self.plan.wards))]

    def shapes(self, of_block: np.ndarray) -> list[shapely.Geometry]:
        """One polygon per value of `of_block`, as the union of its blocks."""
        return [shapely.coverage_union_all(self.blocks[of_block == value]) for value in range(int(of_block.max()) + 1)]

    @cached_property
    def outline(self) -> shapely.Geometry:
        return shapely.coverage_union_all(self.blocks)

    @cached_property
    def point_lsoa(self) -> np.ndarray:
        return np.asarray(self.block_lsoa[self.point_block])

    def new_ward(self, name: str) -> int:
        """The position of a new ward."""
        return self.plan.wards.index(name)

    def weights(self) -> list[tuple[int, int, float]]:
        """(LSOA, new ward, share of the LSOA's residents), as a weighted lookup publishes it; no zero shares."""
        rows = []
        for lsoa in range(len(self.lsoa_codes)):
            of = self.block_lsoa == lsoa
            total = int(self.block_residents[of].sum())
            for ward in np.unique(self.block_new[of]):
                share = int(self.block_residents[of & (self.block_new == ward)].sum()) / total
                rows.append((lsoa, int(ward), round(share, 6)))
        return rows


def _spread(random: Generator, plan: Plan, count: int, rounds: int = 12) -> np.ndarray:
    """`count` points spread evenly over the frame: Voronoi cells' centres moved to the middle a few times."""
    frame = shapely.box(*plan.frame)
    points = random.uniform(plan.frame[:2], plan.frame[2:], (count, 2))
    for _ in range(rounds):
        cells = shapely.intersection(_cells(points, frame), frame)
        points = shapely.get_coordinates(shapely.centroid(cells))
    return points


def _cells(points: np.ndarray, frame: shapely.Geometry) -> np.ndarray:
    """The Voronoi cell of each point, in the points' order."""
    west, south, east, north = frame.bounds
    beyond = shapely.box(west - 0.1, south - 0.1, east + 0.1, north + 0.1)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=beyond))
    tree = shapely.STRtree(cells)
    inside, cell = tree.query(shapely.points(points), predicate="intersects")
    return np.asarray(cells[cell[np.argsort(inside)]])


def _nearest(of: np.ndarray, to: np.ndarray) -> np.ndarray:
    scale = np.array(METRES_PER_DEGREE)
    distance = ((of[:, None, :] - to[None, :, :]) * scale) ** 2
    return np.asarray(distance.sum(axis=2).argmin(axis=1))


def draw(random: Generator, plan: Plan = MAIN) -> Borough:
    """The borough of a plan and a seeded generator: always the same places for the same seed."""
    west, south, east, north = plan.frame
    ward_seeds = _spread(random, plan, len(plan.wards))
    centres = _spread(random, plan, BLOCKS_PER_WARD * len(plan.wards), rounds=3)
    margin = 0.012  # leaves the outermost cells away, so that the borough has an irregular edge
    inside = (
        (centres[:, 0] > west + margin) & (centres[:, 0] < east - margin)
        & (centres[:, 1] > south + margin) & (centres[:, 1] < north - margin)
    )  # fmt: skip
    blocks = shapely.set_precision(_cells(centres, shapely.box(*plan.frame))[inside], 1e-6)
    centres = centres[inside]

    block_new = _nearest(centres, ward_seeds)
    block_lsoa = np.zeros(len(blocks), dtype=int)
    for ward in range(len(plan.wards)):
        own = np.flatnonzero(block_new == ward)
        order = own[np.argsort(np.arctan2(*(centres[own] - ward_seeds[ward]).T))]
        for part, members in enumerate(np.array_split(order, LSOAS_PER_WARD)):
            block_lsoa[members] = ward * LSOAS_PER_WARD + part

    residents = random.integers(800, 1400, len(blocks))
    block_old = block_new
    if plan.old_wards:
        # The old wards follow LSOAs and have the same seeds as the new ward of that name; the last new wards had none.
        lsoa_centres = np.array([centres[block_lsoa == lsoa].mean(axis=0) for lsoa in range(block_lsoa.max() + 1)])
        block_old = _nearest(lsoa_centres, ward_seeds[: len(plan.old_wards)])[block_lsoa]
        block_new = _cut_across(blocks, block_lsoa, block_new)
    points, point_block, streets = _map_points(random, blocks)
    return Borough(plan, blocks, block_lsoa, block_old, block_new, residents, points, point_block, streets)


def _cut_across(blocks: np.ndarray, block_lsoa: np.ndarray, block_new: np.ndarray, count: int = 4) -> np.ndarray:
    """Moves one block of `count` LSOAs to the ward next door, so that ward boundaries split those LSOAs."""
    moved = block_new.copy()
    tree = shapely.STRtree(blocks)
    done: set[int] = set()
    for block in range(0, len(blocks), 7):
        lsoa, ward = block_lsoa[block], block_new[block]
        near = [n for n in tree.query(blocks[block], predicate="touches") if block_new[n] != ward]
        shared = [n for n in near if blocks[block].intersection(blocks[n]).length > 1e-3]
        if shared and lsoa not in done and not {block_lsoa[n] for n in shared} & done:
            moved[block] = block_new[shared[0]]
            done |= {int(lsoa), int(block_lsoa[shared[0]])}
        if len(done) == 2 * count:
            break
    return moved


def _map_points(random: Generator, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    points, of = [], []
    for index, block in enumerate(blocks):
        west, south, east, north = block.bounds
        inner = block.buffer(-0.0002)
        found = 0
        while found < POINTS_PER_BLOCK:
            x, y = (round(float(v), 6) for v in random.uniform((west, south), (east, north)))
            if inner.contains(shapely.Point(x, y)):
                points.append((x, y))
                of.append(index)
                found += 1
    streets = tuple(
        f"On or near {_FIRST[a]} {_SECOND[b]}"
        for a, b in zip(
            random.integers(0, len(_FIRST), len(points)), random.integers(0, len(_SECOND), len(points)), strict=True
        )
    )
    return np.array(points), np.array(of), streets
