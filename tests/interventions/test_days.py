"""Days of action: who is asked sees the day, answers and reports for itself; what the public may know; who is asked
for missing results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.actions import Unlawful, add_intervention, change_intervention
from interventions.calc.clock import LONDON
from interventions.contents import Content
from interventions.days import actions, queries
from interventions.days.chasing import chase
from interventions.models import DayAgency, DayOfAction, DayResult, Intervention
from partners.models import Agency, AuditEvent, User
from partners.refusals import ChangedMeanwhile, Refused
from partners.roles import Marking, Role
from partners.visibility import Viewer
from tests.interventions.conftest import narrowed, seen_by

pytestmark = pytest.mark.django_db
YESTERDAY = datetime.combine(timezone.localdate() - timedelta(days=1), time(8), LONDON)


@pytest.fixture
def plan_day(world: SimpleNamespace) -> Callable[..., DayOfAction]:
    """A day of the owner's yesterday, to which the stranger (whom no agreement gives anything) is asked."""

    def plan(*, asked: list[Agency] | None = None, starts: datetime = YESTERDAY, **said: Any) -> DayOfAction:
        agencies = [world.stranger] if asked is None else asked
        content = Content(
            **{
                "kind": "day",
                "title": "Joint day in the town",
                "starts": starts,
                "ends": starts + timedelta(hours=8),
                "wards": (world.ward,),
                "place": "Behind the Kestrel Arms",
                "particulars": {"objective": "Fewer thefts", "briefing": "Meet at the station", "risk": "Traffic"},
                "parts": {"agencies": [{"agency": one.pk, "role": "Van"} for one in agencies]},
                "reasons": {"day.results-due": "They come by post"},
                **said,
            }
        )
        made = add_intervention(by=seen_by(world.people["owner"]), owner=world.owner, content=content)
        return DayOfAction.objects.get(pk=made.pk)

    return plan


def sees(viewer: Viewer, day: DayOfAction) -> list[bool]:
    """Whether it is seen on lists of all kinds, and among days."""
    return [model.objects.visible_to(viewer).filter(pk=day.pk).exists() for model in (Intervention, DayOfAction)]


def test_who_is_asked_sees_the_day_whole_and_nothing_else(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], make_activity: Callable[..., Intervention]
) -> None:
    day, other = plan_day(), plan_day(asked=[])
    patrol = make_activity(day=day)
    stranger = seen_by(world.people["stranger"])
    assert sees(stranger, day) == [True, True]
    assert sees(stranger, other) == [False, False]
    assert not Intervention.objects.visible_to(stranger).filter(pk=patrol.pk).exists(), "work on the day is no day"
    shown = DayOfAction.objects.visible_to(stranger).get(pk=day.pk)
    assert (shown.briefing, shown.place, shown.withheld) == ("Meet at the station", day.place, frozenset())
    assert sees(seen_by(world.people["lapsed"]), day) == [False, False]
    # An agreement that withholds the place is one ground, being asked another: the second gives the day whole.
    both = plan_day(asked=[world.partner])
    partner = seen_by(world.people["partner"])
    assert Intervention.objects.visible_to(partner).get(pk=both.pk).place == both.place
    assert not Intervention.objects.changeable_by(stranger).filter(pk=day.pk).exists()


def test_being_asked_ends_and_never_reaches_further_than_the_role(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], make_user: Callable[..., User]
) -> None:
    day = plan_day()
    sensitive = plan_day(marking=Marking.SENSITIVE)
    viewer = make_user("viewer@example.org", role=Role.VIEWER, agency="Stranger Agency")
    administrator = make_user("none@example.org", role=Role.PARTNERSHIP, agency="Stranger Agency")
    assert sees(seen_by(viewer), day) == [True, True]
    assert sees(seen_by(viewer), sensitive) == [False, False]
    assert sees(seen_by(world.people["stranger"]), sensitive) == [True, True]
    assert sees(seen_by(administrator), day) == [False, False]
    narrowed(viewer, "E05800311")
    assert sees(seen_by(User.objects.get(pk=viewer.pk)), day) == [False, False]
    # Of a part, the whole sees it; of the whole, the part does not.
    part = Agency.objects.create(name="Part", kind=Agency.Kind.COUNCIL, part_of=world.stranger)
    of_part = plan_day(asked=[part])
    in_part = make_user("part@example.org", role=Role.MANAGER, agency="Part")
    assert sees(seen_by(world.people["stranger"]), of_part) == [True, True]
    assert sees(seen_by(in_part), day) == [False, False]
    # Looking as the stranger shows what both see.
    looking = Viewer.of_user(world.people["owner"], looking_as=Viewer.of_agency(world.stranger, Role.MANAGER))
    assert sees(looking, day) == [True, True]
    assert sees(looking, of_part) == [True, True]
    assert sees(looking, plan_day(asked=[])) == [False, False]
    change_intervention(by=seen_by(world.people["owner"]), pk=day.pk, seen=None, parts={"agencies": []})
    assert sees(seen_by(world.people["stranger"]), day) == [False, False]


def test_a_day_kept_for_its_own_agency_asks_nobody(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction]
) -> None:
    with pytest.raises(Unlawful, match="1 agency could not see the day"):
        plan_day(audience="agency")
    day = plan_day()
    # And were such a row there all the same, it would show nothing.
    Intervention.objects.filter(pk=day.pk).update(audience="agency")
    assert sees(seen_by(world.people["stranger"]), day) == [False, False]


def test_an_agency_answers_for_itself_alone(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], make_user: Callable[..., User]
) -> None:
    day = plan_day(starts=timezone.now() + timedelta(days=3))
    stranger, owner = seen_by(world.people["stranger"]), seen_by(world.people["owner"])
    [waiting] = queries.waiting_for(stranger, [world.stranger.pk])
    assert waiting.record_id == day.pk
    answer: dict[str, Any] = {"pk": day.pk, "agency": world.stranger, "answer": "accepted"}
    reader = make_user("viewer@example.org", role=Role.VIEWER, agency="Stranger Agency")
    for by in (owner, seen_by(reader)):
        with pytest.raises(Refused, match="only for an agency of yours"):
            actions.answer_day(by=by, **answer)
    with pytest.raises(DayOfAction.DoesNotExist):
        actions.answer_day(by=seen_by(world.people["lapsed"]), **answer)
    for wrong, sentence in (({"people": -1}, "from 0 to 5,000"), ({"hours": "x"}, "from 0 to 24")):
        with pytest.raises(Refused, match=sentence):
            actions.answer_day(by=stranger, **answer, **wrong)
    seen = DayOfAction.objects.get(pk=day.pk).changed_at
    row = actions.answer_day(by=stranger, **answer, people=4, hours="7.5")
    assert (row.answer, row.people, str(row.hours), row.role) == ("accepted", 4, "7.5", "Van")
    assert queries.waiting_for(stranger, [world.stranger.pk]) == []
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.owners) == ("day-of-action.answered", sorted([world.owner.pk, world.stranger.pk]))
    # Whoever had the day's form open meanwhile does not write over the answer.
    with pytest.raises(ChangedMeanwhile):
        change_intervention(by=owner, pk=day.pk, seen=seen, title="Another")
    with pytest.raises(Refused, match="not begun"):
        actions.report_results(by=stranger, pk=day.pk, agency=world.stranger, results=[])
    change_intervention(by=owner, pk=day.pk, seen=None, status="cancelled")
    with pytest.raises(Refused, match="was cancelled"):
        actions.answer_day(by=stranger, **answer)
    # The keeper gives the line to another agency: that one has answered nothing.
    line = {"id": row.pk, "agency": world.lapsed.pk, "role": "Van"}
    change_intervention(by=owner, pk=day.pk, seen=None, parts={"agencies": [line]})
    [now] = DayAgency.objects.filter(record=day)
    assert (now.agency, now.answer, now.answered_by, now.people, now.role) == (world.lapsed, "asked", None, None, "Van")


def test_an_agency_reports_its_own_results(world: SimpleNamespace, plan_day: Callable[..., DayOfAction]) -> None:
    day = plan_day()
    stranger, owner = seen_by(world.people["stranger"]), seen_by(world.people["owner"])
    said: dict[str, Any] = {"pk": day.pk, "agency": world.stranger}
    for results, sentence in (
        ([{"measure": "heads", "value": 1}], "Result 1: the measure is one of"),
        ([{"measure": "other", "value": 1}], "of what"),
        ([{"measure": "arrests"}], "give the count"),
        ([{"measure": "arrests", "value": 1.5}], "whole number"),
        ([{"measure": "arrests", "value": True}], "whole number"),
        ([{"measure": "arrests", "value": 1}] * 2, "there twice"),
        ([{"measure": "arrests", "value": 1}] * 51, "At most 50"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.report_results(by=stranger, **said, results=results)
    with CaptureQueriesContext(connection) as asked:
        actions.report_results(by=stranger, **said, results=[{"measure": "letters", "value": 196}])
    # As changing the day does: whoever comes second waits for one row, and never for each other.
    locks = [one["sql"] for one in asked.captured_queries if "FOR UPDATE" in one["sql"]]
    assert [sql.partition(" FOR UPDATE ")[2] for sql in locks] == ['OF "interventions_intervention"']
    events = AuditEvent.objects.count()
    again = actions.report_results(by=stranger, **said, results=[{"measure": "letters", "value": 196}])
    assert AuditEvent.objects.count() == events, "the same again is no change"
    assert [one.value for one in again] == [196]
    # The keeper may write down the own agency's, and those of one that has nobody here; a third may not.
    actions.report_results(by=owner, pk=day.pk, agency=world.owner, results=[{"measure": "arrests", "value": 2}])
    with pytest.raises(Refused, match="only for an agency of yours"):
        actions.report_results(by=owner, pk=day.pk, agency=world.lapsed, results=[])
    with pytest.raises(Refused, match="only for an agency of yours"):
        actions.report_results(by=stranger, pk=day.pk, agency=world.owner, results=[])
    assert {(one.agency, one.measure, one.value) for one in DayResult.objects.select_related("agency")} == {
        (world.stranger, "letters", 196),
        (world.owner, "arrests", 2),
    }


def test_the_public_learns_counts_and_words_alone(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], clients: dict[str, Client]
) -> None:
    words = {"objective": "Zebra", "briefing": "Zulu", "public_summary": "We came with letters."}
    day = plan_day(particulars=words, status="done", title="Operation Zircon", place="Zoo Lane")
    by = seen_by(world.people["stranger"])
    actions.answer_day(by=by, pk=day.pk, agency=world.stranger, answer="accepted")
    counted = [("letters", "", 196), ("arrests", "", 4), ("visits", "", 0), ("other", "zithers", 40), ("waste", "", 5)]
    results = [{"measure": measure, "what": what, "value": value} for measure, what, value in counted]
    actions.report_results(by=by, pk=day.pk, agency=world.stranger, results=results)
    text = clients["owner"].get(f"/activity/{day.pk}/summary.txt").content.decode()
    for told in ("We came with letters.", "Addresses visited with letters: 196", "Arrests: fewer than 5", "waste"):
        assert told in text
    assert "Premises visited: none" in text
    assert "removed: 5" in text
    for kept in ("Operation", "Zoo", "Zebra", "Zulu", "zithers", "40"):
        assert kept not in text
    Intervention.objects.filter(pk=day.pk).update(marking=Marking.SENSITIVE)
    assert "OFFICIAL-SENSITIVE: nothing" in clients["owner"].get(f"/activity/{day.pk}/summary/").content.decode()
    assert clients["owner"].get(f"/activity/{day.pk}/summary.txt").status_code == 404


def test_missing_results_are_asked_for_once(
    world: SimpleNamespace,
    plan_day: Callable[..., DayOfAction],
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    # A Monday; five working days later is the Monday after, which is the last day in time.
    monday = datetime.combine(
        timezone.localdate() - timedelta(days=21 + timezone.localdate().weekday()), time(9), LONDON
    )
    due = monday.date() + timedelta(days=7)
    day = plan_day(starts=monday, title="Operation Zircon")
    actions.answer_day(by=seen_by(world.people["stranger"]), pk=day.pk, agency=world.stranger, answer="accepted")
    plan_day(starts=monday, status="cancelled")
    with django_capture_on_commit_callbacks(execute=True):
        assert chase(due) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert chase(due + timedelta(days=1)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert chase(due + timedelta(days=2)) == 0, "once"
    assert sorted(one.bcc[0] for one in mailoutbox) == ["owner@example.org", "stranger@example.org"]
    for mail in mailoutbox:
        assert f"/activity/{day.pk}/" in mail.body
        assert "Zircon" not in f"{mail.subject}{mail.body}"
    assert AuditEvent.objects.latest("number").action == "day-of-action.chased"


def test_pages_cost_the_same_with_2_and_20(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], clients: dict[str, Client]
) -> None:
    first = timezone.localdate().replace(month=1, day=1)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as held:
            assert clients["stranger"].get(address).status_code == 200
        return len(held)

    days = [plan_day(starts=timezone.now() + timedelta(hours=number)) for number in (1, 2)]
    address = f"/activity/days/?from={first:%Y-%m}"
    asked(address)  # the session's first request
    at_2 = asked(address)
    for number in range(3, 21):
        plan_day(starts=timezone.now() + timedelta(hours=number))
    assert asked(address) == at_2
    page = f"/activity/{days[0].pk}/briefing/"
    before = asked(page)
    DayAgency.objects.bulk_create(
        DayAgency(record=days[0], agency=Agency.objects.create(name=f"Agency {number}", kind="council"))
        for number in range(18)
    )
    assert asked(page) == before


def test_pages_are_there_for_those_they_concern(
    world: SimpleNamespace, plan_day: Callable[..., DayOfAction], clients: dict[str, Client]
) -> None:
    day = plan_day()
    # The partner is given activity, and no days of action.
    expected = {"owner": (403, 200), "partner": (404, 404), "lapsed": (404, 404), "stranger": (200, 200)}
    for name, statuses in expected.items():
        got = tuple(clients[name].get(f"/activity/{day.pk}/{page}/").status_code for page in ("answer", "results"))
        assert got == statuses, name
    stranger = clients["stranger"]
    assert stranger.post(f"/activity/{day.pk}/answer/", {}).status_code == 422
    page = stranger.post(f"/activity/{day.pk}/results/", {"count_letters": "x", "what_0": "dogs"})
    assert page.status_code == 422
    assert "Line 1: choose what was counted." in page.content.decode()
    sent = {"count_letters": "196", "measure_0": "other", "what_0": "dogs", "value_0": "3"}
    assert stranger.post(f"/activity/{day.pk}/results/", sent).status_code == 302
    assert {(one.measure, one.what, one.value) for one in DayResult.objects.all()} == {
        ("letters", "", 196),
        ("other", "dogs", 3),
    }
    form = stranger.get(f"/activity/{day.pk}/results/").content.decode()
    assert 'value="196"' in form
    assert 'value="dogs"' in form
