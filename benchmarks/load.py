"""Fifty people who click through the product for two minutes, as people do: they look before they click again."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from benchmarks import london
from benchmarks.ground import Report
from benchmarks.serving import PROCESSES, person, served

PEOPLE = 50
SECONDS = 120
THINK = (1.0, 3.0)  # seconds between two clicks
SLOWEST = 1.0  # seconds that 95 of 100 answers may take


@dataclass(frozen=True, slots=True)
class Click:
    """One request: the page's name, seconds until its last byte came, and what was wrong ("" = nothing)."""

    page: str
    seconds: float
    problem: str


def clicks(choose: random.Random) -> Iterator[tuple[str, str]]:
    """(page, address) of what one person clicks on, without end."""
    months = [f"{2024 + number // 12}-{number % 12 + 1:02d}" for number in range(12, london.MONTHS)]
    kinds = ["", "burglary", "robbery", "vehicle-crime", "shoplifting", "victim-reported"]
    while True:
        number = choose.randrange(london.BOROUGHS)
        borough = f"SYNB{number:05d}"
        ward = choose.choice(london.wards_of(number))
        kind, month = choose.choice(kinds), choose.choice(months)
        yield "overview", with_query("/", borough=borough)
        yield "wards", with_query("/wards/", borough=borough, category=kind)
        yield "ward", with_query(f"/wards/SYNW{ward:05d}/", category=kind)
        yield "map", with_query("/map/", borough=borough, category=kind)
        yield "map data", with_query("/map/data/", borough=borough, category=kind, month=month)
        yield "explore", with_query("/explore/", areas=f"{borough}.wards", cat=kind)
        yield "search", with_query("/search/", q=choose.choice([f"Ward {ward:03d}", "albionfrod", f"SYNL{ward:05d}"]))


def with_query(path: str, **query: str) -> str:
    """An address; empty values are left out."""
    text = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{text}" if text else path


def click_through(address: str, cookie: str, seed: int, until: float, made: list[Click]) -> None:
    """What one person does until then, on one connection that is kept, as a browser does."""
    choose = random.Random(seed)
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip, br", "Accept": "text/html"}
    time.sleep(choose.uniform(0, THINK[1]))
    for page, path in clicks(choose):
        if time.monotonic() > until:
            break
        start = time.perf_counter()
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            problem = "" if response.status == 200 else f"status {response.status}"
        except (OSError, http.client.HTTPException) as error:
            problem = type(error).__name__
            connection.close()
        made.append(Click(page, time.perf_counter() - start, problem and f"{path}: {problem}"))
        time.sleep(choose.uniform(*THINK))
    connection.close()


def measure(report: Report, seconds: int = SECONDS) -> None:
    """Everybody at once, each with a session and a seed of their own."""
    cookies = [person(number) for number in range(PEOPLE)]
    made: list[Click] = []
    with served() as address:
        until = time.monotonic() + seconds
        people = [
            threading.Thread(target=click_through, args=(address, cookie, seed, until, made))
            for seed, cookie in enumerate(cookies)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
    problems = [click.problem for click in made if click.problem]
    times = sorted(click.seconds for click in made)
    slow = times[int(0.95 * len(times))]
    report.add(
        f"{PEOPLE} people clicking through for {seconds} s, {PROCESSES} web processes",
        f"{len(made):,} pages, {len(made) / seconds:.0f} a second; {len(problems)} errors; "
        f"median {1000 * times[len(times) // 2]:.0f} ms, p95 {1000 * slow:.0f} ms",
        "no error, p95 < 1 s",
        not problems and slow < SLOWEST,
    )
    for page in dict.fromkeys(click.page for click in made):
        own = sorted(click.seconds for click in made if click.page == page)
        median, p95 = own[len(own) // 2], own[int(0.95 * len(own))]
        text = f"{len(own)} pages; median {1000 * median:.0f} ms, p95 {1000 * p95:.0f} ms"
        report.add(f"- of them: {page}", text, "", None)
    for problem in dict.fromkeys(problems[:20]):
        print(f"  {problem}", flush=True)
