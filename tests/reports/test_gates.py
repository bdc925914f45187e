"""The gate of a phase: the evidence as the page says it is what is kept; triggers and their alerts; what is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotspots import categories
from hotspots.coverage import back
from hotspots.models import ComparisonPlace, GateQuestion, Hotspot, PhasePeriod, ReentryAlert
from hotspots.phases import actions, notices
from hotspots.register import boundaries
from partners.models import Agency, Webhook, WebhookDelivery
from partners.visibility import Viewer
from reports import triggers
from reports.counting import leaves
from reports.evidence import evidence
from reports.models import PlaceCount
from tests.factories import COMPLETE, PARTIAL, SliceFactory, make_place, next_data_version
from tests.hotspots.phases.conftest import (  # noqa: F401 - fixtures
    TODAY,
    Start,
    by,
    keeper,
    keeping,
    place,
    police,
    questions,
    start,
    today,
)
from tests.hotspots.phases.test_views import words

LAST = date(2026, 4, 1)
# 24 months of the baseline, then 12 that are lower, the last 8 below all of its range.
FALLEN = [*[30, 34, 28, 32] * 6, *[28] * 4, *[9] * 8]
BASELINE: dict[str, Any] = {"baseline_from": back(LAST, 35), "baseline_to": back(LAST, 12)}


def count(area: int, values: Sequence[int | None], *, partial: Sequence[int] = ()) -> None:
    """Burglaries of an area's boundary in the months to LAST, and none of any other category."""
    (boundary,) = boundaries.in_force([area], TODAY).values()
    PlaceCount.objects.filter(boundary=boundary).delete()
    months = [back(LAST, ago) for ago in range(len(values) - 1, -1, -1)]
    PlaceCount.objects.bulk_create(
        PlaceCount(
            boundary=boundary,
            category_id=one.number,
            month=month,
            count=None if value is None else found,
            low=None if value is None else max(found - 2, 0),
            high=None if value is None else found + 3,
            coverage=0 if value is None else PARTIAL if position in partial else COMPLETE,
        )
        for position, (month, value) in enumerate(zip(months, values, strict=True))
        for one in leaves(categories.POLICE_UK)
        for found in [(value or 0) if one.slug == "burglary" else 0]
    )


@pytest.fixture
def counted(today: date, police: Agency) -> Hotspot:  # noqa: F811
    """A hotspot whose crimes fell, and whose ring stayed as it was."""
    found = make_place(police, **BASELINE)
    SliceFactory(month=LAST)
    count(found.area_id, FALLEN)
    assert found.ring_id
    count(found.ring_id, [10, 12, 11, 9] * 9)
    return found


def sentences(place: Hotspot) -> dict[str, str]:  # noqa: F811
    return {one.name: one.sentence for one in evidence(place, TODAY).facts}


def test_the_evidence_of_a_place_that_fell(counted: Hotspot) -> None:
    found = sentences(counted)
    assert found["months-below-baseline"] == (
        "All crime: 8 consecutive months below the baseline range of 21 to 41 a month, to April 2026 (9)."
    )
    assert found["months-below-mean"].startswith("All crime: 12 consecutive months below the baseline’s mean of 31.0")
    # Each of the thirteen other crimes has a range of its own here, which adds up.
    assert re.match(r"All crime: 184 \(\d+ to \d+ depending on how map points are rounded\)", found["twelve-months"])
    assert "188 fewer (51%) than in the 12 months before, 372" in found["twelve-months"]
    assert found["ring-months-above"].startswith("Ring: no higher. The last three months (12, 11 and 9) are in")
    assert found["comparison-places"] == "Comparison places: none is chosen yet."
    assert found["data"] == "Data: every month of the last 24 months is known."
    assert evidence(counted, TODAY).last_month == LAST


def test_what_is_not_known_is_not_told(counted: Hotspot, place: Hotspot) -> None:  # noqa: F811
    assert list(sentences(place)) == ["not-counted"]
    # The newest months are missing, or known in part: "now" is the last that bears comparison.
    count(counted.area_id, [*FALLEN, 3, None], partial=[36])
    assert evidence(counted, TODAY).last_month == back(LAST, 2)
    count(counted.area_id, [*FALLEN[:30], None, *FALLEN[31:]])
    found = sentences(counted)
    assert "5 consecutive months below" in found["months-below-baseline"]
    assert "is not fully known" in found["twelve-months"]
    assert found["data"] == f"Data: {back(LAST, 5):%B %Y} not known, or known in part."
    ComparisonPlace.objects.create(
        hotspot=counted,
        name="Elsewhere",
        lsoa_codes=["E01000001"],
        level_ratio=1,
        trend_difference=0,
        mix_difference=0,
        reason="Alike",
    )
    assert sentences(counted)["comparison-places"] == "1 comparison place: two whole years of them are not known."


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found
    return unescape(found[1])


def test_a_gate_is_decided_with_the_evidence_as_it_stands(
    keeping: Client,  # noqa: F811
    counted: Hotspot,
    by: Viewer,  # noqa: F811
    questions: list[GateQuestion],  # noqa: F811
) -> None:
    plan = actions.Plan(starts=date(2026, 1, 1))
    period = actions.start_phase(by=by, place=counted.pk, phase="clear", plan=plan, knowingly=True)
    path = f"/hotspots/{counted.pk}/gates/{period.pk}/"
    page = keeping.get(path)
    shown = words(page)
    assert "8 consecutive months below the baseline range" in shown
    assert "the meeting decides" in shown
    assert "Nothing was decided at this gate yet." in shown
    asked = {
        "outcome": "proceed",
        "to_phase": "hold",
        "decided_on": "2026-06-01",
        "meeting": "Tactical group",
        "chair": "Superintendent Ray",
        "reasons": "The threat is disrupted.",
        "dissent": "Housing: too early.",
        f"answer_{questions[0].pk}": "yes",
        f"evidence_{questions[0].pk}": "14 warrants",
        "seen": hidden(page, "seen"),
        "shown": hidden(page, "shown"),
    }
    # Every question is answered before a phase is left.
    wrong = keeping.post(path, asked)
    assert wrong.status_code == 422
    assert "Answer “Is a contingency plan written?” with yes, partly or no." in words(wrong)
    assert f"Answer “{questions[0].text}”" not in words(wrong)
    none = words(keeping.post(path, {**asked, f"answer_{questions[0].pk}": ""}))
    assert all(f"Answer “{one.text}” with yes, partly or no." in none for one in questions[:2])
    asked[f"answer_{questions[1].pk}"] = "no"
    # The figures change while the page is open: shown again first.
    count(counted.area_id, [*FALLEN[:-1], 12])
    next_data_version()
    again = keeping.post(path, asked)
    assert "The figures changed while this page was open." in words(again)
    assert not PhasePeriod.objects.exclude(pk=period.pk).exists()
    done = keeping.post(path, {**asked, "shown": hidden(again, "shown")}, follow=True)
    assert "The decision of Tactical group was written down" in words(done)
    assert [one.phase for one in counted.phases.filter(ends=None)] == ["hold"]
    decision = period.decisions.get()
    assert decision.evidence.all()[0].sentence.endswith("to April 2026 (12).")
    assert decision.last_month == LAST
    # Figures that change later leave the decision as it was.
    count(counted.area_id, FALLEN)
    shown = words(keeping.get(path))
    assert "1 June 2026, gate of Clear: go on to the next phase (Hold)" in shown
    assert "to April 2026 (12)." in shown
    assert "Disagreed: Housing: too early." in shown
    assert "14 warrants" in shown
    late = keeping.post(path, asked, follow=True)
    assert "This phase has ended: its gate was decided, or it was stopped, meanwhile." in words(late)


def test_a_gate_costs_the_same_whatever_was_decided(
    keeping: Client,  # noqa: F811
    counted: Hotspot,
    by: Viewer,  # noqa: F811
    questions: list[GateQuestion],  # noqa: F811
) -> None:
    plan = actions.Plan(starts=date(2026, 1, 1))
    period = actions.start_phase(by=by, place=counted.pk, phase="clear", plan=plan, knowingly=True)
    path = f"/hotspots/{counted.pk}/gates/{period.pk}/"
    keeping.get(path)  # the session is written once a minute
    costs = []
    for number in (2, 20):
        while period.decisions.count() < number:
            actions.decide_gate(
                by=by,
                period=period.pk,
                outcome="stay",
                planned_end=date(2026, 9, 1),
                decided_on=TODAY,
                chair="Ray",
                meeting="Group",
                reasons="x",
                answers={questions[0].pk: actions.Answered("partly")},
                evidence=evidence(counted, TODAY),
            )
        with CaptureQueriesContext(connection) as made:
            assert keeping.get(path).status_code == 200
        costs.append(len(made))
    assert costs[0] == costs[1]
    assert costs[0] < 40


def test_a_trigger_raises_an_alert_once_a_month(keeping: Client, counted: Hotspot) -> None:  # noqa: F811
    path = f"/hotspots/{counted.pk}/triggers/"
    assert "Give a whole number of months" in words(
        keeping.post(path, {"do": "set", "category": "burglary", "months": "x"})
    )
    keeping.post(path, {"do": "set", "category": "burglary", "months": "2"})
    assert triggers.evaluate() == []
    count(counted.area_id, [*FALLEN[:-1], 60])
    assert triggers.evaluate() == []  # one month alone
    count(counted.area_id, [*FALLEN[:-2], 55, 60])
    (alert,) = triggers.evaluate()
    assert alert.sentence == (
        "Burglary: 2 months on end above the baseline range, to April 2026 (60; the range is 21 to 41 a month). "
        "The trigger is 2 months."
    )
    assert triggers.evaluate() == []
    # A trigger that figures meet already says so at once.
    met = words(keeping.post(path, {"do": "set", "category": "all-crime", "months": "1"}, follow=True))
    assert "The trigger was set. It is met already." in met
    alert = ReentryAlert.objects.get(trigger__category="burglary")
    keeping.post(path, {"do": "acknowledge", "alert": alert.pk})
    keeping.post(path, {"do": "end", "trigger": alert.trigger_id})
    shown = words(keeping.get(path))
    assert "Acknowledged on 1 June 2026 by Keeper" in shown
    assert "ended on 1 June 2026 by Keeper" in shown
    for said in ({"do": "end", "trigger": "99"}, {"do": "acknowledge", "alert": "x"}):
        assert keeping.post(path, said).status_code == 404


def test_triggers_of_many_places_cost_the_same(counted: Hotspot, by: Viewer, police: Agency) -> None:  # noqa: F811
    costs = []
    for number in (2, 6):
        while Hotspot.objects.count() < number:
            other = make_place(police, **BASELINE)
            count(other.area_id, FALLEN)
        for one in Hotspot.objects.filter(triggers=None):
            actions.set_trigger(by=by, place=one.pk, category="burglary", months=1)
        with CaptureQueriesContext(connection) as made:
            triggers.evaluate()
        costs.append(len(made))
    assert costs[0] == costs[1]


def test_gates_that_are_due_are_told_once(police: Agency, place: Hotspot, start: Start, by: Viewer) -> None:  # noqa: F811
    Webhook.objects.create(agency=police, url="https://example.org/", events=["gate.due"], secret="x")
    period = start("clear", planned_end=TODAY + timedelta(days=8))
    told = [notices.tell_gates_due(TODAY + timedelta(days=day)) for day in (0, 1, 2, 8, 9, 10)]
    assert told == [0, 1, 0, 0, 1, 0]
    # One that is moved is told of anew; one that has ended is not.
    actions.change_period(by=by, pk=period.pk, seen=None, planned_end=TODAY + timedelta(days=20))
    assert notices.tell_gates_due(TODAY + timedelta(days=14)) == 1
    actions.stop_phase(by=by, pk=period.pk, ends=TODAY, reason="Over")
    assert notices.tell_gates_due(TODAY + timedelta(days=30)) == 0
    assert {one.event for one in WebhookDelivery.objects.all()} == {"gate.due"}
    assert WebhookDelivery.objects.count() == 3
