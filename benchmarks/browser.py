"""What a reader's browser sees, in a real Chromium: bytes, shifts, long tasks, and when a page is on the screen."""

from __future__ import annotations

import os
import shutil
import sys
from statistics import median
from typing import Any

from benchmarks.ground import TIMES, Report
from benchmarks.serving import person, served

FIRST_KB, REPEAT_KB = 350, 60
SHIFT = 0.1
LONG_TASK = 100  # ms
PAINT = 1000  # ms
LONDON_MAP = "/map/?borough=all"

# Notes what happens from the start of each page. `painted`: the first frame with the whole page in it is on its way.
WATCH = """
window.seen = {shift: 0, longest: 0, painted: 0};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.seen.longest = Math.max(window.seen.longest, entry.duration);
}).observe({type: "longtask", buffered: true});
document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(() => {
  window.seen.painted = performance.now();
})));
"""
SEEN = """() => new Promise((done) => setTimeout(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  done({...window.seen, first: paint ? paint.startTime : 0});
}, 500))"""


def chromium() -> str | None:
    """CHROMIUM, else the first Chromium or Chrome on this machine."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


def measure(report: Report) -> None:
    """The overview's first and second visit, and the map of all London, in windows that know nothing yet."""
    path = chromium()
    if path is None:
        report.add("transfer, layout shift, long tasks, first paint", "not measured: no Chromium was found", "", None)
        return
    from playwright.sync_api import sync_playwright

    cookie = person(1000)
    name, _, value = cookie.partition("=")
    first, repeat, maps = [], [], []
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        for _ in range(TIMES + 1):  # the very first visit makes pages that the others find kept
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            first.append(_visit(context, f"{address}/"))
            repeat.append(_visit(context, f"{address}/"))
            context.close()
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            maps.append(_visit(context, f"{address}{LONDON_MAP}"))
            context.close()
        browser.close()
    _report(report, first[1:], repeat[1:], maps[1:])


def _visit(context: Any, address: str) -> dict[str, float]:
    """One page in a new tab: {"bytes", "first", "painted", "shift", "longest"}; bytes as they came over the network."""
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    response = page.goto(address, wait_until="networkidle")
    if response.status != 200:
        sys.exit(f"{address} answers {response.status}")
    seen: dict[str, float] = page.evaluate(SEEN)
    page.close()
    return {**seen, "bytes": sum(received)}


def _report(
    report: Report, first: list[dict[str, float]], repeat: list[dict[str, float]], maps: list[dict[str, float]]
) -> None:
    def usual(visits: list[dict[str, float]], name: str) -> float:
        return median(visit[name] for visit in visits)

    for what, visits, bar in (("first visit", first, FIRST_KB), ("second visit", repeat, REPEAT_KB)):
        kilobytes = usual(visits, "bytes") / 1000
        report.add(f"overview, {what}: bytes over the network", f"{kilobytes:.0f} KB", f"< {bar} KB", kilobytes < bar)
    shift, longest = (max(visit[name] for visit in [*first, *repeat]) for name in ("shift", "longest"))
    report.add("overview: layout shift, worst visit", f"{shift:.3f}", f"<= {SHIFT}", shift <= SHIFT)
    text = f"{longest:.0f} ms" if longest else "none over 50 ms"
    report.add("overview: longest task, worst visit", text, f"<= {LONG_TASK} ms", longest <= LONG_TASK)
    painted, begun, size = (usual(maps, name) for name in ("painted", "first", "bytes"))
    report.add(
        "map of all London, first visit: the whole page painted",
        f"{painted:.0f} ms (first paint {begun:.0f} ms), {size / 1000:.0f} KB over the network",
        f"< {PAINT} ms",
        painted < PAINT,
    )
