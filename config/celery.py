"""The Celery application: worker and beat. Messages carry a job's id and nothing else (see partners.jobs)."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hotspots")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")  # the handlers: workers know them all
app.conf.beat_schedule = {
    # Expires, so that sweeps do not pile up while all workers are busy.
    "requeue stale jobs": {"task": "partners.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "forget requests that were done a day ago": {
        "task": "partners.tasks.forget_requests",
        "schedule": crontab(minute=15),
        "options": {"expires": 3600},
    },
    "tell other systems": {"task": "partners.tasks.send_webhooks", "schedule": 60.0, "options": {"expires": 60}},
    "keep warm": {"task": "reports.tasks.keep_warm", "schedule": 60.0, "options": {"expires": 60}},
    # police.uk publishes once a month, on no fixed day: ask every night, take what is new.
    "fetch the newest police.uk archive": {
        "task": "reports.tasks.fetch_archive",
        "schedule": crontab(hour=3, minute=20),
    },
    "verify the audit trail": {"task": "partners.tasks.verify_audit", "schedule": crontab(hour=4, minute=10)},
    "delete uploads that nobody imported": {
        "task": "hotspots.tasks.sweep_inbox",
        "schedule": crontab(hour=4, minute=40),
    },
    # Twice: each person is done once a day, what could not be sent is tried again.
    "send reminders": {"task": "interventions.tasks.send_reminders", "schedule": crontab(hour="7,8", minute=10)},
    "ask for missing results": {"task": "interventions.tasks.chase_results", "schedule": crontab(hour=7, minute=20)},
    "tell of gates that are due": {
        "task": "hotspots.tasks.tell_gates_due",
        "schedule": crontab(hour=7, minute=0),
    },
}
