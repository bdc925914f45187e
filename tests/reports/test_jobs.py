"""The work that combines importing and summarising, on real files, the real worker and a real HTTP server."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

import reports.jobs  # noqa: F401 - registers its handlers, as every worker does
from hotspots import facts
from hotspots.models import ImportedFile, ImportRun, Slice
from partners import jobs
from partners.models import Job
from reports import tasks
from reports.models import MonthlySummary
from tests.archive_server import serving
from tests.workers import wait_for, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.realdata]


def archive(folder: Path, months: list[str]) -> bytes:
    """An archive in the published layout: City of London's real files, and another force's that is not wanted."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for month in months:
            name = f"{month}/{month}-city-of-london-street.csv"
            content = (folder / name).read_bytes()
            target.writestr(name, content)
            target.writestr(name.replace("city-of-london", "essex"), content)
    return buffer.getvalue()


def test_nightly_fetch_takes_a_new_archive_once(
    real_data: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = real_data / "street_city_of_london"
    settings.POLICE_UK_FORCES = ["city-of-london"]
    path = f"/archive/{timezone.localdate():%Y-%m}.zip"

    def fetched() -> Job:
        tasks.fetch_archive()
        job = Job.objects.filter(kind="fetch-archive", state=Job.State.QUEUED).get()
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.message
        return job

    with serving({path: archive(folder, ["2018-04", "2018-05"])}) as server:
        settings.POLICE_UK_ARCHIVE_URL = server.url
        first = fetched()
        assert first.message == "2 files: 2 stored."
        assert first.import_run.title.startswith("police.uk archive of ")
        assert fetched().message.endswith("was taken before.")
        assert len([command for command, *_ in server.asked if command == "GET"]) == 1

        server.files[path] = archive(folder, ["2018-04", "2018-05", "2018-06"])
        server.validator = '"v2"'
        assert fetched().message == "3 files: 1 stored, 2 already stored."
    assert set(Slice.objects.values_list("publisher__slug", flat=True)) == {"city-of-london"}
    assert Slice.objects.count() == 3
    assert not [path for path in settings.INBOX_DIR.rglob("*") if path.is_file()]


def test_import_killed_in_the_middle_is_finished_once(real_data: Path, settings: LazySettings) -> None:
    settings.JOB_STALE_SECONDS = 0.5
    folder = str(real_data / "street_city_of_london")
    with workers() as start:
        first = start()
        job = jobs.enqueue(
            "import", title="City", arguments={"paths": [folder], "title": "City"}, unique_key="city", by=None
        )
        row = Job.objects.filter(pk=job.pk)
        wait_for(lambda: row.filter(done__gt=0).exists())
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        wait_for(lambda: row.filter(heartbeat__lt=timezone.now() - timedelta(seconds=0.5)).exists())
        jobs.sweep()
        start()
        wait_for(lambda: row.exclude(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists(), seconds=90)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2), job.message
    run = ImportRun.objects.get()
    assert run.job == job
    assert run.files.filter(state=ImportedFile.State.STORED).count() == 32
    assert Slice.objects.current().count() == Slice.objects.count() == 32
    kept = sum(run.files.values_list("rows_kept", flat=True))
    assert sum(Slice.objects.values_list("rows", flat=True)) == kept
    assert sum(facts.read(path).height for path in Slice.objects.values_list("path", flat=True)) == kept
    all_crime = MonthlySummary.objects.filter(area__code="city-of-london", category__slug="all-crime-and-asb")
    assert sum(count or 0 for count in all_crime.values_list("count", flat=True)) == kept
