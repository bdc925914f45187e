"""`python -m benchmarks`: measures the product at London's size and writes docs/benchmarks.md.

Everything runs on one made-up city (`benchmarks.london`) in a database of its own, on the server that the product uses.
Each number is the median of three; what is compared is measured in turns, in the same run.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import django
import orjson

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
WORK = VAR / "bench"
DATABASE = "hotspots_benchmark"
TIMES = 3
REQUESTS = 200


def set_up() -> None:
    """A fresh database and fact store, and Django on them."""
    import psycopg2

    from config import local_services

    if not os.environ.get("DATABASE_URL"):
        services = local_services.ensure(VAR)
        os.environ.update(DATABASE_URL=services.database_url, REDIS_URL=services.redis_url, LOCAL_MODE="True")
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
        cursor.execute(
            "TRUNCATE hotspots_slice, hotspots_rejectedrow, hotspots_importedfile, hotspots_importrun, "
            "hotspots_publisher, reports_monthlysummary CASCADE"
        )
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


def copy(paths: list[Path]) -> None:
    """COPY FROM STDIN of the files into an unlogged table of twelve text columns: what the bars are set against."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_copy")
        columns = ", ".join(f"c{number} text" for number in range(12))
        cursor.execute(f"CREATE UNLOGGED TABLE benchmark_copy ({columns})")
        for path in paths:
            with path.open("rb") as stream:
                cursor.copy_expert("COPY benchmark_copy FROM STDIN WITH (FORMAT csv, HEADER)", stream)
        cursor.execute("DROP TABLE benchmark_copy")


class Report:
    """The table, row by row."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def add(self, what: str, measured: str, bar: str, met: bool) -> None:
        self.rows.append((what, measured, bar, "met" if met else "**missed**"))
        print(" | ".join(self.rows[-1]), flush=True)


def measure_imports(city: Path, report: Report) -> None:
    """The whole way from files to summaries."""
    from benchmarks import london
    from reports import summaries

    files = london.months(city)
    first, extra = files[: london.MONTHS], files[london.MONTHS :]
    series: dict[str, list[float]] = {name: [] for name in ("copy", "import", "again", "month", "update", "rebuild")}
    peaks: list[float] = []
    for _ in range(TIMES):
        forget_facts()
        series["copy"].append(timed(lambda: copy(first)))
        imported = run_import(first)
        series["import"].append(imported["seconds"])
        peaks.append(imported["megabytes"])
        series["again"].append(run_import(first)["seconds"])
        series["rebuild"].append(timed(summaries.rebuild))
        series["month"].append(run_import(extra)["seconds"])
        touched = {"street": [date(2024 + london.MONTHS // 12, london.MONTHS % 12 + 1, 1)]}
        series["update"].append(timed(lambda: summaries.recompute(touched)))  # noqa: B023 - called at once
    base, whole, again, month, update, rebuild = (median(values) for values in series.values())
    report.add(
        "import of 24 months, summaries included",
        f"{whole:.2f} s = {whole / base:.2f} x COPY ({base:.2f} s)",
        "<= 1.2 x",
        whole <= 1.2 * base,
    )
    report.add("the same files again", f"{again:.2f} s = {again / whole:.3f} x", "<= 0.1 x", again <= 0.1 * whole)
    report.add(
        "one new month, imported and summarised, to a full import of 24",
        f"{month:.2f} s = {month / whole:.3f} x",
        "<= 0.15 x",
        month <= 0.15 * whole,
    )
    report.add(
        "summaries of one new month, to a rebuild of all summaries",
        f"{update:.2f} s = {update / rebuild:.3f} x of {rebuild:.2f} s",
        "<= 0.15 x",
        update <= 0.15 * rebuild,
    )
    by_months = []
    for count in (6, 12):
        forget_facts()
        by_months.append(run_import(first[:count])["megabytes"])
    peak = max(peaks)
    text = f"{by_months[0]:.0f}, {by_months[1]:.0f}, {peak:.0f} MB"
    report.add("peak memory of an import of 6, 12, 24 months", text, "<= 400 MB", peak <= 400)
    forget_facts()
    run_import(first)
    measure_placing(city, whole, report)


def measure_placing(city: Path, whole: float, report: Report) -> None:
    """45,000 distinct points into 680 wards."""
    import polars as pl
    import shapely

    from benchmarks import london
    from hotspots.calc.placing import place

    points = pl.concat(
        pl.read_csv(path, columns=["Longitude", "Latitude"]).drop_nulls() for path in london.months(city)
    ).unique(maintain_order=True)
    lon, lat = (points[name].to_numpy() for name in points.columns)
    features = orjson.loads((city / "areas" / "wards.geojson").read_bytes())["features"]
    codes = [feature["properties"]["WD25CD"] for feature in features]

    times = []
    for _ in range(TIMES):
        wards = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        times.append(timed(lambda: place(lon, lat, wards, codes)))  # noqa: B023 - called at once
    seconds = median(times)
    report.add(
        f"placing {len(points):,} distinct points into {len(codes)} wards",
        f"{seconds:.3f} s = {seconds / whole:.1%} of the import",
        "<= 0.15 s, <= 10 %",
        seconds <= 0.15 and seconds <= 0.1 * whole,
    )


def measure_pages(report: Report) -> None:
    """Pages and the API, by requests of one signed-in person through the whole middleware."""
    from django.conf import settings
    from django.db import connection
    from django.db.models import F
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from hotspots.models import DataVersion
    from partners.models import Agency, Membership, User

    user = User.objects.create_user("bench@example.org", "not used", full_name="Benchmark")
    agency = Agency.objects.create(name="Benchmark", kind=Agency.Kind.COUNCIL)
    Membership.objects.create(user=user, agency=agency, role=Membership.Role.ANALYST)
    codes = [f"SYNW{number:05d}" for number in range(0, 680, 3)][:REQUESTS]
    client = Client()
    client.force_login(user)

    def p95(*series: list[str], cold: bool = False) -> list[float]:
        """Seconds of each series of addresses; requests take turns, so that all meet the same machine.

        `cold`: before each request the figures get a new version, as by an import, so no page is kept from before.
        """
        times: list[list[float]] = [[] for _ in series]
        for number in range(-1, REQUESTS):
            for addresses, taken in zip(series, times, strict=True):
                address = addresses[number % len(addresses)]
                if cold:
                    DataVersion.objects.filter(pk=1).update(number=F("number") + 1)
                start = time.perf_counter()
                response = client.get(address)
                taken.append(time.perf_counter() - start)
                if response.status_code != 200:
                    sys.exit(f"{address} answers {response.status_code}")
        return [sorted(taken[1:])[int(0.95 * REQUESTS)] for taken in times]

    def queries(address: str) -> tuple[int, int]:
        """(queries, bytes) of a page made anew."""
        DataVersion.objects.filter(pk=1).update(number=F("number") + 1)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            size = len(client.get(address).content)
        return len(captured), size

    wanted = "&".join(["scheme=police.uk", "from=2024-01", "to=2025-12", *(f"category={slug}" for slug in leaves())])
    pages = {
        "ward page": [f"/wards/{code}/" for code in codes],
        "wards page": [f"/wards/?borough=SYNB{number:05d}" for number in range(33)],
    }
    # Names of static files as they are: the front end need not be built for this.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["*"], STORAGES=storages):
        for what, addresses in pages.items():
            queries(addresses[0])  # the first of all meets templates and session unread
            count, size = max(queries(address) for address in addresses[1:8])
            for state, cold in (("made anew for each request", True), ("kept from an earlier request", False)):
                turns = [p95(["/bare/"], addresses, cold=cold) for _ in range(TIMES)]
                bare, page = (median(values) for values in zip(*turns, strict=True))
                report.add(
                    f"{what} of {len(addresses)} places, {state}, p95 of {REQUESTS}",
                    f"{page * 1000:.1f} ms = {page / bare:.1f} x a bare view ({bare * 1000:.1f} ms); "
                    + (f"{count} queries, {size // 1024} KB" if cold else "the page as kept"),
                    "<= 10 x, <= 12 queries",
                    page <= 10 * bare and count <= 12,
                )
        ours = [f"/api/v1/summaries/?area={code}&{wanted}" for code in codes]
        rows = len(orjson.loads(client.get(ours[0]).content)["results"])
        turns = [p95([f"/raw/{code}/" for code in codes], ours) for _ in range(TIMES)]
        raw, api = (median(values) for values in zip(*turns, strict=True))
        report.add(
            f"summaries API, {rows} rows, p95 of {REQUESTS}",
            f"{api * 1000:.1f} ms = {api / raw:.2f} x raw SQL and orjson ({raw * 1000:.1f} ms)",
            "<= 1.5 x",
            api <= 1.5 * raw,
        )


def leaves() -> list[str]:
    """The fourteen categories."""
    from hotspots import categories

    return [d.slug for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK and not d.members]


def machine() -> str:
    """What it ran on."""
    from django.db import connection

    def line(path: str, key: str) -> str:
        lines = Path(path).read_text().splitlines() if Path(path).exists() else []
        return next((text.partition(":")[2].strip() for text in lines if text.startswith(key)), "unknown")

    memory = line("/proc/meminfo", "MemTotal").removesuffix(" kB")
    gigabytes = f"{int(memory) / 1024**2:.0f} GB" if memory.isdigit() else memory
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
    versions = (
        f"Python {platform.python_version()}, Django {django.get_version()}, PostgreSQL {postgres} (fsync {fsync})"
    )
    return f"{os.cpu_count()} cores ({line('/proc/cpuinfo', 'model name')}), {gigabytes} of memory; {versions}."


def write(report: Report) -> None:
    """docs/benchmarks.md"""
    table = "\n".join(f"| {' | '.join(row)} |" for row in report.rows)
    (ROOT / "docs" / "benchmarks.md").write_text(
        f"""# Benchmarks

Written by `script/bench` (`python -m benchmarks`). A made-up city of London's size: 24 months, 2.28 million rows of
police.uk street files, 45,000 points, 4,988 LSOAs, 680 wards in 33 boroughs. Medians of three, measured in turns in one
run, on the product's own PostgreSQL. COPY = `COPY FROM STDIN` of the same files into an unlogged table of twelve text
columns.

{machine()}

| what | measured | bar | |
|---|---|---|---|
{table}
"""
    )


def main(names: list[str]) -> None:
    """Runs the named parts (imports, pages), or all of them and writes the document."""
    from benchmarks import london

    city = london.make(WORK / "london")
    set_up()
    report = Report()
    run_import(sorted((city / "areas").iterdir()))
    if not names or "imports" in names:
        measure_imports(city, report)
    else:
        run_import(london.months(city)[: london.MONTHS])
    if not names or "pages" in names:
        measure_pages(report)
    if not names:
        write(report)


if __name__ == "__main__":
    main(sys.argv[1:])
