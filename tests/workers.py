"""The product's real worker for tests: on the test's own database, broker and folders."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
Worker = subprocess.Popen[bytes]
StartWorker = Callable[[], Worker]


def wait_for(happened: Callable[[], bool], seconds: float = 40) -> None:
    """Returns as soon as it has happened; fails if it has not in time."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.02)


@contextmanager
def workers() -> Iterator[StartWorker]:
    """A function that starts a worker; those still alive are ended afterwards."""
    started: list[Worker] = []

    def start() -> Worker:
        started.append(_start())
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            worker.kill()
            worker.wait()


def _start() -> Worker:
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = "-m celery -A config worker -P threads -c 2 -l WARNING --without-gossip --without-mingle"
    return subprocess.Popen(
        [sys.executable, *command.split(), "--include", "tests.partners.worker_handlers"],
        cwd=ROOT,
        env={
            **os.environ,
            "LOCAL_MODE": "True",
            "DATABASE_URL": database,
            "REDIS_URL": settings.REDIS_URL,
            "FACTS_DIR": str(settings.FACTS_DIR),
            "INBOX_DIR": str(settings.INBOX_DIR),
            "JOB_HEARTBEAT_SECONDS": "0.1",
        },
        start_new_session=True,
    )
