"""The map of a drawn place with its key, and the list of its repeat locations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from hotspots.calc.metres import area_m2
from hotspots.models import Hotspot
from hotspots.points import SNAPPED, Point
from hotspots.register.boundaries import shape_of
from reports import place_map
from reports.pages.place import REPEATED, PlaceProfile
from reports.place_map import Dot
from reports.words import listed, month_name, plural

__all__ = ["SNAPPED", "PlaceMap", "Repeated", "of_profile", "repeated"]


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The map, its key as (sign, words), the text beside it, and a small map of where the compared places lie."""

    svg: SafeString
    key: list[tuple[SafeString, str]]
    words: str
    compared: SafeString | None


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """One map point: its rank, which the map bears, its street, its share of the crimes here, then and now."""

    rank: int
    street: str
    now: str
    share: str
    months: str
    then: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The map points with most crimes. `then` heads the column of an earlier year, "" where there is none."""

    rows: list[RepeatRow]
    words: str
    now: str
    then: str
    note: str


def repeated(found: PlaceProfile) -> Repeated | None:
    """The repeat locations; None while nothing is counted."""
    repeats = found.repeats
    if repeats is None:
        return None
    total = round(repeats.now[0].count / repeats.now[0].share) if repeats.now else 0
    shown = repeats.now[:REPEATED]
    rows = [
        RepeatRow(
            rank,
            _street(one),
            f"{one.count:,}",
            f"{100 * one.share:.0f}%" if one.share >= 0.005 else "under 1%",
            f"{one.months_active} of {len(repeats.months)}",
            _then(one, repeats.then) if repeats.comparable else "",
        )
        for rank, one in enumerate(shown, 1)
    ]
    held = sum(one.count for one in shown)
    text = ""
    if total:
        points = f"{plural(len(shown), 'map point')} {'holds' if len(shown) == 1 else 'hold'}"
        text = f"{points} {held:,} of the {total:,} in the {_months(repeats.months)}."
    note = ""
    if not repeats.comparable:
        note = (
            "police.uk replaced its map points in July 2022, so those of the baseline cannot be set beside "
            "those of now."
        )
    return Repeated(
        rows,
        text,
        capfirst(_months(repeats.months)),
        capfirst(_months(repeats.then_months)) if repeats.comparable else "",
        note,
    )


def of_profile(found: PlaceProfile) -> PlaceMap:
    """The map of the place as it is shown."""
    shape = shape_of(found.boundary)
    # What is drawn of a ring is its whole band, as browsers are given it.
    ring = shapely.geometry.shape(found.ring_boundary.outline) if found.ring_boundary else None
    dots = _dots(found)
    others = found.ground.compared
    order = [one.name for one in found.comparisons]
    hectares = area_m2(shape) / 10_000
    called = Hotspot.Kind(found.place.kind).label.lower()
    text = [f"The {called} is {hectares:,.1f} hectares."]
    if ring is not None:
        text.append(
            f"The ring reaches {found.place.ring_m} m beyond it; other hotspots in it are left out of its counts."
        )
    if dots:
        text.append(f"{plural(len(dots), 'map point')} with crimes of 12 months; larger is more.")
    key = [(place_map.swatch("place"), f"The {called}")]
    key += [(place_map.swatch("ring"), f"Ring of {found.place.ring_m} m")] if ring is not None else []
    key += (
        [(place_map.swatch("points"), "Map points by their count, the first numbered as in the list")] if dots else []
    )
    key += [(place_map.swatch("other"), "Comparison place")] if others else []
    return PlaceMap(
        svg=place_map.place_map(
            shape,
            frame=[shape if ring is None else ring],
            key="map",
            title=f"Map of the {called}",
            description=" ".join([*text, "The list of map points says the same."]),
            ring=ring,
            around=found.ground.around,
            others=others,
            dots=dots,
        ),
        key=key,
        words=" ".join(text),
        compared=compared(shape, [(order.index(name) + 1, name, other) for name, other in others]) if others else None,
    )


def compared(shape: shapely.Geometry, others: Sequence[tuple[int, str, shapely.Geometry]]) -> SafeString:
    """A small map of where a place and those that it is compared with lie: (number in the list beside it, name,
    shape)."""
    names = listed([f"{number}. {name}" for number, name, _ in others])
    return place_map.place_map(
        shape,
        frame=[shape, *(other for *_, other in others)],
        key="compared-map",
        title="Where the comparison places lie",
        description=f"Compared with {names}.",
        others=[(str(number), other) for number, _, other in others],
        font=32,
    )


def _dots(found: PlaceProfile) -> list[Dot]:
    if found.repeats is None:
        return []
    return [
        Dot(one.longitude, one.latitude, one.count, f"{_street(one)}: {one.count:,}", rank if rank <= REPEATED else 0)
        for rank, one in enumerate(found.repeats.now, 1)
    ]


def _street(one: Point) -> str:
    return f"On or near {one.street}" if one.street else "A place without a street name"


def _then(one: Point, then: dict[tuple[float, float], Point]) -> str:
    before = then.get((one.longitude, one.latitude))
    return f"{before.count:,}" if before else "0"


def _months(months: Sequence[date]) -> str:
    return f"12 months to {month_name(months[-1])}"
