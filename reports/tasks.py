"""Celery is one more interface: each task calls one function."""

from config.celery import app
from partners import jobs
from reports import warming


@app.task
def fetch_archive() -> None:
    """Every night: asks for the newest police.uk archive, as a job that people can watch."""
    jobs.enqueue(
        "fetch-archive", title="Fetch the newest police.uk archive", arguments={}, unique_key="fetch-archive", by=None
    )


@app.task
def keep_warm() -> None:
    """Every minute: what readers would wait for is there again after the cache was lost."""
    warming.keep_warm()
