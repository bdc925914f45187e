"""The search page's rows: what was found, in words and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from hotspots import categories
from hotspots.models import Area, Hotspot
from interventions import presenters as activity
from interventions.models import Intervention
from reports import links
from reports.links import Link, with_query
from reports.queries import Place
from reports.search import Entry, Found, Index, Kind

MOST_WARDS = 6  # of a street
MOST_RECORDS = 8  # of a kind
HINTS = {
    Kind.LSOA: "Names open the map. Beside each stand its code and the ward that most of it lies in.",
    Kind.CATEGORY: "Names open the table of the wards.",
    Kind.STREET: (
        "police.uk moves each crime to a map point, “on or near” a street, shop or car park. Beside each "
        "street: the wards that its crimes of the last 12 months lie in, the one with most first."
    ),
    Kind.POSTCODE: "The first half of a postcode, with its wards, the one with most of its postcodes first.",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A found thing: a link where it has a page of its own, what tells it apart, and where else to go."""

    name: str
    href: str = ""
    note: str = ""
    links: list[Link] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The found things of a kind."""

    heading: str
    hint: str
    hits: list[Hit]
    more: str


@dataclass(frozen=True, slots=True)
class Results:
    """All that was found for a text, and the sentence about it."""

    sentence: str
    groups: list[Group]


def results(
    text: str,
    found: list[Found],
    index: Index,
    home: Place | None,
    places: Sequence[Hotspot] = (),
    records: Sequence[Intervention] = (),
) -> Results:
    """`places` of the register, the groups in the order in which they were found, then `records` of activity. `home` is
    the person's borough."""
    groups = [
        Group(
            heading=one.kind.value,
            hint=HINTS.get(one.kind, ""),
            hits=[_hit(entry, index, home) for entry in one.entries],
            more=f"and {one.more:,} more: type more letters to see them." if one.more else "",
        )
        for one in found
    ]
    if places:
        groups.insert(0, _places(places))
    if records:
        groups.append(_activity(records))
    total = sum(len(one.entries) + one.more for one in found)
    total += min(len(places), MOST_RECORDS) + min(len(records), MOST_RECORDS)
    if not groups:
        sentence = f"Nothing was found for “{text}”."
    elif not places and not records and all(one.alike for one in found):
        sentence = f"Nothing is called “{text}”. {'This is' if total == 1 else 'These are'} the nearest:"
    else:
        sentence = f"{total:,} {'result' if total == 1 else 'results'} for “{text}”."
    return Results(sentence, groups)


def _places(places: Sequence[Hotspot]) -> Group:
    """Hotspots and watch places; one more than are shown says that there are others."""
    hits = [
        Hit(
            one.name,
            reverse("reports:place", args=[one.pk]),
            ", ".join(filter(None, (one.get_kind_display(), one.public_name, one.owner.name))),
        )
        for one in places[:MOST_RECORDS]
    ]
    more = "and more: the filters of the register find them all." if len(places) > MOST_RECORDS else ""
    return Group("Hotspots", "Hotspots and watch places that you may see.", hits, more)


def _activity(records: Sequence[Intervention]) -> Group:
    """The newest records; one more than are shown says that there are others."""
    hits = [
        Hit(
            one.title,
            reverse("interventions:detail", args=[one.pk]),
            f"{one.get_kind_display()}, {activity.when(one.starts, one.ends)}",
        )
        for one in records[:MOST_RECORDS]
    ]
    more = "and more: the filters of Activity find them all." if len(records) > MOST_RECORDS else ""
    return Group("Activity", "Records of work that you may see, newest first.", hits, more)


def _hit(entry: Entry, index: Index, home: Place | None) -> Hit:
    if entry.kind == Kind.WARD:
        return Hit(entry.name, links.address(Area.Kind.WARD, entry.code), entry.note)
    if entry.kind == Kind.BOROUGH:
        wards = Link("Wards", with_query("/wards/", {"borough": entry.code}))
        return Hit(entry.name, links.address(Area.Kind.BOROUGH, entry.code), links=[wards])
    if entry.kind == Kind.FORCE:
        return Hit(entry.name, links.address(Area.Kind.FORCE, entry.code))
    if entry.kind == Kind.LSOA:
        return _lsoa(entry, index)
    if entry.kind == Kind.CATEGORY:
        return _category(entry, home)
    if entry.kind == Kind.PAGE:
        return Hit(entry.name, entry.code, entry.note)
    return _in_wards(entry, index, home)


def _lsoa(entry: Entry, index: Index) -> Hit:
    """On the map, where its borough is known; `note` of an entry is the borough's code."""
    wards = [Link(index.wards[ward].name, _profile(index.wards[ward])) for ward in entry.wards]
    query = {"by": "lsoa", "borough": entry.note, "at": entry.code}
    return Hit(entry.name, with_query("/map/", query) if entry.note else "", entry.code, wards)


def _category(entry: Entry, home: Place | None) -> Hit:
    scheme, slug = entry.code.split("/")
    query = {"category": slug, "scheme": "" if scheme == categories.POLICE_UK else scheme}
    profile = [Link(f"{home.name} over time", links.address(Area.Kind.BOROUGH, home.code, **query))] if home else []
    return Hit(entry.name, with_query("/wards/", query), entry.note, profile)


def _in_wards(entry: Entry, index: Index, home: Place | None) -> Hit:
    """A street or postcode district: no page of its own, but the wards that it lies in, those of the person's borough
    first."""
    wards = [index.wards[ward] for ward in entry.wards]
    if home:
        wards.sort(key=lambda ward: ward.parent_pk != home.pk)
    several = len({ward.parent_pk for ward in wards}) > 1
    shown = [
        Link(f"{ward.name} ({ward.parent_name})" if several and ward.parent_name else ward.name, _profile(ward))
        for ward in wards[:MOST_WARDS]
    ]
    left = len(wards) - len(shown)
    return Hit(
        entry.name, links=shown, more=f"and {left:,} more wards" if left > 1 else "and 1 more ward" if left else ""
    )


def _profile(ward: Place) -> str:
    return links.address(Area.Kind.WARD, ward.code)
