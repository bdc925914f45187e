"""The kinds of background work that combine importing and summarising."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from hotspots import fetch, inbox
from hotspots.importers import pipeline
from hotspots.importers.base import Options
from hotspots.models import ImportedFile, ImportRun
from partners.jobs import Progress, handler
from reports import place_counts, summaries, warming


@handler("import")
def import_files(
    progress: Progress,
    *,
    paths: Sequence[str],
    title: str,
    names: Sequence[str] = (),
    options: Mapping[str, str | None] | None = None,
) -> str:
    """Imports files and summarises what changed; uploads leave the inbox when that is done.

    `names`: what to call each path, in the same order. `options`: those of `base.Options`, dates as "2022-05-05".
    """
    job = progress.job
    valid_from = (options or {}).get("valid_from")
    run = pipeline.run(
        [Path(path) for path in paths],
        title=title,
        by=job.requested_by if job else None,
        job=job,
        progress=progress,
        summarise=summaries.recompute,
        areas_changed=summaries.rebuild,
        names=dict(zip(paths, names, strict=False)),
        options=Options(valid_from=date.fromisoformat(valid_from) if valid_from else None),
    )
    inbox.forget(paths)
    warming.warm()
    return closing_sentence(run)


@handler("fetch-archive")
def fetch_archive(progress: Progress) -> str:
    """Fetches the newest police.uk archive, unless it was taken before, and imports the files of `POLICE_UK_FORCES`."""
    archive = fetch.newest_archive(progress)
    if fetch.was_taken(archive):
        return f"The newest archive, that of {archive.month:%B %Y}, was taken before."
    path = fetch.fetch_archive(archive, progress)
    run = pipeline.run(
        [path],
        title=archive.title,
        by=None,
        job=progress.job,
        progress=progress,
        summarise=summaries.recompute,
        areas_changed=summaries.rebuild,
        forces=settings.POLICE_UK_FORCES,
    )
    path.unlink()
    warming.warm()
    return closing_sentence(run)


@handler("recount-places")
def recount_places(progress: Progress, *, areas: Sequence[int]) -> str:
    """Counts the shapes of some drawn places in all months; others are left as they are."""
    count = place_counts.recount(areas, progress)
    return f"{count} {'shape' if count == 1 else 'shapes'} counted."


def closing_sentence(run: ImportRun) -> str:
    """ "24 files stored, 1 refused." """
    states = Counter(run.files.values_list("state", flat=True))
    words = {
        ImportedFile.State.STORED: "stored",
        ImportedFile.State.UNCHANGED: "already stored",
        ImportedFile.State.REFUSED: "refused",
    }
    parts = [f"{states[state]} {word}" for state, word in words.items() if states[state]]
    if not parts:
        return "There was no file to read: no CSV, JSON, GeoJSON or GeoPackage, nor a zip of them or of a shapefile."
    plural = "file" if sum(states.values()) == 1 else "files"
    return f"{sum(states.values())} {plural}: {', '.join(parts)}."
