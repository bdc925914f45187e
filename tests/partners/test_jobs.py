"""Jobs on the real database, broker and worker: nothing lost, nothing done twice, whatever dies in between."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import LazySettings, settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from partners import jobs
from partners.models import Agency, AuditEvent, Job
from tests.workers import StartWorker, wait_for, workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker_started() -> Iterator[StartWorker]:
    with workers() as start:
        yield start


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Does a job in this process, by the given function; the row afterwards."""

    def run_by(function: jobs.Handler, job: Job | None = None) -> Job:
        monkeypatch.setitem(jobs.HANDLERS, "test-here", function)
        job = job or queued("test-here")
        jobs.run(job.pk)
        job.refresh_from_db()
        return job

    return run_by


def queued(kind: str, **arguments: str) -> Job:
    """A row that has waited for two minutes, without a message."""
    return Job.objects.create(
        kind=kind,
        title="A test",
        arguments=arguments,
        unique_key=f"{kind}:{arguments}",
        queued=timezone.now() - timedelta(minutes=2),
    )


def messages() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return int(broker.llen("celery"))


def is_done(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists()


# --- With a real worker ---------------------------------------------------------------------------------------------


def test_killed_in_the_middle_then_finished_once(
    worker_started: StartWorker, tmp_path: Path, settings: LazySettings
) -> None:
    worker = worker_started()
    job = jobs.enqueue("test-gate", title="Gate", arguments={"folder": str(tmp_path)}, unique_key="gate", by=None)
    wait_for((tmp_path / "reached").exists)
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, done=1, rows=7).exists())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert not Agency.objects.exists()

    (tmp_path / "open").touch()
    settings.JOB_STALE_SECONDS = 0.3
    wait_for(lambda: Job.objects.filter(pk=job.pk, heartbeat__lt=timezone.now() - timedelta(seconds=0.3)).exists())
    jobs.sweep()
    worker_started()
    wait_for(lambda: is_done(job))

    job.refresh_from_db()
    assert (job.attempts, job.message, job.done, job.total) == (2, "Passed the gate.", 1, 2)
    assert [line[20:] for line in job.log.splitlines()] == [
        "Waiting at the gate",
        "The worker stopped. This waits to be run again.",
        "Waiting at the gate",
    ]
    assert Agency.objects.count() == 1
    assert list(AuditEvent.objects.values_list("action", "objects_named")) == [("job.put-back", [f"job:{job.pk}"])]


def test_message_sent_twice_runs_once_and_a_waiting_job_is_sent(worker_started: StartWorker) -> None:
    first, second = queued("test-note", name="first"), queued("test-note", name="second")
    jobs.sweep()
    jobs.sweep()
    assert messages() == 4
    worker_started()
    wait_for(lambda: is_done(first) and is_done(second) and messages() == 0)
    last = jobs.enqueue("test-note", title="Last", arguments={"name": "last"}, unique_key="last", by=None)
    wait_for(lambda: is_done(last))
    assert sorted(Job.objects.values_list("attempts", flat=True)) == [1, 1, 1]
    assert Agency.objects.count() == 3


def test_database_lost_in_the_middle_then_finished_once(worker_started: StartWorker, tmp_path: Path) -> None:
    worker_started()
    job = jobs.enqueue("test-gate", title="Gate", arguments={"folder": str(tmp_path)}, unique_key="gate", by=None)
    wait_for((tmp_path / "reached").exists)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    (tmp_path / "open").touch()
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).exists())
    assert not Agency.objects.exists()
    jobs.sweep()
    wait_for(lambda: is_done(job))
    assert Agency.objects.count() == 1


# --- Asking for work ------------------------------------------------------------------------------------------------


def test_same_key_is_the_same_live_job() -> None:
    barrier = threading.Barrier(4)

    def ask(_: int) -> int:
        try:
            barrier.wait()
            return jobs.enqueue("test-note", title="Note", arguments={"name": "x"}, unique_key="k", by=None).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(ask, range(4)))
    assert len(ids) == 1
    assert messages() == 1
    Job.objects.update(state=Job.State.DONE)
    again = jobs.enqueue("test-note", title="Note", arguments={"name": "x"}, unique_key="k", by=None)
    assert again.pk not in ids


def test_sent_on_commit_only() -> None:
    with transaction.atomic():
        jobs.enqueue("test-note", title="Note", arguments={"name": "x"}, unique_key="k", by=None)
        assert messages() == 0
    assert messages() == 1


def test_broker_away_then_sent_by_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")
    job = jobs.enqueue("test-note", title="Note", arguments={"name": "x"}, unique_key="k", by=None)
    assert job.state == Job.State.QUEUED
    monkeypatch.delenv("CELERY_BROKER_WRITE_URL")
    jobs.sweep()
    assert messages() == 0  # may still be on its way
    Job.objects.update(queued=timezone.now() - timedelta(minutes=2))
    jobs.sweep()
    assert messages() == 1


# --- Doing it -------------------------------------------------------------------------------------------------------


def test_progress_is_seen_while_the_handler_is_in_a_transaction(run_here: Callable[..., Job]) -> None:
    def handler(progress: jobs.Progress) -> str:
        assert progress.job is not None
        row = Job.objects.filter(pk=progress.job.pk)
        with transaction.atomic():
            progress.stage("Reading", total=4)
            progress.advance(3, rows=200)
            progress.log("a file named \x00 by a rogue")
            wait_for(lambda: row.get().done == 3)
            assert row.get().percent == 75
            assert row.get().log.endswith("a file named  by a rogue\n")
            transaction.set_rollback(True)
        progress.stage("Storing")
        progress.advance(5)
        return "Read it."

    job = run_here(handler)
    assert (job.state, job.message) == (Job.State.DONE, "Read it.")
    assert (job.stage, job.done, job.total, job.rows) == ("Storing", 5, None, 200)
    assert job.started
    assert job.finished
    assert job.started <= job.finished


def test_heartbeat_while_the_handler_is_silent(run_here: Callable[..., Job], settings: LazySettings) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.05

    def handler(progress: jobs.Progress) -> str:
        assert progress.job is not None
        row = Job.objects.filter(pk=progress.job.pk)
        first = row.get().heartbeat
        wait_for(lambda: row.get().heartbeat != first)
        return "Alive."

    assert run_here(handler).state == Job.State.DONE


def test_failures_end_with_a_sentence(run_here: Callable[..., Job], caplog: pytest.LogCaptureFixture) -> None:
    def cannot(progress: jobs.Progress) -> str:
        raise jobs.JobFailed("The file has gone.")

    def breaks(progress: jobs.Progress) -> str:
        raise KeyError("secret detail")

    failed = run_here(cannot)
    assert (failed.state, failed.message) == (Job.State.FAILED, "The file has gone.")
    broken = run_here(breaks)
    assert broken.state == Job.State.FAILED
    assert broken.message == "Something went wrong on our side. The server's log has the details."
    assert "KeyError" in caplog.text
    assert "secret detail" not in caplog.text
    unknown = queued("test-unknown")
    jobs.run(unknown.pk)
    unknown.refresh_from_db()
    assert unknown.state == Job.State.FAILED
    assert "test-unknown" in unknown.message


def test_poison_is_failed_after_the_last_attempt(run_here: Callable[..., Job], settings: LazySettings) -> None:
    settings.JOB_MAX_ATTEMPTS = 3
    runs = []

    def poison(progress: jobs.Progress) -> str:
        runs.append(1)
        raise OperationalError("the server closed the connection")

    job = run_here(poison)
    for attempt in (1, 2):
        assert (job.state, job.attempts, job.finished) == (Job.State.QUEUED, attempt, None)
        job = run_here(poison, job)
    job = run_here(poison, job)
    assert (job.state, len(runs)) == (Job.State.FAILED, 3)
    assert job.message.startswith("This was tried 3 times")
    assert job.finished


def test_job_given_to_another_worker_is_left_alone(run_here: Callable[..., Job], settings: LazySettings) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.05
    reached_end = []

    def handler(progress: jobs.Progress) -> str:
        assert progress.job is not None
        Job.objects.filter(pk=progress.job.pk).update(attempts=2, stage="the other's")
        until = time.monotonic() + 20
        while time.monotonic() < until:
            progress.advance()
        reached_end.append(1)
        return "The first worker's words."

    job = run_here(handler)
    assert not reached_end
    assert (job.state, job.attempts, job.stage, job.message) == (Job.State.RUNNING, 2, "the other's", "")


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.FAILED, Job.State.RUNNING])
def test_only_waiting_or_stale_jobs_are_taken(state: Job.State, run_here: Callable[..., Job]) -> None:
    job = queued("test-here")
    Job.objects.update(state=state, heartbeat=timezone.now(), attempts=1)
    job = run_here(lambda progress: "Ran.", job)
    assert (job.state, job.attempts) == (state, 1)
    jobs.sweep()
    assert messages() == 0
    jobs.run(job.pk + 1)  # a message for a row that is no more


def test_stale_job_is_taken_even_before_the_sweep(run_here: Callable[..., Job]) -> None:
    job = queued("test-here")
    Job.objects.update(state=Job.State.RUNNING, heartbeat=timezone.now() - timedelta(minutes=2), attempts=1)
    job = run_here(lambda progress: "Ran.", job)
    assert (job.state, job.attempts, job.message) == (Job.State.DONE, 2, "Ran.")


def test_without_a_job_progress_is_silent() -> None:
    progress = jobs.Progress(None)
    progress.stage("Reading", total=1)
    progress.advance(1, rows=1)
    progress.log("A line")
    assert not Job.objects.exists()
