"""What one ward page shows: everything that its presenter needs, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotspots import categories, coverage
from hotspots.categories import Definition
from hotspots.models import Area
from reports.queries import (
    Denominator,
    Figure,
    Place,
    Release,
    Reporting,
    Span,
    Want,
    WardSet,
    back,
    denominator,
    figures,
    figures_of_areas,
    outlines,
    releases,
    reporting,
    spans,
    ward_sets,
)
from reports.schemes import charted, choose_scheme, definition, groups, sources_of


class NoFigures(Exception):
    """The area has nothing for what was asked. `spans` says what it has, by scheme (empty: nothing at all)."""

    def __init__(self, place: Place, spans: dict[str, Span]) -> None:
        super().__init__(place.name)
        self.place, self.spans = place, spans


def _month(place: Place, has: dict[str, Span], scheme: str, asked: date | None) -> date:
    """The month to show of a scheme, for which the area has rows. Raises NoFigures."""
    if scheme not in has or (asked and not has[scheme].first <= asked <= has[scheme].last):
        raise NoFigures(place, has)
    return asked or has[scheme].newest


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a profile shows. `figures` reach a year further back than `window` (the months shown, in order)."""

    place: Place
    scheme: str
    category: Definition
    month: date
    period: str
    window: tuple[date, ...]
    spans: dict[str, Span]
    figures: dict[int, dict[date, Figure]]
    residents: Denominator | None
    sets: list[WardSet]
    releases: list[Release]
    reporting: Reporting


def profile(place: Place, *, scheme: str, category: str, month: date | None, period: str) -> Profile:
    """A profile of an area: `scheme` "" is the usual one, `month` None its newest that bears comparison; `period` is
    how many months are shown, or "all". Raises NoFigures, and UnknownCategory. At most 9 queries.
    """
    has = spans(place.pk)
    scheme = choose_scheme(has, scheme)
    chosen = definition(scheme, category)
    last = _month(place, has, scheme, month)
    since = has[scheme].first if period == "all" else max(back(last, int(period) - 1), has[scheme].first)
    window = tuple(coverage.months_between(since, last))
    outcomes = [d.number for d in groups(categories.OUTCOME)]
    wanted = [
        Want([d.number for d in {chosen, *charted(scheme, chosen), *groups(scheme)}], back(since, 12), last),
        Want([d.number for d in groups(categories.SEARCH)], back(since, 12), last),
        Want(outcomes, back(last, 11), last),
    ]
    sources = [s for one in (scheme, categories.SEARCH, categories.OUTCOME) for s in sources_of(one, place.kind)]
    is_ward = place.kind == Area.Kind.WARD
    borough = place.parent_pk if is_ward else place.pk if place.kind == Area.Kind.BOROUGH else None
    found = figures(place.pk, wanted)
    return Profile(
        place=place,
        scheme=scheme,
        category=chosen,
        month=last,
        period=period,
        window=window,
        spans=has,
        figures={n: {f.month: f for f in rows} for n, rows in found.items()},
        residents=denominator(place.pk, last, (figure for rows in found.values() for figure in rows)),
        sets=ward_sets(borough) if borough else [],
        releases=releases(sources, since, last),
        reporting=reporting(sources_of(scheme, place.kind)[0], window, place),
    )


@dataclass(frozen=True, slots=True)
class Wards:
    """All that the wards page shows. `figures` are of the wards and the borough: the twelve months to `month` and the
    month a year before."""

    borough: Place
    boroughs: list[Place]
    ward_set: WardSet
    sets: list[WardSet]
    scheme: str
    category: Definition
    month: date
    spans: dict[str, Span]
    figures: dict[int, dict[date, Figure]]
    outlines: dict[int, dict[str, object]]
    releases: list[Release]
    reporting: Reporting


def wards(
    borough: Place, choices: list[Place], *, scheme: str, category: str, month: date | None, day: date | None
) -> Wards:
    """One month of a borough's wards; `day` chooses the wards in force then, None those in force in the month.

    Raises NoFigures, and UnknownCategory. At most 6 queries.
    """
    has = spans(borough.pk)
    scheme = choose_scheme(has, scheme)
    chosen = definition(scheme, category)
    last = _month(borough, has, scheme, month)
    sets = ward_sets(borough.pk)
    if not sets:
        raise NoFigures(borough, {})
    begun = [one for one in sets if one.valid_from is None or one.valid_from <= (day or last)]
    ward_set = begun[-1] if begun else sets[0]
    pks = [ward.pk for ward in ward_set.wards]
    rows = figures_of_areas([*pks, borough.pk], chosen.number, back(last, 12), last)
    return Wards(
        borough=borough,
        boroughs=choices,
        ward_set=ward_set,
        sets=sets,
        scheme=scheme,
        category=chosen,
        month=last,
        spans=has,
        figures={pk: {f.month: f for f in found} for pk, found in rows.items()},
        outlines=outlines(pks, ward_set.day or last),
        releases=releases(sources_of(scheme, Area.Kind.WARD), last, last),
        reporting=reporting(sources_of(scheme, Area.Kind.WARD)[0], (last,), borough),
    )
