"""Jobs in the words and numbers that the pages show: no database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from partners.models import Job

TAGS = {Job.State.QUEUED: "grey", Job.State.RUNNING: "blue", Job.State.DONE: "green", Job.State.FAILED: "red"}
# A page that is fetched every two seconds does not carry a log of thousands of lines.
LOG_LINES_SHOWN = 200


@dataclass(frozen=True)
class JobRow:
    """One job as its pages show it."""

    pk: int
    title: str
    state: str
    tag: str
    live: bool
    stage: str
    # None while the amount of work is unknown.
    percent: int | None
    progress: str
    message: str
    asked_by: str
    asked: datetime
    took: str


def job_row(job: Job) -> JobRow:
    """A job's line in the list, and the head of its page."""
    return JobRow(
        pk=job.pk,
        title=job.title,
        state=job.get_state_display(),
        tag=TAGS[Job.State(job.state)],
        live=job.is_live,
        stage=job.stage,
        percent=job.percent,
        progress=_progress(job),
        message=job.message,
        asked_by=str(job.requested_by) if job.requested_by else "The server",
        asked=job.queued,
        took=_took(job),
    )


def last_log_lines(job: Job) -> tuple[list[str], int]:
    """The end of the log, and how many lines before it are left out."""
    lines = job.log.splitlines()
    return lines[-LOG_LINES_SHOWN:], max(0, len(lines) - LOG_LINES_SHOWN)


def _progress(job: Job) -> str:
    parts = []
    if job.percent is not None:
        parts.append(f"{job.done:,} of {job.total:,} ({job.percent} %)")
    elif job.done:
        parts.append(f"{job.done:,} so far")
    if job.rows:
        parts.append(f"{job.rows:,} row{'s' if job.rows != 1 else ''} read")
    return ", ".join(parts)


def _took(job: Job) -> str:
    """ "4 s", "2 min 5 s", "1 h 12 min", up to now for a running job; "" before it started."""
    if job.started is None:
        return ""
    seconds = max(0, int(((job.finished or timezone.now()) - job.started).total_seconds()))
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
