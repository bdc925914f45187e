"""What the pages, files and API say of one place equals sums written out from the crimes of `finding_world`."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from shapely.geometry import box

from hotspots.models import Hotspot, PhasePeriod
from hotspots.register import actions
from partners.models import Agency
from partners.roles import Role
from partners.visibility import Viewer
from reports import place_counts
from reports.evidence import evidence
from tests.factories import make_place
from tests.reports import finding_world as world
from tests.reports.calc.test_baseline import plain
from tests.reports.explore_world import text
from tests.reports.finding_world import MONTHS
from tests.reports.rendered.reading import Page

pytestmark = pytest.mark.django_db
THIS_YEAR, YEAR_BEFORE, BASELINE = MONTHS[36:], MONTHS[24:36], MONTHS[12:36]
COMPARED = (3, 19)


def middle(month: date) -> int:
    """Of three crimes of the first LSOA two lie at its middle, where the place is; the third in the place's ring."""
    return all_of(0, month) - beside(month)


def beside(month: date) -> int:
    return all_of(0, month) // 3


def all_of(lsoa: int, month: date) -> int:
    return sum(number for _, number in world.crimes(lsoa, month))


@pytest.fixture
def place(signed_in: Client) -> Hotspot:
    """The middle of the first LSOA, 35 m from its east edge: smaller it is empty, larger it has the other point too."""
    world.borough(20)
    made = make_place(
        Agency.objects.get(name="Havering Council"),
        box_of=(0.1005, 51.503, 0.1055, 51.507),
        valid_from=MONTHS[0],
        baseline_from=BASELINE[0],
        baseline_to=BASELINE[-1],
        objective_category="burglary",
        objective_target=90,
    )
    PhasePeriod.objects.create(hotspot=made, phase="clear", starts=date(2022, 1, 1))
    made.comparisons.create(
        name="Two others",
        lsoa_codes=[world.code(one) for one in COMPARED],
        level_ratio=1,
        trend_difference=0,
        mix_difference=0,
        reason="Alike",
    )
    assert made.ring_id
    place_counts.recount([made.area_id, made.ring_id])
    return made


def year(of: Any, months: list[date]) -> int:
    return sum(of(month) for month in months)


def both(months: list[date]) -> str:
    """A year as pages say it: drawn smaller the place holds nothing, larger both points."""
    return f"{year(middle, months)} (0 to {year(lambda month: all_of(0, month), months)})"


def said(client: Client, address: str) -> str:
    response = client.get(f"/hotspots/{address}")
    assert response.status_code == 200
    return text(response.content.decode())


def test_the_same_figures_stand_on_every_page(signed_in: Client, place: Hotspot) -> None:
    last = MONTHS[-1]
    low, high = plain(year(middle, BASELINE) / 24, 1)  # the counts vary less than a Poisson's
    assert low <= middle(last) <= high
    newest = f"{middle(last)} in March 2022 (0 to {all_of(0, last)}); within the baseline range."
    more = year(middle, THIS_YEAR) - year(middle, YEAR_BEFORE)
    change = f"{more} more ({more / year(middle, YEAR_BEFORE):.0%})"
    assert newest in said(signed_in, "board/")
    agenda = said(signed_in, "agenda/")
    assert newest in agenda
    assert f"{low} to {high} a month in the baseline" in agenda
    assert all(f"{month:%B %Y} {middle(month)} 0 to {all_of(0, month)} " in agenda for month in MONTHS[-3:])
    compare = said(signed_in, f"compare/?place={place.pk}")
    assert f"All crime {both(THIS_YEAR)} {change} Burglary {both(THIS_YEAR)} {change}" in compare
    profile = said(signed_in, f"{place.pk}/")
    assert f"within the range of the baseline ({low} to {high})" in profile
    assert f"{both(THIS_YEAR)}, {change} than the {both(YEAR_BEFORE)} of the 12 months before" in profile
    assert all(f"{month:%B %Y} {middle(month)} 0 to {all_of(0, month)} within" in profile for month in MONTHS[12:])
    ring, before = year(beside, THIS_YEAR), year(beside, YEAR_BEFORE)
    ring_said = (
        f"In the ring: all crime {ring} (0 to {year(lambda month: all_of(0, month), THIS_YEAR)}) {before} (0 to "
    )
    assert ring_said in profile
    assert f"1 map point holds {year(middle, THIS_YEAR)} of the {year(middle, THIS_YEAR)} in the 12 months" in profile
    assert f"On or near High Street 1 {year(middle, THIS_YEAR)} 100% 12 of 12 {year(middle, YEAR_BEFORE)}" in profile


def test_the_evidence_at_the_gate_is_that_of_plain_sums(signed_in: Client, place: Hotspot) -> None:
    found = said(signed_in, f"{place.pk}/gates/{place.phases.get().pk}/")
    mean = year(middle, BASELINE) / 24
    low, high = plain(mean, 1)
    assert f"All crime: March 2022 ({middle(MONTHS[-1])}) is in the baseline range of {low} to {high} a month" in found
    above = 0
    while MONTHS[-1 - above] > BASELINE[-1] and middle(MONTHS[-1 - above]) > mean:
        above += 1
    assert f"{above} consecutive months above the baseline’s mean of {mean:.1f} a month" in found
    ring = plain(year(beside, BASELINE) / 24, 1)[1]
    assert all(beside(month) <= ring for month in MONTHS[-3:])
    counts = "{}, {} and {}".format(*(beside(month) for month in MONTHS[-3:]))
    assert f"The last three months ({counts}) are in its baseline range, up to {ring} a month" in found

    def compared(month: date) -> int:
        return sum(all_of(one, month) for one in COMPARED)

    assert year(compared, THIS_YEAR) == year(compared, YEAR_BEFORE)
    assert f"1 comparison place: {year(compared, THIS_YEAR)} in the same 12 months, the same as in the 12" in found
    assert "1 of the 1 map points with most crime in the baseline remains: on or near High Street 1." in found
    assert f"Objective, burglary: at most 90 in 12 months; {year(middle, THIS_YEAR)} (0 to " in found
    # What is no longer compared with is no part of it; nor is a ring that is not there.
    place.comparisons.update(ended_at=timezone.now())
    Hotspot.objects.filter(pk=place.pk).update(ring=None, objective_category="all-crime")
    found = said(signed_in, f"{place.pk}/gates/{place.phases.get().pk}/")
    assert "Comparison places: none is chosen yet." in found
    assert "Ring: this place has none" in found
    assert found.count(f"March 2022 ({middle(MONTHS[-1])})") == 1, "an objective of all crime is not told twice"


def test_the_evidence_on_a_day_is_of_the_months_before_it(place: Hotspot) -> None:
    then = evidence(place, date(2021, 6, 15))
    assert then.last_month == date(2021, 5, 1)
    facts = {one.name: one.sentence for one in then.facts}
    assert f"All crime: {year(middle, MONTHS[26:38])} (0 to " in facts["twelve-months"]
    # The year to May 2021 begins in the baseline's last year: there is nothing to set its map points beside.
    assert "cannot be set beside today’s" in facts["repeat-locations"]
    redrawn = actions.Drawn(box(0.1005, 51.503, 0.1065, 51.507), "drawn")
    by = Viewer.of_agency(place.owner, Role.MANAGER)
    actions.redraw(by=by, pk=place.pk, drawn=redrawn, valid_from=date(2021, 6, 1))
    place_counts.recount([place.area_id])
    now = {one.name: one.sentence for one in evidence(place, date(2022, 6, 1)).facts}
    assert "all figures are of the boundary from 1 June 2021" in now["data"]
    assert f"All crime: {year(lambda month: all_of(0, month), THIS_YEAR)} (" in now["twelve-months"]
    first = {one.name: one.sentence for one in evidence(place, date(2021, 5, 31)).facts}
    assert "all figures are of the boundary" not in first["data"]
    assert f"All crime: {year(middle, MONTHS[25:37])} (0 to " in first["twelve-months"]


def test_every_row_of_the_search_and_its_file_is_that_of_plain_sums(signed_in: Client, place: Hotspot) -> None:
    address = "?month=2021-03"
    counts = {world.code(one): year(lambda month: world.count(one, month), YEAR_BEFORE) for one in range(20)}  # noqa: B023
    ranking = next(
        table for table in Page(signed_in.get(f"/hotspots/find/{address}")).tables() if len(table.rows) == 20
    )
    assert [int(row[3].split(" ")[0].replace(",", "")) for row in ranking.rows] == sorted(counts.values(), reverse=True)
    lines = b"".join(signed_in.get(f"/hotspots/find/candidates.csv{address}"))
    head, *rows = csv.reader(io.StringIO(lines.decode("utf-8-sig")))
    assert {row[1]: int(row[head.index("Crimes")]) for row in rows[:20]} == counts


def test_figures_of_the_api_are_those_of_the_pages(place: Hotspot, client: Client) -> None:
    for query in ("", "?category=burglary"):
        found = client.get(f"/api/v1/hotspots/{place.pk}/figures/{query}").json()
        mean = year(middle, BASELINE) / 24
        low, high = plain(mean, 1)
        baseline = {"mean": mean, "low": low, "high": high, "months": 24, "provisional": False}
        assert (found["baseline"], found["is_counted"]) == (baseline, True)
        assert found["months"] == [
            {
                "month": f"{month:%Y-%m}",
                "count": middle(month),
                "low": 0,
                "high": all_of(0, month),
                "coverage": "complete",
            }
            for month in MONTHS
        ]
