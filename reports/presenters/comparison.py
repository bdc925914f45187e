"""A ward beside its borough and similar wards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from hotspots.coverage import back
from hotspots.models import Area
from reports import tables
from reports.links import address
from reports.pages.profile import Profile
from reports.presenters.profile_charts import query
from reports.presenters.ward_table import FAR_ABOVE
from reports.similar import FEWEST, Compared
from reports.words import change, listed, month_name, rate, thousands


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sentences, and the body of the table."""

    words: list[str]
    rule: str
    table: SafeString
    month_name: str


def comparison(found: Profile) -> Comparison | None:
    """The ward's twelve months, their rate and their change beside those of others; None for other areas, and where
    the ward's twelve months are not known."""
    if not found.compared or found.compared[0].year is None:
        return None
    own = found.compared[0]
    borough = next((one for one in found.compared[1:] if one.kind == Area.Kind.BOROUGH), None)
    alike = [one for one in found.compared[1:] if one.kind == Area.Kind.WARD]
    alike = alike if len(alike) >= FEWEST else []
    together = _together(alike) if alike else None
    named = _named(own, borough, together)
    lines = [(own, f"{own.name} (this ward)"), *([(borough, f"All of {borough.name}")] if borough else [])]
    rows = [_row(one, name, found, linked=one is not own) for one, name in lines]
    if together:
        rows.append(_row(together, together.name, found, linked=False))
    rows += [_row(one, f"{one.name}, {one.borough}" if one.borough else one.name, found) for one in alike]
    return Comparison(
        words=[text for text in (_rates(named), _changes(named), _yardstick(own, borough)) if text],
        rule=_rule(found, alike),
        table=mark_safe("".join(rows)),  # noqa: S308 - made of escaped rows
        month_name=month_name(found.month),
    )


def _together(alike: Sequence[Compared]) -> Compared:
    """The similar wards as one: sums, None where one is unknown."""

    def total(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    return Compared(
        kind="",
        code="",
        name=f"{len(alike)} similar wards together",
        borough="",
        year=total([one.year for one in alike]),
        year_before=total([one.year_before for one in alike]),
        residents=total([one.residents for one in alike]),
    )


def _row(one: Compared, name: str, found: Profile, linked: bool = True) -> str:
    return tables.row(
        name,
        [
            rate(one.rate),
            thousands(one.year),
            thousands(one.year_before),
            capfirst(change(one.year, one.year_before)),
            thousands(one.residents),
        ],
        href=address(one.kind, one.code, **query(found), category=found.category.slug) if linked else "",
        mark="" if linked else "app-table__total",
    )


def _named(own: Compared, borough: Compared | None, together: Compared | None) -> list[tuple[Compared, str]]:
    """Those that a sentence compares, and what it calls them."""
    named = [(own, own.name)]
    if borough:
        named.append((borough, borough.name))
    if together:
        named.append((together, "the similar wards together"))
    return named


def _rates(named: Sequence[tuple[Compared, str]]) -> str:
    """ "Per 1,000 residents, the 12 months come to 45.2 in Gooshays, 38.0 in Havering and 43.1 in ..."."""
    if named[0][0].rate is None:
        return ""
    said = [f"{rate(one.rate)} in {name}" for one, name in named if one.rate is not None]
    return f"Per 1,000 residents, the 12 months come to {listed(said)}."


def _changes(named: Sequence[tuple[Compared, str]]) -> str:
    """How the twelve months changed, against how they did elsewhere."""
    said = [
        f"{change(one.year, one.year_before).replace('same', 'the same')} in {name}"
        for one, name in named
        if one.year is not None and one.year_before is not None
    ]
    return f"Against the 12 months before: {listed(said)}." if said and named[0][0].year_before is not None else ""


def _yardstick(own: Compared, borough: Compared | None) -> str:
    """A warning where residents are few beside those who come."""
    if own.rate is None or borough is None or borough.rate is None or own.rate < FAR_ABOVE * borough.rate:
        return ""
    return (
        f"This rate is far above {borough.name}'s. In a town centre most people present live elsewhere, and residents "
        "are the wrong yardstick: read the counts and their change, not the rate."
    )


def _rule(found: Profile, alike: Sequence[Compared]) -> str:
    """How the similar wards were chosen, or why there are none."""
    until = f"the 12 months to {month_name(found.chosen_by)}"
    if not alike:
        return (
            f"No similar wards are named: fewer than {FEWEST} wards have between two thirds and one and a half times "
            f"this ward's residents and rate of all crime in {until}, or those months are not known."
        )
    rule = (
        f"Similar are the {len(alike)} wards, of all boroughs loaded, nearest to this one in residents and in the rate "
        f"of all crime in {until}"
    )
    if found.chosen_by == back(found.month, 24):
        return f"{rule}: before the two years compared, so the choice does not depend on them."
    return (
        f"{rule}. Earlier ones are not known, and changes are measured from that year: if this ward was high or low "
        "then by chance, it tends to have come back towards the usual since."
    )
