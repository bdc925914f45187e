"""Celery is one more interface: each task calls one function."""

from config.celery import app
from partners import jobs


@app.task
def fetch_archive() -> None:
    """Every night: asks for the newest police.uk archive, as a job that people can watch."""
    jobs.enqueue(
        "fetch-archive", title="Fetch the newest police.uk archive", arguments={}, unique_key="fetch-archive", by=None
    )
