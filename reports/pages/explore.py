"""What the explore page shows: series of areas x categories over a window of months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back, months_between
from reports.calc import measures
from reports.forms.explore import MAX_CELLS, SCHEMES
from reports.pages.areas_asked import CannotShow, WardsOf, areas_asked
from reports.queries import Figure, Place, Release, Span, Want, figures, releases, unknown
from reports.schemes import HEADLINE, definition, sources_of
from reports.sentences import PARTIAL
from reports.words import SMALLEST_BASE, listed, month_name


@dataclass(frozen=True, slots=True)
class Series:
    """One area's months of one category. All lists run beside the window; `values` are those of the measure asked for,
    `whole` is the measure over the whole window. None = unknown, or not to be compared.

    `base` is, for the index, the base month's count; `wholes` are, for a share, the counts that it is a share of.
    """

    place: Place
    category: Definition
    rows: list[Figure]
    values: Sequence[int | float | None]
    whole: int | float | None
    base: int | None = None
    wholes: list[int | None] = field(default_factory=list)

    @property
    def partial(self) -> list[bool]:
        """The months that were reported in part."""
        return [row.coverage == PARTIAL and row.count is not None for row in self.rows]

    @property
    def converted(self) -> list[bool]:
        """The months that were moved onto these boundaries."""
        return [row.converted and row.count is not None for row in self.rows]


@dataclass(frozen=True, slots=True)
class Explored:
    """All that the page shows. `asked` is the form's cleaned data; `areas` and `chosen` are in the order shown."""

    asked: dict[str, Any]
    areas: list[Place]
    chosen: list[Definition]
    wards_of: list[WardsOf]
    window: tuple[date, ...]
    first: date
    last: date
    base: date
    share_of: Definition
    series: list[Series]
    without_figures: list[Place]
    releases: list[Release]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an address asks, found to be there: all of a view but its figures."""

    asked: dict[str, Any]
    areas: list[Place]
    chosen: list[Definition]
    wards_of: list[WardsOf]
    has: dict[int, Span]
    window: tuple[date, ...]
    first: date
    last: date
    base: date


def nearest(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked without whatever cannot be shown: one fault may hide the next. No areas, where none is left."""
    wanted = dict(asked)
    for _ in asked:
        if not wanted["areas"]:
            break
        try:
            _plan(wanted)
        except CannotShow as problem:
            wanted |= problem.without
        else:
            return wanted
    return {**wanted, "areas": ()}


def explore(asked: Mapping[str, Any]) -> Explored:
    """The view that an address asks for; `asked` names at least one area. Raises CannotShow. At most 4 queries."""
    plan = _plan(asked)
    asked, areas, chosen, window, base = plan.asked, plan.areas, plan.chosen, plan.window, plan.base
    whole = share_of(asked["scheme"], chosen)
    numbers = {category.number for category in chosen}
    if asked["measure"] == "share":
        numbers.add(whole.number)
    pks = [area.pk for area in areas]
    months = [(window[0], window[-1])] + ([(base, base)] if asked["measure"] == "index" else [])
    found = figures(*(Want(pks, numbers, since, until) for since, until in months))
    return Explored(
        asked=asked,
        areas=areas,
        chosen=chosen,
        wards_of=plan.wards_of,
        window=window,
        first=plan.first,
        last=plan.last,
        base=base,
        share_of=whole,
        series=[
            _series(asked["measure"], area, category, found, window, base, whole)
            for category in chosen
            for area in areas
        ],
        without_figures=[area for area in areas if area.pk not in plan.has],
        releases=releases(
            sorted({source for area in areas for source in sources_of(asked["scheme"], area.kind)}),
            window[0],
            window[-1],
        ),
    )


def _plan(asked: Mapping[str, Any]) -> _Plan:
    """Raises CannotShow. Two queries."""
    if asked["scheme"] == categories.PARTNER and asked["measure"] == "share":
        raise CannotShow("Partners' counts are not added up, so none is a share of a whole.", measure="count")
    chosen = _categories(asked["scheme"], asked["cat"])
    areas, has, wards_of = areas_asked(asked["areas"], asked["scheme"], asked["to"], times=len(chosen))
    first, last = min(span.first for span in has.values()), max(span.last for span in has.values())
    window = _window(asked, first, last, max(span.newest for span in has.values()))
    if len(areas) * len(chosen) * len(window) > MAX_CELLS:
        most = MAX_CELLS // (len(areas) * len(chosen))
        raise CannotShow(
            f"{len(areas) * len(chosen)} series over {len(window)} months are more than a page can hold. Choose at "
            f"most {most} months, or fewer areas or categories.",
            **{"from": "24", "to": None},
        )
    base = asked["base"] or window[0]
    if not first <= base <= last:
        raise CannotShow(
            f"The base month of an index must have figures: there are some from {month_name(first)} to "
            f"{month_name(last)}.",
            base=None,
        )
    return _Plan(dict(asked), areas, chosen, wards_of, has, window, first, last, base)


def share_of(scheme: str, chosen: Sequence[Definition]) -> Definition:
    """What shares are shares of: all that the source counts in a month; with anti-social behaviour, which is no crime,
    only where it is among the categories chosen."""
    outside = {"anti-social-behaviour", "all-crime-and-asb"}
    with_asb = scheme == categories.POLICE_UK and any(category.slug in outside for category in chosen)
    return categories.by_slug(scheme)["all-crime-and-asb" if with_asb else HEADLINE[scheme]]


def _categories(scheme: str, slugs: Sequence[str]) -> list[Definition]:
    """The categories asked for, without repeats. Raises CannotShow, saying where else an unknown one is known."""
    known = categories.by_slug(scheme)
    wrong = [slug for slug in slugs if slug not in known]
    if wrong:
        left = tuple(slug for slug in slugs if slug in known)
        slug = wrong[0]
        elsewhere = [name for other, name in SCHEMES.items() if slug in categories.by_slug(other)]
        if elsewhere:
            raise CannotShow(
                f"“{slug}” is a category of {listed(elsewhere)}, not of {SCHEMES[scheme]}. A view holds the categories "
                "of one source, because sources count differently.",
                cat=left,
            )
        raise CannotShow(f"“{slug}” is not a category of {SCHEMES[scheme]}. It may have been removed.", cat=left)
    return list(dict.fromkeys(definition(scheme, slug) for slug in (slugs or ("",))))


def _window(asked: Mapping[str, Any], first: date, last: date, newest: date) -> tuple[date, ...]:
    """The months asked for, as far as there are figures. Raises CannotShow for months after the last."""
    since, until = asked["from"], asked["to"] or newest
    there = f"The figures of these areas run from {month_name(first)} to {month_name(last)}"
    if until > last:
        raise CannotShow(f"{there}: there are none for {month_name(until)}.", to=None)
    if until < first:
        raise CannotShow(f"{there}: there are none to {month_name(until)}.", **{"from": "24", "to": None})
    if isinstance(since, date):
        if since > until:
            raise CannotShow(f"{there}: there are none from {month_name(since)}.", **{"from": "24", "to": None})
    else:
        since = first if since == "all" else back(until, int(since) - 1)
    return tuple(months_between(max(since, first), until))


def _series(
    measure: str,
    area: Place,
    category: Definition,
    found: Mapping[tuple[int, int], Mapping[date, Figure]],
    window: Sequence[date],
    base: date,
    whole: Definition,
) -> Series:
    own = found.get((area.pk, category.number), {})
    rows = [own.get(month) or unknown(month) for month in window]
    # A month reported in part is shown, and neither compared nor added up.
    sure = [None if row.coverage == PARTIAL else row.count for row in rows]
    if measure == "count":
        return Series(area, category, rows, [row.count for row in rows], measures.total(sure))
    if measure == "rate":
        known = [None if row.coverage == PARTIAL else row.rate_per_1000 for row in rows]
        return Series(area, category, rows, [row.rate_per_1000 for row in rows], measures.total(known))
    if measure == "rolling":
        return Series(area, category, rows, [row.rolling_12 for row in rows], rows[-1].rolling_12)
    if measure == "change":
        before = [row.last_year for row in rows]
        changes = measures.change(sure, before)
        return Series(area, category, rows, changes, measures.total(changes), base=_int(measures.total(before)))
    if measure == "share":
        all_rows = [found.get((area.pk, whole.number), {}).get(month) or unknown(month) for month in window]
        # What the publisher keeps out of its totals is no share of them.
        wholes = [row.count if category.in_totals and row.coverage != PARTIAL else None for row in all_rows]
        of_window = measures.share([_int(measures.total(sure))], [_int(measures.total(wholes))], SMALLEST_BASE)[0]
        return Series(area, category, rows, measures.share(sure, wholes, SMALLEST_BASE), of_window, wholes=wholes)
    start = own.get(base) or unknown(base)
    count = None if start.coverage == PARTIAL else start.count
    values = measures.index(sure, count)
    return Series(area, category, rows, values, values[-1], base=count)


def _int(value: int | float | None) -> int | None:
    return None if value is None else int(value)
