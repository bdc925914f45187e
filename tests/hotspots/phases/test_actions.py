"""Phases of a hotspot: who may, what is kept, what the audit trail and other systems are told; and any sequence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspots.models import GateDecision, GateQuestion, Hotspot, PhasePeriod
from hotspots.models.phases import Phase
from hotspots.phases import actions, queries
from hotspots.phases.actions import Answered, Fact, Plan, Snapshot
from hotspots.phases.rules import Unusual
from hotspots.register.actions import change_hotspot, set_status
from partners.models import Agency, AuditEvent, User, Webhook, WebhookDelivery
from partners.refusals import ChangedMeanwhile, Refused
from partners.visibility import Viewer
from tests.factories import make_administrator, make_place
from tests.hotspots.phases.conftest import TODAY, Start

EVIDENCE = Snapshot(
    (
        Fact("months-below-baseline", 7.0, "7 consecutive months below the baseline range.", "Police, to April 2026"),
        Fact("ring", None, "Of the ring nothing can be told.", "Police, to April 2026"),
    ),
    12,
    date(2026, 4, 1),
)
MEETING: dict[str, Any] = {
    "decided_on": TODAY,
    "chair": "Superintendent Ray",
    "meeting": "Tactical group, week 12",
    "reasons": "The threat is disrupted.",
    "answers": {},
    "evidence": EVIDENCE,
}


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-number")[0]


def spells(place: Hotspot) -> list[tuple[str, date, date | None, str]]:
    return [(one.phase, one.starts, one.ends, one.ending) for one in PhasePeriod.objects.filter(hotspot=place)]


def test_a_phase_starts_and_is_told(by: Viewer, keeper: User, police: Agency, place: Hotspot) -> None:
    Webhook.objects.create(agency=police, url="https://example.org/", events=["phase.changed"], secret="x")
    plan = Plan(starts=TODAY, planned_end=date(2026, 9, 1), objectives=" Know the place. ", lead=keeper)
    period = actions.start_phase(by=by, place=place.pk, phase="prepare", plan=plan)
    assert (period.objectives, period.lead, period.created_by, period.ends) == ("Know the place.", keeper, keeper, None)
    event = last_event()
    assert (event.action, event.objects_named, event.owners) == (
        "hotspot.phase-started",
        [f"hotspot:{place.pk}"],
        [police.pk],
    )
    assert event.after is not None
    assert event.after["phase"] == "prepare"
    assert WebhookDelivery.objects.get().body["data"]["id"] == place.pk


def test_an_unusual_order_is_asked_about_once(by: Viewer, place: Hotspot) -> None:
    asked: dict[str, Any] = {"by": by, "place": place.pk, "phase": "build", "plan": Plan(starts=TODAY)}
    with pytest.raises(Unusual, match="without Hold before it"):
        actions.start_phase(**asked)
    assert actions.start_phase(**asked, knowingly=True).phase == "build"


def test_watch_places_and_archived_ones_have_no_phases(by: Viewer, police: Agency, place: Hotspot) -> None:
    watched = make_place(police, kind="watch")
    with pytest.raises(Refused, match="A watch place has no phases"):
        actions.start_phase(by=by, place=watched.pk, phase="prepare", plan=Plan(starts=TODAY))
    set_status(by=by, pk=place.pk, status="archived", reason="Over")
    with pytest.raises(Refused, match="This place is archived"):
        actions.start_phase(by=by, place=place.pk, phase="prepare", plan=Plan(starts=TODAY))


def test_no_phase_begins_at_a_closed_place(by: Viewer, place: Hotspot) -> None:
    set_status(by=by, pk=place.pk, status="closed", reason="Quiet for a year")
    with pytest.raises(Refused, match="This place is closed"):
        actions.start_phase(by=by, place=place.pk, phase="prepare", plan=Plan(starts=TODAY))


def test_work_begins_with_the_equality_questions_answered(by: Viewer, police: Agency) -> None:
    bare = make_place(police, equality_other="")
    actions.start_phase(by=by, place=bare.pk, phase="prepare", plan=Plan(starts=TODAY))
    with pytest.raises(Refused, match="three equality questions first: Clear begins with them kept"):
        actions.start_phase(by=by, place=bare.pk, phase="clear", plan=Plan(starts=TODAY))
    change_hotspot(by=by, pk=bare.pk, seen=None, equality_other="A bus station was rebuilt.")
    assert actions.start_phase(by=by, place=bare.pk, phase="clear", plan=Plan(starts=TODAY)).phase == "clear"


@pytest.mark.parametrize("who", ["contributor", "partner", "looking"])
def test_others_find_nothing_to_change(who: str, start: Start, place: Hotspot, keeper: User, make_user: Any) -> None:
    period = start("prepare")
    viewer = {
        "contributor": lambda: Viewer.of_user(
            make_user("con@example.org", role="contributor", agency="Havering Police")
        ),
        "partner": lambda: Viewer.of_user(make_user("other@example.org", role="manager", agency="Havering Council")),
        "looking": lambda: Viewer.of_user(keeper, looking_as=Viewer.of_user(keeper)),
    }[who]()
    for act in (
        lambda: actions.start_phase(by=viewer, place=place.pk, phase="clear", plan=Plan(starts=TODAY), knowingly=True),
        lambda: actions.change_period(by=viewer, pk=period.pk, seen=None, objectives="Other"),
        lambda: actions.stop_phase(by=viewer, pk=period.pk, ends=TODAY, reason="No"),
        lambda: actions.remove_period(by=viewer, pk=period.pk, reason="No"),
        lambda: actions.decide_gate(by=viewer, period=period.pk, outcome="stop", **MEETING),
        lambda: actions.set_trigger(by=viewer, place=place.pk, category="all-crime", months=3),
    ):
        with pytest.raises(Hotspot.DoesNotExist):
            act()
    assert spells(place) == [("prepare", date(2026, 1, 1), None, "")]


def test_dates_are_corrected_with_a_reason(by: Viewer, start: Start) -> None:
    period = start("prepare")
    with pytest.raises(Refused, match="Say why the dates are corrected"):
        actions.change_period(by=by, pk=period.pk, seen=period.changed_at, starts=date(2026, 2, 1))
    with pytest.raises(Refused, match="This phase goes on"):
        actions.change_period(by=by, pk=period.pk, seen=None, ends=TODAY, reason="Wrong")
    changed = actions.change_period(by=by, pk=period.pk, seen=None, starts=date(2026, 2, 1), reason="Typed wrongly")
    assert changed.starts == date(2026, 2, 1)
    event = last_event()
    assert (event.action, event.reason) == ("hotspot.phase-changed", "Typed wrongly")
    assert event.before is not None
    assert event.before["starts"] == "2026-01-01"
    actions.stop_phase(by=by, pk=period.pk, ends=date(2026, 3, 1), reason="Funding ended")
    corrected = actions.change_period(by=by, pk=period.pk, seen=None, ends=date(2026, 3, 2), reason="A day later")
    assert (corrected.ends, corrected.ending) == (date(2026, 3, 2), "stopped")


def test_what_somebody_saved_meanwhile_is_not_overwritten(by: Viewer, start: Start) -> None:
    period = start("prepare")
    seen = period.changed_at
    actions.change_period(by=by, pk=period.pk, seen=seen, objectives="Mine")
    with pytest.raises(ChangedMeanwhile, match="Keeper changed this phase after you opened it"):
        actions.change_period(by=by, pk=period.pk, seen=seen, objectives="Theirs")
    with pytest.raises(ChangedMeanwhile):
        actions.decide_gate(by=by, period=period.pk, outcome="stop", seen=seen, **MEETING)
    # Nothing is written where nothing changes.
    events = AuditEvent.objects.count()
    actions.change_period(by=by, pk=period.pk, seen=None, objectives="Mine")
    assert AuditEvent.objects.count() == events


def test_a_mistake_is_removed_and_stays_in_the_trail(by: Viewer, start: Start, place: Hotspot) -> None:
    period = start("prepare", objectives="For another place")
    actions.remove_period(by=by, pk=period.pk, reason="Wrong place")
    assert spells(place) == []
    event = last_event()
    assert event.before is not None
    assert event.before["objectives"] == "For another place"
    decided = start("prepare")
    actions.decide_gate(by=by, period=decided.pk, outcome="stay", planned_end=date(2026, 9, 1), **MEETING)
    with pytest.raises(Refused, match="A gate was decided in this phase, so it stays"):
        actions.remove_period(by=by, pk=decided.pk, reason="Wrong place")


# --- Gates --------------------------------------------------------------------------------------------------------


def test_going_on_ends_one_phase_and_begins_the_next(
    by: Viewer, keeper: User, start: Start, place: Hotspot, questions: list[GateQuestion]
) -> None:
    period = start("clear", planned_end=date(2026, 5, 20))
    answers = {
        questions[0].pk: Answered("yes", "14 warrants"),
        questions[1].pk: Answered("partly", "A draft of 2 May"),
    }
    decision = actions.decide_gate(
        by=by,
        period=period.pk,
        outcome="proceed",
        to_phase="hold",
        planned_end=date(2026, 12, 1),
        dissent="Housing: too early.",
        **{**MEETING, "answers": answers},
    )
    assert spells(place) == [("clear", date(2026, 1, 1), TODAY, "completed"), ("hold", TODAY, None, "")]
    assert place.phases.get(phase="hold").planned_end == date(2026, 12, 1)
    assert [(one.question, one.answer, one.evidence) for one in decision.answers.all()] == [
        ("Is the threat disrupted?", "yes", "14 warrants"),
        ("Is a contingency plan written?", "partly", "A draft of 2 May"),
    ]
    assert [(one.name, one.value, one.sentence) for one in decision.evidence.all()] == [
        (one.name, one.value, one.sentence) for one in EVIDENCE.facts
    ]
    assert (decision.data_version, decision.last_month, decision.recorded_by) == (12, date(2026, 4, 1), keeper)
    event = last_event()
    assert event.action == "hotspot.gate-decided"
    assert event.after is not None
    assert event.after["dissent"] == "Housing: too early."
    # A question in other words leaves the decision as it was.
    questions[0].text = "Other words?"
    questions[0].save()
    assert queries.decisions(place)[0].answers.all()[0].question == "Is the threat disrupted?"


def test_every_outcome(by: Viewer, start: Start, place: Hotspot, questions: list[GateQuestion]) -> None:
    hold = start("hold")
    later = date(2026, 9, 1)
    actions.decide_gate(by=by, period=hold.pk, outcome="stay", planned_end=later, **MEETING)
    assert PhasePeriod.objects.get(pk=hold.pk).planned_end == later
    actions.decide_gate(
        by=by, period=hold.pk, outcome="proceed", to_phase="build", keep_going=True, planned_end=later, **MEETING
    )
    assert [one[:3] for one in spells(place)] == [("hold", date(2026, 1, 1), None), ("build", TODAY, None)]
    actions.decide_gate(by=by, period=hold.pk, outcome="regress", to_phase="clear", **MEETING)
    assert spells(place)[0] == ("hold", date(2026, 1, 1), TODAY, "regressed")
    build = place.phases.get(phase="build")
    # Going back to what goes on already begins nothing anew.
    actions.decide_gate(by=by, period=build.pk, outcome="regress", to_phase="clear", **MEETING)
    assert place.phases.filter(phase="clear").count() == 1
    clear = place.phases.get(phase="clear")
    actions.decide_gate(by=by, period=clear.pk, outcome="stop", **MEETING)
    assert place.phases.filter(ends=None).count() == 0
    assert [one.outcome for one in queries.decisions(place)] == ["stop", "regress", "regress", "proceed", "stay"]
    sustain = start("sustain", TODAY)
    actions.decide_gate(by=by, period=sustain.pk, outcome="proceed", **MEETING)
    assert place.phases.get(phase="sustain").ending == "completed"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"outcome": "maybe"}, "outcome", "The outcome is one of"),
        ({"outcome": "proceed"}, "to_phase", "Say which phase begins"),
        ({"outcome": "proceed", "to_phase": "prepare"}, "to_phase", "Going on leads to a phase after Clear"),
        ({"outcome": "regress", "to_phase": "hold"}, "to_phase", "Going back leads to a phase before Clear"),
        ({"outcome": "regress", "to_phase": "clear"}, "to_phase", "Going back leads to a phase before Clear"),
        ({"outcome": "proceed", "to_phase": "nowhere"}, "to_phase", "The phase is one of"),
        ({"outcome": "proceed", "to_phase": "hold"}, "answer_", "Answer “Is the threat disrupted.” with yes"),
        ({"outcome": "stop", "answers": {0: Answered("yes")}}, "answers", "does not ask now"),
        ({"outcome": "stay"}, "planned_end", "Say when the gate is looked at again"),
        ({"outcome": "stay", "planned_end": date(2026, 5, 31)}, "planned_end", "looked at again after it was decided"),
        ({"outcome": "stop", "keep_going": True}, "keep_going", "stays open beside another only where"),
        ({"outcome": "stop", "decided_on": date(2026, 6, 2)}, "decided_on", "falls between 1 January 2026"),
        ({"outcome": "stop", "decided_on": date(2025, 12, 31)}, "decided_on", "falls between 1 January 2026"),
        ({"outcome": "stop", "chair": " "}, "chair", "Say who chaired"),
        ({"outcome": "stop", "meeting": ""}, "meeting", "Say which meeting decided"),
        ({"outcome": "stop", "reasons": ""}, "reasons", "Say why it was decided so"),
    ],
)
def test_decisions_that_cannot_be(
    said: dict[str, Any],
    field: str,
    sentence: str,
    by: Viewer,
    start: Start,
    place: Hotspot,
    questions: list[GateQuestion],
) -> None:
    period = start("clear")
    with pytest.raises(Refused, match=sentence) as refused:
        actions.decide_gate(by=by, period=period.pk, **{**MEETING, **said})
    assert refused.value.field.startswith(field)
    assert spells(place) == [("clear", date(2026, 1, 1), None, "")]
    assert not GateDecision.objects.exists()


def test_a_gate_is_decided_once(by: Viewer, start: Start, questions: list[GateQuestion]) -> None:
    period = start("clear")
    actions.decide_gate(by=by, period=period.pk, outcome="stay", planned_end=TODAY, **MEETING)
    with pytest.raises(Refused, match="A later decision stands already, of 1 June 2026"):
        actions.decide_gate(
            by=by, period=period.pk, outcome="stop", **{**MEETING, "decided_on": TODAY - timedelta(days=1)}
        )
    actions.decide_gate(by=by, period=period.pk, outcome="stop", **MEETING)
    with pytest.raises(Refused, match="This phase ended on 1 June 2026"):
        actions.decide_gate(by=by, period=period.pk, outcome="stop", **MEETING)
    with pytest.raises(Refused, match="This phase has ended already"):
        actions.stop_phase(by=by, pk=period.pk, ends=TODAY, reason="Again")


DAYS = st.integers(-30, 30).map(lambda days: TODAY + timedelta(days=days))
STEPS = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(Phase.values), DAYS),
    st.tuples(st.just("stop"), st.integers(0, 5), DAYS),
    st.tuples(st.just("correct"), st.integers(0, 5), DAYS, st.none() | DAYS),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(
        st.just("decide"),
        st.integers(0, 5),
        st.sampled_from(GateDecision.Outcome.values),
        st.sampled_from(["", *Phase.values]),
        DAYS,
        st.booleans(),
    ),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_people_do_the_periods_fit_together(
    steps: list[Any], by: Viewer, place: Hotspot, questions: list[GateQuestion]
) -> None:
    PhasePeriod.objects.filter(hotspot=place).delete()
    GateQuestion.objects.all().delete()
    for step in steps:
        rows = list(PhasePeriod.objects.filter(hotspot=place))
        try:
            _do(step, rows, by, place)
        except (Refused, IndexError):
            continue
    found = list(PhasePeriod.objects.filter(hotspot=place).prefetch_related("decisions"))
    for one in found:
        assert (one.ends is None) == (one.ending == "")
        assert one.starts <= (one.ends or date.max)
        assert all(one.starts <= decision.decided_on <= (one.ends or TODAY) for decision in one.decisions.all())
        for other in found:
            if other.pk < one.pk and other.phase == one.phase:
                assert one.starts >= (other.ends or date.max) or other.starts >= (one.ends or date.max)


def _do(step: Any, rows: list[PhasePeriod], by: Viewer, place: Hotspot) -> None:
    match step:
        case ("start", phase, day):
            actions.start_phase(by=by, place=place.pk, phase=phase, plan=Plan(starts=day), knowingly=True)
        case ("stop", at, day):
            actions.stop_phase(by=by, pk=rows[at].pk, ends=day, reason="x")
        case ("correct", at, first, last):
            actions.change_period(by=by, pk=rows[at].pk, seen=None, starts=first, ends=last, reason="x")
        case ("remove", at):
            actions.remove_period(by=by, pk=rows[at].pk, reason="x")
        case ("decide", at, outcome, phase, day, keep):
            meeting = {**MEETING, "decided_on": day}
            actions.decide_gate(
                by=by,
                period=rows[at].pk,
                outcome=outcome,
                to_phase=phase,
                keep_going=keep,
                planned_end=day + timedelta(days=30),
                **meeting,
            )


# --- Questions, triggers, reads -----------------------------------------------------------------------------------


def test_questions_are_kept_by_administrators_of_the_partnership(
    by: Viewer, keeper: User, questions: list[GateQuestion]
) -> None:
    with pytest.raises(PermissionDenied, match="administrators keep the gate questions"):
        actions.add_question(by=by, phase="clear", text="Another?")
    make_administrator(keeper)
    admin = Viewer.of_user(User.objects.get(pk=keeper.pk))
    first, second = questions
    reworded = actions.add_question(by=admin, phase="clear", text="In other words?", instead_of=first.pk)
    last = actions.add_question(by=admin, phase="clear", text="And a third?")
    actions.move_question(by=admin, pk=last.pk, up=True)
    assert [one.pk for one in queries.questions("clear")] == [reworded.pk, last.pk, second.pk]
    actions.move_question(by=admin, pk=reworded.pk, up=True)
    actions.retire_question(by=admin, pk=second.pk)
    assert [one.text for one in queries.questions()] == ["In other words?", "And a third?"]
    assert [one.action for one in AuditEvent.objects.order_by("-number")[:2]] == [
        "gatequestion.changed",
        "gatequestion.changed",
    ]
    for text, sentence in (("", "Write the question"), ("and a THIRD?", "asks this already")):
        with pytest.raises(Refused, match=sentence):
            actions.add_question(by=admin, phase="clear", text=text)
    with pytest.raises(GateQuestion.DoesNotExist):
        actions.retire_question(by=admin, pk=second.pk)


def test_triggers_and_alerts(by: Viewer, keeper: User, place: Hotspot) -> None:
    trigger = actions.set_trigger(by=by, place=place.pk, category="burglary", months=2)
    for category, months, sentence in (
        ("burglary", 2, "There is such a trigger already"),
        ("burglary", 13, "Give 1 to 12 months"),
        ("nonsense", 2, "no type of crime"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.set_trigger(by=by, place=place.pk, category=category, months=months)
    alert = trigger.alerts.create(month=date(2026, 4, 1), sentence="Burglary: 2 months above.")
    assert queries.open_alerts([place]) == {place.pk: [alert]}
    assert actions.acknowledge_alert(by=by, pk=alert.pk).acknowledged_by == keeper
    assert last_event().action == "hotspot.alert-acknowledged"
    assert queries.open_alerts([place]) == {}
    assert actions.end_trigger(by=by, pk=trigger.pk).ended_by == keeper
    # The same may be set again.
    actions.set_trigger(by=by, place=place.pk, category="burglary", months=2)
    assert [one.ended_at is None for one in queries.triggers(place)] == [True, False]


def test_reads_cost_the_same_for_many_places(
    by: Viewer,
    police: Agency,
    place: Hotspot,
    start: Start,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    clear = start("clear", date(2026, 1, 1), planned_end=date(2026, 6, 8))
    start("hold", date(2026, 3, 1))
    start("build", date(2026, 7, 1))
    other = make_place(police)
    actions.stop_phase(by=by, pk=start("prepare", date(2025, 6, 1)).pk, ends=date(2026, 1, 1), reason="x")
    places = [place, other]
    with django_assert_num_queries(4):
        now = queries.current_phases(places, TODAY)
        due = queries.gates_due(places, date(2026, 6, 8))
        assert queries.gates_due(places, date(2026, 6, 7)) == {}
        assert queries.periods(places).keys() == {place.pk}
    assert [one.phase for one in now[place.pk]] == ["clear", "hold"]
    assert due == {place.pk: [clear]}
    assert [one.phase for one in queries.current_phases(places, date(2025, 12, 31))[place.pk]] == ["prepare"]
    # On its last day a phase is over.
    assert [one.phase for one in queries.current_phases(places, date(2026, 1, 1))[place.pk]] == ["clear"]
