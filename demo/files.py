"""Writes the synthetic borough down in the formats that publishers use, column for column.

areas/      boundaries (GeoJSON), LSOA lookups (ONS best fit, GLA weighted), ward names, census residents
police/     YYYY-MM/YYYY-MM-<force>-{street,outcomes,stop-and-search}.csv, as data.police.uk publishes
mps/        the Metropolitan Police's ward table of the most recent 24 months
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import shapely
from numpy.random import Generator

from demo import borough as places
from demo import crime

SEED = 2026
FORCE = ("synthetic", "Synthetic Police Service")
TRANSPORT = ("btp", "British Transport Police")
TRUTHS = Path(__file__).with_name("truths.json")
WARD_TABLE_MONTHS = 24

_STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
).split(",")
_OUTCOMES = [*_STREET[:9], "Outcome type"]
_SEARCHES = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
).split(",")
_AGES = ["10-17", "18-24", "25-34", "over 34"]
# Outcome, its share, and how many months after the crime it is published.
_OUTCOME_TYPES = (
    ("Investigation complete; no suspect identified", 0.46, 1),
    ("Unable to prosecute suspect", 0.30, 2),
    ("Suspect charged", 0.09, 2),
    ("Local resolution", 0.04, 1),
    ("Offender given a caution", 0.02, 2),
    ("Further action is not in the public interest", 0.01, 3),
    ("Under investigation", 0.08, 0),
)
# police.uk category -> the Metropolitan Police's (major, minor) types and the share of each.
_MPS_TYPES: dict[str, tuple[tuple[str, str, float], ...]] = {
    "Bicycle theft": (("THEFT", "BICYCLE THEFT", 1.0),),
    "Burglary": (
        ("BURGLARY", "DOMESTIC BURGLARY", 0.7),
        ("BURGLARY", "BURGLARY BUSINESS AND COMMUNITY", 0.3),
    ),
    "Criminal damage and arson": (
        ("ARSON AND CRIMINAL DAMAGE", "CRIMINAL DAMAGE", 0.95),
        ("ARSON AND CRIMINAL DAMAGE", "ARSON", 0.05),
    ),
    "Drugs": (("DRUG OFFENCES", "POSSESSION OF DRUGS", 0.8), ("DRUG OFFENCES", "TRAFFICKING OF DRUGS", 0.2)),
    "Other theft": (("THEFT", "OTHER THEFT", 1.0),),
    "Possession of weapons": (("POSSESSION OF WEAPONS", "POSSESSION OF WEAPONS", 1.0),),
    "Public order": (
        ("PUBLIC ORDER OFFENCES", "PUBLIC FEAR ALARM OR DISTRESS", 0.9),
        ("PUBLIC ORDER OFFENCES", "OTHER OFFENCES PUBLIC ORDER", 0.1),
    ),
    "Robbery": (
        ("ROBBERY", "ROBBERY OF PERSONAL PROPERTY", 0.85),
        ("ROBBERY", "ROBBERY OF BUSINESS PROPERTY", 0.15),
    ),
    "Shoplifting": (("THEFT", "SHOPLIFTING", 1.0),),
    "Theft from the person": (("THEFT", "THEFT FROM THE PERSON", 1.0),),
    "Vehicle crime": (
        ("VEHICLE OFFENCES", "THEFT FROM A VEHICLE", 0.5),
        ("VEHICLE OFFENCES", "THEFT OR UNAUTH TAKING OF A MOTOR VEH", 0.4),
        ("VEHICLE OFFENCES", "INTERFERING WITH A MOTOR VEHICLE", 0.1),
    ),
    "Violence and sexual offences": (
        ("VIOLENCE AGAINST THE PERSON", "VIOLENCE WITH INJURY", 0.34),
        ("VIOLENCE AGAINST THE PERSON", "VIOLENCE WITHOUT INJURY", 0.33),
        ("VIOLENCE AGAINST THE PERSON", "STALKING AND HARASSMENT", 0.24),
        ("SEXUAL OFFENCES", "RAPE", 0.03),
        ("SEXUAL OFFENCES", "OTHER SEXUAL OFFENCES", 0.06),
    ),
    "Other crime": (("MISCELLANEOUS CRIMES AGAINST SOCIETY", "MISC CRIMES AGAINST SOCIETY", 1.0),),
}


@dataclass(frozen=True)
class Written:
    """The files, in the order in which they are to be imported."""

    areas: list[Path]  # areas in force from the beginning
    new_wards: list[Path]  # the wards in force from crime.WARD_CHANGE
    lookups: list[Path]
    facts: list[Path]


def write(folder: Path) -> Written:
    """Writes every file under `folder`; the same bytes every time."""
    random = np.random.default_rng(SEED)
    world = places.draw(random)
    months = crime.happen(world, random)
    areas = folder / "areas"
    areas.mkdir(parents=True, exist_ok=True)
    return Written(
        areas=[
            _boundaries(areas / "boroughs.geojson", [world.outline], LAD26CD=[places.CODE], LAD26NM=[places.NAME]),
            _boundaries(areas / "lsoas.geojson", world.shapes(world.block_lsoa), LSOA21CD=world.lsoa_codes,
                        LSOA21NM=world.lsoa_names, LAD26CD=[places.CODE] * len(world.lsoa_codes),
                        LAD26NM=[places.NAME] * len(world.lsoa_codes)),
            _wards(areas / "wards_2023.geojson", world.shapes(world.block_old), world.old_codes, places.OLD_WARDS),
        ],
        new_wards=[
            _wards(areas / "wards_2024.geojson", world.shapes(world.block_new), world.new_codes, places.NEW_WARDS)
        ],
        lookups=[*_lookups(areas, world), _residents(areas / "census2021_ts001_lsoa.csv", world)],
        facts=[*_police(folder / "police", world, months, random), _ward_table(folder / "mps", world, months, random)],
    )  # fmt: skip


def truths() -> dict[str, object]:
    """What the generator plants; `truths.json` holds the same."""
    random = np.random.default_rng(SEED)
    world = places.draw(random)
    return crime.truths(world, crime.happen(world, random))


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path


# --- Areas --------------------------------------------------------------------------------------------------------


def _boundaries(path: Path, shapes: Sequence[shapely.Geometry], **properties: Sequence[str]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {key: values[index] for key, values in properties.items()},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for index, shape in enumerate(shapes)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return path


def _wards(path: Path, shapes: Sequence[shapely.Geometry], codes: Sequence[str], names: Sequence[str]) -> Path:
    own = len(codes)
    return _boundaries(
        path, shapes, GSS_CODE=codes, NAME=names, LAGSSCODE=[places.CODE] * own, DISTRICT=[places.NAME] * own
    )


def _lookups(folder: Path, world: places.Borough) -> list[Path]:
    old_of = {int(lsoa): int(ward) for lsoa, ward in zip(world.block_lsoa, world.block_old, strict=True)}
    return [
        _csv(
            folder / "lsoa21_to_wards_2023_best_fit.csv",
            "LSOA21CD,LSOA21NM,LSOA21NMW,WD23CD,WD23NM,WD23NMW,LAD23CD,LAD23NM,LAD23NMW,ObjectId".split(","),
            (
                (world.lsoa_codes[lsoa], world.lsoa_names[lsoa], "", world.old_codes[ward], places.OLD_WARDS[ward], "",
                 places.CODE, places.NAME, "", lsoa + 1)
                for lsoa, ward in sorted(old_of.items())
            ),
        ),
        _csv(
            folder / "lsoa_to_wards_2024_weights.csv",
            ["index", "LSOA11CD", "GSS_CODE", "year", "weight"],
            (
                (index, world.lsoa_codes[lsoa], world.new_codes[ward], 2023, weight)
                for index, (lsoa, ward, weight) in enumerate(world.weights())
            ),
        ),
    ]  # fmt: skip


def _residents(path: Path, world: places.Borough) -> Path:
    residents = np.bincount(world.block_lsoa, weights=world.block_residents).astype(int)
    measures = ("Total", "Lives in a household", "Lives in a communal establishment")
    header = ["date", "geography", "geography code", *(f"Residence type: {m}; measures: Value" for m in measures)]
    return _csv(
        path,
        header,
        (
            (2021, name, code, total, total - 4, 4)
            for name, code, total in zip(world.lsoa_names, world.lsoa_codes, residents.tolist(), strict=True)
        ),
    )


# --- police.uk ----------------------------------------------------------------------------------------------------


def _next(month: date, steps: int) -> date:
    index = month.year * 12 + month.month - 1 + steps
    return date(index // 12, index % 12 + 1, 1)


def _row(world: places.Borough, force: str, month: date, point: int, crime_id: str, *, located: bool) -> list[object]:
    start: list[object] = [crime_id, f"{month:%Y-%m}", force, force]
    if not located:
        return [*start, "", "", "No Location", "", ""]
    lsoa = int(world.point_lsoa[point])
    return [
        *start,
        f"{world.points[point][0]:.6f}",
        f"{world.points[point][1]:.6f}",
        world.point_street[point],
        world.lsoa_codes[lsoa],
        world.lsoa_names[lsoa],
    ]


def _police(folder: Path, world: places.Borough, months: list[crime.Month], random: Generator) -> list[Path]:
    names, shares, delays = zip(*_OUTCOME_TYPES, strict=True)
    outcomes: dict[date, list[list[object]]] = defaultdict(list)
    paths = []
    for events in months:
        month = events.month
        street: list[list[object]] = []
        kinds = random.choice(len(names), len(events.point), p=np.array(shares) / sum(shares))
        for index, (point, category) in enumerate(zip(events.point, events.category, strict=True)):
            name, located = crime.CATEGORIES[category], bool(events.located[index])
            if name == "Anti-social behaviour":
                street.append([*_row(world, FORCE[1], month, point, "", located=located), name, "", ""])
                continue
            crime_id = hashlib.sha256(f"{month}/{index}".encode()).hexdigest()
            outcome, known = names[kinds[index]], _next(month, delays[kinds[index]])
            if known > crime.MONTHS[-1]:
                outcome, known = "Under investigation", month
            row = _row(world, FORCE[1], month, point, crime_id, located=located)
            street.append([*row, name, outcome, ""])
            if outcome != "Under investigation":
                outcomes[known].append([row[0], f"{known:%Y-%m}", *row[2:], outcome])
        if month == crime.PARTIAL_MONTH:
            street = [row for row in street if random.random() < crime.PARTIAL_SHARE]
            outcomes[month] = [row for row in outcomes[month] if random.random() < crime.PARTIAL_SHARE]
        start = folder / f"{month:%Y-%m}"
        if month != crime.MISSING_MONTH:
            paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-street.csv", _STREET, street))
            if outcomes[month]:
                paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-outcomes.csv", _OUTCOMES, outcomes[month]))
        if month != crime.TRANSPORT_MISSING_MONTH:
            rows = [
                [*_row(world, TRANSPORT[1], month, point, "", located=True), crime.CATEGORIES[category], "", ""]
                for point, category in events.transport
            ]
            paths.append(_csv(start / f"{month:%Y-%m}-{TRANSPORT[0]}-street.csv", _STREET, rows))
        searches = [_search(world, random, *search) for search in events.searches]
        paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-stop-and-search.csv", _SEARCHES, searches))
    return paths


def _search(
    world: places.Borough, random: Generator, at: datetime, point: int, sought: str, found: bool
) -> list[object]:
    latitude, longitude = ("", "") if point < 0 else (f"{world.points[point][axis]:.6f}" for axis in (1, 0))
    law = "Misuse of Drugs Act 1971 (section 23)" if sought == "Controlled drugs" else (
        "Police and Criminal Evidence Act 1984 (section 1)")  # fmt: skip
    outcome = str(random.choice(["Arrest", "Community resolution", "Penalty Notice for Disorder"])) if found else (
        "A no further action disposal")  # fmt: skip
    return [
        "Person search", at.isoformat(), "False", "", latitude, longitude, "", str(random.choice(_AGES)),
        "", "", law, sought, outcome, "", "False",
    ]  # fmt: skip


# --- Metropolitan Police ------------------------------------------------------------------------------------------


def _ward_table(folder: Path, world: places.Borough, months: list[crime.Month], random: Generator) -> Path:
    """Long facts to the published wide table, on the new wards. It knows no anti-social behaviour."""
    window = months[-WARD_TABLE_MONTHS:]
    counts: Counter[tuple[str, str, int, date]] = Counter()
    for events in window:
        wards = world.block_new[world.point_block[events.point]]
        for ward, category, extra in zip(wards, events.category, events.extra_possession, strict=True):
            types = _MPS_TYPES.get(crime.CATEGORIES[category])
            if types is None:
                continue
            pick = 0 if extra else int(random.choice(len(types), p=[share for _, _, share in types]))
            counts[types[pick][0], types[pick][1], int(ward), events.month] += 1
    types_seen = sorted({key[:2] for key in counts})
    rows = (
        [major, minor, name, world.new_codes[ward], places.NAME, *(counts[major, minor, ward, m.month] for m in window)]
        for major, minor in types_seen
        for ward, name in enumerate(places.NEW_WARDS)
    )
    header = ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"]
    return _csv(
        folder / "MPS Ward Level Crime (most recent 24 months).csv",
        [*header, *(f"{m.month:%Y%m}" for m in window)],
        rows,
    )
