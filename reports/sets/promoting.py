"""What the form is filled with that makes a place of an LSOA that a search found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import shapely

from hotspots.models import Area
from hotspots.points import Point
from hotspots.register import drawing
from hotspots.register.actions import Content, Drawn, default_baseline
from hotspots.register.boundaries import in_force, shape_of
from reports import finding
from reports.finding import Asked, Spot
from reports.presenters.find_words import count_text, period, types
from reports.words import month_name

WHOLE, CIRCLE = "whole", "circle"
# A circle around the busiest map point takes in those of the first so many that lie within so many metres, and reaches
# beyond them, as points lie up to 100 m off.
POINTS, NEAR, BEYOND, LEAST = 10, 300, 100, 150


@dataclass(frozen=True, slots=True)
class Proposal:
    """An LSOA with what speaks for it: its busiest map point and those near it, and metres of a circle around that one.

    `shape` is its boundary, longitude and latitude, None where none is known; `points` is empty where none is known.
    `found_in` says in which search: "set “Summer”", "a search".
    """

    asked: Asked
    spot: Spot
    found_in: str
    shape: shapely.Geometry | None
    points: tuple[Point, ...]
    radius: int

    @property
    def name(self) -> str:
        """The busiest street and the ward, else the LSOA."""
        street = self.points[0].street if self.points else ""
        return (f"{street}, {self.spot.ward_name}" if street and self.spot.ward_name else self.spot.name)[:100]

    @property
    def note(self) -> str:
        """How it was found, in sentences."""
        spot = self.spot
        score = "" if spot.z is None else f" Gi* {spot.z:z.1f} ({'stands' if spot.is_hot else 'does not stand'} out)."
        return (
            f"{spot.name} ({spot.code}), rank {spot.rank} of {self.found_in}: {count_text(spot)} crimes in "
            f"{period(self.asked)}. {types(self.asked.slugs)}.{score}"
        )

    @property
    def boundaries(self) -> list[tuple[str, str]]:
        """The boundaries to choose from, in words."""
        found = [(WHOLE, f"The whole LSOA ({self.spot.square_metres / 1e6:.2f} km²)")]
        if self.points:
            held = sum(point.count for point in self.points)
            street = f" ({self.points[0].street})" if self.points[0].street else ""
            found.append(
                (
                    CIRCLE,
                    f"A circle of {self.radius} m around its busiest map point{street}, with {held:,} of its crimes",
                )
            )
        return found

    @property
    def periods(self) -> str:
        """The periods that are kept with it, in words."""
        first, last = self.asked.window[0], self.asked.last
        start, end = default_baseline(first)
        return (
            f"Selection period: {month_name(first)} to {month_name(last)}. Baseline: the 24 months before it, "
            f"{month_name(start)} to {month_name(end)}, as places are picked in a bad year, and many are better "
            "the next by themselves."
        )

    def content(self, said: dict[str, object]) -> Content:
        """What is kept: the form's fields, and the period of the search; the baseline follows from it."""
        return Content(
            **said,  # type: ignore[arg-type]
            selected_from=self.asked.window[0],
            selected_to=self.asked.last,
        )

    def drawn(self, boundary: str, on: date) -> Drawn:
        """The boundary chosen, judged as any other. Raises Refused."""
        if boundary == CIRCLE and self.points:
            first = self.points[0]
            return drawing.around_point(first.longitude, first.latitude, self.radius, on=on)
        return drawing.of_areas([Area.objects.get(pk=self.spot.pk)], on=on, field="boundary")


def proposal(asked: Asked, spot: Spot, found_in: str) -> Proposal:
    """The LSOA of a search as a place. Two queries, and the files of the months are read."""
    boundary = in_force([spot.pk], asked.last).get(spot.pk)
    shape = shape_of(boundary) if boundary else None
    found = finding.top_points(shape, asked.slugs, asked.window, POINTS) if shape else []
    near = [(point, apart) for point in found if (apart := _metres(found[0], point)) <= NEAR]
    reach = max((apart for _, apart in near), default=0) + BEYOND
    radius = max(LEAST, 10 * math.ceil(reach / 10))
    return Proposal(asked, spot, found_in, shape, tuple(point for point, _ in near), radius)


def _metres(one: Point, other: Point) -> float:
    across = (other.longitude - one.longitude) * math.cos(math.radians(one.latitude))
    return 111_320 * math.hypot(across, other.latitude - one.latitude)
