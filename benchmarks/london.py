"""A made-up city of London's size, as files in the official formats: always the same, whatever the machine.

680 wards of some 150 vertices that tile 33 boroughs, 4,988 LSOAs, 45,000 snap points, and months of 95,000 crimes.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

MONTHS = 24
ROWS_A_MONTH = 95_000
WARDS, BOROUGHS, LSOAS, POINTS = 680, 33, 4_988, 45_000
COLUMNS, ROWS = 34, 20  # the grid of wards
WEST, SOUTH, EAST, NORTH = -0.51, 51.29, 0.33, 51.69
EDGE = 37  # stretches of one side of a ward

# (type, share of the rows): roughly London's
TYPES = {
    "Anti-social behaviour": 0.22,
    "Violence and sexual offences": 0.23,
    "Vehicle crime": 0.11,
    "Other theft": 0.10,
    "Theft from the person": 0.08,
    "Burglary": 0.06,
    "Shoplifting": 0.05,
    "Criminal damage and arson": 0.05,
    "Public order": 0.05,
    "Drugs": 0.04,
    "Robbery": 0.03,
    "Bicycle theft": 0.02,
    "Other crime": 0.01,
    "Possession of weapons": 0.005,
}
OUTCOMES = [
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Status update unavailable",
    "Under investigation",
    "Awaiting court outcome",
    "Local resolution",
    "Offender given a caution",
]
PLACES = ["Road", "Street", "Avenue", "Close", "Gardens", "Parking Area", "Supermarket", "Park/Open Space", "Lane"]
NAMES = ["Albion", "Beech", "Church", "Dene", "Elm", "Forest", "Grange", "Heath", "Ivy", "Juniper", "Kings", "Linden"]


def make(folder: Path) -> Path:
    """Writes the city's files into a folder, if they are not there yet; the folder."""
    done = folder / "done"
    if not done.exists():
        random = np.random.default_rng(2026)
        (folder / "areas").mkdir(parents=True, exist_ok=True)
        wards = _wards(random)
        _write_areas(folder / "areas", wards)
        places = _places(random)
        for number in range(MONTHS + 1):
            month = f"{2024 + number // 12}-{number % 12 + 1:02d}"
            _write_month(folder / "street" / month, month, places, random)
        done.touch()
    return folder


def months(folder: Path) -> list[Path]:
    """The street files, oldest first; one more than `MONTHS`, the last for "one new month"."""
    return sorted((folder / "street").rglob("*.csv"))


def lsoas(folder: Path) -> Path:
    """The LSOAs' boundaries as a file, made if it is not there yet: each ward cut into as many strips as it has LSOAs.

    The points of an LSOA lie anywhere in its ward."""
    path = folder / "lsoas.geojson"
    if not path.exists():
        wards = _wards(np.random.default_rng(2026))
        ward = _ward_of_lsoa(np.arange(LSOAS))
        strips = [strip for number, shape in enumerate(wards) for strip in _strips(shape, int((ward == number).sum()))]
        names = _lsoa_names(np.arange(LSOAS))
        _geojson(
            path,
            [({"LSOA21CD": f"SYNL{i:05d}", "LSOA21NM": names[i]}, strip) for i, strip in enumerate(strips)],
        )
    return path


def _strips(shape: shapely.Polygon, count: int) -> list[shapely.Geometry]:
    west, south, east, north = shape.bounds
    # A side of a ward is up to a seventh of its width off: the outer strips take what lies beyond.
    cuts = [west, *np.linspace(west + (east - west) / 5, east - (east - west) / 5, count - 1).tolist(), east]
    return [shape.intersection(shapely.box(left, south, right, north)) for left, right in pairwise(cuts)]


def wards_of(borough: int) -> list[int]:
    """The numbers of a borough's wards."""
    return [ward for ward in range(WARDS) if ward * BOROUGHS // WARDS == borough]


def _borough_of(ward: NDArray[np.int64]) -> NDArray[np.int64]:
    return ward * BOROUGHS // WARDS


def _wards(random: np.random.Generator) -> list[shapely.Polygon]:
    """A grid whose sides are shaky lines that neighbours share."""
    x, y = np.linspace(WEST, EAST, COLUMNS + 1), np.linspace(SOUTH, NORTH, ROWS + 1)
    nodes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    nodes[1:-1, 1:-1] += random.uniform(-0.15, 0.15, nodes[1:-1, 1:-1].shape) * [x[1] - x[0], y[1] - y[0]]

    def shaky(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        steps = np.linspace(0, 1, EDGE + 1)[:, np.newaxis]
        line = start + (end - start) * steps
        line[1:-1] += random.normal(0, 0.00005, line[1:-1].shape)
        return line.round(6)

    across = {(i, j): shaky(nodes[i, j], nodes[i + 1, j]) for i in range(COLUMNS) for j in range(ROWS + 1)}
    up = {(i, j): shaky(nodes[i, j], nodes[i, j + 1]) for i in range(COLUMNS + 1) for j in range(ROWS)}
    return [
        shapely.Polygon(
            np.concatenate([across[i, j][:-1], up[i + 1, j][:-1], across[i, j + 1][:0:-1], up[i, j][:0:-1]])
        )
        for i in range(COLUMNS)
        for j in range(ROWS)
    ]


def _write_areas(folder: Path, wards: list[shapely.Polygon]) -> None:
    borough = _borough_of(np.arange(WARDS))
    outlines = [shapely.coverage_union_all([wards[w] for w in np.flatnonzero(borough == b)]) for b in range(BOROUGHS)]
    _geojson(
        folder / "boroughs.geojson",
        [({"LAD25CD": f"SYNB{b:05d}", "LAD25NM": _borough_name(b)}, outlines[b]) for b in range(BOROUGHS)],
    )
    _geojson(
        folder / "wards.geojson",
        [
            (
                {
                    "WD25CD": f"SYNW{w:05d}",
                    "WD25NM": f"Ward {w:03d}",
                    "LAD25CD": f"SYNB{borough[w]:05d}",
                    "LAD25NM": _borough_name(borough[w]),
                },
                wards[w],
            )
            for w in range(WARDS)
        ],
    )
    lsoa = np.arange(LSOAS)
    ward = _ward_of_lsoa(lsoa)
    pl.DataFrame(
        {
            "LSOA21CD": [f"SYNL{i:05d}" for i in lsoa],
            "LSOA21NM": _lsoa_names(lsoa),
            "WD25CD": [f"SYNW{w:05d}" for w in ward],
            "WD25NM": [f"Ward {w:03d}" for w in ward],
            "LAD25CD": [f"SYNB{b:05d}" for b in _borough_of(ward)],
            "LAD25NM": [_borough_name(b) for b in _borough_of(ward)],
        }
    ).write_csv(folder / "lookup.csv")
    pl.DataFrame({"code": [f"SYNL{i:05d}" for i in lsoa], "year": 2021, "residents": 1500 + lsoa % 500}).write_csv(
        folder / "residents.csv"
    )


def _geojson(path: Path, features: list[tuple[dict[str, str], shapely.Geometry]]) -> None:
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
                    for properties, shape in features
                ],
            }
        )
    )


def _borough_name(number: int) -> str:
    return f"{NAMES[number % len(NAMES)]}{['ford', 'ham', 'wick'][number // len(NAMES)]}"


def _ward_of_lsoa(lsoa: NDArray[np.int64]) -> NDArray[np.int64]:
    return lsoa * WARDS // LSOAS


def _lsoa_names(lsoa: NDArray[np.int64]) -> list[str]:
    return [
        f"{_borough_name(b)} {i % 151 // 5 + 1:03d}{'ABCDE'[i % 5]}"
        for i, b in zip(lsoa, _borough_of(_ward_of_lsoa(lsoa)), strict=True)
    ]


def _places(random: np.random.Generator) -> pl.DataFrame:
    """The snap points, each in its LSOA, with the texts that a row of the files has for them."""
    lsoa = np.arange(POINTS) * LSOAS // POINTS
    ward = _ward_of_lsoa(lsoa)
    width, height = (EAST - WEST) / COLUMNS, (NORTH - SOUTH) / ROWS
    lon = WEST + (ward // ROWS + random.uniform(0.02, 0.98, POINTS)) * width
    lat = SOUTH + (ward % ROWS + random.uniform(0.02, 0.98, POINTS)) * height
    return pl.DataFrame(
        {
            "Longitude": [f"{value:.6f}" for value in lon],
            "Latitude": [f"{value:.6f}" for value in lat],
            "Location": [
                f"On or near {NAMES[i]} {PLACES[j]}"
                for i, j in zip(random.integers(len(NAMES), size=POINTS), random.integers(9, size=POINTS), strict=True)
            ],
            "LSOA code": [f"SYNL{i:05d}" for i in lsoa],
            "LSOA name": _lsoa_names(lsoa),
        }
    )


def _write_month(folder: Path, month: str, places: pl.DataFrame, random: np.random.Generator) -> None:
    weights = random.permutation(1 / (np.arange(POINTS) + 50) ** 0.7)
    point = random.choice(POINTS, ROWS_A_MONTH, p=weights / weights.sum())
    share = np.array([*TYPES.values()])
    kind = random.choice(len(TYPES), ROWS_A_MONTH, p=share / share.sum())
    identifiers = random.bytes(32 * ROWS_A_MONTH).hex()
    anonymous, nowhere = pl.Series(kind == 0), pl.Series(random.random(ROWS_A_MONTH) < 0.0235)
    crime = pl.Series([identifiers[i : i + 64] for i in range(0, len(identifiers), 64)])
    outcome = pl.Series(OUTCOMES).gather(random.integers(len(OUTCOMES), size=ROWS_A_MONTH))
    rows = pl.DataFrame({"crime": crime, "anonymous": anonymous, "nowhere": nowhere, "outcome": outcome})
    rows = rows.with_columns(places[point], kind=pl.Series([*TYPES]).gather(kind))
    blank = pl.lit(None, pl.String)
    folder.mkdir(parents=True, exist_ok=True)
    rows.select(
        pl.when("anonymous").then(blank).otherwise("crime").alias("Crime ID"),
        pl.lit(month).alias("Month"),
        pl.lit("Metropolitan Police Service").alias("Reported by"),
        pl.lit("Metropolitan Police Service").alias("Falls within"),
        *(
            pl.when("nowhere").then(pl.lit("No Location") if name == "Location" else blank).otherwise(name).alias(name)
            for name in places.columns
        ),
        pl.col("kind").alias("Crime type"),
        pl.when("anonymous").then(blank).otherwise("outcome").alias("Last outcome category"),
        blank.alias("Context"),
    ).write_csv(folder / f"{month}-metropolitan-street.csv")
