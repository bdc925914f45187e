"""What fails is logged with where and which request, and with nothing of the record it failed on."""

from __future__ import annotations

import io
import logging
import logging.config
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from interventions.models import Intervention
from partners import jobs
from partners.models import Job, User
from tests.partners.audit_worlds import intervention

SECRET = "Informant at number 7"


def breaks_a_rule(request: HttpRequest) -> HttpResponse:
    """PostgreSQL's message has the failing row in it."""
    Intervention.objects.update(ends="2000-01-01T00:00Z")
    return HttpResponse()


def says_too_much(request: HttpRequest) -> HttpResponse:
    details = Intervention.objects.get().details
    try:
        int(str(details))
    except ValueError as error:
        raise RuntimeError(f"{details} is no number") from error
    return HttpResponse()


urlpatterns = [
    path("breaks/", breaks_a_rule),
    path("says/", says_too_much),
    path("", include("config.urls")),
]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would write to standard error, by the very settings."""
    logging.config.dictConfig(settings.LOGGING)
    lines = io.StringIO()
    handlers = [
        handler
        for name in ("", "django")
        for handler in logging.getLogger(name).handlers
        if type(handler) is logging.StreamHandler
    ]
    before = [handler.setStream(lines) for handler in handlers]
    yield lines
    for handler, stream in zip(handlers, before, strict=True):
        handler.setStream(stream or sys.stderr)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/breaks/", "CheckViolation (23514 interventions_intervention intervention_ends_after_it_starts)"),
        ("/says/", "builtins.RuntimeError"),
    ],
)
@override_settings(ROOT_URLCONF="tests.config.test_logs")
def test_a_failing_page_logs_where_and_nothing_of_the_record(
    analyst: User, log: io.StringIO, address: str, says: str
) -> None:
    intervention(SECRET, details=SECRET, contact=SECRET)
    client = Client(raise_request_exception=False)
    client.force_login(analyst)
    answer = client.get(address, headers={"X-Request-ID": "request-0001"})
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    said = log.getvalue()
    assert SECRET not in said
    assert "Informant" not in said
    assert f"ERROR django.request request-0001: Internal Server Error: {address}" in said
    assert "test_logs.py:" in said
    assert says in said


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_logs_no_record(log: io.StringIO) -> None:
    @jobs.handler("test-breaks")
    def breaks(progress: jobs.Progress) -> str:
        Intervention.objects.update(ends="2000-01-01T00:00Z")
        return ""

    intervention(SECRET, details=SECRET)
    job = Job.objects.create(kind="test-breaks", title="Test", unique_key="x")
    try:
        jobs.run(job.pk)
    finally:
        del jobs.HANDLERS["test-breaks"]
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert f"ERROR partners.jobs -: Job {job.pk} (test-breaks) failed" in log.getvalue()
    assert "intervention_ends_after_it_starts" in log.getvalue()
    assert SECRET not in log.getvalue() + job.message + job.log


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/invitations/s3cr3t-t0ken/", "/invitations/.../"),
        ("/account/password/reset/key/1-s3cr3t-t0ken/", "/account/password/reset/key/.../"),
    ],
)
def test_no_secret_link_is_logged(log: io.StringIO, address: str, shown: str) -> None:
    logging.getLogger("django.request").warning("Gone: %s", address)
    assert log.getvalue().endswith(f"Gone: {shown}\n")


def test_lines_outside_requests_have_a_dash(log: io.StringIO) -> None:
    logging.getLogger("partners").warning("Hello")
    assert log.getvalue().endswith("WARNING partners -: Hello\n")
