"""What happens in the synthetic borough: crimes and searches by month and map point, with the planted truths.

Counts are drawn, not set: Poisson around an expected number that is widened by a gamma factor per ward, category and
month (as real ward counts are), so that later analyses must find the truths through noise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from demo import borough as places

MONTHS = tuple(date(2023 + (9 + i) // 12, (9 + i) % 12 + 1, 1) for i in range(36))  # October 2023 to September 2026
WARD_CHANGE = date(2024, 5, 2)
CLEAR = date(2025, 10, 1)  # when the operations in the hotspots begin
SEARCHES_RISE = date(2026, 1, 1)
MISSING_MONTH = date(2024, 2, 1)  # the force did not publish
TRANSPORT_MISSING_MONTH = date(2026, 8, 1)  # British Transport Police did not publish
PARTIAL_MONTH, PARTIAL_SHARE = MONTHS[-1], 0.20
WITHOUT_LOCATION = 0.0235
OVERDISPERSION = 1.3

# Expected crimes a month in the whole borough, and the seasonal wave: amplitude and the month of the peak.
BOROUGH_MEANS: dict[str, tuple[float, float, int]] = {
    "Anti-social behaviour": (400, 0.25, 7),
    "Bicycle theft": (14, 0.40, 7),
    "Burglary": (120, 0.20, 12),
    "Criminal damage and arson": (125, 0.05, 7),
    "Drugs": (75, 0.0, 1),
    "Other theft": (130, 0.0, 1),
    "Possession of weapons": (12, 0.0, 1),
    "Public order": (105, 0.15, 7),
    "Robbery": (40, 0.0, 1),
    "Shoplifting": (150, 0.0, 1),
    "Theft from the person": (36, 0.10, 12),
    "Vehicle crime": (250, 0.05, 11),
    "Violence and sexual offences": (440, 0.12, 7),
    "Other crime": (25, 0.0, 1),
}
CATEGORIES = tuple(BOROUGH_MEANS)
TOWN_CENTRES = {"St Edward's": 3.0, "Gooshays": 1.5, "Squirrels Heath": 1.4, "Rainham & Wennington": 1.3}
HOTSPOT_MIX = {
    "Violence and sexual offences": 0.35,
    "Anti-social behaviour": 0.30,
    "Shoplifting": 0.15,
    "Drugs": 0.10,
    "Public order": 0.10,
}
SEARCH_OBJECTS = {
    "Controlled drugs": 0.60,
    "Offensive weapons": 0.16,
    "Stolen goods": 0.14,
    "Article for use in theft": 0.10,
}
SEARCHES_A_MONTH = 110.0


@dataclass(frozen=True)
class Hotspot:
    """A circle with `mean` crimes a month above its surroundings; since `CLEAR`, `after` times that."""

    name: str
    ward: str
    radius_m: float
    mean: float
    after: float
    moves_to_ring_m: float = 0.0  # what it loses turns up within this distance beyond its edge


HOTSPOTS = (
    Hotspot("Gooshays shops", "Gooshays", 450, 60, 0.45),
    Hotspot("Market Place", "St Edward's", 400, 70, 0.55, moves_to_ring_m=500),
    Hotspot("Station Parade", "South Hornchurch", 450, 50, 1.0),
)
SHOP_CLUSTER_WARD, SHOP_CLUSTER_MEAN = "Elm Park", 22.0
# A ward that in three years saw none of one kind: pages must say 0 there, and compare with nothing.
NEVER_WARD, NEVER_CATEGORY = "Beam Park", "Possession of weapons"
POSSESSION_WARD, SEARCH_FACTOR, POSSESSION_PER_SEARCH = "Heaton", 4.0, 0.5


@dataclass
class Month:
    """One month's events. `point` and `category` are positions in Borough.points and CATEGORIES, one per crime."""

    month: date
    point: np.ndarray
    category: np.ndarray
    located: np.ndarray
    extra_possession: np.ndarray
    searches: list[tuple[datetime, int, str, bool]] = field(
        default_factory=list
    )  # time, point (-1 none), object, found
    transport: list[tuple[int, int]] = field(default_factory=list)  # British Transport Police: point, category


def centre(world: places.Borough, ward: str) -> int:
    """The map point nearest the middle of a new ward: where its hotspot, shops or station are."""
    own = world.block_new[world.point_block] == world.new_ward(ward)
    middle = world.points[own].mean(axis=0)
    distance = distance_m(world, middle)
    return int(np.argmin(np.where(own, distance, np.inf)))


def distance_m(world: places.Borough, of: np.ndarray) -> np.ndarray:
    """Metres from each map point to a longitude and latitude."""
    return np.asarray(np.hypot(*((world.points - of) * np.array(places.METRES_PER_DEGREE)).T))


def season(amplitude: float, peak: int, month: date) -> float:
    """The wave's factor: 1 + amplitude in the peak month, 1 - amplitude half a year later."""
    return float(1 + amplitude * np.cos(2 * np.pi * (month.month - peak) / 12))


def _share(weights: np.ndarray) -> np.ndarray:
    return weights / weights.sum()


def _hotspot_means(world: places.Borough, month: date) -> np.ndarray:
    """Expected crimes above the surroundings, shape (points, categories)."""
    means = np.zeros((len(world.points), len(CATEGORIES)))
    for spot in HOTSPOTS:
        distance = distance_m(world, world.points[centre(world, spot.ward)])
        inside = distance <= spot.radius_m
        factor = spot.after if month >= CLEAR else 1.0
        ring = (distance > spot.radius_m) & (distance <= spot.radius_m + spot.moves_to_ring_m)
        for name, share in HOTSPOT_MIX.items():
            column = CATEGORIES.index(name)
            means[:, column] += spot.mean * share * factor * _share(inside.astype(float))
            if spot.moves_to_ring_m:
                means[:, column] += spot.mean * share * (1 - factor) * _share(ring.astype(float))
    shops = centre(world, SHOP_CLUSTER_WARD)
    means[shops, CATEGORIES.index("Shoplifting")] += SHOP_CLUSTER_MEAN
    return means


def happen(world: places.Borough, random: Generator) -> list[Month]:
    """Every month's events, in order."""
    point_ward = world.block_new[world.point_block]
    town = np.array([TOWN_CENTRES.get(name, 1.0) for name in places.NEW_WARDS])[point_ward]
    base = _share(world.block_residents[world.point_block] * town * random.gamma(0.6, 1.0, len(world.points)))
    possession = point_ward == world.new_ward(POSSESSION_WARD)
    stations = [centre(world, ward) for ward in ("St Edward's", "Upminster", "Harold Wood")]
    months = []
    for month in MONTHS:
        waves = np.array([mean * season(amplitude, peak, month) for mean, amplitude, peak in BOROUGH_MEANS.values()])
        expected = base[:, None] * waves[None, :] + _hotspot_means(world, month)
        by_ward = np.zeros((len(places.NEW_WARDS), len(CATEGORIES)))
        np.add.at(by_ward, point_ward, expected)
        shape = by_ward / (OVERDISPERSION - 1)  # a gamma factor with this shape gives a variance of 1.3 x the mean
        noise = random.gamma(shape) / shape
        counts = random.poisson(expected * noise[point_ward])
        point, category = (
            np.repeat(index, counts.ravel()) for index in np.divmod(np.arange(counts.size), counts.shape[1])
        )

        searched = base * SEARCHES_A_MONTH
        factor = SEARCH_FACTOR if month >= SEARCHES_RISE else 1.0
        searched_at = random.poisson(searched * np.where(possession, factor, 1.0))
        # More searching finds more possession: that is the artefact to recover.
        found = random.poisson(searched[possession].sum() * (factor - 1) * POSSESSION_PER_SEARCH)
        extra = random.choice(np.flatnonzero(possession), found)
        point = np.concatenate([point, extra])
        category = np.concatenate([category, np.full(found, CATEGORIES.index("Drugs"))])
        is_extra = np.arange(len(point)) >= len(point) - found
        order = np.lexsort((world.point_lsoa[point], category))
        located = random.random(len(point)) >= WITHOUT_LOCATION
        never = (point_ward[point] == world.new_ward(NEVER_WARD)) & (category == CATEGORIES.index(NEVER_CATEGORY))
        happened = ~never[order]
        months.append(
            Month(
                month,
                point[order][happened],
                category[order][happened],
                located[happened],
                is_extra[order][happened],
                searches(random, month, np.repeat(np.arange(len(searched_at)), searched_at)),
                [
                    (int(random.choice(stations)), CATEGORIES.index(str(name)))
                    for name in random.choice(
                        ["Violence and sexual offences", "Public order", "Other theft", "Theft from the person"],
                        random.poisson(14),
                    )
                ],
            )
        )
    return months


def searches(random: Generator, month: date, points: np.ndarray) -> list[tuple[datetime, int, str, bool]]:
    """Searches spread over the local month; a few just after local midnight, which UTC puts into the month before."""
    start = datetime(month.year, month.month, 1, tzinfo=ZoneInfo("Europe/London"))
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=ZoneInfo("Europe/London"))
    seconds = random.integers(0, int((end - start).total_seconds()), len(points))
    seconds[:2] = random.integers(60, 3000, len(seconds[:2]))
    objects = random.choice(list(SEARCH_OBJECTS), len(points), p=list(SEARCH_OBJECTS.values()))
    found = random.random(len(points)) < 0.28
    placed = np.where(random.random(len(points)) < 0.92, points, -1)
    rows = [
        (start.astimezone(UTC) + timedelta(seconds=int(s)), int(p), str(o), bool(f))
        for s, p, o, f in zip(seconds, placed, objects, found, strict=True)
    ]
    return sorted(rows)


def truths(world: places.Borough, months: list[Month]) -> dict[str, object]:
    """What was planted, and what the draw made of it: for tests that must find it again."""

    def count(selected: np.ndarray, *, since: date, until: date) -> int:
        return sum(int(selected[m.point].sum()) for m in months if since <= m.month < until)

    year_before = date(CLEAR.year - 1, CLEAR.month, 1)
    year_after = date(CLEAR.year + 1, CLEAR.month, 1)
    spots = []
    for spot in HOTSPOTS:
        middle = world.points[centre(world, spot.ward)]
        distance = distance_m(world, middle)
        inside = distance <= spot.radius_m
        ring = (distance > spot.radius_m) & (distance <= spot.radius_m + 500)
        spots.append({
            "name": spot.name, "ward": spot.ward, "longitude": float(middle[0]), "latitude": float(middle[1]),
            "radius_m": spot.radius_m, "clear_from": CLEAR.isoformat(), "extra_crimes_a_month": spot.mean,
            "factor_after": spot.after, "moves_to_ring_m": spot.moves_to_ring_m,
            "events_12_months_before": count(inside, since=year_before, until=CLEAR),
            "events_12_months_after": count(inside, since=CLEAR, until=year_after),
            "ring_500m_12_months_before": count(ring, since=year_before, until=CLEAR),
            "ring_500m_12_months_after": count(ring, since=CLEAR, until=year_after),
        })  # fmt: skip
    everywhere = np.ones(len(world.points), dtype=bool)
    return {
        "note": "Synthetic. Events as drawn, before publication lost months or rows; anti-social behaviour included.",
        "first_month": MONTHS[0].isoformat(), "last_month": MONTHS[-1].isoformat(),
        "ward_change": WARD_CHANGE.isoformat(),
        "borough_12_months_before": count(everywhere, since=year_before, until=CLEAR),
        "borough_12_months_after": count(everywhere, since=CLEAR, until=year_after),
        "hotspots": spots,
        "possession_follows_searches": {
            "ward": POSSESSION_WARD, "since": SEARCHES_RISE.isoformat(), "search_factor": SEARCH_FACTOR,
            "possession_offences_per_extra_search": POSSESSION_PER_SEARCH,
            "extra_possession_offences": sum(int(m.extra_possession.sum()) for m in months),
        },
        "shop_cluster": {
            "ward": SHOP_CLUSTER_WARD, "shoplifting_a_month": SHOP_CLUSTER_MEAN,
            "longitude": float(world.points[centre(world, SHOP_CLUSTER_WARD)][0]),
            "latitude": float(world.points[centre(world, SHOP_CLUSTER_WARD)][1]),
        },
        "never": {"ward": NEVER_WARD, "category": NEVER_CATEGORY},
        "missing_month": MISSING_MONTH.isoformat(),
        "transport_police_missing_month": TRANSPORT_MISSING_MONTH.isoformat(),
        "partial_month": {"month": PARTIAL_MONTH.isoformat(), "share_published": PARTIAL_SHARE},
        "seasonal_waves": {
            name: {"amplitude": amplitude, "peak_month": peak}
            for name, (_, amplitude, peak) in BOROUGH_MEANS.items() if amplitude
        },
    }  # fmt: skip
