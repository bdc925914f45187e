"""Pages and the API, by requests of one signed-in person through the whole middleware, beside a view that says nothing.

Requests are a browser's: answers are compressed. Those that are compared take turns, so that all meet the same machine.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import orjson

from benchmarks import london
from benchmarks.ground import TIMES, Report

REQUESTS = 200
TIMES_BARE = 10
QUERIES = 12
PAGE_KB = 120  # of overview and ward pages


@dataclass(frozen=True)
class Page:
    """A page of many places. `kept`: what it shows is kept for the next reader (the search finds the index that imports
    make); the others are bars: for its size, its time and its queries."""

    name: str
    addresses: Sequence[str]
    kept: bool = True
    kilobytes: int | None = None
    times_bare: int = TIMES_BARE
    queries: int = QUERIES
    requests: int = REQUESTS


def pages() -> list[Page]:
    """What is measured."""
    boroughs = [f"SYNB{number:05d}" for number in range(london.BOROUGHS)]
    months = [f"2025-{number:02d}" for number in range(1, 13)]
    wards = [f"SYNW{number:05d}" for number in range(0, london.WARDS, 3)][:REQUESTS]
    return [
        Page("overview", [f"/?borough={code}" for code in boroughs], kilobytes=PAGE_KB),
        Page("wards page", [f"/wards/?borough={code}" for code in boroughs]),
        Page("ward page", [f"/wards/{code}/" for code in wards], kilobytes=PAGE_KB),
        Page("borough page", [f"/boroughs/{code}/" for code in boroughs]),
        Page("map page", [f"/map/?borough={code}" for code in boroughs]),
        Page("map page of all London", [f"/map/?borough=all&month={month}" for month in months]),
        Page("map data", [f"/map/data/?borough={code}" for code in boroughs]),
        Page("map data of all London", [f"/map/data/?borough=all&month={month}" for month in months]),
        Page("explore", [f"/explore/?areas={code}.wards" for code in boroughs]),
        Page("search", [f"/search/?q=Ward+{number:03d}" for number in range(REQUESTS)], kept=False),
    ]


def measure(report: Report, only: Sequence[str] = ()) -> None:
    """Every page, or those named."""
    with browsing():
        visitor = Visitor()
        for page in pages():
            if not only or page.name in only:
                measure_page(page, visitor, report)
        if not only:
            _measure_api(visitor, report)


@contextmanager
def browsing() -> Iterator[None]:
    """The product as its visitors here find it: with the views that it is compared with."""
    from django.conf import settings
    from django.test import override_settings

    # Names of static files as they are: the front end need not be built for this.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["*"], STORAGES=storages):
        yield


class Visitor:
    """The requests of one person with a role in the benchmark's own agency."""

    def __init__(self, role: str = "analyst") -> None:
        from django.test import Client

        from partners.models import Agency, Membership, User

        user = User.objects.create_user(f"{role}@example.org", "not used", full_name="Benchmark")
        agency, _ = Agency.objects.get_or_create(name="Benchmark", kind=Agency.Kind.COUNCIL)
        Membership.objects.create(user=user, agency=agency, role=role)
        self.client = Client(headers={"accept-encoding": "gzip"})
        self.client.force_login(user)

    def get(self, address: str) -> tuple[float, bytes]:
        """(seconds, content as it is sent)"""
        start = time.perf_counter()
        response = self.client.get(address)
        content: bytes = response.content
        seconds = time.perf_counter() - start
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}: {response.content[:300]!r}")
        return seconds, content

    def renew(self) -> None:
        """The figures get a new version, as by an import: no page is kept from before."""
        from django.db.models import F

        from hotspots.models import DataVersion

        DataVersion.objects.filter(pk=1).update(number=F("number") + 1)

    def p95(self, *series: Sequence[str], cold: bool = False, requests: int = REQUESTS) -> list[float]:
        """Seconds of each series of addresses, in turns; `cold`: each page is made anew."""
        times: list[list[float]] = [[] for _ in series]
        for number in range(-1, requests):
            for addresses, taken in zip(series, times, strict=True):
                if cold:
                    self.renew()
                taken.append(self.get(addresses[number % len(addresses)])[0])
        return [sorted(taken[1:])[int(0.95 * requests)] for taken in times]

    def weigh(self, page: Page, address: str) -> tuple[int, int, int]:
        """(queries, bytes, bytes as sent) of a page, made anew where it is kept."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        if page.kept:
            self.renew()
        with CaptureQueriesContext(connection) as captured:
            sent = self.get(address)[1]
        whole = gzip.decompress(sent) if sent.startswith(b"\x1f\x8b") else sent
        return len(captured), len(whole), len(sent)


def measure_page(page: Page, visitor: Visitor, report: Report) -> None:
    """Its time, made anew and kept, beside the bare view's; queries and bytes."""
    visitor.weigh(page, page.addresses[0])  # the first of all meets templates and session unread
    weights = [visitor.weigh(page, address) for address in page.addresses[1:8]]
    count, size, sent = (max(numbers) for numbers in zip(*weights, strict=True))
    for cold in (True, False) if page.kept else (False,):
        turns = [visitor.p95(["/bare/"], page.addresses, cold=cold, requests=page.requests) for _ in range(TIMES)]
        bare, ours = (median(values) for values in zip(*turns, strict=True))
        state = "" if not page.kept else ", made anew for each request" if cold else ", kept from an earlier request"
        weight = f"{count} queries, {size // 1024} KB ({sent // 1024} KB compressed)"
        bar = f"<= {page.times_bare} x, <= {page.queries} queries"
        if page.kilobytes:
            bar += f", < {page.kilobytes} KB"
        report.add(
            f"{page.name} of {len(set(page.addresses))} places{state}, p95 of {page.requests}",
            f"{ours * 1000:.1f} ms = {ours / bare:.1f} x a bare view ({bare * 1000:.1f} ms); "
            + ("the page as kept" if page.kept and not cold else weight),
            bar,
            ours <= page.times_bare * bare
            and count <= page.queries
            and (not page.kilobytes or size < 1000 * page.kilobytes),
        )


def _measure_api(visitor: Visitor, report: Report) -> None:
    from hotspots import categories

    leaves = [d.slug for d in categories.DEFINITIONS if d.scheme == categories.POLICE_UK and not d.members]
    wanted = "&".join(["scheme=police.uk", "from=2024-01", "to=2025-12", *(f"category={slug}" for slug in leaves)])
    codes = [f"SYNW{number:05d}" for number in range(0, london.WARDS, 3)][:REQUESTS]
    ours = [f"/api/v1/summaries/?area={code}&{wanted}" for code in codes]
    rows = len(orjson.loads(gzip.decompress(visitor.get(ours[0])[1]))["results"])
    turns = [visitor.p95([f"/raw/{code}/" for code in codes], ours) for _ in range(TIMES)]
    raw, api = (median(values) for values in zip(*turns, strict=True))
    report.add(
        f"summaries API, {rows} rows, p95 of {REQUESTS}",
        f"{api * 1000:.1f} ms = {api / raw:.2f} x raw SQL and orjson ({raw * 1000:.1f} ms)",
        "<= 1.5 x",
        api <= 1.5 * raw,
    )
