"""What lies in drawn places and their rings: plain distances in metres, row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians
from pathlib import Path
from typing import NamedTuple

from tests.reference.categories import SCHEMES
from tests.reference.places import Place, Ring, holds
from tests.reference.records import MISSING, Figure, current

METRES_A_DEGREE = 111_250  # of latitude, around London
SNAPPED = 100


class Counted(NamedTuple):
    """What one count of a place must be."""

    count: int | None  # type: ignore[assignment]  # as of Figure
    low: int | None
    high: int | None
    coverage: int


@dataclass(frozen=True)
class Drawn:
    """A drawn shape, or with `ring_m` the ring of that width around it; and the boroughs that it lies in."""

    place: Place
    boroughs: frozenset[str]
    ring_m: int = 0

    def holds(self, x: float, y: float) -> tuple[bool, bool, bool]:
        """Whether it holds a point as drawn, 100 m smaller, 100 m larger."""
        inside, edge = holds(self.place, x, y), distance_m(self.place, x, y)
        if not self.ring_m:
            return inside, inside and edge >= SNAPPED, inside or edge <= SNAPPED
        return (
            not inside and edge < self.ring_m,
            not inside and SNAPPED <= edge <= self.ring_m - SNAPPED,
            edge <= (SNAPPED if inside else self.ring_m + SNAPPED),
        )


def distance_m(place: Place, x: float, y: float) -> float:
    """Metres from a point to the nearest edge."""
    return min(_to_ring(ring, x, y) for polygon in place.polygons for ring in polygon)


def _to_ring(ring: Ring, x: float, y: float) -> float:
    across = METRES_A_DEGREE * cos(radians(y)) * 1.0015  # the earth is a little wider than it is tall
    metres = [((ax - x) * across, (ay - y) * METRES_A_DEGREE) for ax, ay in ring]
    nearest = float("inf")
    for (ax, ay), (bx, by) in zip(metres, metres[1:] + metres[:1], strict=True):
        long = (bx - ax) ** 2 + (by - ay) ** 2
        along = max(0.0, min(1.0, -(ax * (bx - ax) + ay * (by - ay)) / long)) if long else 0.0
        nearest = min(nearest, hypot(ax + along * (bx - ax), ay + along * (by - ay)))
    return nearest


def counted(
    drawn: dict[int, Drawn], files: list[Path], figures: dict[tuple[str, str, str, date], Figure]
) -> dict[tuple[int, str, date], Counted]:
    """(shape, category, month) -> count, of the files in the order of their import and the boroughs' own figures.

    A month is there where all boroughs have it, and as well known as in the worst of them.
    """
    _, slugs, _ = SCHEMES["street"]
    held: dict[tuple[int, str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    seen: dict[tuple[float, float], dict[int, tuple[bool, bool, bool]]] = {}
    for months in current(files).get("street", {}).values():
        for month, rows in months.items():
            for row in rows:
                if not row.point:
                    continue
                if row.point not in seen:
                    seen[row.point] = {key: shape.holds(*row.point) for key, shape in drawn.items()}
                for key, within in seen[row.point].items():
                    cell = held[key, row.slugs[0], month]
                    cell[:] = [count + into for count, into in zip(cell, within, strict=True)]
    result = {}
    for key, shape in drawn.items():
        for month in {key[3] for key in figures if key[0] == "police.uk"}:
            for slug in slugs:
                known = [figures.get(("police.uk", area, slug, month)) for area in shape.boroughs]
                if not known or None in known:
                    continue
                cover = min(figure.coverage for figure in known if figure)
                count, low, high = held[key, slug, month]
                known_as = Counted(count, low, high, cover)
                result[key, slug, month] = known_as if cover != MISSING else Counted(None, None, None, cover)
    return result
