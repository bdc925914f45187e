"""Figures of records: police.uk crimes, outcomes, stop and searches. The csv module, dictionaries and loops."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.reference.categories import ELEVEN, NO_ACTION, OBJECTS, OUTCOMES, SCHEMES, SIX, STREET
from tests.reference.places import Row, Tally, World, borough_of

MISSING, PARTIAL, WITHOUT_TRANSPORT_POLICE, COMPLETE = 0, 1, 2, 3
Months = dict[str, dict[date, list[Row]]]  # publisher -> month -> its rows


class Figure(NamedTuple):
    """What one summary must be."""

    count: int | None  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    previous_month: int | None
    same_month_last_year: int | None
    rolling_12: int | None
    rate_per_1000: float | None
    coverage: int
    converted: bool


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


def current(files: list[Path]) -> dict[str, Months]:
    """Kind -> what counts of each publisher's months, after the imports of these files in this order."""
    data: dict[str, Months] = defaultdict(lambda: defaultdict(dict))
    for path in files:
        kind, publisher, months = read(path)
        for month, rows in months.items():
            before = data[kind][publisher].get(month, [])
            if before and kind == "street" and is_extract(rows) and not is_extract(before):
                continue
            data[kind][publisher][month] = rows
    return data


def figures(world: World, files: list[Path], forces: set[str]) -> dict[tuple[str, str, str, date], Figure]:
    """(scheme, area, category, month) -> figure, of every area that a loaded publisher polices.

    `files` in the order of their import: a later file of the same publisher and month replaces an earlier one, but an
    extract never a whole month.
    """
    data = current(files)
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
