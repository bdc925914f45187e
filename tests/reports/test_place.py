"""The profile of a drawn place: its figures in words, rows and pictures, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from shapely.geometry import box

from hotspots import categories
from hotspots.models import Boundary, GateDecision, Hotspot, PhasePeriod, ReentryAlert, ReentryTrigger
from hotspots.register import actions
from interventions.models import AgreedAction, Intervention
from interventions.registers import register_of
from partners import jobs
from partners.models import Agency, AuditEvent
from partners.roles import Role
from partners.visibility import Viewer
from reports.models import PlaceCount, PlacePoint, PlaceRecount
from reports.place_figures import Series
from reports.place_work import Work
from reports.presenters import place_words, place_work
from tests.factories import COMPLETE, MISSING, PARTIAL, make_place, months_from
from tests.reports.test_views import text

pytestmark = pytest.mark.django_db
SINCE = date(2023, 1, 1)
MONTHS = months_from(SINCE, 36)
NUMBERS = {one.slug: one.number for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK}
TYPES = [one.slug for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK and not one.members]


def count(
    boundary: Boundary,
    counts: Mapping[str, Sequence[int | None]],
    *,
    partial: tuple[date, ...] = (),
    months: list[date] | None = None,
) -> None:
    """Counts of some types a month, 0 of the others; the range is from 10 fewer (not below 0) to 10 more."""
    rows = []
    for slug in TYPES:
        for index, month in enumerate(months or MONTHS):
            values = counts.get(slug)
            number = values[index] if values else 0
            spread = 10 if values else 0
            rows.append(
                PlaceCount(
                    boundary_id=boundary.pk,
                    category_id=NUMBERS[slug],
                    month=month,
                    count=number,
                    low=None if number is None else max(number - spread, 0),
                    high=None if number is None else number + spread,
                    coverage=MISSING if number is None else PARTIAL if month in partial else COMPLETE,
                )
            )
    PlaceCount.objects.bulk_create(rows)
    PlaceRecount.objects.create(boundary=boundary)


def boundary_of(area: int | None) -> Boundary:
    return Boundary.objects.filter(area=area).latest("pk")


@pytest.fixture
def council(signed_in: Client) -> Agency:
    """The agency of the analyst who is signed in."""
    return Agency.objects.get(name="Havering Council")


def a_place(council: Agency, **said: Any) -> Hotspot:
    """A hotspot with 24 months of baseline, 50 burglaries a month then and 30 after; three map points."""
    said = {"baseline_from": SINCE, "baseline_to": MONTHS[23], "valid_from": SINCE, **said}
    place = make_place(council, **said)
    burglaries = [50 + 4 * (index % 2) for index in range(24)] + [30] * 12
    drugs = [1] * 36
    count(boundary_of(place.area_id), {"burglary": burglaries, "drugs": drugs})
    if place.ring_id:
        count(boundary_of(place.ring_id), {"burglary": [20] * 36})
    PlacePoint.objects.bulk_create(
        PlacePoint(
            boundary=boundary_of(place.area_id),
            lon=213_000 + 500 * index,
            lat=51_603_000,
            street=street,
            category_id=NUMBERS["burglary"],
            month=month,
            count=10,
        )
        for index, street in enumerate(["High Street", "<b>Station Road</b>", ""])
        for month in MONTHS
    )
    return place


def record(place: Hotspot, kind: str, title: str, starts: datetime, ends: datetime | None, **said: Any) -> Intervention:
    """Something done at a place by its owner."""
    said = {"owner": place.owner, "status": "done", "strand": "pursue", "area_codes": place.area_codes, **said}
    model = register_of(kind).model
    made: Intervention = model._base_manager.create(kind=kind, title=title, starts=starts, ends=ends, **said)
    made.hotspots.add(place)
    return made


def page(client: Client, place: Hotspot, query: str = "") -> bytes:
    response = client.get(f"/hotspots/{place.pk}/{query}")
    assert response.status_code == 200
    return response.content


def test_the_page_says_where_the_place_stands(signed_in: Client, council: Agency) -> None:
    place = a_place(
        council,
        objective="Fewer burglaries",
        objective_category="burglary",
        objective_baseline=620,
        objective_target=400,
        objective_by=date(2027, 3, 31),
        review_on=timezone.localdate() - timedelta(days=1),
    )
    html = page(signed_in, place)
    said = text(html)
    assert "In December 2025 police recorded 31 (20 to 51 depending on how map points are rounded) crimes here." in said
    # 51 and 55 in turn: XmR limits are 53 plus and minus 2.66 times 4.
    assert "That is the 12th month on end below the range of the baseline (43 to 63)." in said
    assert "In the 12 months to then it was 372 (240 to 612), 264 fewer (42%) than the 636 (504 to 876)" in said
    assert (
        "The target is 400 by 31 March 2027, from 620. In the 12 months to December 2025 it was 360 (240 to 480)."
        in said
    )
    assert "That is 260 fewer than at the baseline; the target is 220 fewer." in said
    assert "Overdue The review was due on" in said
    assert "It is made of whole LSOAs" not in said
    Boundary.objects.update(source="LSOAs E01000001, E01000002")
    assert "It is made of whole LSOAs. Find and comparison places count" in text(page(signed_in, place))
    Hotspot.objects.update(objective_target=None)
    assert "No count is set as the target; it is to be reached by 31 March 2027." in text(page(signed_in, place))
    assert re.search(r"1\. On or near High Street 120 33% 12 of 12 120", said)
    assert b"&lt;b&gt;Station Road&lt;/b&gt;" in html
    assert "A place without a street name" in said
    assert "In the ring: all crime 240 (120 to 360) 240 (120 to 360) Same" in said
    assert "Drugs 12 12 Same" not in said, "its range is from 0"
    assert "Drugs 12 (0 to 132) 12 (0 to 132) Same" in said


def test_marks_phases_and_earlier_boundaries(signed_in: Client, council: Agency) -> None:
    place = a_place(council)
    by = Viewer.of_agency(council, Role.MANAGER)
    drawn = actions.Drawn(box(0.212, 51.602, 0.217, 51.605), "drawn")
    first = boundary_of(place.area_id)
    actions.redraw(by=by, pk=place.pk, drawn=drawn, valid_from=date(2025, 6, 1))
    period = PhasePeriod.objects.create(
        hotspot=place, phase="clear", starts=date(2025, 1, 15), ends=date(2025, 8, 1), ending="completed"
    )
    PhasePeriod.objects.create(hotspot=place, phase="hold", starts=date(2025, 7, 1), objectives="Keep it up")
    GateDecision.objects.create(
        period=period, outcome="proceed", to_phase="hold", decided_on=date(2025, 7, 1), data_version=1
    )
    trigger = ReentryTrigger.objects.create(hotspot=place, category="burglary", months=2)
    ReentryAlert.objects.create(trigger=trigger, month=date(2025, 11, 1), sentence="Burglary rose.")
    newest = page(signed_in, place)
    assert "What was recorded here is being counted" in text(newest)
    assert "Over time" not in text(newest), "the new boundary has no counts yet"
    said = text(page(signed_in, place, f"?boundary={first.pk}"))
    assert (
        "These are the figures of the boundary in force from 1 January 2023 until 31 May 2025, for all months." in said
    )
    assert "1 June 2025. Redrawn: from this day, drawn" in said
    assert "1 July 2025. Gate: Clear: go on to the next phase (Hold)" in said
    assert "1 November 2025. Alert: Burglary rose." in said
    assert "July 2025 31 20 to 51 below Clear, Hold 2" in said
    assert "Clear : 15 January 2025 to 1 August 2025. Completed" in said
    assert signed_in.get(f"/hotspots/{place.pk}/?boundary={first.pk + 10_000}").status_code == 404
    other = make_place(council, name="Another")
    theirs = boundary_of(other.area_id).pk
    assert signed_in.get(f"/hotspots/{place.pk}/?boundary={theirs}").status_code == 404, "another place's boundary"
    assert signed_in.get(f"/hotspots/{place.pk}/?boundary=x").status_code == 400
    assert signed_in.get(f"/hotspots/{place.pk}/?category=murder").status_code == 400


def test_what_is_done_here(signed_in: Client, council: Agency, make_user: Any) -> None:
    place, now = a_place(council), datetime(2026, 1, 15, 20, tzinfo=UTC)
    make_user("stranger@example.org", agency="Stranger")
    stranger = Agency.objects.get(name="Stranger")

    def day(year: int, month: int, number: int) -> datetime:
        return datetime(year, month, number, tzinfo=UTC)

    hours = timedelta(hours=2)
    pspo = record(place, "pspo", "No street drinking", day(2023, 2, 1), day(2026, 2, 1))
    cbo = record(place, "cbo", "Order R-17", day(2025, 6, 10), None)
    record(place, "dispersal", "Market Place", now - 6 * hours, now + timedelta(minutes=100))
    record(place, "dispersal", "Station", now - 6 * hours, now)
    record(place, "pspo", "No car meets", day(2026, 3, 1), day(2029, 3, 1), status="planned")
    record(place, "day", "Operation Quartz", day(2025, 9, 6), day(2025, 9, 7))
    record(place, "day", "Operation Basalt", day(2022, 12, 31), day(2022, 12, 31))
    for starts, status in (
        *((day(2025, 1, 15), "done"), (day(2025, 1, 16), "done"), (now - hours, "done")),
        *((now - hours, "cancelled"), (day(2026, 1, 10), "planned"), (day(2026, 1, 20), "planned")),
    ):
        record(place, "patrol", "Evening patrol", starts, starts + hours, status=status)
    promise: dict[str, Any] = {"hotspot": place, "agency": council, "asked_by": council}
    AgreedAction.objects.create(title="Fit a lamp", due_on=now.date() - timedelta(days=1), **promise)
    AgreedAction.objects.create(title="Cut a hedge", due_on=now.date(), **promise)
    AgreedAction.objects.create(title="Paint a wall", due_on=now.date(), status="done", **promise)
    theirs: dict[str, Any] = {"agency": stranger, "asked_by": stranger, "hotspot": place, "due_on": now.date()}
    AgreedAction.objects.create(title="Zebra promise", **theirs)
    for kind in ("pspo", "patrol", "day"):
        record(place, kind, "Zebra work", day(2025, 7, 1), day(2026, 7, 1), owner=stranger)
    with time_machine.travel(now, tick=False):
        said = text(page(signed_in, place))
    part = said.partition("What is done here")[2].partition("Counts of the records that you may see")[0]
    assert (
        "In force now "
        "Market Place Dispersal authorisation, Havering Council, until 15 January 2026, 21:40 "
        "No street drinking Public Spaces Protection Order, Havering Council, until 31 January 2026 "
        "Order R-17 Criminal Behaviour Order, Havering Council, without an end "
        "Planned Evening patrol Patrol, Havering Council," in part
    )
    assert "No car meets Public Spaces Protection Order, Havering Council," in part
    assert part.count("Evening patrol") == 1, "what was planned and is over is not to come"
    assert (
        "Overdue Fit a lamp Havering Council, was due on 14 January 2026 Cut a hedge Havering Council, due on" in part
    )
    assert "Paint a wall" not in part
    # Twelve months to today: not the same day a year ago. The orders began before or later, but for one.
    table = part.partition("Kind Done Planned")[2]
    assert " ".join(table.split()) == (
        "Patrol 2 1 Criminal Behaviour Order 1 0 Public Spaces Protection Order 0 1 Dispersal authorisation 2 0 "
        "Day of action 1 0"
    )
    assert "1 February 2023. Public Spaces Protection Order: No street drinking" in said
    assert "6 September 2025. Day of action: Operation Quartz" in said
    assert "Operation Basalt" not in said, "before the first month of the picture"
    assert "PSPO: No street drinking from 1 February 2023 to 31 January 2026." in said
    assert "No car meets from" not in said, "not made yet"
    assert "Zebra" not in said
    read = {one for event in AuditEvent.objects.filter(action__endswith=".read") for one in event.objects_named}
    assert {f"pspo:{pspo.pk}", f"cbo:{cbo.pk}"} < read
    # Whoever may not add is not led to a page that says so.
    assert "Add what is done" in said
    reader = Client()
    reader.force_login(make_user("reader@example.org", agency=council.name, role=Role.VIEWER))
    assert "Add what is done" not in text(page(reader, place))


def test_many_marks_are_one_for_each_month() -> None:
    now = datetime(2026, 1, 15, tzinfo=UTC)

    def made(kind: str, month: int) -> Intervention:
        starts = datetime(2025, month, 5, 12, tzinfo=UTC)
        return Intervention(kind=kind, title="Quartz", status="done", starts=starts, ends=starts)

    few = [made("day", month) for month in range(1, 13)] + [made("pspo", 3)] * 4
    assert [mark.label for mark in place_work.marks(few, now)] == ["Quartz"] * 16
    many = [*few, made("day", 3), made("cbo", 3), made("patrol", 3)]
    marks = place_work.marks(many, now)
    assert [(mark.day, mark.kind) for mark in marks][:3] == [
        (date(2025, 1, 1), "In January 2025"),
        (date(2025, 2, 1), "In February 2025"),
        (date(2025, 3, 1), "In March 2025"),
    ]
    assert len(marks) == 12
    assert [mark.label for mark in marks][:3] == [
        "1 day of action",
        "1 day of action",
        "1 CBO, 2 days of action and 4 PSPOs",
    ]


def test_what_binds_everybody_is_in_force_first() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    records = [
        Intervention(
            pk=number, kind=kind, title=kind, status="done", starts=now, ends=ends, owner=Agency(name="Havering")
        )
        for number, (kind, ends) in enumerate(
            (*(("direction", now + timedelta(hours=1)),) * 6, ("cbo", None), ("pspo", now + timedelta(days=90)))
        )
    ]
    here = place_work.work_here(Hotspot(pk=1), Work(records), now)
    assert [line.text for line in here.in_force][:3] == ["pspo", "cbo", "direction"]
    assert here.more_in_force == len(records) - len(here.in_force)


def test_while_it_is_counted_only_the_progress_is_fetched_again(signed_in: Client, council: Agency) -> None:
    place = make_place(council)
    job = jobs.enqueue(
        "recount-places", title="Count", arguments={"areas": [place.area_id]}, unique_key="count", by=None
    )
    job.stage = "Reading the files"
    job.save()
    asks = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "counting"}
    part = signed_in.get(f"/hotspots/{place.pk}/", **asks)  # type: ignore[arg-type]
    assert "reading the files" in text(part.content)
    assert place.name not in part.content.decode()
    assert not AuditEvent.objects.filter(action="hotspot.read").exists(), "progress is nothing of the place"
    count(boundary_of(place.area_id), {})
    assert signed_in.get(f"/hotspots/{place.pk}/", **asks)["HX-Refresh"] == "true"  # type: ignore[arg-type]


def test_a_watch_place_has_no_phases(signed_in: Client, council: Agency) -> None:
    said = text(page(signed_in, a_place(council, kind="watch", ring_m=0)))
    assert "Watch place" in said
    assert "Phases and gates" not in said
    assert "In the ring" not in said


def test_unknown_months_are_no_part_of_a_year(signed_in: Client, council: Agency) -> None:
    place = make_place(council, valid_from=SINCE)
    counts: list[int | None] = [None if index == 30 else 12 for index in range(36)]
    count(boundary_of(place.area_id), {"burglary": counts}, partial=(MONTHS[-1],))
    said = text(page(signed_in, place, "?category=burglary"))
    assert "In November 2025 police recorded 12 (2 to 22 depending" in said, "the newest month that bears comparison"
    assert "No baseline is set, so nothing says what was usual here." in said
    assert "Burglary – 144 (24 to 264) Not known" in said
    assert "December 2025 12* 2 to 22" in said


def test_the_page_costs_the_same_whatever_hangs_on_the_place(signed_in: Client, council: Agency) -> None:
    place = a_place(council)
    page(signed_in, place)  # once before: the session and the content types are known then
    costs = []
    for rows in (2, 20):
        period = PhasePeriod.objects.create(
            hotspot=place, phase="clear", starts=date(2025, 1, rows), ends=date(2025, 2, 1), ending="stopped"
        )
        trigger = ReentryTrigger.objects.create(hotspot=place, category="burglary", months=min(rows, 12))
        for day in range(1, rows + 1):
            GateDecision.objects.create(period=period, outcome="stay", decided_on=date(2025, 2, day), data_version=1)
            ReentryAlert.objects.create(trigger=trigger, month=MONTHS[day], sentence="Rose.")
            place.comparisons.create(
                name="There", lsoa_codes=["E01000001"], level_ratio=1, trend_difference=0, mix_difference=0, reason="x"
            )
            record(place, "pspo", "No street drinking", datetime(2025, 1, 1, tzinfo=UTC), None)
            record(place, "patrol", "Patrol", datetime(2099, 1, 1, tzinfo=UTC), None, status="planned")
            AgreedAction.objects.create(
                title="Fit a lamp", hotspot=place, agency=council, asked_by=council, due_on=date(2025, 1, day)
            )
        with CaptureQueriesContext(connection) as captured:
            html = page(signed_in, place)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 32
    assert text(html).count("and 16 more") == 2, "orders in force, and patrols that are planned"


def test_a_run_of_months_is_counted_from_the_newest() -> None:
    from reports.calc.baseline import Range

    def standing(*counts: int | None) -> str:
        months = months_from(SINCE, len(counts))
        known = [one or 0 for one in counts]
        coverage = [MISSING if one is None else COMPLETE for one in counts]
        return place_words.standing(
            Series(months, list(counts), known, known, [int(one) for one in coverage]),  # type: ignore[arg-type]
            Range(50, 40.5, 59.5, 24, provisional=False),
        )

    assert standing(20, 45, 40) == "That is below the range of the baseline (41 to 59)."
    assert standing(45, 40, 39, None) == "That is the 2nd month on end below the range of the baseline (41 to 59)."
    assert standing(40, None, 40) == "That is below the range of the baseline (41 to 59).", (
        "an unknown month ends a run"
    )
    assert standing(60, 60, 60) == "That is the 3rd month on end above the range of the baseline (41 to 59)."
