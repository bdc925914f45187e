"""What the pages of the register read: always what its viewer may see, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import shapely
from django.db.models import Q, QuerySet

from hotspots import categories, points
from hotspots.models import Area, Hotspot, HotspotStatus
from hotspots.register.boundaries import in_force, shape_of
from hotspots.register.filters import group_choices, problem_choices
from partners.models import Agency, Membership, User
from partners.roles import Permission
from partners.visibility import Viewer

YEAR = 12


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many crimes of a category (slug) lay in a shape, and in it drawn 100 m smaller and larger."""

    slug: str
    count: int
    low: int
    high: int


def places(viewer: Viewer) -> Any:
    """The places that somebody sees, in no order: a queryset of rows whose withheld fields are None."""
    return Hotspot.objects.visible_to(viewer).select_related("owner", "lead")


def place(viewer: Viewer, pk: int) -> Hotspot | None:
    """One place, as far as it is shown; None where there is none for this viewer."""
    found: Hotspot | None = places(viewer).select_related("created_by", "changed_by").filter(pk=pk).first()
    return found


def changeable(viewer: Viewer, pk: int) -> Hotspot | None:
    """One place whole, to be changed; None where it is not this viewer's to change."""
    rows = Hotspot.objects.changeable_by(viewer).select_related("owner", "lead", "changed_by")
    found: Hotspot | None = rows.filter(pk=pk).first()
    return found


def named(viewer: Viewer, text: str, most: int) -> list[Hotspot]:
    """The places with every word of a text in their name or public name, by name, at most so many."""
    rows = places(viewer).exclude(status=Hotspot.Status.ARCHIVED)
    for word in text.replace("\0", " ").split()[:10]:
        rows = rows.filter(Q(name__icontains=word) | Q(public_name__icontains=word))
    return list(rows.order_by("name", "pk")[:most])


def areas_of(records: Collection[Hotspot]) -> dict[str, Area]:
    """By code, the boroughs and wards that some places lie in, wards with their borough. One query."""
    codes = {code for record in records for code in record.area_codes}
    return {area.code: area for area in Area.objects.filter(code__in=codes).select_related("parent")}


def statuses(record: Hotspot) -> list[HotspotStatus]:
    """The changes of a place's status, newest first."""
    return list(record.statuses.select_related("changed_by").order_by("-changed_at", "-pk"))


def owners(viewer: Viewer) -> QuerySet[Agency]:
    """The agencies for which somebody may add places: one's own, and their parts."""
    return Agency.objects.filter(pk__in=viewer.agencies_with_parts(Permission.CHANGE), left_at=None)


def people_of(agencies: Collection[int]) -> QuerySet[User]:
    """The people with a role in some agencies or in their parts, by name: who can lead a place of theirs."""
    held = Membership.objects.current().filter(Q(agency__in=agencies) | Q(agency__part_of__in=agencies))
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "pk")


def shape_now(record: Hotspot, on: date) -> shapely.Geometry:
    """The place's boundary on a day. One query."""
    return shape_of(in_force([record.area_id], on)[record.area_id])


def recorded(shape: shapely.Geometry) -> tuple[list[date], list[Recorded]]:
    """The newest twelve months that are loaded, and of each police.uk category what a shape held in them, the most
    first; "all-crime" in front. Nothing where nothing is loaded. Two queries, and the files of these months."""
    months = points.newest_months(YEAR)
    if not months:
        return [], []
    shapes = (shape, *points.smaller_and_larger(shape))
    rows = points.near(shapes, months)
    counts = (
        points.pairs(shapes, rows).join(rows, on=["lon", "lat"]).group_by("shape", "category").agg(pl.col("rows").sum())
    )
    by_cell = {(index, number): count for index, number, count in counts.iter_rows()}
    known = categories.by_slug(categories.POLICE_UK)
    found = []
    for slug, _ in [*group_choices(), *problem_choices()]:
        numbers = [known[member].number for member in known[slug].members or (slug,)]
        found.append(Recorded(slug, *(sum(by_cell.get((index, n), 0) for n in numbers) for index in range(3))))
    plain = [one for one in found if not known[one.slug].members and one.high]
    total = [one for one in found if one.slug == "all-crime"]
    return months, [*total, *sorted(plain, key=lambda one: (-one.count, known[one.slug].name))]
