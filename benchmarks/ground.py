"""What every benchmark stands on: a database of its own, imports, and the table of what was measured."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
import orjson

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
WORK = VAR / "bench"
DATABASE = "hotspots_benchmark"
TIMES = 3


class Report:
    """The table, row by row."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def add(self, what: str, measured: str, bar: str, met: bool | None) -> None:
        """`met` None: there is no bar, or it was not measured."""
        self.rows.append((what, measured, bar, {True: "met", False: "**missed**", None: ""}[met]))
        print(" | ".join(self.rows[-1]), flush=True)


def set_up() -> None:
    """A fresh database and fact store, and Django on them."""
    import psycopg2

    from config import local_services

    if not os.environ.get("DATABASE_URL"):
        services = local_services.ensure(VAR)
        os.environ.update(DATABASE_URL=services.owner_url, REDIS_URL=services.redis_url)
    os.environ["LOCAL_MODE"] = "True"
    server = os.environ["DATABASE_URL"]
    head, _, options = server.partition("?")
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()
    os.environ["DATABASE_URL"] = f"{head.rpartition('/')[0]}/{DATABASE}" + (f"?{options}" if options else "")
    os.environ["FACTS_DIR"] = str(WORK / "facts")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Requests come faster than any caller may ask.
    os.environ["API_RATE"] = "1000000/min"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.core.cache import cache

    cache.clear()  # pages kept from the benchmark before


def timed(action: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def forget_facts() -> None:
    """Empties everything but areas and people."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE hotspots_area SET home_id = NULL")
        cursor.execute(
            "TRUNCATE hotspots_slice, hotspots_rejectedrow, hotspots_importedfile, hotspots_importrun, "
            "reports_monthlysummary CASCADE"
        )
        cursor.execute("DELETE FROM hotspots_publisher")
        cursor.execute("DELETE FROM hotspots_area WHERE kind = 'force'")
    shutil.rmtree(WORK / "facts", ignore_errors=True)


def run_import(paths: list[Path]) -> dict[str, float]:
    """Imports in a process of its own: {"seconds", "megabytes"}."""
    command = [sys.executable, "-m", "benchmarks.importing", *map(str, paths)]
    # As a worker starts: without what polars, imported here before the settings, has put into the environment.
    environment = {name: value for name, value in os.environ.items() if name != "_RJEM_MALLOC_CONF"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, float] = orjson.loads(done.stdout.splitlines()[-1])
    return answer


def load_city(city: Path) -> None:
    """The 24 months in a store without other facts, and what follows an import: what is made for readers, PostgreSQL's
    statistics (autovacuum makes them within a minute)."""
    from django.db import connection

    from benchmarks import london
    from reports import warming

    forget_facts()
    run_import(london.months(city)[: london.MONTHS])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    warming.warm()
