"""Real rows for tests: areas with shapes, publishers, slices, and monthly summaries whose derived columns agree.

borough = BoroughFactory()
ward = WardFactory(parent=borough)
summarise(ward, "burglary", [12, 9, None, 14], since=date(2016, 4, 1))
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory
from shapely import box, to_wkb
from shapely.geometry import mapping

from hotspots import categories
from hotspots.models import (
    Area,
    AreaMembership,
    Boundary,
    DataVersion,
    Hotspot,
    ImportedFile,
    ImportRun,
    Population,
    Publisher,
    Slice,
    Source,
)
from hotspots.register import actions as register
from hotspots.register.boundaries import areas_touched
from partners.models import Agency, Membership, Role, User
from partners.visibility import Viewer
from reports.models import MonthlySummary

COMPLETE, PARTIAL, MISSING = (
    MonthlySummary.Coverage.COMPLETE,
    MonthlySummary.Coverage.PARTIAL,
    MonthlySummary.Coverage.MISSING,
)


class AreaFactory(DjangoModelFactory[Area]):
    """An area of any kind, without a shape."""

    class Meta:
        model = Area

    kind = Area.Kind.WARD
    code = factory.Sequence(lambda n: f"E0599{n:04d}")
    name = factory.Sequence(lambda n: f"Ward {n}")


class ForceFactory(AreaFactory):
    kind = Area.Kind.FORCE
    code = factory.Sequence(lambda n: f"force-{n}")
    name = factory.Sequence(lambda n: f"Force {n}")


class BoroughFactory(AreaFactory):
    kind = Area.Kind.BOROUGH
    code = factory.Sequence(lambda n: f"E09{n:06d}")
    name = factory.Sequence(lambda n: f"Borough {n}")
    parent = factory.SubFactory(ForceFactory)


class WardFactory(AreaFactory):
    parent = factory.SubFactory(BoroughFactory)
    valid_from = date(2010, 5, 6)


class LsoaFactory(AreaFactory):
    kind = Area.Kind.LSOA
    code = factory.Sequence(lambda n: f"E01{n:06d}")
    name = factory.Sequence(lambda n: f"Borough {n:03d}A")


class BoundaryFactory(DjangoModelFactory[Boundary]):
    """A square of about 0.01 degrees in a row of squares; give `box_of=(west, south, east, north)` for another."""

    class Meta:
        model = Boundary
        exclude = ["box_of"]

    area = factory.SubFactory(WardFactory)
    box_of = factory.Sequence(lambda n: (round(0.1 + n % 20 / 100, 2), 51.5, round(0.11 + n % 20 / 100, 2), 51.51))
    shape = factory.LazyAttribute(lambda made: to_wkb(box(*made.box_of)))
    outline = factory.LazyAttribute(lambda made: _geojson(made.box_of))
    west = factory.LazyAttribute(lambda made: made.box_of[0])
    south = factory.LazyAttribute(lambda made: made.box_of[1])
    east = factory.LazyAttribute(lambda made: made.box_of[2])
    north = factory.LazyAttribute(lambda made: made.box_of[3])
    source = "Test boundaries"


def _geojson(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    shape = mapping(box(*bounds))
    return {"type": shape["type"], "coordinates": [[list(point) for point in ring] for ring in shape["coordinates"]]}


class MembershipFactory(DjangoModelFactory[AreaMembership]):
    class Meta:
        model = AreaMembership

    child = factory.SubFactory(LsoaFactory)
    parent = factory.SubFactory(WardFactory)
    source = "Test lookup"


class PopulationFactory(DjangoModelFactory[Population]):
    class Meta:
        model = Population

    area = factory.SubFactory(WardFactory)
    year = 2015
    residents = 10_000
    source = "Test census"


class PublisherFactory(DjangoModelFactory[Publisher]):
    """A territorial publisher; `area=None` for one without a territory. It is the home of the boroughs of its area."""

    class Meta:
        model = Publisher
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"publisher-{n}")
    name = factory.LazyAttribute(lambda made: made.slug.replace("-", " ").title())
    area = factory.SubFactory(ForceFactory)

    @factory.post_generation
    def home_of_boroughs(self: Publisher, *_: object, **__: object) -> None:
        if self.area:
            Area.objects.filter(kind=Area.Kind.BOROUGH, parent=self.area).update(home=self)


class ImportRunFactory(DjangoModelFactory[ImportRun]):
    class Meta:
        model = ImportRun

    title = "Test import"


class ImportedFileFactory(DjangoModelFactory[ImportedFile]):
    class Meta:
        model = ImportedFile

    run = factory.SubFactory(ImportRunFactory)
    name = factory.Sequence(lambda n: f"2016-04/2016-04-file-{n}-street.csv")
    format = "police.uk street"
    state = ImportedFile.State.STORED
    sha256 = factory.LazyAttribute(lambda made: hashlib.sha256(made.name.encode()).hexdigest())
    size = 1_000
    rows_read = 10
    rows_kept = 10


class SliceFactory(DjangoModelFactory[Slice]):
    """A pointer row only: write the facts yourself (`facts.write`) where they are read."""

    class Meta:
        model = Slice

    source = Source.STREET
    publisher = factory.SubFactory(PublisherFactory)
    month = date(2016, 4, 1)
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    rows = 10
    rows_located = 10
    path = factory.Sequence(lambda n: f"street/{n}.parquet")
    file = factory.SubFactory(ImportedFileFactory)


def months_from(since: date, length: int) -> list[date]:
    """`length` first days of months, from `since`."""
    return [
        date(since.year + (since.month - 1 + step) // 12, (since.month - 1 + step) % 12 + 1, 1)
        for step in range(length)
    ]


def summarise(
    area: Area,
    category: str,
    counts: Sequence[int | None],
    *,
    since: date,
    scheme: str = categories.POLICE_UK,
    residents: int | None = None,
    coverage: dict[date, int] | None = None,
    converted: Sequence[date] = (),
) -> list[MonthlySummary]:
    """Stored summaries of one area and category, a count a month from `since`, derived columns included.

    A None count is a month without a report (coverage MISSING); `coverage` overrides months, `converted` marks them.
    """
    number = categories.by_slug(scheme)[category].number
    months = months_from(since, len(counts))
    partial = {month for month, level in (coverage or {}).items() if level == MonthlySummary.Coverage.PARTIAL}
    usable = [None if month in partial else count for month, count in zip(months, counts, strict=True)]
    rows = []
    for index, (month, count) in enumerate(zip(months, counts, strict=True)):
        year = usable[index - 11 : index + 1] if index >= 11 else ()
        rows.append(
            MonthlySummary(
                area_id=area.pk,
                category_id=number,
                month=month,
                count=count,
                previous_month=usable[index - 1] if index >= 1 else None,
                same_month_last_year=usable[index - 12] if index >= 12 else None,
                rolling_12=sum(n for n in year if n is not None) if year and None not in year else None,
                rate_per_1000=None if count is None or not residents else 1000 * count / residents,
                coverage=(coverage or {}).get(month, MISSING if count is None else COMPLETE),
                converted=month in converted,
            )
        )
    MonthlySummary.objects.bulk_create(rows)
    return rows


def next_data_version() -> int:
    """Counts one change to the published figures, as an import does."""
    version, _ = DataVersion.objects.get_or_create(pk=1)
    version.number += 1
    version.save()
    return version.number


def make_place(
    owner: Agency,
    *,
    by: Viewer | None = None,
    box_of: tuple[float, float, float, float] = (0.212, 51.602, 0.216, 51.605),
    valid_from: date = date(2024, 1, 1),
    ring_m: int = 500,
    status: str = Hotspot.Status.PROPOSED,
    **said: Any,
) -> Hotspot:
    """A place of an agency's, of some 280 x 330 m, as its manager would add it: `said` by the names of `Content`.

    Where it lies in no area, it gets a borough and a ward two kilometres around it. Nothing is counted: `reports.
    place_counts.recount` counts.
    """
    by = by or Viewer.of_agency(owner, Role.MANAGER)
    shape = box(*box_of)
    if not areas_touched(shape, valid_from):
        west, south, east, north = box_of
        around = west - 0.03, south - 0.02, east + 0.03, north + 0.02
        ward = WardFactory(valid_from=None)
        BoundaryFactory(area=ward, box_of=around)
        BoundaryFactory(area=ward.parent, box_of=around)
    content = register.Content(
        **{
            "name": "Hilldene shops",
            "equality_people": "Mostly families in flats above the shops.",
            "equality_balance": "As much support as enforcement.",
            "equality_other": "The bus station was rebuilt.",
            **said,
        }
    )
    place = register.add_hotspot(
        by=by,
        owner=owner,
        content=content,
        drawn=register.Drawn(shape, "drawn"),
        valid_from=valid_from,
        ring_m=ring_m,
    )
    if status == Hotspot.Status.PROPOSED:
        return place
    return register.set_status(by=by, pk=place.pk, status=status, reason="For a test")


def make_administrator(user: User) -> None:
    """Gives somebody the role of a partnership administrator beside the role that the person has."""
    Membership.objects.create(user=user, agency=user.memberships.get().agency, role=Role.PARTNERSHIP)
