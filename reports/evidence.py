"""The evidence that figures give about a place at a gate: read here, put into words by `evidence_sentences`.

The same function makes what the page shows and what is kept with a decision.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

from hotspots import categories
from hotspots.categories import Definition
from hotspots.coverage import back, months_between
from hotspots.models import Area, Boundary, ComparisonPlace, Hotspot, Source
from hotspots.phases.actions import Snapshot
from hotspots.points import Point
from hotspots.register import boundaries
from reports import evidence_sentences as sentences
from reports import lsoas, place_figures
from reports.evidence_sentences import Material, Months
from reports.notes import NEW_MAP_POINTS
from reports.place_figures import Series
from reports.queries import Want, data_version, figures, releases
from reports.words import listed, month_name

_KNOWN = categories.by_slug(categories.POLICE_UK)
ALL_CRIME = _KNOWN["all-crime"]


def evidence(place: Hotspot, on: date) -> Snapshot:
    """What the figures of a place say on a day: by the boundary in force, of the months before it, as they are known
    now. The place is one that its reader sees.

    At most 15 queries.
    """
    shapes = boundaries.in_force([pk for pk in (place.area_id, place.ring_id) if pk], on, shapes=False)
    boundary = shapes.get(place.area_id)
    ring = shapes.get(place.ring_id or 0)
    other = _KNOWN.get(place.objective_category)
    wanted = {ALL_CRIME, *([other] if other else [])}
    known = place_figures.all_series([one.pk for one in shapes.values()], wanted)
    found = {slug: {pk: one.before(on) for pk, one in by_pk.items()} for slug, by_pk in known.items()}
    own = _months(ALL_CRIME, found, boundary, place)
    if boundary is None or not own.months:
        return Snapshot(sentences.facts(_nothing(own)), data_version(), None)
    objective = _months(other, found, boundary, place) if other and other != ALL_CRIME else None
    band = _months(ALL_CRIME, found, ring, place)
    compared, how_many = _compared(place, own)
    now, then = _points(place, boundary, own)
    made = Material(
        own=own,
        ring=band if band.months else None,
        has_ring=ring is not None,
        objective=objective,
        target=place.objective_target,
        target_by=place.objective_by,
        compared=compared,
        comparisons=how_many,
        points_now=now,
        points_then=then,
        source=_source(own.months[-1]),
        baseline_months=len(_baseline_months(place)),
        redrawn=_redrawn(place, boundary),
    )
    return Snapshot(sentences.facts(made), data_version(), own.months[-1])


def mark(snapshot: Snapshot) -> str:
    """A short text that is another where any fact is."""
    return blake2b(repr((snapshot.facts, snapshot.last_month)).encode(), digest_size=12).hexdigest()


def _nothing(own: Months) -> Material:
    return Material(
        own, None, has_ring=False, objective=None, target=None, target_by=None, compared=None, comparisons=0
    )


def _baseline_months(place: Hotspot) -> list[date]:
    if place.baseline_from is None or place.baseline_to is None:
        return []
    return months_between(place.baseline_from, place.baseline_to)


def _months(
    category: Definition, found: dict[str, dict[int, Series]], boundary: Boundary | None, place: Hotspot
) -> Months:
    series = found.get(category.slug, {}).get(boundary.pk) if boundary else None
    return Months.of(category.name, series, place_figures.baseline_of(place, series), place.baseline_to)


def _compared(place: Hotspot, own: Months) -> tuple[Months | None, int]:
    """The two years to now of the places that it is compared with, added up, and how many these are."""
    beside = list(ComparisonPlace.objects.filter(hotspot=place, ended_at=None))
    codes = {code for one in beside for code in one.lsoa_codes}
    if not codes:
        return None, 0
    months = own.months[-2 * sentences.YEAR :]
    parents = (
        Area.objects.filter(kind=Area.Kind.LSOA, code__in=codes).order_by("parent").values_list("parent", flat=True)
    )
    boroughs = [pk for pk in parents if pk]
    if not boroughs:
        return None, len(beside)
    areas = [one for one in lsoas.of_boroughs(sorted(set(boroughs)), months[-1]) if one.code in codes]
    if len(areas) < len(codes):
        return None, len(beside)
    # They are policed by the place's own force: what one of their boroughs knows of a month, all know.
    reported = figures(Want([boroughs[0]], [ALL_CRIME.number], months[0], months[-1]))
    counts = lsoas.counts(areas, ALL_CRIME, reported.get((boroughs[0], ALL_CRIME.number), {}))
    parts = [
        [cell.count if (cell := counts[one.pk].get(month)) and not cell.partial else None for month in months]
        for one in areas
    ]
    return sentences.together("Comparison places", parts, months), len(beside)


def _points(place: Hotspot, boundary: Boundary, own: Months) -> tuple[list[Point], list[Point] | None]:
    """The map points with crime in the year to now, and in the last year of the baseline, the most first."""
    now = own.months[-1]
    first = sentences.first_of_year(now)
    points = place_figures.points_of(boundary.pk, ALL_CRIME, first, now)
    then = place.baseline_to
    if then is None or then >= first or sentences.first_of_year(then) < NEW_MAP_POINTS <= now:
        return points, None
    return points, place_figures.points_of(boundary.pk, ALL_CRIME, sentences.first_of_year(then), then)


def _source(last: date) -> str:
    """ "British Transport Police and Metropolitan Police, police.uk, to April 2026"."""
    names = [one.publisher for one in releases([Source.STREET], back(last, sentences.YEAR - 1), last)]
    shown = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"]
    return f"{listed(shown) or 'police.uk'}, street-level crime of police.uk, to {month_name(last)}"[:300]


def _redrawn(place: Hotspot, boundary: Boundary) -> date | None:
    """The day from which a boundary holds, where it is not the place's first."""
    earlier = Boundary.objects.filter(area=place.area_id, valid_from__lt=boundary.valid_from).exists()
    return boundary.valid_from if earlier else None
