"""What happens in the small borough next door: as much for each resident as in the large one, and one planted rise.

It is there so that wards have wards elsewhere that are like them, and maps and lists have more than one borough.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.random import Generator

from demo import borough as places
from demo import crime

# One ward's burglary from this month on, as a multiple of what it was.
RISE_WARD, RISE_CATEGORY, RISE_SINCE, RISE_FACTOR = "Gascoigne & Roding Riverside", "Burglary", date(2025, 10, 1), 2.5


def happen(world: places.Borough, random: Generator, large: places.Borough) -> list[crime.Month]:
    """Every month's events, in order; for each resident as many as in the large borough."""
    share = world.block_residents.sum() / large.block_residents.sum()
    point_ward = world.block_new[world.point_block]
    weights = world.block_residents[world.point_block] * random.gamma(0.6, 1.0, len(world.points))
    base = weights / weights.sum()
    station = crime.centre(world, "Abbey")
    rising = point_ward == world.new_ward(RISE_WARD)
    months = []
    for month in crime.MONTHS:
        waves = np.array([mean * crime.season(wave, peak, month) for mean, wave, peak in crime.BOROUGH_MEANS.values()])
        expected = base[:, None] * waves[None, :] * share
        if month >= RISE_SINCE:
            expected[rising, crime.CATEGORIES.index(RISE_CATEGORY)] *= RISE_FACTOR
        counts = random.poisson(expected)
        point, category = (
            np.repeat(index, counts.ravel()) for index in np.divmod(np.arange(counts.size), counts.shape[1])
        )
        searched = np.repeat(np.arange(len(base)), random.poisson(base * crime.SEARCHES_A_MONTH * share))
        months.append(
            crime.Month(
                month,
                point,
                category,
                random.random(len(point)) >= crime.WITHOUT_LOCATION,
                np.zeros(len(point), dtype=bool),
                crime.searches(random, month, searched),
                [(station, crime.CATEGORIES.index("Theft from the person"))] * int(random.poisson(4)),
            )
        )
    return months


def truths() -> dict[str, object]:
    """What was planted."""
    return {
        "code": places.NEXT_DOOR.code, "name": places.NEXT_DOOR.name, "wards": len(places.NEXT_DOOR_WARDS),
        "rise": {"ward": RISE_WARD, "category": RISE_CATEGORY, "since": RISE_SINCE.isoformat(), "factor": RISE_FACTOR},
    }  # fmt: skip
