"""The renewal planner: its steps and dates, who may do what, and how the use of an order is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.calendar.dates import Due, Group, collect
from interventions.models import (
    Condition,
    Intervention,
    PublicSpacesOrder,
    RenewalStep,
)
from interventions.renewal import actions, presenters, queries
from partners.filters import day_begins, day_ends
from partners.models import AuditEvent, SharingAgreement
from partners.refusals import Refused
from partners.visibility import Viewer
from tests.interventions.conftest import agree
from tests.interventions.law.drafting import at

Make = Callable[..., Intervention]


@pytest.fixture
def order(world: SimpleNamespace, make_activity: Make) -> PublicSpacesOrder:
    """An order of the owner's with three conditions, in force for 100 days more; given to the partner."""
    SharingAgreement.objects.filter(pk=world.agreement.pk).update(record_types=["intervention", "pspo"])
    today = timezone.localdate()
    made: Any = make_activity(
        kind="pspo",
        title="Public Spaces Protection Order No 1",
        stage="in-force",
        starts=day_begins(today - timedelta(days=900)),
        ends=day_ends(today + timedelta(days=100)),
    )
    for number in (1, 2, 3):
        Condition.objects.create(record=made, number=number, text=f"Must not do the thing {number}")
    found: PublicSpacesOrder = made
    return found


@pytest.fixture
def act(make_activity: Make, order: PublicSpacesOrder) -> Callable[..., Any]:
    """An action on the order: act("advice", 1, "2026-02-10 20:00")."""

    def make(action: str, number: int | None, when: str, **said: Any) -> Any:
        condition = order.conditions.get(number=number) if number else None
        moment = at(when)
        return make_activity(
            kind="pspo-action", order=order, condition=condition, action=action, starts=moment, ends=moment, **said
        )

    return make


def viewer_of(world: SimpleNamespace, name: str) -> Viewer:
    return Viewer.of_user(world.people[name])


def due(viewer: Viewer) -> list[Due]:
    """The steps that the calendar shows."""
    return collect(viewer, date(2020, 1, 1), date(2040, 1, 1), groups=[Group.RENEWAL])


# --- The steps ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_steps_are_counted_back_from_the_last_day(world: SimpleNamespace, order: PublicSpacesOrder) -> None:
    by, last = viewer_of(world, "owner"), order.last_day
    assert last
    actions.begin_renewal(by=by, pk=order.pk)
    steps = queries.steps(order)
    assert [(one.step, (last - one.due_on).days) for one in steps] == [
        *(("evidence", 270), ("draft", 210), ("consult", 150), ("decide", 60), ("publish", 14)),
    ]
    rows = presenters.step_rows(steps, timezone.localdate())
    assert [row.tag.text for row in rows] == ["Overdue", "Overdue", "Overdue", "To do", "To do"]
    assert rows[2].left == "50 days late"
    with pytest.raises(Refused, match="planned already"):
        actions.begin_renewal(by=by, pk=order.pk)

    today = timezone.localdate()
    actions.keep_step(by=by, pk=order.pk, step=steps[0].pk, done_on=today, note="Pack of 40 pages")
    assert [one.words for one in due(by)] == [
        "renewal: Draft the consultation",
        "renewal: Open the consultation",
        "renewal: Decide",
        "renewal: Publish the decision and put up signs",
    ]
    with pytest.raises(Refused, match="not after today"):
        actions.keep_step(by=by, pk=order.pk, step=steps[1].pk, done_on=today + timedelta(days=1), note="")
    assert [one.action for one in AuditEvent.objects.order_by("number")][-2:] == [
        "pspo.renewal-begun",
        "pspo.renewal-step",
    ]

    # Extended: the steps of the old expiry are over, and those of the new one can be planned.
    PublicSpacesOrder.objects.filter(pk=order.pk).update(ends=day_ends(last + timedelta(days=1000)))
    order.refresh_from_db()
    assert queries.steps(order) == []
    assert due(by) == []
    actions.begin_renewal(by=by, pk=order.pk)
    assert RenewalStep.objects.filter(record=order.pk).count() == 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"stage": "decided"}, "Only an order that is made"),
        ({"stage": "discharged"}, "Only an order that is made"),
        ({"ends": at("2026-01-01 00:00"), "starts": at("2023-01-01 00:00")}, "a new order is needed"),
    ],
)
def test_what_is_not_in_force_is_not_renewed(
    world: SimpleNamespace, order: PublicSpacesOrder, said: dict[str, Any], sentence: str
) -> None:
    PublicSpacesOrder.objects.filter(pk=order.pk).update(**said)
    with pytest.raises(Refused, match=sentence):
        actions.begin_renewal(by=viewer_of(world, "owner"), pk=order.pk)


@pytest.mark.django_db
def test_who_may_see_and_plan_it(world: SimpleNamespace, clients: dict[str, Client], order: PublicSpacesOrder) -> None:
    address = f"/activity/{order.pk}/renewal/"
    assert "Plan the renewal" in clients["owner"].get(address).content.decode()
    assert "has not planned its renewal" in clients["partner"].get(address).content.decode()
    for name in ("lapsed", "stranger"):
        assert clients[name].get(address).status_code == 404
        assert clients[name].post(address).status_code == 404
    assert clients["partner"].post(address).status_code == 403
    assert clients["owner"].post(address).status_code == 302
    step = queries.steps(order)[0]
    assert clients["partner"].get(f"{address}{step.pk}/").status_code == 403
    assert clients["stranger"].get(f"{address}{step.pk}/").status_code == 404
    page = clients["owner"].post(f"{address}{step.pk}/", {"done_on": "2099-01-01", "note": "Kept"})
    assert page.status_code == 422
    assert "not after today" in page.content.decode()
    assert clients["owner"].post(f"{address}{step.pk}/", {"done_on": "", "note": "Kept"}).status_code == 302
    for name in ("owner", "partner"):
        assert "Kept" in clients[name].get(address).content.decode()
    assert [len(due(viewer_of(world, name))) for name in world.people] == [5, 5, 0, 0]


# --- How it is used -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_uses_are_counted_by_condition_and_month_as_far_as_they_are_seen(
    world: SimpleNamespace, order: PublicSpacesOrder, act: Callable[..., Any]
) -> None:
    act("advice", 2, "2026-01-31 23:59")
    act("verbal", 2, "2026-02-01 00:00")
    act("fpn", 2, "2026-04-10 21:00", fpn_number="HV1", fpn_amount=100)
    act("advice", 1, "2026-04-11 21:00")
    act("name", None, "2026-04-11 21:30")
    act("advice", 3, "2026-04-12 21:00", status="cancelled")
    # The partner's own, which the owner is not given.
    act("summons", 3, "2026-05-01 21:00", owner=world.partner)

    by = viewer_of(world, "owner")
    counted = queries.uses(order, by)
    conditions = list(order.conditions.all())
    uses = queries.use_by_condition(counted, conditions)
    assert [(use.condition.number if use.condition else None, use.total) for use in uses] == [
        *((2, 3), (1, 1), (3, 0), (None, 1)),
    ]
    assert presenters.unused(uses).startswith("Condition 3 was used in none of these.")
    assert presenters.summary(uses) == "5 actions that you may see: 3 advice or warnings, 1 fixed penalty."
    months = queries.actions_by_month(counted)
    assert [(month, dict(counts)) for month, counts in months] == [
        (date(2026, 1, 1), {"advice": 1}),
        (date(2026, 2, 1), {"verbal": 1}),
        (date(2026, 3, 1), {}),
        (date(2026, 4, 1), {"fpn": 1, "advice": 1, "name": 1}),
    ]
    table = presenters.by_month(months)
    assert table.columns == ["Advice", "Verbal warnings", "Name and address taken", "Fixed penalties"]
    assert table.rows[0] == ("April 2026", [1, 0, 1, 1], 3)

    # The partner is given the order, not the actions on it: it sees its own.
    theirs = queries.use_by_condition(queries.uses(order, viewer_of(world, "partner")), conditions)
    assert [use.total for use in theirs] == [1, 0, 0]
    agree(world.owner, world.partner, withheld=["pspo-action.penalty"])
    SharingAgreement.objects.update(record_types=["intervention", "pspo", "pspo-action"])
    assert queries.uses(order, viewer_of(world, "partner")).total() == 6
    assert queries.actions_by_month(queries.uses(order, viewer_of(world, "stranger"))) == []


@pytest.mark.django_db
def test_the_planner_costs_the_same_however_much_it_shows(
    clients: dict[str, Client], order: PublicSpacesOrder, act: Callable[..., Any]
) -> None:
    address, counts = f"/activity/{order.pk}/renewal/", []
    # Not the first page, which has a message to show.
    clients["owner"].post(address, follow=True)
    for times in (2, 18):
        for _ in range(times):
            act("advice", 1, "2026-02-10 20:00")
            order.consultations.create(consultee="public", opened_on=date(2026, 1, 1), in_favour=139)
        with CaptureQueriesContext(connection) as queries_made:
            assert clients["owner"].get(address).status_code == 200
        counts.append(len(queries_made))
    assert counts[0] == counts[1]


def test_numbers_of_conditions_in_words() -> None:
    uses = [queries.ConditionUse(Condition(number=number), Counter()) for number in (4, 1, 2)]
    # Where no action is seen, nobody can say that a condition is not used.
    assert presenters.unused(uses) == ""
    uses.append(queries.ConditionUse(Condition(number=3), Counter(advice=1)))
    assert presenters.unused(uses).startswith("Conditions 1, 2 and 4 were used in none of these.")
    assert presenters.unused([queries.ConditionUse(None, Counter(advice=1))]) == ""
    assert presenters.summary([]) == ""
