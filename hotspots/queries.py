"""What the data pages read. Each function costs the same number of queries however much is loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, When
from django.utils import timezone

from hotspots.models import (
    Area,
    AreaMembership,
    Boundary,
    ImportedFile,
    ImportRun,
    Population,
    RejectedRow,
    Slice,
    Source,
)
from partners.areas import Choice

# (source, publisher's slug, scope, first day of the month): what a release supersedes.
Key = tuple[str, str, str, date]


@dataclass(frozen=True)
class Loaded:
    """What counts of one publisher's figures from one source. `months` is how many have a current slice."""

    source: Source
    publisher: str
    scope: str
    first: date
    last: date
    months: int
    rows: int
    loaded: datetime


def loaded() -> list[Loaded]:
    """Every (source, publisher, scope) with current slices, in the order of `Source`."""
    rows = (
        Slice.objects.current()
        .values("source", "publisher__name", "scope")
        .annotate(first=Min("month"), last=Max("month"), months=Count("pk"), total=Sum("rows"), latest=Max("loaded"))
        .order_by("publisher__name", "scope")
    )
    order = {source.value: position for position, source in enumerate(Source)}
    return [
        Loaded(
            Source(row["source"]),
            row["publisher__name"],
            row["scope"],
            row["first"],
            row["last"],
            row["months"],
            row["total"],
            row["latest"],
        )
        for row in sorted(rows, key=lambda row: order[row["source"]])
    ]


@dataclass(frozen=True)
class WardSet:
    """The wards in force from one day on, of all boroughs that changed on that day."""

    valid_from: date | None
    valid_to: date | None
    wards: int
    boroughs: int
    with_boundary: int


@dataclass(frozen=True)
class Areas:
    """How many areas of each kind are known, and what is known about them."""

    kinds: dict[str, int]
    with_boundary: dict[str, int]
    ward_sets: list[WardSet]
    # (source of the lookup, in force from, LSOAs)
    lookups: list[tuple[str, date | None, int]]
    # (year, kind, areas with a figure, source)
    populations: list[tuple[int, str, int, str]]


def areas() -> Areas:
    """What is loaded of places. Five queries."""
    kinds = dict(Area.objects.values_list("kind").annotate(Count("pk")).order_by())
    published = Boundary.objects.published()
    shaped = dict(published.values_list("area__kind").annotate(Count("area", distinct=True)).order_by())
    sets = (
        Area.objects.filter(kind=Area.Kind.WARD)
        .values("valid_from", "valid_to")
        .annotate(
            wards=Count("pk", distinct=True),
            boroughs=Count("parent", distinct=True),
            with_boundary=Count("pk", filter=Q(boundaries__isnull=False), distinct=True),
        )
        .order_by("valid_from", "valid_to")
    )
    lookups = (
        AreaMembership.objects.values_list("source", "valid_from")
        .annotate(Count("child", distinct=True))
        .order_by("source", "valid_from")
    )
    populations = (
        Population.objects.values_list("year", "area__kind", "source")
        .annotate(Count("pk"))
        .order_by("-year", "area__kind", "source")
    )
    return Areas(
        kinds=kinds,
        with_boundary=shaped,
        ward_sets=[WardSet(**row) for row in sets],
        lookups=list(lookups),
        populations=[(year, kind, count, source) for year, kind, source, count in populations],
    )


def import_runs() -> QuerySet[ImportRun]:
    """All runs, newest first, each with its job, the person who asked, and how many files ended in each state."""
    counts = {state.value: Count("files", filter=Q(files__state=state)) for state in ImportedFile.State}
    return (
        ImportRun.objects.select_related("job", "requested_by")
        .annotate(**counts, rows=Sum("files__rows_kept"))
        .order_by("-pk")
    )


def imported_files(run: ImportRun) -> QuerySet[ImportedFile]:
    """The files of a run: refused ones first, then in the order in which they were read."""
    refused = Case(When(state=ImportedFile.State.REFUSED, then=0), default=1)
    return run.files.order_by(refused, "id")


def reasons(file: ImportedFile, most: int = 50) -> list[tuple[str, int]]:
    """(reason, rows) of the listed rejected rows of a file, the most frequent first."""
    return list(
        RejectedRow.objects.filter(file=file)
        .values_list("reason")
        .annotate(rows=Count("pk"))
        .order_by("-rows", "reason")[:most]
    )


def releases(of: Slice) -> QuerySet[Slice]:
    """All releases of the same (source, publisher, scope, month), the one that counts first, then the newest."""
    return (
        Slice.objects.filter(source=of.source, publisher=of.publisher_id, scope=of.scope, month=of.month)
        .select_related("file__run", "publisher")
        .order_by("-loaded", "-pk")
    )


def stored_before(sha256s: Iterable[str]) -> dict[str, ImportedFile]:
    """sha256 -> the newest record of a file with this very content that was stored."""
    files = ImportedFile.objects.filter(sha256__in=list(sha256s), state=ImportedFile.State.STORED).select_related("run")
    return {file.sha256: file for file in files.order_by("pk")}


def current_slices(keys: Collection[Key]) -> dict[Key, Slice]:
    """The current slices of these keys: what a new release would replace. One query."""
    if not keys:
        return {}
    found = Slice.objects.current().filter(
        source__in={key[0] for key in keys},
        publisher__slug__in={key[1] for key in keys},
        month__in={key[3] for key in keys},
    )
    by_key = {(s.source, s.publisher.slug, s.scope, s.month): s for s in found.select_related("publisher")}
    return {key: by_key[key] for key in keys if key in by_key}


def wards_in_force(on: date) -> QuerySet[Area]:
    """The wards in force on a day, with their boroughs, by borough (those without one last) and name."""
    return (
        _in_force(on, Area.Kind.WARD)
        .select_related("parent")
        .order_by(F("parent__name").asc(nulls_last=True), "parent", "name", "code")
    )


def _in_force(on: date, *kinds: Area.Kind) -> QuerySet[Area]:
    return Area.objects.filter(kind__in=kinds).exclude(valid_to__lte=on).exclude(valid_from__gt=on)


def area_choices() -> list[Choice]:
    """The boroughs, by name, each followed by its wards in force today, by name. One query."""
    found = _in_force(timezone.localdate(), Area.Kind.BOROUGH, Area.Kind.WARD).values_list(
        "code", "name", "kind", "parent__name"
    )
    rows = [Choice(code, name, (within or "") if kind == Area.Kind.WARD else "") for code, name, kind, within in found]
    return sorted(rows, key=lambda row: (row.within or row.name, bool(row.within), row.name))
