"""Writes the synthetic boroughs down in the formats that publishers use, column for column.

areas/      boundaries (GeoJSON), LSOA lookups (ONS best fit, GLA weighted), ward names, census residents
police/     YYYY-MM/YYYY-MM-<force>-{street,outcomes,stop-and-search}.csv, as data.police.uk publishes
mps/        the Metropolitan Police's ward table of the most recent 24 months
partners/   counts that agencies of the partnership send: by ward and month, and of the borough by quarter
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
from demo import crime, next_door

SEED = 2026
FORCE = ("synthetic", "Synthetic Police Service")
TRANSPORT = ("btp", "British Transport Police")
# Agencies of demo.partnership, by the names that they have there.
PARTNERS = {
    "council": "Havering (synthetic) Council",
    "police": "East Area BCU (synthetic)",
    "treatment": "Turnstone Drug and Alcohol Service (synthetic)",
}
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
    partners: list[Path]  # once the agencies are there


@dataclass(frozen=True)
class _Drawn:
    """One borough and what happens there. Its own generator goes on drawing, so that the other changes nothing here."""

    world: places.Borough
    months: list[crime.Month]
    random: Generator


def _draw() -> tuple[_Drawn, _Drawn]:
    """The large borough, and the one next door."""
    random = np.random.default_rng(SEED)
    world = places.draw(random)
    large = _Drawn(world, crime.happen(world, random), random)
    random = np.random.default_rng(SEED + 1)
    small = places.draw(random, places.NEXT_DOOR)
    return large, _Drawn(small, next_door.happen(small, random, world), random)


def write(folder: Path) -> Written:
    """Writes every file under `folder`; the same bytes every time."""
    both = _draw()
    large = both[0].world
    worlds = [one.world for one in both]
    areas = folder / "areas"
    areas.mkdir(parents=True, exist_ok=True)
    return Written(
        areas=[
            _boundaries(areas / "boroughs.geojson", [world.outline for world in worlds],
                        LAD26CD=[world.plan.code for world in worlds], LAD26NM=[world.plan.name for world in worlds]),
            _lsoas(areas / "lsoas.geojson", worlds),
            _wards(areas / "wards_2023.geojson",
                   [(world, world.shapes(world.block_old), world.old_codes, world.old_wards) for world in worlds]),
        ],
        new_wards=[
            _wards(areas / "wards_2024.geojson",
                   [(large, large.shapes(large.block_new), large.new_codes, places.NEW_WARDS)])
        ],
        lookups=[*_lookups(areas, worlds), _residents(areas / "census2021_ts001_lsoa.csv", worlds)],
        facts=[*_police(folder / "police", both), _ward_table(folder / "mps", both)],
        partners=[_partner_counts(folder / "partners", large)],
    )  # fmt: skip


def truths() -> dict[str, object]:
    """What the generator plants; `truths.json` holds the same."""
    large, _ = _draw()
    return crime.truths(large.world, large.months) | {"next_door": next_door.truths()}


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


def _lsoas(path: Path, worlds: Sequence[places.Borough]) -> Path:
    every = [(world.plan, *one) for world in worlds for one in zip(world.lsoa_codes, world.lsoa_names, strict=True)]
    return _boundaries(
        path,
        [shape for world in worlds for shape in world.shapes(world.block_lsoa)],
        LSOA21CD=[code for _, code, _ in every],
        LSOA21NM=[name for _, _, name in every],
        LAD26CD=[plan.code for plan, _, _ in every],
        LAD26NM=[plan.name for plan, _, _ in every],
    )


_WardSet = tuple[places.Borough, Sequence[shapely.Geometry], Sequence[str], Sequence[str]]


def _wards(path: Path, sets: Sequence[_WardSet]) -> Path:
    """Ward sets as (borough, shapes, codes, names)."""
    plans = [world.plan for world, _, codes, _ in sets for _ in codes]
    return _boundaries(
        path,
        [shape for _, shapes, _, _ in sets for shape in shapes],
        GSS_CODE=[code for _, _, codes, _ in sets for code in codes],
        NAME=[name for _, _, _, names in sets for name in names],
        LAGSSCODE=[plan.code for plan in plans],
        DISTRICT=[plan.name for plan in plans],
    )


def _lookups(folder: Path, worlds: Sequence[places.Borough]) -> list[Path]:
    """Every LSOA's ward of 2023, and the shares of LSOAs in the wards of 2024 where these are others."""
    best_fit = [
        (world.lsoa_codes[lsoa], world.lsoa_names[lsoa], "", world.old_codes[ward], world.old_wards[ward], "",
         world.plan.code, world.plan.name, "")
        for world in worlds
        for lsoa, ward in sorted({*zip(world.block_lsoa.tolist(), world.block_old.tolist(), strict=True)})
    ]  # fmt: skip
    weights = [
        (world.lsoa_codes[lsoa], world.new_codes[ward], 2023, weight)
        for world in worlds
        if world.plan.old_wards
        for lsoa, ward, weight in world.weights()
    ]
    return [
        _csv(
            folder / "lsoa21_to_wards_2023_best_fit.csv",
            "LSOA21CD,LSOA21NM,LSOA21NMW,WD23CD,WD23NM,WD23NMW,LAD23CD,LAD23NM,LAD23NMW,ObjectId".split(","),
            ((*row, index + 1) for index, row in enumerate(best_fit)),
        ),
        _csv(
            folder / "lsoa_to_wards_2024_weights.csv",
            ["index", "LSOA11CD", "GSS_CODE", "year", "weight"],
            ((index, *row) for index, row in enumerate(weights)),
        ),
    ]


def _residents(path: Path, worlds: Sequence[places.Borough]) -> Path:
    measures = ("Total", "Lives in a household", "Lives in a communal establishment")
    header = ["date", "geography", "geography code", *(f"Residence type: {m}; measures: Value" for m in measures)]
    rows = []
    for world in worlds:
        residents = np.bincount(world.block_lsoa, weights=world.block_residents).astype(int).tolist()
        for name, code, total in zip(world.lsoa_names, world.lsoa_codes, residents, strict=True):
            rows.append((2021, name, code, total, total - 4, 4))
    return _csv(path, header, rows)


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


def _police(folder: Path, boroughs: Sequence[_Drawn]) -> list[Path]:
    outcomes: list[dict[date, list[list[object]]]] = [defaultdict(list) for _ in boroughs]
    paths = []
    for index, month in enumerate(crime.MONTHS):
        street, ended, transport, searches = [], [], [], []
        for drawn, own in zip(boroughs, outcomes, strict=True):
            world, random, events = drawn.world, drawn.random, drawn.months[index]
            rows = _street(drawn, events, own)
            if month == crime.PARTIAL_MONTH:
                rows = [row for row in rows if random.random() < crime.PARTIAL_SHARE]
                own[month] = [row for row in own[month] if random.random() < crime.PARTIAL_SHARE]
            street += rows
            ended += own[month]
            transport += [
                [*_row(world, TRANSPORT[1], month, point, "", located=True), crime.CATEGORIES[category], "", ""]
                for point, category in events.transport
            ]
            searches += [_search(world, random, *search) for search in events.searches]
        start = folder / f"{month:%Y-%m}"
        if month != crime.MISSING_MONTH:
            paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-street.csv", _STREET, street))
            if ended:
                paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-outcomes.csv", _OUTCOMES, ended))
        if month != crime.TRANSPORT_MISSING_MONTH:
            paths.append(_csv(start / f"{month:%Y-%m}-{TRANSPORT[0]}-street.csv", _STREET, transport))
        paths.append(_csv(start / f"{month:%Y-%m}-{FORCE[0]}-stop-and-search.csv", _SEARCHES, searches))
    return paths


def _street(drawn: _Drawn, events: crime.Month, outcomes: dict[date, list[list[object]]]) -> list[list[object]]:
    """A borough's street-level rows of a month; how cases end goes to `outcomes`, by the month it is published."""
    names, shares, delays = zip(*_OUTCOME_TYPES, strict=True)
    kinds = drawn.random.choice(len(names), len(events.point), p=np.array(shares) / sum(shares))
    before = "" if drawn.world.plan is places.MAIN else drawn.world.plan.code
    street: list[list[object]] = []
    for index, (point, category) in enumerate(zip(events.point, events.category, strict=True)):
        name, located = crime.CATEGORIES[category], bool(events.located[index])
        if name == "Anti-social behaviour":
            street.append([*_row(drawn.world, FORCE[1], events.month, point, "", located=located), name, "", ""])
            continue
        crime_id = hashlib.sha256(f"{before}{events.month}/{index}".encode()).hexdigest()
        outcome, known = names[kinds[index]], _next(events.month, delays[kinds[index]])
        if known > crime.MONTHS[-1]:
            outcome, known = "Under investigation", events.month
        row = _row(drawn.world, FORCE[1], events.month, point, crime_id, located=located)
        street.append([*row, name, outcome, ""])
        if outcome != "Under investigation":
            outcomes[known].append([row[0], f"{known:%Y-%m}", *row[2:], outcome])
    return street


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


def _ward_table(folder: Path, boroughs: Sequence[_Drawn]) -> Path:
    """Long facts to the published wide table, on the new wards. It knows no anti-social behaviour."""
    counts: Counter[tuple[str, str, str, date]] = Counter()
    for drawn in boroughs:
        world = drawn.world
        for events in drawn.months[-WARD_TABLE_MONTHS:]:
            wards = world.block_new[world.point_block[events.point]]
            for ward, category, extra in zip(wards, events.category, events.extra_possession, strict=True):
                types = _MPS_TYPES.get(crime.CATEGORIES[category])
                if types is None:
                    continue
                pick = 0 if extra else int(drawn.random.choice(len(types), p=[share for _, _, share in types]))
                counts[types[pick][0], types[pick][1], world.new_codes[ward], events.month] += 1
    window = crime.MONTHS[-WARD_TABLE_MONTHS:]
    places_of = [
        (name, code, drawn.world.plan.name)
        for drawn in boroughs
        for name, code in zip(drawn.world.plan.wards, drawn.world.new_codes, strict=True)
    ]
    rows = (
        [major, minor, name, code, borough, *(counts[major, minor, code, month] for month in window)]
        for major, minor in sorted({key[:2] for key in counts})
        for name, code, borough in places_of
    )
    header = ["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"]
    return _csv(
        folder / "MPS Ward Level Crime (most recent 24 months).csv",
        [*header, *(f"{month:%Y%m}" for month in window)],
        rows,
    )


# --- Partners -----------------------------------------------------------------------------------------------------


def _partner_counts(folder: Path, world: places.Borough) -> Path:
    """Two series by ward and month, and one of the borough by quarter, in which small numbers are hidden."""
    random = np.random.default_rng(SEED + 2)
    months = crime.MONTHS[-24:]
    rows: list[list[object]] = []
    for agency, series, mean in (
        (PARTNERS["council"], "council-fly-tipping", 14),
        (PARTNERS["police"], "police-asb-nuisance", 22),
    ):
        for code, name in zip(world.new_codes, world.plan.wards, strict=True):
            counts = random.poisson(mean * random.uniform(0.5, 1.6), len(months))
            rows += [[agency, f"{m:%Y-%m}", code, name, series, n] for m, n in zip(months, counts, strict=True)]
    for month in months[::3]:
        count = int(random.poisson(9))
        quarter = f"{month.year}-Q{month.month // 3 + 1}"
        where = (world.plan.code, world.plan.name)
        rows.append([PARTNERS["treatment"], quarter, *where, "nhs-drugs", count if count >= 5 else ""])
    return _csv(folder / "partner-counts.csv", ["Agency", "Period", "Area code", "Area name", "Series", "Count"], rows)
