"""Counts of drawn places at London's size: 20 hotspots with their rings, one of them, and a shape not saved yet."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import london
from benchmarks.ground import TIMES, Report, timed

if TYPE_CHECKING:
    from hotspots.models import Hotspot

PLACES = 20
RADIUS_M = 300
ALL_SECONDS, ONE_SECONDS, PREVIEW_SECONDS = 10, 1, 0.3


def fill() -> list[Hotspot]:
    """20 hotspots with rings of 500 m all over the city, of the benchmark's own agency, not counted yet; those that are
    there already where it was filled before."""
    from hotspots.calc.metres import circle
    from hotspots.models import Hotspot
    from hotspots.register.actions import Content, Drawn, add_hotspot
    from partners.models import Agency
    from partners.roles import Role
    from partners.visibility import Viewer

    agency, _ = Agency.objects.get_or_create(name="Benchmark", kind=Agency.Kind.COUNCIL)
    by = Viewer.of_agency(agency, Role.MANAGER)
    random = np.random.default_rng(7)
    for number in range(Hotspot.objects.filter(owner=agency).count(), PLACES):
        # Well inside the city, a quarter of it left for each side.
        x, y = random.uniform(0.1, 0.9, 2)
        middle = london.WEST + x * (london.EAST - london.WEST), london.SOUTH + y * (london.NORTH - london.SOUTH)
        content = Content(
            name=f"Place {number:02d}",
            problems=("burglary", "robbery"),
            objective="Fewer crimes than in the year before",
            objective_category="robbery",
            baseline_from=date(2024, 1, 1),
            baseline_to=date(2025, 12, 1),
            equality_people="Families.",
            equality_balance="Support first.",
            equality_other="Street lights.",
        )
        drawn = Drawn(circle(*middle, RADIUS_M), "benchmark")
        add_hotspot(by=by, owner=agency, content=content, drawn=drawn, valid_from=date(2024, 1, 1))
    return list(Hotspot.objects.filter(owner=agency).order_by("pk"))


def measure(report: Report) -> None:
    """Recounts in all months, a new month, and a shape before it is saved."""
    from django.db import transaction

    from hotspots import points
    from hotspots.calc.metres import circle
    from reports import place_counts
    from reports.models import PlaceCount

    places = fill()
    areas = [pk for place in places for pk in (place.area_id, place.ring_id) if pk]
    newest = points.newest_months(1)
    middle = circle((london.WEST + london.EAST) / 2, (london.SOUTH + london.NORTH) / 2, RADIUS_M)

    def new_month() -> None:
        with transaction.atomic():
            place_counts.update(newest)

    series: dict[str, list[float]] = {name: [] for name in ("all", "one", "month", "preview")}
    for turn in range(TIMES):
        series["all"].append(timed(lambda: place_counts.recount(areas)))
        series["one"].append(timed(lambda: place_counts.recount(areas[2 * turn : 2 * turn + 2])))  # noqa: B023
        series["month"].append(timed(new_month))
        series["preview"].append(timed(lambda: points.held(middle, points.newest_months(12))))
    every, one, month, preview = (median(values) for values in series.values())
    counted = f"{PlaceCount.objects.count():,} counts"
    report.add(
        f"counting {PLACES} hotspots and their rings in all {london.MONTHS} months",
        f"{every:.2f} s; {counted}",
        f"< {ALL_SECONDS} s",
        every < ALL_SECONDS,
    )
    report.add("counting one hotspot and its ring", f"{one:.2f} s", f"< {ONE_SECONDS} s", one < ONE_SECONDS)
    report.add(f"the same {PLACES} after an import of one month", f"{month:.2f} s", "", None)
    report.add(
        "what a shape holds, before it is saved",
        f"{preview * 1000:.0f} ms",
        f"< {PREVIEW_SECONDS * 1000:.0f} ms",
        preview < PREVIEW_SECONDS,
    )
