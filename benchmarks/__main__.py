"""`python -m benchmarks`: measures the product at London's size and writes docs/benchmarks.md.

Everything runs on one made-up city (`benchmarks.london`) in a database of its own, on the server that the product uses.
Each number is the median of three; what is compared is measured in turns, in the same run.

    python -m benchmarks                    everything; writes docs/benchmarks.md
    python -m benchmarks imports pages      these parts alone: imports, places, pages, browser, load, access, bulk,
                                            programme
    python -m benchmarks --load 20          the load for 20 seconds in place of two minutes (alone: just that)
    python -m benchmarks --page explore     this page alone
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

import django

from benchmarks import access, browser, bulk, imports, load, london, pages, places, programme
from benchmarks.ground import ROOT, WORK, Report, load_city, run_import, set_up

PARTS = ("imports", "places", "pages", "browser", "load", "access", "bulk", "programme")


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
    think = "{:.0f} to {:.0f}".format(*load.THINK)
    table = "\n".join(f"| {' | '.join(row)} |" for row in report.rows)
    (ROOT / "docs" / "benchmarks.md").write_text(
        f"""# Benchmarks

Written by `script/bench` (`python -m benchmarks`). A made-up city of London's size: 24 months, 2.28 million rows of
police.uk street files, 45,000 points, 4,988 LSOAs, 680 wards in 33 boroughs. Medians of three, measured in turns in one
run, on the product's own PostgreSQL. COPY = `COPY FROM STDIN` of the same files into an unlogged table of twelve text
columns. A bare view says "nothing", through the same middleware. Load: {load.PEOPLE} people, each with a session and a
connection, click from page to page at random places and think {think} seconds in between; they
share the machine with the web processes, PostgreSQL and Valkey. Access: a manager of an agency to which
{access.AGREEMENTS} agreements of {access.AGENCIES} agencies give parts of {access.RECORDS:,} records. Pages of
hotspots: 20 with rings, {programme.MONTHS} months of counts, phases, gates and comparison places; LSOAs with
boundaries.

{machine()}

| what | measured | bar | |
|---|---|---|---|
{table}
"""
    )


def main() -> None:
    """Runs the named parts, or all of them and writes the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "parts", nargs="*", choices=[[], *PARTS], metavar="PART", help="parts to run; without any, all of them"
    )
    parser.add_argument("--load", type=int, metavar="SECONDS", help="seconds of load")
    parser.add_argument("--page", action="append", default=[], help="the name of a page to measure alone")
    asked = parser.parse_args()
    parts = {*asked.parts, *["load"] * bool(asked.load), *["pages"] * bool(asked.page)}
    whole = not parts
    city = london.make(WORK / "london")
    set_up()
    report = Report()
    run_import(sorted((city / "areas").iterdir()))
    if whole or "imports" in parts:
        imports.measure(city, report)
    if whole or parts - {"imports", "bulk"}:
        load_city(city)
    if whole or "places" in parts:
        places.measure(report)
    if whole or "pages" in parts:
        pages.measure(report, asked.page)
    if whole or "browser" in parts:
        browser.measure(report)
    if whole or "load" in parts:
        load.measure(report, asked.load or load.SECONDS)
    if whole or "access" in parts:
        access.measure(report)
    if whole or "bulk" in parts:
        bulk.measure(report)
    # Last: it changes what the others stand on.
    if whole or "programme" in parts:
        programme.measure(city, report)
    if whole:
        write(report)


if __name__ == "__main__":
    main()
