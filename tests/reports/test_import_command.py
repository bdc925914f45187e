from __future__ import annotations

import os
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from hotspots import facts
from hotspots.models import ImportRun, Slice
from partners.jobs import Progress
from partners.models import Job
from reports.jobs import import_files
from reports.models import MonthlySummary
from tests.hotspots.importers.police_files import NAME, file_of, street_row

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import", *arguments, stdout=out, stderr=out)
    return out.getvalue()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        pass


@pytest.fixture
def month(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    rows = [street_row(), street_row(Crime_type="Drugs"), street_row(Longitude="", Latitude="")]
    path.write_bytes(file_of(rows))
    return path


def test_it_imports_summarises_and_says_what_became_of_the_file(month: Path) -> None:
    out = run(str(month))
    assert "rows: 3 read, 3 kept, 0 rejected" in out
    assert "without location: 1" in out
    assert out.endswith("1 file: 1 stored.\n")
    assert MonthlySummary.objects.filter(area__code="metropolitan", category__slug="drugs").get().count == 1
    assert run(str(month)).endswith("1 file: 1 already stored.\n")


def test_it_fails_if_a_file_was_refused(month: Path) -> None:
    other = month.with_name("people.csv")
    other.write_text("name,age\nA,1\n")
    with pytest.raises(CommandError, match="Not everything was imported"):
        run(str(month), str(other))
    assert Slice.objects.count() == 1


def test_it_names_a_path_that_does_not_exist() -> None:
    with pytest.raises(CommandError, match=r"no file or folder nowhere\.csv"):
        run("nowhere.csv")
    assert not ImportRun.objects.exists()


def test_a_url_is_downloaded_first(month: Path) -> None:
    handler = partial(QuietHandler, directory=str(month.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        out = run(f"http://127.0.0.1:{server.server_port}/{NAME}")
        server.shutdown()
    assert out.endswith("1 file: 1 stored.\n")
    assert Slice.objects.get().file.name == NAME


def test_as_a_job_it_leaves_the_work_to_a_worker(month: Path) -> None:
    out = run(str(month), "--as-job", "--valid-from", "2022-05-05")
    job = Job.objects.get()
    assert out == f"Job {job.pk} is waiting for a worker.\n"
    assert job.arguments == {
        "paths": [str(month)],
        "title": f"Import of {month.name}",
        "options": {"valid_from": "2022-05-05"},
    }
    assert import_files(Progress(job), **job.arguments) == "1 file: 1 stored."
    assert ImportRun.objects.get().job == job


def test_sweeping_removes_only_old_facts_that_nothing_points_at(month: Path) -> None:
    run(str(month))
    stored = facts.root() / Slice.objects.get().path
    litter = [stored.with_name(f"{name}.parquet") for name in ("old", "new")]
    for path in litter:
        path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    for path in (litter[0], stored):
        os.utime(path, (two_days_ago, two_days_ago))
    out = StringIO()
    call_command("sweep_facts", stdout=out)
    assert out.getvalue() == "Removed 1 file.\n"
    assert [path.exists() for path in (*litter, stored)] == [False, True, True]
