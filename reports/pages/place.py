"""What the profile of a drawn place shows: a hotspot, or a watch place. The place is one that its reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import F, Q

from hotspots import categories
from hotspots.categories import Definition
from hotspots.comparisons.queries import comparison_places
from hotspots.coverage import back, months_between
from hotspots.models import (
    Area,
    Boundary,
    ComparisonPlace,
    GateDecision,
    Hotspot,
    HotspotDocument,
    PhasePeriod,
    ReentryAlert,
    Source,
)
from hotspots.phases import queries as phases
from hotspots.points import Point
from partners.models import Job
from partners.visibility import Viewer
from reports import place_figures
from reports.calc.baseline import Range
from reports.notes import NEW_MAP_POINTS
from reports.place_figures import Series
from reports.place_work import Work, work_at
from reports.queries import Place, Release, Reporting, releases, reporting
from reports.schemes import charted, definition, groups, sources_of

# So many map points are listed; all are on the map, the most of them first.
REPEATED, MAPPED = 8, 400
# The timeline reaches so many months back, further where the baseline or a phase began earlier.
WINDOW = 36


@dataclass(frozen=True, slots=True)
class Repeats:
    """Map points inside the place over twelve months now and twelve then, these by where they are.

    `comparable` is False where police.uk replaced its map points in between.
    """

    months: list[date]
    now: list[Point]
    then_months: list[date]
    then: dict[tuple[float, float], Point]
    comparable: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What the map draws: LSOAs around the place and those that it is compared with, as (name, shape)."""

    around: list[tuple[str, shapely.Geometry]]
    compared: list[tuple[str, shapely.Geometry]]


@dataclass(frozen=True, slots=True)
class PlaceProfile:
    """All that a profile shows. `series` (by category's slug) and `ring` are empty while the boundary is being counted,
    and `job` is what counts it, where it is known. `last` is the newest month that bears comparison; `baseline` the
    range of the chosen category, None where it cannot be made. `decisions` are empty where they are withheld."""

    place: Hotspot
    on: date
    boundary: Boundary
    ring_boundary: Boundary | None
    versions: list[Boundary]
    category: Definition
    series: dict[str, Series]
    ring: Series | None
    window: list[date]
    last: date | None
    baseline: Range | None
    periods: list[PhasePeriod]
    decisions: list[GateDecision]
    alerts: list[ReentryAlert]
    comparisons: list[ComparisonPlace]
    documents: list[HotspotDocument]
    areas: list[Area]
    releases: list[Release]
    reporting: Reporting
    repeats: Repeats | None
    ground: Ground
    job: Job | None
    work: Work

    @property
    def is_counted(self) -> bool:
        """Whether the figures of this boundary are there."""
        return bool(self.series)


class NoSuchBoundary(LookupError):
    """The place never had this boundary."""


def place_profile(place: Hotspot, viewer: Viewer, *, category: str, boundary: int | None, on: date) -> PlaceProfile:
    """The profile of a place as of a day, for its reader: `category` "" is all crime; `boundary` the pk of an earlier
    version, None the one in force. Raises UnknownCategory, NoSuchBoundary. A fixed number of queries.
    """
    chosen = definition(categories.POLICE_UK, category)
    versions, shown, ring = _boundaries(place, boundary, on)
    wanted = {chosen, *charted(categories.POLICE_UK, chosen), *groups(categories.POLICE_UK), *_of_objective(place)}
    found = place_figures.all_series([shown.pk, *([ring.pk] if ring else [])], wanted)
    series = {slug: by_pk[shown.pk] for slug, by_pk in found.items() if shown.pk in by_pk}
    own = series.get(chosen.slug)
    at = own.newest() if own else None
    last = own.months[at] if own and at is not None else None
    periods = phases.periods([place]).get(place.pk, [])
    compared = [one for one in comparison_places(place) if one.ended_at is None]
    areas = list(Area.objects.filter(code__in=place.area_codes).select_related("parent", "home").order_by("name"))
    window = _window(own, place, periods)
    return PlaceProfile(
        place=place,
        on=on,
        boundary=shown,
        ring_boundary=ring,
        versions=versions,
        category=chosen,
        series=series,
        ring=found.get(chosen.slug, {}).get(ring.pk) if ring else None,
        window=window,
        last=last,
        baseline=place_figures.baseline_of(place, own),
        periods=periods,
        decisions=_decisions(place),
        alerts=list(ReentryAlert.objects.filter(trigger__hotspot=place).select_related("trigger")),
        comparisons=compared,
        documents=_documents(place),
        areas=areas,
        releases=releases(sources_of(categories.POLICE_UK, Area.Kind.WARD), window[0], window[-1]) if window else [],
        reporting=reporting(Source.STREET, window, _borough(areas)) if window else Reporting("", ()),
        repeats=_repeats(shown, chosen, last, place) if last else None,
        ground=_ground(ring or shown, compared),
        job=None if series else counting_job(place),
        work=work_at(viewer, place, min([*window[:1], back(on.replace(day=1), 12)])),
    )


def counting_job(place: Hotspot) -> Job | None:
    """The newest job that counts this place's shapes and is not done. One query."""
    live = Job.objects.filter(kind="recount-places", state__in=(Job.State.QUEUED, Job.State.RUNNING))
    return live.filter(arguments__areas__contains=[place.area_id]).defer("log").order_by("-pk").first()


def is_counted(place: Hotspot, boundary: int | None, on: date) -> bool:
    """Whether the figures of a boundary are there; as `place_profile`. One query."""
    _, shown, _ = _boundaries(place, boundary, on)
    return hasattr(shown, "recount")


def _boundaries(place: Hotspot, wanted: int | None, on: date) -> tuple[list[Boundary], Boundary, Boundary | None]:
    """The place's boundaries, newest first; the one to show; the ring around that one. One query."""
    rows = list(
        Boundary.objects.filter(area__in=[pk for pk in (place.area_id, place.ring_id) if pk])
        .select_related("recount")
        .order_by(F("valid_from").desc(nulls_last=True), "-pk")
    )
    versions = [row for row in rows if row.area_id == place.area_id]
    if wanted is None:
        shown = next((row for row in versions if row.valid_from is None or row.valid_from <= on), versions[-1])
    else:
        shown = next((row for row in versions if row.pk == wanted), None)  # type: ignore[assignment]
        if shown is None:
            raise NoSuchBoundary("This place never had that boundary.")
    # Drawn for this very boundary, or redrawn since because a neighbour changed.
    rings = [row for row in rows if row.area_id == place.ring_id and _during(row, shown)]
    return versions, shown, rings[0] if rings and place.ring_id else None


def _during(ring: Boundary, shown: Boundary) -> bool:
    begun = shown.valid_to is None or ring.valid_from is None or ring.valid_from < shown.valid_to
    return begun and (shown.valid_from is None or ring.valid_to is None or ring.valid_to > shown.valid_from)


def _of_objective(place: Hotspot) -> list[Definition]:
    known = categories.by_slug(categories.POLICE_UK)
    return [known[place.objective_category]] if place.objective_category in known else []


def _window(series: Series | None, place: Hotspot, periods: Sequence[PhasePeriod]) -> list[date]:
    """The months of the timeline."""
    if series is None or not series.months:
        return []
    months = series.months
    starts = [back(months[-1], WINDOW - 1), *(one.starts.replace(day=1) for one in periods)]
    starts += [place.baseline_from] if place.baseline_from else []
    return months_between(max(min(starts), months[0]), months[-1])


def _decisions(place: Hotspot) -> list[GateDecision]:
    if "gates" in place.withheld:
        return []
    return list(
        GateDecision.objects.filter(period__hotspot=place).select_related("period").order_by("decided_on", "pk")
    )


def _documents(place: Hotspot) -> list[HotspotDocument]:
    return [] if "documents" in place.withheld else list(HotspotDocument.objects.filter(hotspot=place))


def _borough(areas: Sequence[Area]) -> Place:
    """The first borough that the place lies in: by whose publisher the gaps are said."""
    area = next((one for one in areas if one.kind == Area.Kind.BOROUGH), areas[0])
    return Place(area.pk, area.kind, area.code, area.name, None, None, force=area.home.slug if area.home else "")


def _repeats(boundary: Boundary, category: Definition, last: date, place: Hotspot) -> Repeats:
    now = months_between(back(last, 11), last)
    # The last year of the baseline, as far as it does not reach into the year of now.
    end = min(place.baseline_to or back(last, 12), back(last, 12))
    then = months_between(back(end, 11), end)
    tops = [
        place_figures.points_of(boundary.pk, category, months[0], months[-1]) if months else []
        for months in (now, then)
    ]
    comparable = not then[0] < NEW_MAP_POINTS <= now[-1]
    before = {(one.longitude, one.latitude): one for one in tops[1]}
    return Repeats(now, tops[0][:MAPPED], then, before, comparable)


def _ground(frame: Boundary, compared: Sequence[ComparisonPlace]) -> Ground:
    """LSOAs around, else wards, and those of the comparison places. One query."""
    codes = {code for one in compared for code in one.lsoa_codes}
    near = Q(west__lte=frame.east, east__gte=frame.west, south__lte=frame.north, north__gte=frame.south)
    rows = list(
        Boundary.objects.filter(near & Q(area__valid_to=None, area__kind=Area.Kind.WARD) | Q(area__kind=Area.Kind.LSOA))
        .filter(near | Q(area__code__in=codes))
        .order_by("area__code")
        .values_list("area__code", "area__name", "area__kind", "shape", "west", "east", "south", "north")
    )
    shapes = {code: shapely.from_wkb(bytes(shape)) for code, _, _, shape, *_ in rows}
    has_lsoas = any(kind == Area.Kind.LSOA for _, _, kind, *_ in rows)
    around = [
        (name, shapes[code])
        for code, name, kind, _, west, east, south, north in rows
        if (kind == Area.Kind.LSOA) == has_lsoas
        and west <= frame.east
        and east >= frame.west
        and south <= frame.north
        and north >= frame.south
    ]
    beside = [
        (one.name, shapely.union_all([shapes[code] for code in one.lsoa_codes if code in shapes])) for one in compared
    ]
    return Ground(around, [(name, shape) for name, shape in beside if not shape.is_empty])
