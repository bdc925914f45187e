"""Background work: the Job row is the truth, a queue message carries only its id.

    @jobs.handler("import")
    def import_files(progress: jobs.Progress, *, paths: list[str]) -> str: ...

    jobs.enqueue("import", title="...", arguments={"paths": [...]}, unique_key="import:<sha256>", by=user)

Handlers live in the apps' `jobs` modules, which every worker imports. A handler must be idempotent: after a crash it
is run again from the start. It returns the closing sentence; raising `JobFailed` ends the job with that sentence, any
other exception with a plain one (the traceback goes to the server's log). A lost database is no failure: the job is run
again.

While a handler runs, a thread of its own writes heartbeat and progress through its own database connection, so people
see progress although the handler is inside a transaction. A running row whose heartbeat is old belongs to a dead
worker: `sweep` puts it back. The number of the attempt tells the workers apart, so a worker that was only asleep cannot
overwrite what its successor writes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from partners import audit
from partners.models import Job, User

Handler = Callable[..., str]
HANDLERS: dict[str, Handler] = {}

logger = logging.getLogger(__name__)

LIVE = (Job.State.QUEUED, Job.State.RUNNING)
DATABASE_LOST = (OperationalError, InterfaceError)
# Seconds between two writes of progress to the database.
WRITE_INTERVAL = 0.5


class JobFailed(Exception):
    """The work cannot be done. The message is a sentence for the person who asked."""


class JobLost(Exception):
    """This worker was taken for dead and the job given to another: stop, and write nothing."""


class Progress:
    """What a handler tells the Job row. Cheap to call often: at most two writes a second reach the database.

    Every method raises `JobLost` once the job has been given to another worker. Without a job it does nothing.
    """

    def __init__(self, job: Job | None) -> None:
        self.job = job
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {"stage": "", "done": 0, "total": None, "rows": 0}
        self._lines: list[str] = []
        self._changed = False
        self._lost = False

    def stage(self, text: str, total: int | None = None) -> None:
        """Begins a stage; `total` units of work, None while unknown. Sets `done` back to 0."""
        with self._change():
            self._values.update(stage=_storable(text)[:200], done=0, total=total)

    def advance(self, done: int = 1, rows: int = 0) -> None:
        """Adds to what is done in this stage, and to the rows read in all."""
        with self._change():
            self._values["done"] += done
            self._values["rows"] += rows

    def log(self, line: str) -> None:
        """Adds a line, with the time, to the log that people read."""
        with self._change():
            self._lines.append(_log_line(line))

    @contextmanager
    def reported(self) -> Iterator[None]:
        """While inside, a thread writes heartbeat and progress to the row; on leaving, what is left is written."""
        ended = threading.Event()
        thread = threading.Thread(target=self._report, args=(ended,), name=f"job {self.job and self.job.pk}")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            if self._lost:
                raise JobLost
            self._changed = True
            yield

    def _report(self, ended: threading.Event) -> None:
        try:
            written = time.monotonic()
            while not ended.wait(min(WRITE_INTERVAL, settings.JOB_HEARTBEAT_SECONDS)):
                if self._changed or time.monotonic() - written >= settings.JOB_HEARTBEAT_SECONDS:
                    self._write()
                    written = time.monotonic()
            self._write()
        finally:
            connection.close()  # this thread's own

    def _write(self) -> None:
        assert self.job is not None  # noqa: S101 - for the type checker
        with self._lock:
            values, lines, self._lines, self._changed = dict(self._values), self._lines, [], False
        if lines:
            values["log"] = Concat(F("log"), Value("".join(lines)))
        try:
            found = _held(self.job).update(heartbeat=timezone.now(), **values)
        except DATABASE_LOST:
            logger.warning("Job %s: progress could not be written", self.job.pk, exc_info=True)
            connection.close()  # the next write connects again
            with self._lock:
                self._lines, self._changed = [*lines, *self._lines], True
        else:
            self._lost = not found


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Registers the function that does jobs of a kind."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def enqueue(kind: str, *, title: str, arguments: dict[str, Any], unique_key: str, by: User | None) -> Job:
    """The live job with this key, made and sent to the workers if there is none. Sends on commit.

    Where the broker is away the row waits for `sweep`. `arguments` must be JSON.
    """
    while True:
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    title=_storable(title)[:200],
                    arguments=arguments,
                    unique_key=unique_key,
                    requested_by=by,
                )
        except IntegrityError:
            live = Job.objects.filter(unique_key=unique_key, state__in=LIVE).first()
            if live is not None:
                return live
            # It ended between the two statements: the key is free again.
        else:
            transaction.on_commit(partial(_send, job.pk))
            return job


def run(job_id: int) -> None:
    """Does the job unless it is done, being done, or unknown: messages may arrive twice, late, or for a dead worker."""
    job = _claim(job_id)
    if job is None:
        return
    progress = Progress(job)
    try:
        with progress.reported():
            state, message = Job.State.DONE, _do(job, progress)
    except JobLost:
        logger.warning("Job %s: given to another worker, stopped here", job.pk)
        return
    except JobFailed as reason:
        state, message = Job.State.FAILED, str(reason)
    except DATABASE_LOST:
        logger.warning("Job %s: the database was lost, to be run again", job.pk, exc_info=True)
        connection.close()
        state, message = Job.State.QUEUED, ""
    except Exception:  # the outermost frame: whatever it was, the row must say that the job has ended
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        state, message = Job.State.FAILED, "Something went wrong on our side. The server's log has the details."
    try:
        _leave(job, state, message)
    except DATABASE_LOST:
        logger.warning("Job %s: its end could not be written, to be run again", job.pk, exc_info=True)
        connection.close()


def sweep() -> None:
    """Puts the jobs of dead workers back into the queue, and sends again what should have been claimed by now."""
    with transaction.atomic():
        stale = list(Job.objects.select_for_update().filter(_is_stale()).only("pk"))
        Job.objects.filter(pk__in=[job.pk for job in stale]).update(
            state=Job.State.QUEUED,
            log=Concat(F("log"), Value(_log_line("The worker stopped. This waits to be run again."))),
        )
        if stale:
            audit.write("job.put-back", by=None, about=stale)
    long_ago = timezone.now() - timedelta(seconds=settings.JOB_RESEND_SECONDS)
    waiting = Job.objects.filter(Q(queued__lte=long_ago) | Q(attempts__gt=0), state=Job.State.QUEUED)
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        if not _send(pk):
            return


def _is_stale() -> Q:
    long_ago = timezone.now() - timedelta(seconds=settings.JOB_STALE_SECONDS)
    return Q(state=Job.State.RUNNING) & (Q(heartbeat__lt=long_ago) | Q(heartbeat=None))


def _held(job: Job) -> QuerySet[Job]:
    """The row, as long as this attempt is the one that holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _claim(job_id: int) -> Job | None:
    """The job, from now on this worker's alone; None if there is nothing to do. One tried too often is failed here."""
    with transaction.atomic():
        free = Job.objects.select_for_update().filter(Q(state=Job.State.QUEUED) | _is_stale())
        job = free.filter(pk=job_id).first()
        if job is None:
            return None
        if job.attempts >= settings.JOB_MAX_ATTEMPTS:
            logger.error("Job %s (%s) failed: tried %s times", job.pk, job.kind, job.attempts)
            job.state = Job.State.FAILED
            job.finished = timezone.now()
            job.message = (
                f"This was tried {job.attempts} times, and each time it was cut short before its end. "
                "The server's log has the details."
            )
            job.save()
            return None
        job.state = Job.State.RUNNING
        job.attempts += 1
        job.heartbeat = timezone.now()
        job.started = job.started or job.heartbeat
        job.stage, job.done, job.total, job.rows = "", 0, None, 0
        job.save()
        return job


def _do(job: Job, progress: Progress) -> str:
    if job.kind not in HANDLERS:
        raise JobFailed(f"This server does not know how to do work of the kind “{job.kind}”.")
    return HANDLERS[job.kind](progress, **job.arguments)


def _leave(job: Job, state: Job.State, message: str) -> None:
    finished = None if state == Job.State.QUEUED else timezone.now()
    _held(job).update(state=state, message=_storable(message), finished=finished)


def _send(job_id: int) -> bool:
    """Sends the job's id to the workers; False where the broker is away."""
    from partners.tasks import app, run_job

    # A connection of its own: the pool's would try for ever, and would not declare the queue again to a new broker.
    quickly = {"max_retries": 1, "interval_start": 0.1, "socket_connect_timeout": 2, "socket_timeout": 5}
    try:
        with app.connection_for_write(connect_timeout=2, transport_options=quickly) as broker:
            run_job.apply_async((job_id,), connection=broker, retry=False)
    except BrokerError:
        logger.warning("Job %s: the broker is away, to be sent later", job_id, exc_info=True)
        return False
    return True


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL characters; names of files from outside may have them."""
    return text.replace("\x00", "")


def _log_line(line: str) -> str:
    return f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {_storable(line)}\n"
