"""Watching background work: the page follows it, and says once that it has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hotspots.models import ImportRun
from partners.models import Job, User
from tests.browser.conftest import WIDTHS


@pytest.fixture
def job(analyst: User) -> Job:
    """An import that has been running for two minutes."""
    log = (
        "2026-11-21 03:20:05 Reading 32 files\n2026-11-21 03:21:40 2018-04/2018-04-city-of-london-street.csv: stored\n"
    )
    return Job.objects.create(
        kind="import",
        title="Import of street_city_of_london.zip",
        unique_key="import",
        state=Job.State.RUNNING,
        requested_by=analyst,
        stage="Reading 32 files",
        done=8,
        total=32,
        rows=5_120,
        log=log,
        started=timezone.now() - timedelta(minutes=2),
        heartbeat=timezone.now(),
    )


def test_page_follows_the_job_to_its_end(make_page: Callable[..., Page], analyst: User, job: Job) -> None:
    page = make_page(user=analyst)
    page.goto(f"/jobs/{job.pk}/")
    bar = page.get_by_role("progressbar", name="Reading 32 files")
    expect(bar).to_have_attribute("value", "25")
    Job.objects.update(done=16)
    expect(bar).to_have_attribute("value", "50")
    Job.objects.update(state=Job.State.DONE, message="32 files: 32 stored.", finished=timezone.now())
    run = ImportRun.objects.create(job=job, title=job.title)
    expect(page.get_by_role("status")).to_have_text("Done. 32 files: 32 stored.")
    expect(bar).to_have_count(0)
    expect(page.get_by_role("link", name="See what became of each file")).to_have_attribute(
        "href", f"/data/imports/{run.pk}/"
    )
    assert page.locator("[hx-get]").count() == 0


def test_list_follows_too(make_page: Callable[..., Page], analyst: User, job: Job) -> None:
    page = make_page(user=analyst)
    page.goto("/jobs/")
    expect(page.get_by_role("cell", name="8 of 32 (25 %), 5,120 rows read")).to_be_visible()
    Job.objects.update(state=Job.State.FAILED, message="No.", finished=timezone.now())
    expect(page.get_by_role("cell", name="Failed")).to_be_visible()


def test_without_javascript_there_is_a_link(make_page: Callable[..., Page], analyst: User, job: Job) -> None:
    page = make_page(user=analyst, js=False)
    for path in ("/jobs/", f"/jobs/{job.pk}/"):
        page.goto(path)
        page.get_by_role("link", name="Refresh").click()
        expect(page).to_have_url(f"{page.url.partition('/jobs/')[0]}{path}")


def test_accessible_at_every_width(
    make_page: Callable[..., Page], assert_accessible: Callable[..., None], analyst: User, job: Job
) -> None:
    page = make_page(user=analyst)
    for path in ("/jobs/", f"/jobs/{job.pk}/"):
        page.goto(path)
        assert_accessible(page, *WIDTHS)
    Job.objects.update(
        state=Job.State.FAILED,
        message="latest.zip is damaged or cut off. Get the zip file again.",
        finished=job.heartbeat,
    )
    page.goto(f"/jobs/{job.pk}/")
    assert_accessible(page, *WIDTHS)
