"""What the API reads: rows in the column order of `reports.api.serializers`. The hot path is hand-written SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Coalesce

from hotspots import categories
from hotspots.coverage import coverage
from hotspots.models import DRAWN, Area, Boundary, ImportedFile, ImportRun, Population
from partners.models import Job
from reports.models import MonthlySummary

COVERAGE = {
    MonthlySummary.Coverage.MISSING.value: "missing",
    MonthlySummary.Coverage.PARTIAL.value: "partial",
    MonthlySummary.Coverage.WITHOUT_TRANSPORT_POLICE.value: "without-transport-police",
    MonthlySummary.Coverage.COMPLETE.value: "complete",
}
_AREA = ("code", "name", "kind", "parent__code", "valid_from", "valid_to")


def _in_force(day: date) -> Q:
    return Q(Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def areas(
    *, kind: str | None, parent: str | None, in_force: date | None, q: str | None, limit: int, offset: int
) -> list[tuple[Any, ...]]:
    """Up to `limit + 1` rows of AreaRow, by code: the last tells that there is a next page."""
    found = Area.objects.order_by("code")
    if kind:
        found = found.filter(kind=kind)
    if parent:
        found = found.filter(parent__code=parent)
    if in_force:
        found = found.filter(_in_force(in_force))
    if q:
        found = found.filter(Q(name__icontains=q) | Q(code__icontains=q))
    return list(found.values_list(*_AREA)[offset : offset + limit + 1])


def area_exists(code: str) -> bool:
    """Whether there is an area with this code."""
    return Area.objects.filter(code=code).exists()


def area(code: str) -> dict[str, Any] | None:
    """One AreaDetail, or None for an unknown code. Three queries."""
    found = Area.objects.filter(code=code).values_list("id", *_AREA).first()
    if found is None:
        return None
    pk, *values = found
    shapes = Boundary.objects.published().filter(area=pk).order_by("valid_from")
    return {
        **dict(zip(("code", "name", "kind", "parent", "valid_from", "valid_to"), values, strict=True)),
        "populations": list(Population.objects.filter(area=pk).order_by("year").values("year", "residents", "source")),
        "boundaries": [
            {"valid_from": start, "valid_to": end, "bbox": bbox, "source": source}
            for start, end, source, *bbox in shapes.values_list(
                "valid_from", "valid_to", "source", "west", "south", "east", "north"
            )
        ],
    }


def boundaries(
    *,
    limit: int,
    offset: int,
    code: str | None = None,
    kind: str | None = None,
    parent: str | None = None,
    on: date | None = None,
) -> list[dict[str, Any]]:
    """Up to `limit + 1` GeoJSON features of dated shapes, by area code and date."""
    found: QuerySet[Boundary] = Boundary.objects.published().order_by("area__code", "valid_from")
    if code:
        found = found.filter(area__code=code)
    if kind:
        found = found.filter(area__kind=kind)
    if parent:
        found = found.filter(area__parent__code=parent)
    if on:
        found = found.filter(_in_force(on))
    names = ("code", "name", "kind", "parent", "valid_from", "valid_to", "source")
    rows = found.annotate(geometry=Cast("outline", TextField())).values_list(
        *("area__code", "area__name", "area__kind", "area__parent__code", "valid_from", "valid_to", "source"),
        *("west", "south", "east", "north", "geometry"),
    )
    return [
        {
            "type": "Feature",
            "bbox": row[7:11],
            "geometry": orjson.Fragment(row[11]),  # already JSON: neither parsed nor written again
            "properties": dict(zip(names, row[:7], strict=True)),
        }
        for row in rows[offset : offset + limit + 1]
    ]


def category_rows(scheme: str | None) -> list[tuple[Any, ...]]:
    """Every CategoryRow of a scheme, or of all, from the registry. No query."""
    aliases: dict[tuple[str, str], list[str]] = {}
    for (of, alias), slug in categories.GROUP_ALIASES.items():
        aliases.setdefault((of, slug), []).append(alias)
    flags = ("violence", "victim_reported", "found_by_police", "drug_possession", "drug_supply")
    return [
        (
            *(d.scheme, d.slug, d.name, bool(d.members), d.parent or None, d.members),
            *(aliases.get((d.scheme, d.slug), []), d.in_totals),
            *(flag in d.flags for flag in flags),
        )
        for d in categories.DEFINITIONS
        if scheme in (None, d.scheme)
    ]


def coverage_rows(
    source: str, *, publisher: str | None, first: date | None, last: date | None
) -> Iterable[tuple[Any, ...]]:
    """CoverageRows, publisher by publisher. One query."""
    found = coverage(source)
    for line in found.lines:
        if publisher not in (None, line.publisher.slug):
            continue
        for month, cell in zip(found.months, line.cells, strict=True):
            if cell is None or (first and month < first) or (last and month > last):
                continue
            known = cell.slice
            yield (
                *(source, line.publisher.slug, f"{month:%Y-%m}", line.scope, cell.state.value),
                *((cell.rows, known.release, known.loaded) if known else (None, None, None)),
            )


def summary_areas(codes: Collection[str], kind: str | None, parent: str | None) -> dict[int, str]:
    """Area id -> code of the areas asked for. LSOAs have no summaries and come only where named. One query."""
    conditions: list[str] = ["kind <> ALL(%s)"]
    arguments: list[Any] = [[*DRAWN]]
    if codes:
        conditions.append("code = ANY(%s)")
        arguments.append(list(codes))
    else:
        conditions.append("kind <> 'lsoa'")
    if kind:
        conditions.append("kind = %s")
        arguments.append(kind)
    if parent:
        conditions.append("parent_id = (SELECT id FROM hotspots_area WHERE code = %s)")
        arguments.append(parent)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, code FROM hotspots_area WHERE {' AND '.join(conditions)}",  # noqa: S608 - constants
            arguments,
        )
        return dict(cursor.fetchall())


def summaries(
    areas: Mapping[int, str],
    numbers: Collection[int],
    *,
    first: date | None,
    last: date | None,
    limit: int,
    offset: int,
) -> list[tuple[Any, ...]]:
    """Up to `limit + 1` SummaryRows of these areas (id -> code) and category numbers. One query.

    In the order of the primary key, so that PostgreSQL walks its index and never sorts: an area's rows stand together,
    by category, then month.
    """
    sql = """
        SELECT area_id, category_id, month, count, previous_month, same_month_last_year, rolling_12, rate_per_1000,
               coverage, converted
        FROM reports_monthlysummary
        WHERE area_id = ANY(%s) AND category_id = ANY(%s) AND month BETWEEN %s AND %s
        ORDER BY area_id, category_id, month
        LIMIT %s OFFSET %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(areas), list(numbers), first or date.min, last or date.max, limit + 1, offset])
        found = cursor.fetchall()
    definitions = categories.by_number()
    month_names = {month: month.isoformat()[:7] for month in {row[2] for row in found}}
    return [
        (areas[row[0]], definitions[row[1]].scheme, definitions[row[1]].slug, month_names[row[2]], *row[3:8],
         COVERAGE[row[8]], row[9])
        for row in found
    ]  # fmt: skip


def _runs() -> QuerySet[ImportRun]:
    state = ImportedFile.State
    return ImportRun.objects.select_related("job").annotate(
        stored=Count("files", filter=Q(files__state=state.STORED)),
        unchanged=Count("files", filter=Q(files__state=state.UNCHANGED)),
        refused=Count("files", filter=Q(files__state=state.REFUSED)),
        rows_read=Coalesce(Sum("files__rows_read"), 0),
        rows_kept=Coalesce(Sum("files__rows_kept"), 0),
        rows_rejected=Coalesce(Sum("files__rows_rejected"), 0),
    )


def _run_row(run: Any) -> tuple[Any, ...]:
    without_job = Job.State.DONE if run.finished else Job.State.RUNNING  # from the command line
    state = run.job.state if run.job else without_job.value
    return (
        *(run.pk, run.title, state, run.started, run.finished, run.stored, run.unchanged, run.refused),
        *(run.rows_read, run.rows_kept, run.rows_rejected),
    )


def imports(*, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """Up to `limit + 1` ImportRows, newest first. One query."""
    return [_run_row(run) for run in _runs().order_by("-id")[offset : offset + limit + 1]]


def import_run(pk: int) -> tuple[Any, ...] | None:
    """One ImportRow, or None. One query."""
    run = _runs().filter(pk=pk).first()
    return _run_row(run) if run else None


def imported_files(run: int, *, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """Up to `limit + 1` ImportedFileRows of a run, in order of reading. One query."""
    found = ImportedFile.objects.filter(run=run).order_by("id")
    names = ("id", "name", "format", "state", "message", "sha256", "size")
    return list(
        found.values_list(*names, "rows_read", "rows_kept", "rows_rejected", "quality")[offset : offset + limit + 1]
    )


def last_import() -> Mapping[str, Any] | None:
    """The last import that ended, or None. One query."""
    return (
        ImportRun.objects.filter(finished__isnull=False).order_by("-finished").values("id", "title", "finished").first()
    )
