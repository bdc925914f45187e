"""The schemes of categories as the ward pages offer them: headline, sums, headings, charts, sources."""

from __future__ import annotations

from collections.abc import Collection

from hotspots import categories
from hotspots.categories import Definition
from hotspots.models import Area, Source

# The category of each scheme that has a row for every month of the scheme.
HEADLINE = {
    categories.POLICE_UK: "all-crime",
    categories.MPS: "all-crime",
    categories.SEARCH: "all-searches",
    categories.OUTCOME: "all-outcomes",
    # Nothing of theirs is added up; every series has a row for every month.
    categories.PARTNER: "council-asb",
    categories.PARTNER_QUARTER: "council-asb",
}


def sources_of(scheme: str, kind: str) -> tuple[str, ...]:
    """The sources that a scheme's figures of a kind of area are counted from."""
    return {
        categories.POLICE_UK: (Source.STREET, Source.API),
        categories.MPS: (Source.MPS_WARD,) if kind == Area.Kind.WARD else (Source.MPS_BOROUGH,),
        categories.SEARCH: (Source.SEARCHES,),
        categories.OUTCOME: (Source.OUTCOMES,),
        categories.PARTNER: (Source.PARTNER,),
        categories.PARTNER_QUARTER: (Source.PARTNER_QUARTER,),
    }[scheme]


def choose_scheme(spans: Collection[str], asked: str) -> str:
    """The scheme asked for, else police.uk where it has figures, else the first that has."""
    crime = [scheme for scheme in (categories.POLICE_UK, categories.MPS) if scheme in spans]
    return asked or (crime or [categories.POLICE_UK])[0]


class UnknownCategory(LookupError):
    """A scheme has no such category. The message is a sentence."""


def definition(scheme: str, slug: str) -> Definition:
    """A scheme's category or group; its headline for "". Raises UnknownCategory."""
    found = categories.by_slug(scheme).get(slug or HEADLINE[scheme])
    if found is None:
        raise UnknownCategory(f"“{slug[:60]}” is not a category of these figures.")
    return found


def _definitions(scheme: str) -> list[Definition]:
    return [one for one in categories.DEFINITIONS if one.scheme == scheme]


def is_heading(category: Definition) -> bool:
    """Whether a group is a publisher's own heading over types, not a sum across headings."""
    return category.scheme == categories.MPS and category.slug.startswith("major-")


def groups(scheme: str) -> list[Definition]:
    """A scheme's sums across types: all crime and the like."""
    return [one for one in _definitions(scheme) if one.members and not is_heading(one)]


def charted(scheme: str, chosen: Definition) -> list[Definition]:
    """The categories that have charts of their own: the types under a chosen heading, else all headings or types."""
    if is_heading(chosen):
        return [categories.by_slug(scheme)[slug] for slug in chosen.members]
    return [one for one in _definitions(scheme) if not one.parent and (not one.members or is_heading(one))]


def category_choices(scheme: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, [(slug, name)]) for a list of a scheme's categories: totals first, then types under their heading."""
    definitions = _definitions(scheme)
    choices = [("Totals and groups", totals)] if (totals := [(d.slug, d.name) for d in groups(scheme)]) else []
    plain = [(d.slug, d.name) for d in definitions if not d.members and not d.parent]
    if plain:
        choices.append(("Types", plain))
    for heading in (d for d in definitions if is_heading(d)):
        members = [(d.slug, d.name) for d in definitions if d.parent == heading.slug]
        choices.append((heading.name, [(heading.slug, f"{heading.name}: all"), *members]))
    return choices
