"""PSPO actions from a phone: written down once, whatever arrives; what is refused says why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from interventions.models import Condition, Intervention, PspoAction
from interventions.phone import queries
from partners.filters import day_begins, day_ends
from partners.models import AuditEvent, User
from partners.roles import Role
from partners.visibility import Viewer
from tests.interventions.law.drafting import zone

HERE = "/activity/pspo-action/"
SOMEBODY_ELSE = "This was sent before, by somebody else. Open the page anew and type it again."


@pytest.fixture
def order(world: SimpleNamespace, make_activity: Callable[..., Intervention]) -> Any:
    """An order of two conditions, in force, over the first ward and a square."""
    today = timezone.localdate()
    found = make_activity(
        kind="pspo",
        title="Town centre PSPO",
        stage="in-force",
        penalty=100,
        starts=day_begins(today - timedelta(days=30)),
        ends=day_ends(today + timedelta(days=30)),
        longitude=None,
        latitude=None,
        zone=zone(0.18, 51.57),
        **dict(zip(("west", "south", "east", "north"), (0.18, 51.57, 0.19, 51.58), strict=True)),
    )
    for number, text in ((1, "Must not drink alcohol"), (2, "Must not spit")):
        Condition.objects.create(record=found, number=number, text=text)
    return found


@pytest.fixture
def say(order: Any) -> Callable[..., dict[str, Any]]:
    """What the form sends: a verbal warning for spitting, just now."""

    def made(**more: Any) -> dict[str, Any]:
        spitting = Condition.objects.get(number=2)
        said = {
            "what": f"{order.pk}-{spitting.pk}",
            "action": "verbal",
            "owner": order.owner_id,
            "place": "By the fountain",
            "sent_as": str(uuid4()),
        }
        return {**said, **more}

    return made


def send(client: Client, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """As the script sends it: the status, and the answer."""
    answer = client.post(HERE, said, headers={"accept": "application/json"})
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_a_warning_is_written_down(
    clients: dict[str, Client], world: SimpleNamespace, order: Any, say: Callable[..., dict[str, Any]]
) -> None:
    page = clients["owner"].get(HERE).content.decode()
    assert "Town centre PSPO" in page
    assert "2. Must not spit" in page
    assert page.index("Advice") < page.index("Verbal warning") < page.index("Fixed penalty notice")
    typed = timezone.now() - timedelta(hours=2)
    said = say(typed_at=typed.isoformat(), vulnerability_seen="on", support_offered="on", age_band="25-34")
    answer = clients["owner"].post(HERE, said, follow=True)
    assert answer.redirect_chain == [(HERE, 302)]
    assert "Logged: Verbal warning, condition 2." in answer.content.decode()
    made = PspoAction.objects.get()
    assert made.condition is not None
    assert (made.order_id, made.condition.number, made.starts) == (order.pk, 2, typed)
    assert (made.place, made.age_band, made.status, made.owner) == ("By the fountain", "25-34", "done", world.owner)
    assert made.vulnerability_seen
    assert made.support_offered
    assert not made.support_accepted
    assert [ward.name for ward in made.wards.all()] == ["Gooshays"]
    # It stands among those of today.
    assert f"/activity/{made.pk}/" in clients["owner"].get(HERE).content.decode()


@pytest.mark.django_db
def test_what_is_sent_twice_is_there_once(
    clients: dict[str, Client],
    as_person: Callable[[User], Client],
    contributor: User,
    say: Callable[..., dict[str, Any]],
) -> None:
    said = say(action="fpn", fpn_number="HV 1234")
    first = send(clients["owner"], said)
    assert first[0] == 201
    events = AuditEvent.objects.filter(action="pspo-action.created").count()
    assert events
    # The number of the notice is its own: it does not stand in its way. Nor does what would be too old by now.
    old = (timezone.now() - timedelta(days=2)).isoformat()
    assert send(clients["owner"], {**said, "typed_at": old}) == first
    assert AuditEvent.objects.filter(action="pspo-action.created").count() == events
    made = PspoAction.objects.get()
    assert (made.fpn_number, made.fpn_amount) == ("HV1234", Decimal(100))
    # Somebody else's is not the same, and learns nothing of it.
    status, answer = send(as_person(contributor), say(sent_as=said["sent_as"]))
    assert status == 422
    assert answer["errors"] == [SOMEBODY_ELSE]
    assert PspoAction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_arrives_twice_at_the_same_moment_is_there_once(
    world: SimpleNamespace, as_person: Callable[[User], Client], say: Callable[..., dict[str, Any]]
) -> None:
    said = say()
    both = Barrier(2)

    def arrive(client: Client) -> tuple[int, dict[str, Any]]:
        both.wait()
        try:
            return send(client, said)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(arrive, [as_person(world.people["owner"]) for _ in range(2)]))
    assert [status for status, _ in answers] == [201, 201]
    assert answers[0] == answers[1]
    assert PspoAction.objects.count() == 1


def two_years_ago() -> dict[str, Any]:
    return {"typed_at": (timezone.now() - timedelta(days=731)).isoformat()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"what": ""}, "Choose what it was about."),
        ({"what": "999-0"}, "The order is not in force any more, or not shared with you. Choose another."),
        ({"action": ""}, "Choose what you did."),
        ({"action": "fpn"}, "Give the number of the fixed penalty notice."),
        ({"action": "fpn", "fpn_number": "A1", "fpn_amount": "300"}, "a fixed penalty was at most £100."),
        ({"longitude": "0.3", "latitude": "51.575"}, "outside the order’s area"),
        ({"starts_time": "12:00", "starts_day": "2019-01-01"}, "the order was not yet in force"),
        ({"starts_day": "2026-10-25"}, "Give the time: when it was."),
        ({"starts_time": "12:00", "starts_day": "2090-01-01"}, "It has not begun yet"),
        (two_years_ago(), "731 days ago, and never arrived. Check it and its date, and save it again; or delete it."),
        ({"typed_at": "2090-01-01T12:00Z"}, "The clock of this phone is ahead: it says 12:00 on 1 January 2090."),
        ({"sent_as": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_is_refused_says_why(
    clients: dict[str, Client], say: Callable[..., dict[str, Any]], more: dict[str, Any], sentence: str
) -> None:
    status, answer = send(clients["owner"], say(**more))
    assert status == 422
    assert sentence in " ".join(answer["errors"])
    # The page says the same, and keeps what was typed.
    page = clients["owner"].post(HERE, say(**more))
    assert page.status_code == 422
    assert sentence in page.content.decode().replace("&#x27;", "’")
    assert "By the fountain" in page.content.decode()
    assert not PspoAction.objects.exists()


@pytest.mark.django_db
def test_in_which_ward_it_was_is_asked_where_the_order_has_several(
    clients: dict[str, Client], world: SimpleNamespace, order: Any, say: Callable[..., dict[str, Any]]
) -> None:
    order.wards.add(world.other)
    assert send(clients["owner"], say())[1]["errors"] == ["Choose the ward in which it was, or use your position."]
    assert send(clients["owner"], say(ward=world.other.code))[0] == 201
    assert [ward.name for ward in PspoAction.objects.get().wards.all()] == ["Heaton"]


@pytest.mark.django_db
def test_the_hour_that_comes_twice(clients: dict[str, Client], order: Any, say: Callable[..., dict[str, Any]]) -> None:
    Intervention.objects.filter(pk=order.pk).update(starts=day_begins(date(2025, 1, 1)))
    said = say(starts_day="2025-10-26", starts_time="01:30")
    assert "comes twice. Choose which." in send(clients["owner"], said)[1]["errors"][0]
    assert send(clients["owner"], {**said, "starts_twice": "1"})[0] == 201
    assert PspoAction.objects.get().starts.isoformat() == "2025-10-26T01:30:00+00:00"


@pytest.mark.django_db
def test_who_writes_down_and_under_which_orders(
    clients: dict[str, Client],
    world: SimpleNamespace,
    order: Any,
    say: Callable[..., dict[str, Any]],
    make_user: Callable[..., User],
    as_person: Callable[[User], Client],
) -> None:
    reader = make_user("reader@example.org", role=Role.VIEWER, agency=world.owner.name)
    assert as_person(reader).get(HERE).status_code == 403
    assert as_person(reader).post(HERE, say()).status_code == 403
    # An order that is not shared does not exist.
    page = clients["stranger"].get(HERE).content.decode()
    assert "Town centre PSPO" not in page
    assert "No Public Spaces Protection Order that you may see is in force." in page
    mine = say(owner=world.stranger.pk)
    assert send(clients["stranger"], mine)[1]["errors"] == [
        "The order is not in force any more, or not shared with you. Choose another."
    ]
    # Nobody writes down for an agency of others.
    assert send(clients["owner"], say(owner=world.stranger.pk))[0] == 422
    assert not PspoAction.objects.exists()


@pytest.mark.django_db
def test_an_order_that_ended_takes_what_was_typed_before(
    clients: dict[str, Client], order: Any, say: Callable[..., dict[str, Any]]
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Intervention.objects.filter(pk=order.pk).update(ends=day_ends(yesterday))
    assert "Town centre PSPO" not in clients["owner"].get(HERE).content.decode()
    assert "the order was over" in send(clients["owner"], say())[1]["errors"][0]
    earlier = say(starts_day=yesterday.isoformat(), starts_time="10:00")
    assert send(clients["owner"], earlier)[0] == 201


@pytest.mark.django_db
def test_orders_cost_as_many_queries_for_many_as_for_few(
    world: SimpleNamespace, order: Any, make_activity: Callable[..., Intervention]
) -> None:
    def read(count: int) -> None:
        viewer = Viewer.of_user(world.people["owner"])
        with assertNumQueries(5):
            assert len(queries.orders(viewer)) == count

    read(1)
    for number in range(9):
        more = make_activity(kind="pspo", title=f"PSPO {number}", stage="in-force", ends=None)
        Condition.objects.create(record=more, number=1, text="Must not spit")
    read(10)
