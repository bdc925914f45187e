# ruff: noqa: N999 - Django names a command after its module, and this one is "import"
"""Imports files, folders, zips or a URL of any format that is known."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from hotspots.importers import pipeline
from hotspots.importers.base import Options
from hotspots.models import ImportedFile, ImportRun
from partners import jobs
from reports import summaries, warming
from reports.jobs import closing_sentence


class Command(BaseCommand):
    help = (
        "Imports police.uk files, Metropolitan Police tables, boundaries, lookups and residents, and reports on each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH|FOLDER|ZIP|URL")
        parser.add_argument("--as-job", action="store_true", help="leave the work to a worker; prints the job's number")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, metavar="YYYY-MM-DD", help="since when these wards are in force"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given: list[str] = options["paths"]
        # People read it: they need the name, not where the server keeps the file.
        title = f"Import of {Path(given[0]).name}" + (f" and {len(given) - 1} more" if len(given) > 1 else "")
        valid_from: date | None = options["valid_from"]
        if options["as_job"]:
            self._enqueue(given, title[:200], valid_from)
            return
        with tempfile.TemporaryDirectory() as folder:
            try:
                run = pipeline.run(
                    [self._local(source, Path(folder)) for source in given],
                    title=title[:200],
                    by=None,
                    progress=_Lines(self.stdout),
                    summarise=summaries.recompute,
                    areas_changed=summaries.rebuild,
                    options=Options(valid_from=valid_from),
                )
            except jobs.JobFailed as failure:
                raise CommandError(str(failure)) from failure
        warming.warm()
        self._report(run)

    def _enqueue(self, given: list[str], title: str, valid_from: date | None) -> None:
        paths = [str(self._local(source, None)) for source in given]
        job = jobs.enqueue(
            "import",
            title=title,
            arguments={
                "paths": paths,
                "title": title,
                "options": {"valid_from": valid_from.isoformat() if valid_from else None},
            },
            unique_key="import:" + "|".join(sorted(paths))[:180],
            by=None,
        )
        self.stdout.write(f"Job {job.pk} is waiting for a worker.")

    def _local(self, source: str, folder: Path | None) -> Path:
        """The path of what was asked for; a URL is downloaded into `folder` first."""
        if urlsplit(source).scheme in ("http", "https"):
            if folder is None:
                raise CommandError("A job imports files of this server: download the URL first, or leave out --as-job.")
            from hotspots import fetch

            return fetch.download(source, folder, progress=_Lines(self.stdout))
        path = Path(source).resolve()
        if not path.exists():
            raise CommandError(f"There is no file or folder {source}.")
        return path

    def _report(self, run: ImportRun) -> None:
        for file in run.files.all():
            self.stdout.write(
                f"\n{file.name}: {file.get_state_display().lower()}{f' ({file.format})' if file.format else ''}"
            )
            for line in _summary(file):
                self.stdout.write(f"  {line}")
        self.stdout.write(f"\n{closing_sentence(run)}")
        if not run.files.exists() or run.files.filter(state=ImportedFile.State.REFUSED).exists():
            raise CommandError("Not everything was imported.")


def _summary(file: ImportedFile) -> list[str]:
    lines = [file.message] if file.message else []
    if file.rows_read:
        lines.append(f"rows: {file.rows_read:,} read, {file.rows_kept:,} kept, {file.rows_rejected:,} rejected")
    lines += [str(row) for row in file.rejected.all()[:10]]
    if file.rows_rejected > 10:
        lines.append(f"... and {file.rows_rejected - 10:,} more rejected rows")
    if file.quality.get("without_location"):
        lines.append(f"without location: {file.quality['without_location']:,}")
    if file.quality.get("unknown_lsoas"):
        lines.append(f"rows in LSOAs that are not loaded: {sum(file.quality['unknown_lsoas'].values()):,}")
    return lines + file.quality.get("notes", [])


class _Lines(jobs.Progress):
    """Progress as lines of text."""

    def __init__(self, out: OutputWrapper) -> None:
        super().__init__(None)
        self._out = out

    def stage(self, text: str, total: int | None = None) -> None:
        self._out.write(text)

    def log(self, line: str) -> None:
        self._out.write(f"  {line}")
