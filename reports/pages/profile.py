"""What a profile shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotspots import categories, coverage
from hotspots.categories import Definition
from hotspots.coverage import back
from hotspots.models import Area
from reports import partner_counts
from reports.pages import shown_month
from reports.queries import (
    Denominator,
    Figure,
    Place,
    Release,
    Reporting,
    Span,
    Want,
    WardSet,
    denominator,
    figures,
    releases,
    reporting,
    spans,
    ward_sets,
)
from reports.schemes import charted, choose_scheme, definition, groups, sources_of
from reports.similar import Compared, compared


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a profile shows. `figures` reach a year further back than `window` (the months shown, in order);
    `compared` is the ward, its borough and similar wards, chosen by the twelve months to `chosen_by`; empty for other
    areas."""

    place: Place
    scheme: str
    category: Definition
    month: date
    period: str
    lines: str
    scale: str
    window: tuple[date, ...]
    spans: dict[str, Span]
    figures: dict[int, dict[date, Figure]]
    residents: Denominator | None
    sets: list[WardSet]
    releases: list[Release]
    reporting: Reporting
    compared: list[Compared]
    chosen_by: date
    # Who sends partners' counts of the borough: (scheme, name of the series) -> agency.
    senders: dict[tuple[str, str], str]


def profile(
    place: Place,
    *,
    scheme: str,
    category: str,
    month: date | None,
    period: str,
    lines: str = "last-year",
    scale: str = "own",
) -> Profile:
    """A profile of an area: `scheme` "" is the usual one, `month` None its newest that bears comparison; `period` is
    how many months are shown, or "all"; `lines` and `scale` how they are drawn (`forms.LINES`, `forms.SCALES`). Raises
    NoFigures, and UnknownCategory. At most 8 queries, one more where partners send counts.
    """
    has = spans(place.pk)
    scheme = choose_scheme(has, scheme)
    chosen = definition(scheme, category)
    last = shown_month(place, has, scheme, month)
    since = has[scheme].first if period == "all" else max(back(last, int(period) - 1), has[scheme].first)
    window = tuple(coverage.months_between(since, last))
    shown = {chosen, *charted(scheme, chosen), *groups(scheme)}
    searches, outcomes = (
        [group.number for group in groups(other)] for other in (categories.SEARCH, categories.OUTCOME)
    )
    partners = [one for one in partner_counts.SCHEMES if one in has]
    of_partners = [series.number for one in partners for series in categories.by_slug(one).values()]
    by_category = figures(
        Want([place.pk], [one.number for one in shown], min(back(since, 12), back(last, 24)), last),
        Want([place.pk], searches, back(since, 12), last),
        Want([place.pk], outcomes, back(last, 11), last),
        *([Want([place.pk], of_partners, back(last, 23), last)] if partners else ()),
    )
    found = {number: by_month for (_, number), by_month in by_category.items()}
    sources = [s for one in (scheme, categories.SEARCH, categories.OUTCOME) for s in sources_of(one, place.kind)]
    is_ward = place.kind == Area.Kind.WARD
    borough = place.parent_pk if is_ward else place.pk if place.kind == Area.Kind.BOROUGH else None
    # Before both of the years compared, where that is known.
    chosen_by = back(last, 24)
    before = found.get(definition(scheme, "").number, {}).get(chosen_by)
    if before is None or before.rolling_12 is None:
        chosen_by = back(last, 12)
    return Profile(
        place=place,
        scheme=scheme,
        category=chosen,
        month=last,
        period=period,
        lines=lines,
        scale=scale,
        window=window,
        spans=has,
        figures=found,
        residents=denominator(place.pk, last, (figure for rows in found.values() for figure in rows.values())),
        sets=ward_sets(borough) if borough else [],
        releases=releases(sources, since, last),
        reporting=reporting(sources_of(scheme, place.kind)[0], window, place),
        compared=compared(place, scheme=scheme, category=chosen.number, month=last, chosen_by=chosen_by)
        if is_ward
        else [],
        chosen_by=chosen_by,
        senders=partner_counts.senders(place.parent_name if is_ward else place.name) if partners else {},
    )
