"""Celery is one more interface: each task calls one function."""

from django.utils import timezone

from config.celery import app
from interventions.calendar import reminders
from interventions.days import chasing


@app.task
def send_reminders() -> None:
    """Every morning, and an hour later what could not be sent: reminders by e-mail to those who asked for them."""
    reminders.send_due(timezone.localdate())


@app.task
def chase_results() -> None:
    """Every morning: missing results of days of action are asked for, once."""
    chasing.chase(timezone.localdate())
