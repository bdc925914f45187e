"""Figures of the Metropolitan Police's ready-made tables of one borough's wards, or of boroughs."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.reference.places import World
from tests.reference.records import COMPLETE, MISSING, Figure, months_of

# Heading -> its types, and what tables call them; headings that the tables give more types than there are today have
# the name "".
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "major-arson-and-criminal-damage": {"arson": ("arson",), "criminal-damage": ("criminal damage",)},
    "major-burglary": {
        "burglary-business-and-community": ("burglary business and community", "burglary non-dwelling"),
        "domestic-burglary": ("domestic burglary", "burglary in a dwelling"),
        "residential-burglary-of-a-home": ("res burglary of a home", "burglary - residential"),
        "residential-burglary-of-unconnected-building": ("res burglary of unconnected building",),
    },
    "major-drug-offences": {
        "possession-of-drugs": ("possession of drugs",),
        "trafficking-of-drugs": ("trafficking of drugs", "drug trafficking"),
    },
    "major-fraud-and-forgery": {
        "fraud-and-forgery-offences": ("fraud and forgery", "historical fraud and forgery"),
        "nfib-fraud": ("nfib",),
    },
    "major-miscellaneous-crimes-against-society": {"misc-crimes-against-society": ("",)},
    "major-possession-of-weapons": {"possession-of-weapons": ("",)},
    "major-public-order-offences": {
        "other-offences-public-order": (
            "other offences public order", "other offences against the state, or public order",
        ),
        "public-fear-alarm-or-distress": ("public fear alarm or distress",),
        "race-or-religious-aggravated-public-fear": (
            "race or religious agg public fear", "racially or religiously aggravated public fear, al",
        ),
        "violent-disorder": ("violent disorder",),
    },
    "major-robbery": {
        "robbery-of-business-property": ("robbery of business property",),
        "robbery-of-personal-property": ("robbery of personal property",),
    },
    "major-sexual-offences": {"other-sexual-offences": ("other sexual offences",), "rape": ("rape",)},
    "major-theft": {
        "bicycle-theft": ("bicycle theft",), "other-theft": ("other theft",), "shoplifting": ("shoplifting",),
        "theft-from-the-person": ("theft from the person", "theft from person"),
    },
    "major-vehicle-offences": {
        "aggravated-vehicle-taking": ("aggravated vehicle taking",),
        "interfering-with-a-motor-vehicle": ("interfering with a motor vehicle",),
        "theft-from-a-vehicle": ("theft from a vehicle", "theft from a motor vehicle"),
        "theft-or-taking-of-a-motor-vehicle": (
            "theft or unauth taking of a motor veh", "theft or taking of a motor vehicle",
        ),
    },
    "major-violence-against-the-person": {
        "death-serious-injury-illegal-driving": ("death serious injury illegal driving",),
        "homicide": ("homicide",), "stalking-and-harassment": ("stalking and harassment",),
        "violence-with-injury": ("violence with injury",), "violence-without-injury": ("violence without injury",),
    },
}  # fmt: skip
TYPES = {name: slug for types in HEADINGS.values() for slug, names in types.items() for name in names if name}
ALL_CRIME = [heading for heading in HEADINGS if heading != "major-fraud-and-forgery"]
Counts = dict[tuple[str, date], dict[str, int | None]]  # area, month -> type -> count


def type_of(row: dict[str, str]) -> str:
    heading = row["majortext"].strip().lower()
    if heading in ("miscellaneous crimes against society", "possession of weapons"):
        (slug,) = HEADINGS["major-" + heading.replace(" ", "-")]
        return slug
    return TYPES[row["minortext"].strip().lower()]


def read_table(path: Path) -> tuple[date, Counts]:
    """(last month of the window, counts of the months in which anything was counted). Areas by code, boroughs by name.
    Types without a row in an area are 0 there where another area has them, else unknown."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{key.lower(): cell for key, cell in row.items()} for row in csv.DictReader(stream)]
    months = sorted(key for key in rows[0] if key.isdigit())
    areas = {row.get("wardcode") or row["lookup_boroughname"] for row in rows}
    types = {type_of(row) for row in rows}
    counts: Counts = {}
    for month in months:
        if not any(int(row[month] or 0) for row in rows):
            continue
        day = date(int(month[:4]), int(month[4:]), 1)
        for area in areas:
            counts[area, day] = dict.fromkeys(types, 0)
        for row in rows:
            own = counts[row.get("wardcode") or row["lookup_boroughname"], day]
            before = own[type_of(row)]
            own[type_of(row)] = None if before is None or not row[month] else before + int(row[month])
    return date(int(months[-1][:4]), int(months[-1][4:]), 1), counts


def table_figures(world: World, paths: list[Path], borough: str) -> dict[tuple[str, str, str, date], Figure]:
    """(scheme, area, category, month) -> figure of one borough and its wards, which all tables are of."""
    (place,) = (one for one in world.boroughs if one.code == borough)
    newest: Counts = {}
    for _, counts in sorted((read_table(path) for path in paths), key=lambda one: one[0]):
        newest |= {(borough if area == place.name else area, month): own for (area, month), own in counts.items()}
    months = months_of(min(month for _, month in newest), max(month for _, month in newest))
    sets: dict[date | None, list[str]] = defaultdict(list)
    for ward in world.wards:
        if ward.parent == borough:
            sets[ward.valid_from].append(ward.code)
    converted: dict[tuple[str, date], bool] = {}
    for month in months:
        for since, wards in sets.items():
            published = [of for of in sets if any((code, month) in newest for code in sets[of])]
            if published and since not in published:
                moved = convert(world, month, {code: newest[code, month] for code in sets[published[-1]]}, wards)
                for code, own in moved.items():
                    newest[code, month], converted[code, month] = own, True
    result = {}
    for area in [borough, *(code for wards in sets.values() for code in wards)]:
        for slug, values in series(newest, area, months).items():
            for index, month in enumerate(months):
                year = values[max(0, index - 11) : index + 1]
                people, count = world.residents.get((area, month.year)), values[index]
                result["mps", area, slug, month] = Figure(
                    count,
                    values[index - 1] if index else None,
                    values[index - 12] if index >= 12 else None,
                    None if len(year) < 12 or None in year else sum(one or 0 for one in year),
                    count * 1000 / people if count is not None and people else None,
                    MISSING if count is None else COMPLETE,
                    converted.get((area, month), False),
                )
    return result


def series(counts: Counts, area: str, months: Iterable[date]) -> dict[str, list[int | None]]:
    """Types, headings and all crime of an area, month by month."""
    made: dict[str, list[int | None]] = defaultdict(list)
    for month in months:
        own = counts.get((area, month), {})
        for heading, types in HEADINGS.items():
            known = [count for slug in types if (count := own.get(slug)) is not None]
            made[heading].append(sum(known) if known else None)
            for slug in types:
                made[slug].append(own.get(slug))
        parts = [made[heading][-1] for heading in ALL_CRIME]
        made["all-crime"].append(None if None in parts else sum(part or 0 for part in parts))
    return dict(made)


def convert(
    world: World, month: date, published: dict[str, dict[str, int | None]], wards: list[str]
) -> dict[str, dict[str, int | None]]:
    """Counts of one ward set on another by where people live: whole numbers with the same sum, the largest remainders
    rounded up. Types that a ward does not know stay unknown; nothing is moved where a ward with counts has no known
    resident."""
    people: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for lsoa in world.lookups:
        residents = world.residents.get((lsoa, month.year)) or 0
        for source, part in in_force(world, lsoa, month, [*published]).items():
            for target, share in in_force(world, lsoa, month, wards).items():
                people[source, target] += residents * Fraction(part) * Fraction(share)
    whole = {source: sum(people[source, target] for target in wards) for source in published}
    known = [
        slug for slug in next(iter(published.values())) if all(own[slug] is not None for own in published.values())
    ]
    if any(own[slug] and not whole[source] for source, own in published.items() for slug in known):
        return {}
    moved: dict[str, dict[str, int | None]] = {ward: {} for ward in wards}
    for slug in known:
        counts = {source: own[slug] for source, own in published.items()}
        exact = {
            target: sum(
                (
                    (counts[source] or 0) * people[source, target] / whole[source]
                    for source in published
                    if counts[source]
                ),
                Fraction(),
            )
            for target in sorted(wards)
        }
        floors = {target: int(value) for target, value in exact.items()}
        missing = sum(count or 0 for count in counts.values()) - sum(floors.values())
        for target in sorted(exact, key=lambda target: floors[target] - exact[target])[:missing]:
            floors[target] += 1
        for target, count in floors.items():
            moved[target][slug] = count
    return moved


def in_force(world: World, lsoa: str, month: date, wards: list[str]) -> dict[str, float]:
    """The LSOA's shares in the wards of a set, by the newest lookup of the set not after the month, else the oldest."""
    rows = [
        (since or date.min, ward, weight) for ward, weight, since in world.lookups[lsoa] if ward in wards and weight > 0
    ]
    days = {day for day, _, _ in rows}
    day = max((day for day in days if day <= month), default=min(days, default=date.min))
    return {ward: weight for since, ward, weight in rows if since == day}
