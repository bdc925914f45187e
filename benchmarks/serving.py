"""The product served as in production, two web processes on the benchmark's database, and people signed in to it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.ground import WORK

PROCESSES = 2


def person(number: int) -> str:
    """Makes an analyst and signs that person in: the session's cookie, "sessionid=..."."""
    from django.conf import settings
    from django.test import Client

    from partners.models import Agency, Membership, Role, User

    agency, _ = Agency.objects.get_or_create(name="Benchmark", kind=Agency.Kind.COUNCIL)
    user = User.objects.create_user(f"person{number}@example.org", "not used", full_name=f"Person {number}")
    Membership.objects.create(user=user, agency=agency, role=Role.ANALYST)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


@contextmanager
def served() -> Iterator[str]:
    """The address while the product runs, started and stopped as config.run does it. PORT chooses the port."""
    from django.db import connections

    from config import run

    run.collect_static()
    connections.close_all()
    os.environ.setdefault("PORT", "8011")
    port = run.chosen_port()
    logs = WORK / "log"
    logs.mkdir(parents=True, exist_ok=True)
    web = [run.start("web", run.commands(port, web_processes=PROCESSES)["web"], logs)]
    address = f"http://127.0.0.1:{port}"
    try:
        run.wait_until_ready(address, web, threading.Event())
        yield address
    finally:
        run.stop(web)
