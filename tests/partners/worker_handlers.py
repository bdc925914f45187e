"""Kinds of work for the tests' real worker (`celery worker --include tests.partners.worker_handlers`)."""

import time
from pathlib import Path

from django.db import transaction

from partners import jobs
from partners.models import Agency


@jobs.handler("test-note")
def note(progress: jobs.Progress, *, name: str) -> str:
    """Leaves one agency a run, so that running twice shows."""
    Agency.objects.create(name=f"{name} {Agency.objects.count() + 1}", kind=Agency.Kind.OTHER)
    return f"Noted {name}."


@jobs.handler("test-gate")
def gate(progress: jobs.Progress, *, folder: str) -> str:
    """Writes in a transaction, says so by a file, and commits once it may pass: the moment to be killed in between."""
    with transaction.atomic():
        Agency.objects.create(name=f"Gate {Agency.objects.count() + 1}", kind=Agency.Kind.OTHER)
        progress.stage("At the gate", total=2)
        progress.advance(1, rows=7)
        progress.log("Waiting at the gate")
        (Path(folder) / "reached").touch()
        until = time.monotonic() + 60
        while not (Path(folder) / "open").exists():
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.02)
        Agency.objects.filter(name="nobody").exists()  # fails if the connection was cut meanwhile
    return "Passed the gate."
