"""What the search finds: an index of every place, category and page by name, and the best of each kind for a text.

The index is made once for each version of the figures, kept in the shared cache, and held by each process. It has
nothing of the person who searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby
from threading import Lock
from typing import NamedTuple
from uuid import uuid4

from django.core.cache import cache

from hotspots import categories, facts
from hotspots.models import Area, PostcodeDistrict, Slice
from hotspots.places import wards_of_lsoas
from reports import methods, queries
from reports.calc.matching import Matcher, Name, Tier
from reports.forms import SCHEMES
from reports.queries import Place
from reports.streets import streets
from reports.words import month_name

MOST = 10  # of a kind
KEEP_SECONDS = 7 * 24 * 60 * 60
FORMAT = 2  # of what is kept: another number after a change of the classes below


class Kind(StrEnum):
    """The kinds of things that are found, in the order in which they are shown."""

    BOROUGH = "Boroughs"
    WARD = "Wards"
    STREET = "Streets"
    LSOA = "LSOAs (small census areas)"
    POSTCODE = "Postcode districts"
    FORCE = "Police forces"
    CATEGORY = "Categories"
    PAGE = "Pages"


# Found by their codes as well.
CODED = (Kind.BOROUGH, Kind.WARD, Kind.LSOA)


class Entry(NamedTuple):
    """One thing that can be found. `code` is the area's, "scheme/slug" of a category, a page's address.

    `wards` (area ids) are those it lies in, most of it first; `weight` puts one before others that match as well.
    """

    kind: Kind
    name: str
    code: str = ""
    others: str = ""  # other names, with commas between
    context: str = ""
    note: str = ""
    wards: tuple[int, ...] = ()
    borough: int = 0
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Index:
    """The entries, the wards that they lie in by area id, and the boroughs that have figures."""

    entries: list[Entry]
    wards: dict[int, Place]
    boroughs: list[Place]
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Found:
    """The best entries of a kind, and how many more there are; `alike`: none has the name as it was typed."""

    kind: Kind
    entries: list[Entry]
    more: int
    alike: bool


# Besides the sections of the methods page: (name, address, other names).
PAGES = (
    ("Overview", "/", "home,start,first page"),
    ("Wards", "/wards/", "ward table"),
    ("Map", "/map/", "choropleth"),
    ("Hotspots: the board", "/hotspots/board/", "Clear Hold Build,phases,CHB"),
    ("Register of hotspots", "/hotspots/", "hotspots,watch places"),
    ("Find hotspots", "/hotspots/find/", "candidates,Gi*,concentration"),
    ("Sets of candidates", "/hotspots/sets/", "saved searches,PAI"),
    ("Compare hotspots", "/hotspots/compare/", "side by side"),
    ("Agenda for the tactical meeting", "/hotspots/agenda/", "tactical group,print"),
    ("Gate questions", "/hotspots/gate-questions/", "gates"),
    ("Explore", "/explore/", "compare,charts,download,Excel,CSV"),
    ("Saved views", "/views/", "bookmarks,favourites"),
    ("Methods: how the numbers are made", "/methods/", "definitions,notes,help"),
    ("Data: what is loaded", "/data/", "sources"),
    ("Coverage: who reported which month", "/data/coverage/", "missing months"),
    ("Upload files", "/data/upload/", "import files"),
    ("Imports", "/data/imports/", "import runs"),
    ("Jobs", "/jobs/", "background work"),
    ("API", "/api/docs/", "documentation,developers"),
)
# What people call parts of the methods page, by anchor.
METHODS_TOO = {"rolling-12": "rolling 12,rolling year,moving annual total", "coverage": "missing months"}
# What people call categories, by slug.
CALLED = {
    "anti-social-behaviour": "ASB",
    "bicycle-theft": "bike theft,cycle theft",
    "theft-from-the-person": "pickpocketing",
    "vehicle-crime": "car crime,car theft",
    "violent-crime": "assault",
    "possession-of-weapons": "knife crime",
}


def find(text: str, index: Index, home: int = 0) -> list[Found]:
    """The best entries for a text, by kind: the kind with the best match first. `home` is the area id of the person's
    borough, whose places come first among equals.

    Names that are only alike are left out where anything is called just so, or others of the kind have the words.
    """
    unasked = set()
    if not any(character.isdigit() for character in text):
        unasked.add(Kind.LSOA)  # "Havering" is no search for its 150 LSOAs
    if len(text) == 1:
        unasked.add(Kind.STREET)  # of which thousands begin with any letter
    order = {kind: position for position, kind in enumerate(Kind)}
    matches = [(match, index.entries[match.position]) for match in index.matcher.find(_outward(text))]
    matches = [(match, entry) for match, entry in matches if entry.kind not in unasked]
    matches.sort(
        key=lambda pair: (
            order[pair[1].kind],
            pair[0].tier,
            -pair[0].likeness,
            pair[1].borough != home and all(index.wards[ward].parent_pk != home for ward in pair[1].wards),
            -pair[1].weight,
            pair[1].name,
        )
    )
    found = []
    for kind, group in groupby(matches, key=lambda pair: pair[1].kind):
        pairs = list(group)
        best = pairs[0][0].tier
        entries = [entry for match, entry in pairs if match.tier < Tier.ALIKE or best == Tier.ALIKE]
        found.append((best, Found(kind, entries[:MOST], len(entries) - len(entries[:MOST]), best == Tier.ALIKE)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


# A postcode as a whole: its second half says no more than its first here.
_POSTCODE = re.compile(r"\s*([a-z]{1,2}\d[a-z\d]?)\s*\d[a-z]{2}\s*", re.IGNORECASE)


def _outward(text: str) -> str:
    postcode = _POSTCODE.fullmatch(text)
    return postcode[1] if postcode else text


# --- The index ----------------------------------------------------------------------------------------------------

_one_at_a_time = Lock()
_held: tuple[str, Index] | None = None  # by this process: the mark of an index in the shared cache, and the index


def index() -> Index:
    """The index of the present version of the figures: held by this process, else kept in the shared cache, else made.

    One query, and a small question to the cache, where it is held. Imports end with a call, so that nobody waits.
    """
    key = f"search:{FORMAT}:{queries.data_version()}"
    found = _current(key)
    if found is None:
        with _one_at_a_time:  # were it gone, everybody's next search would make it at once
            found = _current(key) or _fetch(key)
    return found


def _current(key: str) -> Index | None:
    """The index that this process holds, where it is the one in the shared cache."""
    mark = cache.get(f"{key}:mark")
    return _held[1] if mark is not None and _held is not None and _held[0] == mark else None


def _fetch(key: str) -> Index:
    global _held
    mark: str | None = cache.get(f"{key}:mark")
    kept: Index | None = cache.get(key) if mark else None
    if kept is None:
        mark, kept = uuid4().hex, build()
        cache.set_many({key: kept, f"{key}:mark": mark}, KEEP_SECONDS)
    _held = str(mark), kept
    return kept


def build() -> Index:
    """The index, from the database and the newest slices. Some twenty queries."""
    places = _places()
    wards = {place.pk: place for place in places if place.kind == Area.Kind.WARD}
    entries = [
        *(_area(place) for place in places if place.kind != Area.Kind.LSOA),
        *_lsoas([place for place in places if place.kind == Area.Kind.LSOA], wards),
        *_streets(wards),
        *_districts(wards),
        *_categories(),
        *(Entry(Kind.PAGE, name, address, others) for name, address, others in PAGES),
        *(
            Entry(
                Kind.PAGE,
                heading,
                f"/methods/#{anchor}",
                METHODS_TOO.get(anchor, ""),
                context="methods how numbers made",
                note="Methods",
            )
            for anchor, heading in methods.CONTENTS
        ),
    ]
    names = [
        Name(entry.name, f"{entry.code},{entry.others}" if entry.kind in CODED else entry.others, entry.context)
        for entry in entries
    ]
    return Index(entries, wards, queries.boroughs(), Matcher(names))


def _places() -> list[Place]:
    """All boroughs, wards, LSOAs, and the forces that publish here."""
    rows = (
        Area.objects.filter(kind__in=[Area.Kind.BOROUGH, Area.Kind.WARD, Area.Kind.LSOA])
        .union(Area.objects.filter(publishers__isnull=False))
        .values_list("pk", "kind", "code", "name", "valid_from", "valid_to", "parent_id")
    )
    parents = {row[0]: row for row in rows}
    return [Place(*row, *(parents[row[6]][2:4] if row[6] in parents else ("", ""))) for row in rows]


def _area(place: Place) -> Entry:
    kind = {Area.Kind.BOROUGH: Kind.BOROUGH, Area.Kind.WARD: Kind.WARD, Area.Kind.FORCE: Kind.FORCE}[
        Area.Kind(place.kind)
    ]
    if kind != Kind.WARD:
        return Entry(kind, place.name, place.code, context="borough" if kind == Kind.BOROUGH else "police force")
    until = f"boundaries until {month_name(place.valid_to - timedelta(days=1))}" if place.valid_to else ""
    return Entry(
        kind,
        place.name,
        place.code,
        context=f"ward {place.parent_name}",
        note=", ".join(filter(None, (place.parent_name, until))),
        borough=place.parent_pk or 0,
        weight=-1 if place.valid_to else 0,
    )


def _lsoas(places: list[Place], wards: dict[int, Place]) -> Iterator[Entry]:
    ward_of = wards_of_lsoas()
    for place in places:
        ward = ward_of.get(place.code)
        yield Entry(
            Kind.LSOA,
            place.name,
            place.code,
            context="lsoa",
            note=place.parent_code,
            wards=(ward,) if ward in wards else (),
            borough=place.parent_pk or 0,
        )


def _streets(wards: dict[int, Place]) -> Iterator[Entry]:
    found: dict[str, tuple[list[int], int]] = {}
    for street, ward, rows in streets().iter_rows():
        in_wards, total = found.get(street, ([], 0))
        in_wards.append(ward)
        found[street] = in_wards, total + rows
    for street, (in_wards, total) in found.items():
        # a few names are in every ward: "Supermarket", "Parking Area"
        names = {wards[ward].parent_name for ward in in_wards} | {wards[ward].name for ward in in_wards[:MOST]}
        yield Entry(Kind.STREET, street, context=" ".join(names), wards=tuple(in_wards), weight=total)


def _districts(wards: dict[int, Place]) -> Iterator[Entry]:
    rows = PostcodeDistrict.objects.order_by("outward", "-postcodes", "ward__code").values_list("outward", "ward_id")
    for outward, group in groupby(rows, key=lambda row: row[0]):
        yield Entry(Kind.POSTCODE, outward, context="postcode", wards=tuple(ward for _, ward in group))


def _categories() -> Iterator[Entry]:
    sources = Slice.objects.current().order_by().values_list("source", flat=True).distinct()
    loaded = {facts.SCHEME[source] for source in sources} & SCHEMES.keys()
    for one in categories.DEFINITIONS:
        if one.scheme in loaded:
            others = CALLED.get(one.slug, "")
            note = SCHEMES[one.scheme]
            yield Entry(Kind.CATEGORY, one.name, f"{one.scheme}/{one.slug}", others, "category", note)
