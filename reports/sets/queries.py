"""What the pages of sets read. Each function costs the same number of queries however large the sets are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Count, Q, QuerySet

from hotspots.coverage import back
from hotspots.models import Area, Hotspot
from hotspots.points import Point
from partners.visibility import Viewer
from reports import finding, lsoas
from reports.calc import concentration
from reports.calc.concentration import Picked
from reports.finding import QUARTERS, Asked, Found, Spot
from reports.models import Candidate, CandidateSet, RepeatLocation
from reports.queries import Place, place

# Of the year after, at least so many months must be known for a check.
LEAST_OF_YEAR = 9
# The rankings' beginnings that are checked.
TOPS = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Kept:
    """A set as it stood, whole: what was found, and which of its LSOAs became places that the reader sees (by rank).

    `replaced`: how many of its files newer releases have taken the place of.
    """

    record: CandidateSet
    found: Found
    places: dict[int, Hotspot]
    files: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Check:
    """A set beside the twelve months that followed it. `months` are those of them that are known whole.

    `picks` are (what was picked, how it did); none where too few months are known.
    """

    first: date
    last: date
    months: tuple[date, ...]
    picks: tuple[tuple[str, Picked], ...]


def sets(viewer: Viewer) -> QuerySet[CandidateSet]:
    """The sets that somebody sees, the newest first."""
    seen = CandidateSet.objects.visible_to(viewer).select_related("owner", "borough", "created_by")
    return seen.order_by("-created_at", "-pk")


def record(viewer: Viewer, pk: int) -> CandidateSet | None:
    """One set; None where there is none, or it is not shown."""
    return sets(viewer).filter(pk=pk).first()


def kept(viewer: Viewer, pk: int) -> Kept | None:
    """A set with all that it holds; None where there is none, or it is not shown. At most ten queries."""
    one = record(viewer, pk)
    if one is None:
        return None
    candidates = list(one.candidates.order_by("rank"))
    made = {candidate.hotspot_id: candidate.rank for candidate in candidates if candidate.hotspot_id}
    seen = Hotspot.objects.visible_to(viewer).filter(pk__in=made) if made else []
    files = one.slices.aggregate(all=Count("pk"), replaced=Count("pk", filter=Q(superseded__isnull=False)))
    return Kept(
        record=one,
        found=_found(one, candidates, list(one.repeat_locations.order_by("rank"))),
        places={made[hotspot.pk]: hotspot for hotspot in seen},
        files=files["all"],
        replaced=files["replaced"],
    )


def candidate(viewer: Viewer, pk: int, rank: int) -> Candidate | None:
    """One candidate of a set; None where there is none, or the set is not shown. Two queries."""
    one = record(viewer, pk)
    return one.candidates.filter(rank=rank).first() if one else None


def asked_of(one: CandidateSet, borough: Place) -> Asked:
    """What a set's search asked."""
    months = (one.last_month.year - one.first_month.year) * 12 + one.last_month.month - one.first_month.month + 1
    return Asked(borough, tuple(one.categories), one.last_month, months)


def check(one: Kept) -> Check:
    """How the set's ranking did in the year that followed. Six queries; LSOAs' tallies are kept."""
    asked, spots = one.found.asked, one.found.spots
    first, last = back(asked.last, -1), back(asked.last, -12)
    known = finding.months_known(asked.borough.pk, asked.slugs, first, last)
    areas = lsoas.of_borough(asked.borough.pk, last)
    by_month = finding.count(areas, asked.slugs, known) if areas and len(known) >= LEAST_OF_YEAR else {}
    months = tuple(sorted(by_month))
    if len(months) < LEAST_OF_YEAR:
        return Check(first, last, tuple(known), ())
    sums = np.sum([by_month[month] for month in months], axis=0)
    came = {area.code: value for area, value in zip(areas, sums.tolist(), strict=True)}
    judged = [spot for spot in spots if not np.isnan(came.get(spot.code, np.nan))]
    return Check(first, last, months, tuple(_picks(judged, [came[spot.code] for spot in judged])))


def _picks(spots: Sequence[Spot], observed: Sequence[float]) -> list[tuple[str, Picked]]:
    """The beginnings of the ranking, and those that stood out."""
    expected, areas = [spot.count for spot in spots], [spot.square_metres for spot in spots]
    ranked = concentration.picked(expected, observed, areas, [-spot.rank for spot in spots])
    made = [(f"The first {top}", ranked[top - 1]) for top in TOPS if top < len(spots)]
    hot = sum(spot.is_hot for spot in spots)
    if hot:
        stood_out = concentration.picked(expected, observed, areas, [float(spot.is_hot) for spot in spots])
        made.append((f"Those that stood out ({hot})", stood_out[hot - 1]))
    return made


def _found(one: CandidateSet, candidates: Sequence[Candidate], repeat: Sequence[RepeatLocation]) -> Found:
    """The set as its search found it. Two queries."""
    borough = place(Area.Kind.BOROUGH, one.borough.code)
    assert borough is not None  # noqa: S101 - a set protects its borough
    asked = asked_of(one, borough)
    codes = [candidate.lsoa_code for candidate in candidates]
    pks = dict(Area.objects.filter(kind=Area.Kind.LSOA, code__in=codes).values_list("code", "pk"))
    total = sum(candidate.count for candidate in candidates)
    quarters = [candidate.quarters for candidate in candidates]
    return Found(
        asked=asked,
        counted=tuple(month for month in asked.window if month not in one.left_out),
        left_out=tuple(one.left_out),
        spots=tuple(
            Spot(
                rank=row.rank,
                pk=pks.get(row.lsoa_code, 0),
                code=row.lsoa_code,
                name=row.name,
                ward_name=row.ward_name,
                square_metres=row.square_metres,
                count=row.count,
                low=row.low,
                high=row.high,
                z=row.z,
                p=row.p,
                is_hot=row.is_hot,
                hot_class=row.hot_class,
                quarters=tuple(row.quarters),
            )
            for row in candidates
        ),
        codes_changed=(),
        quarters_known=sum(any(row[index] is not None for row in quarters if row) for index in range(QUARTERS)),
        repeat=tuple(
            Point(row.longitude, row.latitude, row.street, row.count, row.count / (total or 1), row.months_active)
            for row in repeat
        ),
        files=(),
    )
