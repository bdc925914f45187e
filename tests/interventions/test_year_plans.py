"""Twelve-month plans: the board, its lines, who may change them, and the draft from the analysis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interventions.actions import Content, add_intervention
from interventions.calc.clock import LONDON
from interventions.calc.periods import months_after
from interventions.models import DayOfAction, Intervention, YearPlan, YearPlanItem
from interventions.year_plans import actions
from partners.models import AuditEvent, SharingAgreement
from partners.refusals import Refused
from partners.visibility import Viewer
from reports.year_plan_draft import events, proposals
from tests.factories import summarise

Make = Callable[..., Intervention]
LINE: dict[str, Any] = {"month": date(2027, 3, 9), "lane": "usual", "text": "Bike marking", "strand": "protect"}


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LONDON)


@pytest.fixture
def plan(world: SimpleNamespace) -> YearPlan:
    """The owner's plan for 2027, made as people make it; partners are given plans."""
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(record_types=["year-plan"], withheld_fields=[])
    content = Content(
        kind="year-plan", title="Year of Gooshays", starts=midnight(date(2027, 1, 1)), wards=(world.ward,)
    )
    made = add_intervention(by=Viewer.of_user(world.people["owner"]), owner=world.owner, content=content)
    return YearPlan.objects.get(pk=made.pk)


def texts(plan: YearPlan) -> list[tuple[date, str, str]]:
    return [(one.month, one.text, one.status) for one in YearPlanItem.objects.filter(record=plan)]


def test_lines_are_added_changed_and_taken_out_and_nobody_elses_is_lost(world: SimpleNamespace, plan: YearPlan) -> None:
    by = Viewer.of_user(world.people["owner"])
    actions.add_items(by=by, plan=plan.pk, lines=[LINE, {**LINE, "lane": "joint", "text": "Joint day"}])
    march = date(2027, 3, 1)
    assert texts(plan) == [(march, "Joint day", "proposed"), (march, "Bike marking", "proposed")]
    # The same once more is passed over.
    actions.add_items(by=by, plan=plan.pk, lines=[LINE])
    assert YearPlanItem.objects.count() == 2
    joint, bikes = YearPlanItem.objects.filter(record=plan).order_by("lane")
    actions.change_item(by=by, plan=plan.pk, item=bikes.pk, status="done", month=date(2027, 12, 31))
    assert texts(plan) == [(march, "Joint day", "proposed"), (date(2027, 12, 1), "Bike marking", "done")]
    with pytest.raises(Refused, match="January 2028"):
        actions.change_item(by=by, plan=plan.pk, item=bikes.pk, month=date(2028, 1, 1))
    actions.remove_item(by=by, plan=plan.pk, item=joint.pk)
    with pytest.raises(Refused, match="no longer in the plan"):
        actions.change_item(by=by, plan=plan.pk, item=joint.pk, status="done")
    assert [one[1] for one in texts(plan)] == ["Bike marking"]
    assert AuditEvent.objects.filter(action="year-plan.changed", objects_named=[f"year-plan:{plan.pk}"]).count() == 3
    with pytest.raises(Intervention.DoesNotExist):
        actions.add_items(by=Viewer.of_user(world.people["partner"]), plan=plan.pk, lines=[LINE])


def test_the_board_has_twelve_months_and_forms_for_those_who_may(
    world: SimpleNamespace, plan: YearPlan, clients: dict[str, Client], make_activity: Make
) -> None:
    address = f"/activity/{plan.pk}/year/"
    day = make_activity(kind="day", title="Operation Lamp", starts=midnight(date(2027, 3, 9)), audience="agency")
    said = {"month": "2027-03", "lane": "joint", "text": "Joint day", "strand": "pursue", "status": "planned"}
    assert (
        clients["owner"].post(f"{address}new/", {**said, "day": day.pk, "agency": world.partner.pk}).status_code == 302
    )
    line = YearPlanItem.objects.get()
    assert (line.day_id, line.agency) == (day.pk, world.partner)
    board = clients["owner"].get(address).content.decode()
    for month in range(12):
        assert f"{months_after(date(2027, 1, 1), month):%B %Y}" in board
    assert "Operation Lamp" in board
    assert "0 of 1 done" in board
    # The partner sees the line, and not the day, which is the owner's alone.
    theirs = clients["partner"].get(address)
    assert "Joint day" in theirs.content.decode()
    assert "Operation Lamp" not in theirs.content.decode()
    assert "Add a line" not in theirs.content.decode()
    assert clients["partner"].get(f"{address}{line.pk}/").status_code == 403
    assert clients["partner"].post(f"{address}{line.pk}/status/", {"status": "done"}).status_code == 403
    for who in ("lapsed", "stranger"):
        assert clients[who].get(address).status_code == 404
        assert clients[who].post(f"{address}{line.pk}/remove/").status_code == 404
    for wrong in ({"month": "2028-01"}, {"text": ""}, {"lane": "x"}, {"agency": "99999"}):
        assert clients["owner"].post(f"{address}new/", {**said, **wrong}).status_code == 422
    assert clients["owner"].get(f"{address}99999/").status_code == 404
    assert clients["owner"].post(f"{address}{line.pk}/", {**said, "day": "", "status": "done"}).status_code == 302
    line.refresh_from_db()
    assert (line.status, line.day_id) == ("done", None)
    assert "1 of 1 done" in clients["owner"].get(address).content.decode()


def test_a_day_that_one_does_not_see_stays_where_one_changes_something_else(
    world: SimpleNamespace, plan: YearPlan, clients: dict[str, Client], make_activity: Make
) -> None:
    hidden = make_activity(
        kind="day", title="Covert day", starts=midnight(date(2027, 3, 9)), owner=world.stranger, audience="team"
    )
    line = YearPlanItem.objects.create(
        record=plan, month=date(2027, 3, 1), lane="joint", text="Joint", strand="pursue", day_id=hidden.pk
    )
    page = clients["owner"].get(f"/activity/{plan.pk}/year/{line.pk}/").content.decode()
    assert "Covert day" not in page
    said = {"month": "2027-03", "lane": "joint", "text": "Renamed", "strand": "pursue", "status": "planned"}
    answer = clients["owner"].post(f"/activity/{plan.pk}/year/{line.pk}/", {**said, "day": hidden.pk})
    assert answer.status_code == 302
    line.refresh_from_db()
    assert (line.text, line.day_id) == ("Renamed", hidden.pk)


def test_the_board_costs_the_same_with_two_and_twenty_lines(
    world: SimpleNamespace, plan: YearPlan, clients: dict[str, Client], make_activity: Make
) -> None:
    def more(number: int) -> None:
        for at in range(number):
            day = make_activity(kind="day", title="Day", starts=midnight(date(2027, 3, 9)) + timedelta(days=at))
            YearPlanItem.objects.create(
                record=plan,
                month=months_after(date(2027, 1, 1), at % 12),
                lane="joint",
                text=f"Line {at} of {number}",
                strand="pursue",
                agency=world.owner,
                day=DayOfAction.objects.get(pk=day.pk),
            )

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert clients["owner"].get(f"/activity/{plan.pk}/year/").status_code == 200
        return len(queries)

    more(2)
    count()
    with_two = count()
    more(18)
    assert count() == with_two


# --- The draft --------------------------------------------------------------------------------------------------------


def test_the_draft_says_when_most_was_recorded_and_keeps_what_is_ticked(
    world: SimpleNamespace, plan: YearPlan, clients: dict[str, Client], make_activity: Make
) -> None:
    """Three years of burglary with high Novembers; robbery is even."""
    months = [months_after(date(2023, 9, 1), number) for number in range(36)]
    summarise(world.ward, "burglary", [25 if one.month == 11 else 6 for one in months], since=months[0])
    summarise(world.ward, "robbery", [9] * 36, since=months[0])
    summarise(world.ward, "all-crime", [40] * 36, since=months[0])
    ends = midnight(date(2027, 5, 1))
    order = {"kind": "pspo", "stage": "in-force", "starts": midnight(date(2024, 5, 1)), "ends": ends}
    make_activity(**order, title="Secret name of an order")
    make_activity(**order, title="Hidden", audience="team")
    make_activity(**order, title="Elsewhere", wards=[world.other])
    youth = make_activity(kind="cbo", stage="made", starts=midnight(date(2026, 6, 1)), ends=ends)
    youth.reviews.create(due_on=date(2027, 4, 2))
    address = f"/activity/{plan.pk}/year/draft/"
    page = clients["owner"].get(address).content.decode()
    assert "Burglary was highest in November: 75 of 273 in 3 whole years to August 2026" in page
    assert "Robbery" not in page
    assert "The figures propose nothing" not in page
    assert page.count("Public Spaces Protection Order: expires, 30 April 2027") == 1
    assert "Secret name" not in page
    # That a review is due says that somebody is under 18, and partners read the plan.
    assert "Criminal Behaviour Order: expires, 30 April 2027" in page
    assert "review due" not in page
    assert not YearPlanItem.objects.exists()
    assert clients["owner"].post(address, {"keep": "nothing"}).status_code == 422
    found = proposals(Viewer.of_user(world.people["owner"]), plan, [])
    kept = [one for one in found if one.month == date(2027, 11, 1)]
    assert [one.text for one in kept] == [
        "Burglary: work before and in this month",
        "Bonfire Night",
        "Joint day of action: burglary",
    ]
    assert len([one for one in found if one.lane == "joint"]) == 12
    assert clients["owner"].post(address, {"keep": [one.key for one in kept]}).status_code == 302
    assert {(one.text, one.status, one.reason) for one in YearPlanItem.objects.all()} == {
        (one.text, "proposed", one.reason) for one in kept
    }
    again = clients["owner"].get(address).content.decode()
    assert "Joint day of action: burglary</label>" not in again
    assert clients["partner"].get(address).status_code == 403
    assert clients["stranger"].get(address).status_code == 404


def test_unknown_months_propose_nothing_of_figures(
    world: SimpleNamespace, plan: YearPlan, clients: dict[str, Client]
) -> None:
    months = [months_after(date(2023, 9, 1), number) for number in range(36)]
    counts: list[int | None] = [25 if one.month == 11 else 6 for one in months]
    counts[5] = counts[20] = None
    summarise(world.ward, "burglary", counts, since=months[0])
    summarise(world.ward, "all-crime", [40] * 36, since=months[0])
    found = proposals(Viewer.of_user(world.people["owner"]), plan, [])
    assert not [one for one in found if "highest" in one.reason]
    assert {one.lane for one in found} == {"partnership", "joint"}
    assert "The figures propose nothing" in clients["owner"].get(f"/activity/{plan.pk}/year/draft/").text


def test_events_of_years_with_known_easters() -> None:
    """Good Friday of 2024, 2027 and 2038 (the last day that Easter can have is 25 April), bank holidays of 2027."""
    of = {
        year: {name: day for day, name in events(date(year, 1, 1), date(year + 1, 1, 1))} for year in (2024, 2027, 2038)
    }
    assert [of[year]["Easter bank holidays"] for year in of] == [
        date(2024, 3, 29),
        date(2027, 3, 26),
        date(2038, 4, 23),
    ]
    assert of[2027]["Early May bank holiday"] == date(2027, 5, 3)
    assert of[2027]["Spring bank holiday"] == date(2027, 5, 31)
    assert of[2027]["Summer bank holiday"] == date(2027, 8, 30)
    # From October to September: each once, in order.
    found = events(date(2026, 10, 1), date(2027, 10, 1))
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert len({one[1] for one in found}) == len(found) == 10
