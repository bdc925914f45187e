"""Celery is one more interface: each task calls one function."""

from config.celery import app
from hotspots import inbox


@app.task
def sweep_inbox() -> None:
    """Every night: uploads that nobody imported for a week are deleted."""
    inbox.sweep()
