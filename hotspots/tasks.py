"""Celery is one more interface: each task calls one function."""

from django.utils import timezone

from config.celery import app
from hotspots import inbox
from hotspots.phases import notices


@app.task
def sweep_inbox() -> None:
    """Every night: uploads that nobody imported for a week are deleted."""
    inbox.sweep()


@app.task
def tell_gates_due() -> None:
    """Every morning: webhooks are told of gates that are due within a week or overdue."""
    notices.tell_gates_due(timezone.localdate())
