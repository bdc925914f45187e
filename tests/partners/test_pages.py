"""The pages of background work: whole, in part for htmx, and with a constant number of queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hotspots.models import ImportRun
from partners.models import Job, User

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_job(number: int = 1, **fields: Any) -> Job:
    named = {"kind": "import", "title": f"Import file {number}", "unique_key": f"import:{number}"}
    return Job.objects.create(**{**named, **fields})


def running(**fields: Any) -> Job:
    return make_job(
        **{
            "state": Job.State.RUNNING,
            "stage": "Reading 2016-04-btp-street.csv",
            "started": NOW - timedelta(seconds=125),
            "done": 3,
            "total": 12,
            "rows": 48_210,
            "log": "2026-11-21 03:20:05 Began\n",
            **fields,
        }
    )


def text(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_running_job_shows_its_progress_and_asks_again(signed_in: Client) -> None:
    job = running()
    page = text(signed_in, f"/jobs/{job.pk}/")
    assert "<title>Import file 1 - Hotspot tracker</title>" in page
    assert '<progress class="app-job__bar" aria-labelledby="job-stage" value="25" max="100"></progress>' in page
    assert "Reading 2016-04-btp-street.csv" in page
    assert "3 of 12 (25 %), 48,210 rows read" in page
    assert re.search(r"for \d+ min \d+ s now", page)
    assert "<li>2026-11-21 03:20:05 Began</li>" in page
    assert f'hx-get="/jobs/{job.pk}/" hx-trigger="every 2s"' in page
    assert "<noscript>" in page
    part = text(signed_in, f"/jobs/{job.pk}/", HX_Request="true")
    assert part.lstrip().startswith('<div id="job-progress"')
    assert "<html" not in part
    assert "hx-swap-oob" not in part


def test_unknown_total_is_not_zero_percent(signed_in: Client) -> None:
    page = text(signed_in, f"/jobs/{running(total=None).pk}/")
    assert '<progress class="app-job__bar" aria-labelledby="job-stage"></progress>' in page
    assert "3 so far, 48,210 rows read" in page


@pytest.mark.parametrize(
    ("state", "word", "message"),
    [(Job.State.DONE, "Done", "Stored 12 files."), (Job.State.FAILED, "Failed", "latest.zip is not a zip file.")],
)
def test_ended_job_says_how_and_stops_asking(state: str, word: str, message: str, signed_in: Client) -> None:
    job = running(state=state, message=message, finished=NOW)
    for headers in ({}, {"HX_Request": "true"}):
        page = text(signed_in, f"/jobs/{job.pk}/", **headers)
        assert message in page
        assert word in page
        assert "took 2 min 5 s" in page
        assert "<progress" not in page
        assert "hx-get" not in page
    assert f'hx-swap-oob="innerHTML:#announcement">{word}. {message}</div>' in page


def test_file_names_cannot_inject_markup(signed_in: Client) -> None:
    job = running(title="<script>x</script>", stage="<b>stage", log="<i>line\n", message="<u>message")
    for url in ("/jobs/", f"/jobs/{job.pk}/"):
        page = text(signed_in, url)
        assert not [tag for tag in ("<script>x", "<b>", "<i>", "<u>") if tag in page]


def test_long_log_is_cut_from_the_front(signed_in: Client) -> None:
    job = running(log="".join(f"line {number}\n" for number in range(1, 251)))
    page = text(signed_in, f"/jobs/{job.pk}/")
    assert "<li>line 51</li>" in page
    assert "<li>line 50</li>" not in page
    assert "50 earlier lines not shown" in page


def test_finished_import_links_to_its_run(signed_in: Client, analyst: User) -> None:
    job = running(state=Job.State.DONE, finished=NOW, requested_by=analyst)
    run = ImportRun.objects.create(job=job, title="latest.zip")
    page = text(signed_in, f"/jobs/{job.pk}/")
    assert f'href="/data/imports/{run.pk}/"' in page
    assert "by Ana." in page


def test_list_asks_again_while_something_is_live(signed_in: Client) -> None:
    assert "No jobs yet" in text(signed_in, "/jobs/")
    make_job(1, state=Job.State.DONE)
    assert "hx-get" not in text(signed_in, "/jobs/")
    running(unique_key="live")
    page = text(signed_in, "/jobs/")
    assert 'hx-get="/jobs/" hx-trigger="every 2s"' in page
    assert "The server" in page
    assert "<html" not in text(signed_in, "/jobs/", HX_Request="true")


def test_list_has_pages(signed_in: Client) -> None:
    for number in range(51):
        make_job(number)
    assert "Import file 0" not in text(signed_in, "/jobs/")
    assert "Import file 0" in text(signed_in, "/jobs/?page=2")


def test_queries_do_not_grow_with_the_jobs(
    signed_in: Client, analyst: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for number in (2, 20):
        for one in range(number):
            job = running(unique_key=f"{number} {one}", requested_by=analyst)
        signed_in.get("/jobs/")  # fills the caches
        for url in ("/jobs/", f"/jobs/{job.pk}/"):
            with django_assert_max_num_queries(5) as captured:
                signed_in.get(url)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_strangers_and_wrong_numbers(client: Client, signed_in: Client) -> None:
    assert signed_in.get("/jobs/99999/").status_code == 404
    assert signed_in.post("/jobs/").status_code == 405
    signed_in.logout()
    for url in ("/jobs/", f"/jobs/{running().pk}/"):
        response = signed_in.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")
