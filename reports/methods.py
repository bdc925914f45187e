"""How each number is made: the methods page, with the parts that the category registry knows."""

from __future__ import annotations

from dataclasses import dataclass

from hotspots import categories
from hotspots.categories import Definition
from reports.forms import SCHEMES

# (anchor, heading) of the page's sections; other pages link to the anchors.
CONTENTS = (
    ("count", "The month's count"),
    ("last-year", "Against last year"),
    ("moves", "What moved most"),
    ("rolling-12", "12 months"),
    ("rate", "Rate per 1,000 residents"),
    ("share", "Share of all"),
    ("index", "Index to a base month"),
    ("similar", "Similar wards"),
    ("composition", "What a total is made of"),
    ("classes", "The map's classes"),
    ("finding", "Finding hotspots"),
    ("drawn", "Counts of hotspots and rings"),
    ("baseline", "Baseline range"),
    ("comparison-places", "Comparison places"),
    ("gates", "What figures say at a gate"),
    ("coverage", "Coverage: what is known"),
    ("where", "Where a row is counted"),
    ("converted", "Converted numbers"),
    ("breaks", "Breaks in a series"),
    ("anonymisation", "What police.uk does to locations"),
    ("searches", "Stop and search"),
    ("outcomes", "Outcomes"),
    ("partners", "What partners count"),
    ("categories", "Categories and groups"),
    ("licences", "Licences"),
)
_SCHEME_NAMES = {
    **{scheme: f"{name}: crime" for scheme, name in SCHEMES.items()},
    categories.SEARCH: "Stop and search",
    categories.OUTCOME: "Outcomes",
    categories.PARTNER: "Partners' counts, by month and by quarter",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A sum of categories: its name, and those of its members."""

    name: str
    members: list[str]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One source's categories: those counted from rows, the groups, and those kept out of totals."""

    name: str
    types: list[str]
    groups: list[Group]
    outside: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What the template prints from the registry."""

    schemes: list[Scheme]
    eras: list[str]


def page() -> Page:
    """The registry in words."""
    return Page(
        [_scheme(scheme, name) for scheme, name in _SCHEME_NAMES.items()], [e.note for e in categories.ERAS if e.note]
    )


def _scheme(scheme: str, name: str) -> Scheme:
    known: dict[str, Definition] = {d.slug: d for d in categories.DEFINITIONS if d.scheme == scheme}
    return Scheme(
        name=name,
        types=[d.name for d in known.values() if not d.members],
        groups=[Group(d.name, [known[slug].name for slug in d.members]) for d in known.values() if d.members],
        outside=[d.name for d in known.values() if not d.members and not d.in_totals],
    )
