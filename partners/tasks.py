"""Celery is one more interface: each task calls one function."""

from config.celery import app
from partners import jobs


@app.task
def run_job(job_id: int) -> None:
    """Does one job. Acknowledged late (settings), so a worker that dies leaves the message to another."""
    jobs.run(job_id)


@app.task
def sweep() -> None:
    """Every minute: puts back what dead workers left."""
    jobs.sweep()
