"""What the ward pages read: the only reader for them. Every function costs a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, Max, Min, OuterRef, Q

from hotspots import categories, coverage
from hotspots.models import Area, Boundary, DataVersion, Population, Slice, Source
from partners.models import User
from reports.models import MonthlySummary
from reports.schemes import HEADLINE


class Figure(NamedTuple):
    """One area's month of one category, as `MonthlySummary` has it. None = unknown."""

    month: date
    count: int | None  # type: ignore[assignment]  # the field is named so; the tuple's method is not used
    previous_month: int | None
    last_year: int | None
    rolling_12: int | None
    rate_per_1000: float | None
    coverage: int
    converted: bool


def unknown(month: date) -> Figure:
    """The figure of a month without a row."""
    return Figure(month, None, None, None, None, None, MonthlySummary.Coverage.MISSING, False)


_COLUMNS = (
    "month",
    "count",
    "previous_month",
    "same_month_last_year",
    "rolling_12",
    "rate_per_1000",
    "coverage",
    "converted",
)
_STORED = ", ".join(_COLUMNS)


@dataclass(frozen=True, slots=True)
class Place:
    """One area, with the area it lies in ("" where none is known)."""

    pk: int
    kind: str
    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    parent_pk: int | None = None
    parent_code: str = ""
    parent_name: str = ""
    # Its home publisher's slug, whose missing month makes its counts unknown; "" where nobody who polices it published.
    force: str = ""

    def in_force(self, day: date) -> bool:
        """Whether these boundaries were the official ones on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class WardSet:
    """The wards of one borough that came into force on one day."""

    valid_from: date | None
    valid_to: date | None
    wards: tuple[Place, ...]

    @property
    def day(self) -> date | None:
        """A day on which they were in force, by which addresses name them; None for wards without dates."""
        return self.valid_from or (self.valid_to - timedelta(days=1) if self.valid_to else None)


@dataclass(frozen=True, slots=True)
class Release:
    """What is loaded of one publisher's figures from one source, superseded releases apart."""

    source: str
    publisher: str
    slug: str
    first: date
    last: date
    # The publisher's own date of its newest release, where it has one.
    release: date | None
    loaded: datetime


class Span(NamedTuple):
    """First and last month of a scheme's rows for an area, and the newest one that bears comparison (else the newest
    with a count, else the last)."""

    first: date
    last: date
    newest: date


def data_version() -> int:
    """The number of changes to the published figures so far; 0 before the first. One query."""
    return DataVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def place(kind: str, code: str) -> Place | None:
    """The area of a kind with this code; None if there is none. One query."""
    row = (
        Area.objects.filter(kind=kind, code=code)
        .values_list(*_PLACE, "parent_id", "parent__code", "parent__name", _FORCE[Area.Kind(kind)])
        .first()
    )
    return Place(*row[:7], *(text or "" for text in row[7:])) if row else None


_FORCE = {
    Area.Kind.WARD: "parent__home__slug",
    Area.Kind.BOROUGH: "home__slug",
    Area.Kind.FORCE: "code",
}
_PLACE = ("pk", "kind", "code", "name", "valid_from", "valid_to")


def boroughs() -> list[Place]:
    """The boroughs that have wards and figures, by name. One query."""
    rows = (
        Area.objects.filter(
            Exists(MonthlySummary.objects.filter(area_id=OuterRef("pk"))),
            Exists(Area.objects.filter(parent_id=OuterRef("pk"), kind=Area.Kind.WARD)),
            kind=Area.Kind.BOROUGH,
        )
        .order_by("name")
        .values_list(*_PLACE, "home__slug")
    )
    return [Place(*[*row[:6], None, "", "", row[6] or ""]) for row in rows]


def own_borough(user: User, choices: Sequence[Place]) -> Place:
    """The borough that one of the person's agencies is named after ("Havering Council"); else the first. One query."""
    return named_after(user.memberships.values_list("agency__name", flat=True), choices)


def named_after(agencies: Iterable[str], choices: Sequence[Place]) -> Place:
    """The borough that one of these agencies is named after; else the first."""
    names = " ".join(agencies).casefold()
    return next((borough for borough in choices if borough.name.casefold() in names), choices[0])


def ward_sets(borough_pk: int) -> list[WardSet]:
    """A borough's wards by the day they came into force, oldest first; wards by name. One query."""
    rows = Area.objects.filter(kind=Area.Kind.WARD, parent_id=borough_pk).order_by("name").values_list(*_PLACE)
    found: dict[date | None, list[Place]] = {}
    for row in rows:
        ward = Place(*row)
        found.setdefault(ward.valid_from, []).append(ward)
    return [
        WardSet(since, max((ward.valid_to for ward in wards if ward.valid_to), default=None), tuple(wards))
        for since, wards in sorted(found.items(), key=lambda item: item[0] or date.min)
    ]


def spans(*area_pks: int) -> dict[str, Span]:
    """The months for which an area (of several: any of them) has rows, by scheme. One query."""
    schemes = {categories.by_slug(scheme)[slug].number: scheme for scheme, slug in HEADLINE.items()}
    rows = (
        MonthlySummary.objects.filter(area_id__in=area_pks, category_id__in=schemes)
        .values_list("category_id")
        .annotate(
            Min("month"),
            Max("month"),
            whole=Max("month", filter=Q(coverage__gt=MonthlySummary.Coverage.PARTIAL)),
            known=Max("month", filter=Q(count__isnull=False)),
        )
        .order_by("category_id")
    )
    return {schemes[number]: Span(first, last, whole or known or last) for number, first, last, whole, known in rows}


class Want(NamedTuple):
    """Categories (numbers) and the months wanted of them, both ends included."""

    categories: Collection[int]
    since: date
    until: date


def figures(area_pk: int, wanted: Iterable[Want]) -> dict[int, list[Figure]]:
    """An area's figures by category number, months in order. One query."""
    condition = Q(pk__in=[])
    for want in wanted:
        condition |= Q(category_id__in=want.categories, month__gte=want.since, month__lte=want.until)
    found: dict[int, list[Figure]] = {}
    rows = MonthlySummary.objects.filter(condition, area_id=area_pk).order_by("category_id", "month")
    for number, *row in rows.values_list("category_id", *_COLUMNS):
        found.setdefault(number, []).append(Figure._make(row))
    return found


def figures_of_areas(area_pks: Collection[int], category: int, since: date, until: date) -> dict[int, list[Figure]]:
    """Several areas' figures of one category by area, months in order, both ends included. One query."""
    found: dict[int, list[Figure]] = {pk: [] for pk in area_pks}
    rows = MonthlySummary.objects.filter(
        area_id__in=area_pks, category_id=category, month__gte=since, month__lte=until
    ).order_by("area_id", "month")
    for pk, *row in rows.values_list("area_id", *_COLUMNS):
        found[pk].append(Figure._make(row))
    return found


def figures_of_several(wanted: Sequence[tuple[Collection[int], Want]]) -> dict[tuple[int, int], dict[date, Figure]]:
    """Figures by area and category number, for each the wanted months. One query."""
    one = "(area_id = ANY(%s) AND category_id = ANY(%s) AND month BETWEEN %s AND %s)"
    asked = [part for areas, want in wanted for part in (list(areas), list(want.categories), want.since, want.until)]
    found: dict[tuple[int, int], dict[date, Figure]] = {}
    with connection.cursor() as cursor:  # written out: Django would take as long to write it as PostgreSQL to answer
        columns = f"area_id, category_id, {_STORED} FROM {MonthlySummary._meta.db_table}"
        cursor.execute(f"SELECT {columns} WHERE {' OR '.join([one] * len(wanted))}", asked)
        for area, number, *row in cursor.fetchall():
            found.setdefault((area, number), {})[row[0]] = Figure(*row)
    return found


def outlines(area_pks: Collection[int], day: date) -> dict[int, dict[str, object]]:
    """GeoJSON geometries by area: the shape in force on a day, else the nearest later or the last one. One query."""
    found: dict[int, dict[str, object]] = {}
    rows = Boundary.objects.filter(area_id__in=area_pks).order_by("area_id", "valid_from")
    for pk, valid_from, outline in rows.values_list("area_id", "valid_from", "outline"):
        if pk not in found or valid_from is None or valid_from <= day:
            found[pk] = outline
    return found


def releases(sources: Collection[str], since: date, until: date) -> list[Release]:
    """What is loaded of these sources for these months, both ends included, by source and publisher. One query."""
    rows = (
        Slice.objects.current()
        .filter(source__in=sources, month__gte=since, month__lte=until)
        .values_list("source", "publisher__name", "publisher__slug")
        .annotate(Min("month"), Max("month"), Max("release"), Max("loaded"))
        .order_by("source", "publisher__name")
    )
    return [Release(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Denominator:
    """The residents that a rate is per: `year` is the year they were counted in, None where added up from LSOAs."""

    residents: int
    year: int | None


def denominator(area_pk: int, month: date, figures: Iterable[Figure]) -> Denominator | None:
    """The residents that a month's stored rates are per, worked back from the year's rates; None without any.
    One query: the year they were counted in, where that very number is published for the area.
    """
    rated = [f for f in figures if f.month.year == month.year and f.month <= month and f.count and f.rate_per_1000]
    if not rated:
        return None
    largest = max(rated, key=lambda figure: figure.count or 0)
    residents = round(1000 * (largest.count or 0) / (largest.rate_per_1000 or 1))
    years = Population.objects.filter(area_id=area_pk, residents=residents).values_list("year", flat=True)
    return Denominator(residents, max((y for y in years if y <= month.year), default=min(years, default=None)))


@dataclass(frozen=True, slots=True)
class Gap:
    """Months within a window that a publisher did not report, or reported in part."""

    publisher: str
    missing: tuple[date, ...]
    partial: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """How whole a source is for an area: the slug of its home publisher ("" = none), and the gaps."""

    force: str
    gaps: tuple[Gap, ...]


def reporting(source: str, window: Collection[date], place: Place) -> Reporting:
    """Gaps of the publishers that an area's figures rest on: its home publisher, those without a territory (but a force
    counts its own rows alone), and whoever published a ready-made table of it. One query."""
    if source in (Source.MPS_WARD, Source.MPS_BOROUGH):
        borough = place.parent_name if place.kind == Area.Kind.WARD else place.name
        which = Q(scope="") | Q(scope__iexact=borough)
    else:
        which = Q(publisher__slug=place.force)
        if place.kind != Area.Kind.FORCE:
            which |= Q(publisher__area=None)
    found = []
    for line in coverage.reported(source, which):
        missing = tuple(month for month in window if line.states.get(month) == coverage.State.MISSING)
        partial = tuple(month for month in window if line.states.get(month) == coverage.State.PARTIAL)
        if missing or partial:
            found.append(Gap(line.publisher, missing, partial))
    return Reporting(place.force, tuple(found))


def back(month: date, months: int) -> date:
    """The first day of the month that lies `months` before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
