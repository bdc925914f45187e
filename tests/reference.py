"""Every published figure again, slowly and plainly, from the source files: the csv module, dictionaries and loops.

Shares no code with the product: it has its own lists of categories, its own point-in-polygon, its own reading of the
rules in docs/design.md. `World` says which areas there are; `figures` gives what every summary must be.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

STREET = {
    "Anti-social behaviour": "anti-social-behaviour",
    "Bicycle theft": "bicycle-theft",
    "Burglary": "burglary",
    "Criminal damage and arson": "criminal-damage-arson",
    "Drugs": "drugs",
    "Other theft": "other-theft",
    "Possession of weapons": "possession-of-weapons",
    "Public order": "public-order",
    "Robbery": "robbery",
    "Shoplifting": "shoplifting",
    "Theft from the person": "theft-from-the-person",
    "Vehicle crime": "vehicle-crime",
    "Violence and sexual offences": "violent-crime",
    "Other crime": "other-crime",
    # as they were called before May 2013
    "Violent crime": "violent-crime",
    "Public disorder and weapons": "public-order",
}
SIX = {"anti-social-behaviour", "burglary", "robbery", "vehicle-crime", "violent-crime", "other-crime"}
ELEVEN = SIX | {"shoplifting", "criminal-damage-arson", "drugs", "other-theft", "public-order"}
CRIMES = set(STREET.values()) - {"anti-social-behaviour"}
STREET_GROUPS = {
    "all-crime": CRIMES,
    "all-crime-and-asb": CRIMES | {"anti-social-behaviour"},
    "victim-reported": CRIMES - {"drugs", "possession-of-weapons", "public-order", "shoplifting"},
    "found-by-police": {"drugs", "possession-of-weapons"},
}
OUTCOMES = {
    "Investigation complete; no suspect identified": ("no-suspect", "no-suspect-identified"),
    "Unable to prosecute suspect": ("unable-to-prosecute", "evidential-difficulties"),
    "Suspect charged": ("charged", "charged-or-summonsed"),
    "Suspect charged as part of another case": ("charged-other-case", "charged-or-summonsed"),
    "Local resolution": ("local-resolution", "out-of-court"),
    "Offender given a caution": ("cautioned", "out-of-court"),
    "Offender given a drugs possession warning": ("drugs-warning", "out-of-court"),
    "Offender given penalty notice": ("penalty-notice", "out-of-court"),
    "Formal action is not in the public interest": ("not-public-interest", "not-in-the-public-interest"),
    "Further investigation is not in the public interest": (
        "further-investigation-not-public-interest",
        "not-in-the-public-interest",
    ),
    "Further action is not in the public interest": (
        "further-action-not-public-interest",
        "not-in-the-public-interest",
    ),
    "Action to be taken by another organisation": ("another-organisation", "another-body"),
    "Under investigation": ("under-investigation", "still-open"),
    "Status update unavailable": ("status-unavailable", "still-open"),
    "Awaiting court outcome": ("awaiting-court", "still-open"),
    "Court result unavailable": ("court-unavailable", "court-result"),
    "Court case unable to proceed": ("court-unable", "court-result"),
    "Defendant sent to Crown Court": ("sent-to-crown-court", "court-result"),
    "Defendant found not guilty": ("not-guilty", "court-result"),
    "Offender sent to prison": ("prison", "court-result"),
    "Offender given suspended prison sentence": ("suspended-prison", "court-result"),
    "Offender given community sentence": ("community-sentence", "court-result"),
    "Offender fined": ("fined", "court-result"),
    "Offender given conditional discharge": ("conditional-discharge", "court-result"),
    "Offender given absolute discharge": ("absolute-discharge", "court-result"),
    "Offender ordered to pay compensation": ("compensation", "court-result"),
    "Offender deprived of property": ("deprived-of-property", "court-result"),
    "Offender otherwise dealt with": ("otherwise-dealt-with", "court-result"),
}
OUTCOME_GROUPS = {
    **{group: {slug for slug, of in OUTCOMES.values() if of == group} for _, group in OUTCOMES.values()},
    "all-outcomes": {slug for slug, _ in OUTCOMES.values()},
}
OBJECTS = {
    "Controlled drugs": "controlled-drugs",
    "Offensive weapons": "offensive-weapons",
    "Stolen goods": "stolen-goods",
    "Firearms": "firearms",
    "Article for use in theft": "article-for-use-in-theft",
    "Evidence of offences under the Act": "evidence-of-offences",
    "Articles for use in criminal damage": "articles-for-criminal-damage",
    "Anything to threaten or harm anyone": "anything-to-threaten-or-harm",
    "Fireworks": "fireworks",
    "Psychoactive substances": "psychoactive-substances",
    "": "object-not-stated",
    "Detailed object of search unavailable": "object-not-stated",
    "Another object": "other-object",
}
RESULTS = {"search-no-further-action", "search-further-action", "search-outcome-not-stated"}
SEARCH_GROUPS = {"all-searches": set(OBJECTS.values())}
NO_ACTION = {"A no further action disposal", "Nothing found - no further action", "False"}

SCHEMES = {
    "street": ("police.uk", set(STREET.values()), STREET_GROUPS),
    "outcomes": ("outcome", {slug for slug, _ in OUTCOMES.values()}, OUTCOME_GROUPS),
    "stop-and-search": ("search", set(OBJECTS.values()) | RESULTS, SEARCH_GROUPS),
}
MISSING, PARTIAL, WITHOUT_TRANSPORT_POLICE, COMPLETE = 0, 1, 2, 3
Ring = list[tuple[float, float]]


class Figure(NamedTuple):
    """What one summary must be."""

    count: int | None  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    previous_month: int | None
    same_month_last_year: int | None
    rolling_12: int | None
    rate_per_1000: float | None
    coverage: int
    converted: bool


@dataclass
class Place:
    """A ward or borough. `polygons` are lists of rings, the first the outer one."""

    code: str
    parent: str | None = None
    name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    polygons: list[list[Ring]] = field(default_factory=list)

    def __post_init__(self) -> None:
        points = [point for polygon in self.polygons for ring in polygon for point in ring]
        self.west, self.east = min((x for x, _ in points), default=1.0), max((x for x, _ in points), default=0.0)
        self.south, self.north = min((y for _, y in points), default=1.0), max((y for _, y in points), default=0.0)


@dataclass
class World:
    """The areas, and who lives there."""

    wards: list[Place]
    boroughs: list[Place]
    lookups: dict[str, list[tuple[str, float, date | None]]]  # LSOA -> (ward, weight, first day)
    borough_of_lsoa: dict[str, str]
    residents: dict[tuple[str, int], int | None]  # (area, year)
    seen: dict[object, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A borough without a shape has those of its newest wards that have one."""
        for index, borough in enumerate(self.boroughs):
            wards = [ward for ward in self.wards if ward.parent == borough.code and ward.polygons]
            if wards and not borough.polygons:
                newest = max(ward.valid_from or date.min for ward in wards)
                shapes = [p for ward in wards if (ward.valid_from or date.min) == newest for p in ward.polygons]
                self.boroughs[index] = replace(borough, polygons=shapes)


class Row(NamedTuple):
    """One record of a source file. `slugs` are the categories it counts in."""

    slugs: tuple[str, ...]
    lsoa: str
    district: str
    point: tuple[float, float] | None


Months = dict[str, dict[date, list[Row]]]  # publisher -> month -> its rows


def on_edge_or_inside(x: float, y: float, ring: Ring) -> tuple[bool, bool]:
    """(the point is on the ring, the point is inside it)."""
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True, False
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return False, inside


def holds(place: Place, x: float, y: float) -> bool:
    """The point lies in the place or on its edge."""
    if not (place.west <= x <= place.east and place.south <= y <= place.north):
        return False
    for outer, *holes in place.polygons:
        edge, inside = on_edge_or_inside(x, y, outer)
        if edge:
            return True
        if inside:
            in_holes = [on_edge_or_inside(x, y, hole) for hole in holes]
            if not any(within for _, within in in_holes):
                return True
    return False


def first_holding(places: list[Place], point: tuple[float, float] | None, seen: dict[object, str | None]) -> str | None:
    """The code of the place with the point; of several the lowest. `seen` keeps the answers."""
    if point is None or not places:
        return None
    key = (places[0].code, point)
    if key not in seen:
        seen[key] = min((place.code for place in places if holds(place, *point)), default=None)
    return seen[key]


def point_of(row: dict[str, str]) -> tuple[float, float] | None:
    if not row["Longitude"] or not row["Latitude"]:
        return None
    return round(float(row["Longitude"]) * 1e6) / 1e6, round(float(row["Latitude"]) * 1e6) / 1e6


def read(path: Path) -> tuple[str, str, dict[date, list[Row]]]:
    """(kind, publisher, month -> rows) of a published file, by its name and columns."""
    year, month, rest = path.stem.split("-", 2)
    kind = next(kind for kind in SCHEMES if rest.endswith(kind))
    of_file = date(int(year), int(month), 1)
    rows: dict[date, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if kind == "stop-and-search":
                at = datetime.fromisoformat(row["Date"])
                local = at.astimezone(ZoneInfo("Europe/London"))
                utc = at.astimezone(UTC)
                if of_file not in (date(local.year, local.month, 1), date(utc.year, utc.month, 1)):
                    continue
                outcome = row["Outcome"]
                result = (
                    "search-no-further-action"
                    if outcome in NO_ACTION
                    else "search-further-action"
                    if outcome
                    else "search-outcome-not-stated"
                )
                rows[of_file].append(Row((OBJECTS[row["Object of search"]], result), "", "", point_of(row)))
            else:
                slug = STREET[row["Crime type"]] if kind == "street" else OUTCOMES[row["Outcome type"]][0]
                district = row["LSOA name"].rpartition(" ")[0]
                rows[of_file].append(Row((slug,), row["LSOA code"], district, point_of(row)))
    return kind, rest.removesuffix("-" + kind), dict(rows)


def ward_of(world: World, wards: list[Place], month: date, row: Row) -> str | None:
    """The ward of one ward set that a row counts in."""
    codes = {ward.code for ward in wards}
    rows = [
        (since or date.min, ward, weight)
        for ward, weight, since in world.lookups.get(row.lsoa, [])
        if ward in codes and weight > 0
    ]
    if not rows:
        return first_holding(wards, row.point, world.seen)
    days = {day for day, _, _ in rows}
    day = max((day for day in days if day <= month), default=min(days))
    shares = [(-weight, ward) for since, ward, weight in rows if since == day]
    if len(shares) == 1:
        return shares[0][1]
    return first_holding(wards, row.point, world.seen) or min(shares)[1]


def borough_of(world: World, row: Row) -> str | None:
    """The borough that a row counts in."""
    if not row.lsoa:
        return first_holding(world.boroughs, row.point, world.seen)
    if row.lsoa in world.borough_of_lsoa:
        return world.borough_of_lsoa[row.lsoa]
    return next((b.code for b in world.boroughs if b.name.casefold() == row.district.casefold()), None)


class Tally:
    """Where rows count; answers are kept, as rows repeat."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sets: dict[date | None, list[Place]] = defaultdict(list)
        for ward in world.wards:
            self.sets[ward.valid_from].append(ward)
        self.known: dict[tuple[date, str, str, tuple[float, float] | None], list[str]] = {}

    def areas(self, month: date, row: Row) -> list[str]:
        key = (month, row.lsoa, row.district, row.point)
        if key not in self.known:
            borough = borough_of(self.world, row)
            found = [borough] if borough else []
            for wards in self.sets.values():
                ward = ward_of(self.world, wards, month, row)
                if ward and next(w.parent for w in wards if w.code == ward) in (None, borough):
                    found.append(ward)
            self.known[key] = found
        return self.known[key]


def months_of(first: date, last: date) -> list[date]:
    months = [first]
    while months[-1] < last:
        year, month = months[-1].year, months[-1].month
        months.append(date(year + month // 12, month % 12 + 1, 1))
    return months


def is_extract(rows: list[Row]) -> set[str]:
    """The categories of an extract; empty where the month is whole."""
    found = {row.slugs[0] for row in rows}
    return found if len(rows) >= 100 and len(found) <= 2 else set()


def worth(kind: str, months: dict[date, list[Row]], month: date) -> dict[str, int]:
    """How well a publisher's month is known, by category."""
    _, slugs, _ = SCHEMES[kind]
    if month not in months:
        return dict.fromkeys(slugs, MISSING)
    only = is_extract(months[month]) if kind == "street" else set()
    whole = [len(rows) for rows in months.values() if not (kind == "street" and is_extract(rows))]
    if only:
        return {slug: COMPLETE if slug in only else MISSING for slug in slugs}
    return dict.fromkeys(slugs, PARTIAL if len(months[month]) < median(whole) / 4 else COMPLETE)


def home_publishers(world: World, data: dict[str, Months], forces: set[str]) -> dict[str, str]:
    """Borough -> its publisher: the one with most rows there in its largest (then newest) month of each kind."""
    rows: Counter[tuple[str, str]] = Counter()
    for publishers in data.values():
        for publisher in forces & publishers.keys():
            months = publishers[publisher]
            largest = max(months, key=lambda month: (len(months[month]), month))
            for row in months[largest]:
                if borough := borough_of(world, row):
                    rows[borough, publisher] += 1
    ranked = sorted(rows, key=lambda pair: (-rows[pair], pair[1]))
    most: dict[str, str] = {}
    for borough, publisher in ranked:
        most.setdefault(borough, publisher)
    return most | {b.code: b.parent for b in world.boroughs if b.parent in forces and b.parent}


def figures(world: World, files: list[Path], forces: set[str]) -> dict[tuple[str, str, str, date], Figure]:
    """(scheme, area, category, month) -> figure, of every area that a loaded publisher polices.

    `files` in the order of their import: a later file of the same publisher and month replaces an earlier one, but an
    extract never a whole month.
    """
    data: dict[str, Months] = defaultdict(lambda: defaultdict(dict))
    for path in files:
        kind, publisher, months = read(path)
        for month, rows in months.items():
            before = data[kind][publisher].get(month, [])
            if before and kind == "street" and is_extract(rows) and not is_extract(before):
                continue
            data[kind][publisher][month] = rows
    tally = Tally(world)
    home = home_publishers(world, data, forces)
    result: dict[tuple[str, str, str, date], Figure] = {}
    for kind, publishers in data.items():
        result.update(_figures_of_kind(world, kind, publishers, home, forces, tally))
    return result


def _figures_of_kind(
    world: World, kind: str, publishers: Months, home: dict[str, str], forces: set[str], tally: Tally
) -> dict[tuple[str, str, str, date], Figure]:
    scheme, slugs, groups = SCHEMES[kind]
    every = [month for months in publishers.values() for month in months]
    months = months_of(min(every), max(every))
    homes = {force: force for force in forces if force in publishers}
    homes |= {code: publisher for code, publisher in home.items() if publisher in publishers}
    homes |= {w.code: home[w.parent] for w in world.wards if w.parent in home and home[w.parent] in publishers}

    counts: Counter[tuple[str, str, date]] = Counter()
    for publisher, of_publisher in publishers.items():
        for month, rows in of_publisher.items():
            for row in rows:
                for slug in row.slugs:
                    for area in [*tally.areas(month, row), *([publisher] if publisher in forces else [])]:
                        counts[area, slug, month] += 1

    known: dict[tuple[str, str, date], int | None] = {}
    coverage: dict[tuple[str, str, date], int] = {}
    for month in months:
        by_publisher = {publisher: worth(kind, of, month) for publisher, of in publishers.items()}
        exist = slugs
        if kind == "street" and month < date(2013, 5, 1):
            exist = SIX if month < date(2011, 9, 1) else ELEVEN
        for area, publisher in homes.items():
            for slug in slugs:
                cover = by_publisher[publisher][slug] if slug in exist else MISSING
                if "btp" in publishers and area not in forces and not by_publisher["btp"][slug]:
                    cover = min(cover, WITHOUT_TRANSPORT_POLICE)
                coverage[area, slug, month] = cover
                known[area, slug, month] = counts[area, slug, month] if cover else None
            for group, members in groups.items():
                counted = members & exist if group in ("all-crime", "all-crime-and-asb") else members
                covers = [coverage[area, slug, month] for slug in counted]
                coverage[area, group, month] = min(covers)
                values = [known[area, slug, month] for slug in counted]
                known[area, group, month] = None if None in values else sum(v for v in values if v is not None)

    # A partial month is shown, and compared with nothing.
    usable = {key: count if coverage[key] != PARTIAL else None for key, count in known.items()}
    wards = {ward.code: ward for ward in world.wards}
    result = {}
    for (area, slug, month), count in known.items():
        if month < min(publishers[homes[area]]):
            continue  # other publishers were earlier: the area's own figures begin with its home publisher's
        index = months.index(month)
        last_12 = [usable[area, slug, m] for m in months[max(0, index - 11) : index + 1]]
        people = world.residents.get((area, month.year))
        ward = wards.get(area)
        next_month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        result[scheme, area, slug, month] = Figure(
            count,
            usable[area, slug, months[index - 1]] if index >= 1 else None,
            usable[area, slug, months[index - 12]] if index >= 12 else None,
            None if len(last_12) < 12 or None in last_12 else sum(v for v in last_12 if v is not None),
            count * 1000 / people if count is not None and people else None,
            coverage[area, slug, month],
            bool(
                ward
                and ((ward.valid_from and ward.valid_from >= next_month) or (ward.valid_to and ward.valid_to <= month))
            ),
        )
    return result
