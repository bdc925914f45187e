"""Messages to webhooks: whom they are told, how they are signed, and what happens where a receiver fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from hotspots.models import Hotspot
from partners import deliveries, webhooks
from partners.encryption import decrypt, encrypt
from partners.models import Agency, AuditEvent, SharingAgreement, Webhook, WebhookDelivery
from partners.roles import Marking, Role
from partners.visibility import Viewer
from tests.factories import make_place
from tests.partners.sharing import DAY, agreement
from tests.webhook_receiver import SILENT, SLOWLY, Receiver, receiving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
State = WebhookDelivery.State


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def council(db: None) -> Agency:
    return Agency.objects.create(name="Havering Council", kind=Agency.Kind.COUNCIL)


def hook(agency: Agency, url: str, **said: object) -> Webhook:
    made = {"events": ["phase.changed"], "secret": encrypt(SECRET), **said}
    return Webhook.objects.create(agency=agency, url=url, **made)


def shared(giver: Agency, receiver: Agency) -> SharingAgreement:
    """Places, by an agreement in force now."""
    now = timezone.now()
    return agreement(giver, receiver, record_types=["hotspot"], valid_from=now - DAY, valid_until=now + DAY)


def queue(webhook: Webhook) -> WebhookDelivery:
    return webhook.deliveries.create(event="test", body=webhooks.message("test", None))


# --- Whom --------------------------------------------------------------------------------------------------------


def test_those_are_told_who_asked_for_the_event_and_may_know_of_the_record(council: Agency) -> None:
    partner = Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING)
    stranger = Agency.objects.create(name="Street Pastors", kind=Agency.Kind.VOLUNTARY)
    left = Agency.objects.create(name="Gone", kind=Agency.Kind.OTHER, left_at=timezone.now())
    shared(council, partner)
    shared(council, left)
    for agency in (council, partner, stranger, left):
        hook(agency, "https://told.example/")
    hook(council, "https://ended.example/", ended_at=timezone.now())
    hook(council, "https://gates.example/", events=["gate.due"])

    def told(**said: Any) -> list[str]:
        WebhookDelivery.objects.all().delete()
        place = make_place(council, name="Secret yard", **said)
        assert webhooks.tell("phase.changed", place) == WebhookDelivery.objects.count()
        for row in WebhookDelivery.objects.all():
            assert row.body["data"] == {"type": "hotspot", "id": place.pk, "url": f"/api/v1/hotspots/{place.pk}/"}
            assert "Secret" not in str(row.body)
        return sorted(WebhookDelivery.objects.values_list("webhook__agency__name", flat=True))

    assert told() == ["Havering Council", "Peabody"]
    assert told(audience=Hotspot.Audience.AGENCY) == ["Havering Council"]
    manager = Viewer.of_agency(council, Role.MANAGER)
    assert told(audience=Hotspot.Audience.TEAM, by=manager) == ["Havering Council"]
    # Nobody who keeps webhooks sees it.
    assert told(marking=Marking.SENSITIVE, by=manager) == []
    with pytest.raises(KeyError):
        webhooks.tell("phase.began", Hotspot.objects.first())  # type: ignore[arg-type]


def test_what_is_not_shared_any_more_is_not_sent(council: Agency, receiver: Receiver) -> None:
    partner = Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING)
    in_force = shared(council, partner)
    webhook = hook(partner, receiver.url)
    assert webhooks.tell("phase.changed", make_place(council)) == 1
    in_force.valid_until = timezone.now() - timedelta(seconds=1)
    in_force.save()
    assert deliveries.send_due() == 0
    delivery = webhook.deliveries.get()
    assert (delivery.state, delivery.next_attempt) == (State.DEAD, None)
    assert delivery.last_problem == "What it tells of is not shared with this agency any more."
    assert receiver.got == []


def test_nothing_is_sent_to_an_agency_that_left(council: Agency, receiver: Receiver) -> None:
    delivery = queue(hook(council, receiver.url))
    council.left_at = timezone.now()
    council.save()
    assert deliveries.send_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_problem) == (State.DEAD, "The webhook has ended.")
    assert receiver.got == []


# --- How ---------------------------------------------------------------------------------------------------------


def test_a_message_is_signed_as_the_standard_says(council: Agency, receiver: Receiver) -> None:
    delivery = queue(hook(council, receiver.url))
    assert deliveries.send_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_status) == (State.DELIVERED, 1, 204)
    assert (delivery.next_attempt, delivery.last_problem) == (None, "")
    ((body, headers),) = receiver.got
    assert Verifier(SECRET).verify(body, headers) == delivery.body
    assert (headers["Content-Type"], headers["webhook-id"]) == ("application/json", str(delivery.message_id))
    for broken in (body + b" ", body):
        with pytest.raises(WebhookVerificationError):
            Verifier(SECRET if broken != body else "whsec_AAAA").verify(broken, headers)
    assert receiver.asked == ["POST /told?from=here"]
    assert deliveries.send_due() == 0


def test_a_receiver_that_fails_is_told_again_with_growing_pauses_and_then_given_up(
    council: Agency, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    delivery = queue(hook(council, receiver.url))
    receiver.answers = [500, 429, 302, 404, 503, 500]
    begun = timezone.now()
    waited = []
    with time_machine.travel(begun, tick=False) as clock:
        for _ in receiver.answers.copy():
            assert deliveries.send_due() == 1
            assert deliveries.send_due() == 0
            delivery.refresh_from_db()
            if delivery.next_attempt:
                waited.append(int((delivery.next_attempt - timezone.now()).total_seconds() / 60))
                clock.move_to(delivery.next_attempt)
    assert waited == [1, 10, 60, 360, 1440]
    assert (delivery.state, delivery.attempts, delivery.next_attempt) == (State.DEAD, 6, None)
    assert (delivery.last_status, delivery.last_problem) == (500, "The receiver answered 500.")
    assert {headers["webhook-id"] for _, headers in receiver.got} == {str(delivery.message_id)}
    # The redirect was not followed, and no address stands in the log.
    assert set(receiver.asked) == {"POST /told?from=here"}
    assert "leads elsewhere" in caplog.text
    assert receiver.url not in caplog.text


def test_a_receiver_that_is_gone_for_good_ends_its_webhook(council: Agency, receiver: Receiver) -> None:
    webhook = hook(council, receiver.url)
    queue(webhook), queue(webhook)
    receiver.answers = [410]
    assert deliveries.send_due() == 1
    assert deliveries.send_due() == 0
    webhook.refresh_from_db()
    assert webhook.ended_at
    assert webhook.ended_by is None
    assert {one.state for one in webhook.deliveries.all()} == {State.DEAD}
    event = AuditEvent.objects.get(action="webhook.changed")
    assert (event.actor, event.owners) == ("server", [council.pk])
    assert "secret" not in str(event.after)


@pytest.mark.parametrize("how", [SILENT, SLOWLY])
def test_a_receiver_that_hangs_is_left_after_a_while_and_holds_up_nobody(
    council: Agency, receiver: Receiver, how: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "TIMEOUT", 0.5)
    hanging = hook(council, receiver.url)
    first, second = queue(hanging), queue(hanging)
    receiver.answers = [how]
    with receiving() as other:
        third = queue(hook(council, other.url))
        # The second of the one that hangs waits for the next minute.
        assert deliveries.send_due() == 2
        assert len(other.got) == 1
    states = [WebhookDelivery.objects.get(pk=one.pk) for one in (first, second, third)]
    assert [one.state for one in states] == [State.WAITING, State.WAITING, State.DELIVERED]
    assert "no answer within" in states[0].last_problem
    assert states[1].attempts == 0


def test_a_receiver_that_answers_slowly_holds_up_nobody(
    council: Agency, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = hook(council, receiver.url)
    for _ in range(3):
        queue(slow)
    monkeypatch.setattr(deliveries, "SLOW", 0.0)
    assert [deliveries.send_due() for _ in range(4)] == [1, 1, 1, 0]


def test_a_receiver_that_is_down_gets_the_message_when_it_is_back(council: Agency) -> None:
    with receiving() as server:
        port = server.server_port
        delivery = queue(hook(council, server.url))
    assert deliveries.send_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_status) == (State.WAITING, None)
    assert "cannot be reached" in delivery.last_problem
    with receiving(port) as server, time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert deliveries.send_due() == 1
        assert [headers["webhook-id"] for _, headers in server.got] == [str(delivery.message_id)]


def test_a_process_that_dies_on_the_way_leaves_the_message_to_another(council: Agency, receiver: Receiver) -> None:
    delivery = queue(hook(council, receiver.url))
    claimed = deliveries._claim(())
    assert claimed == delivery
    assert deliveries.send_due() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert deliveries.send_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.DELIVERED, 2)
    # After the last attempt nobody tries again.
    WebhookDelivery.objects.update(state=State.WAITING, attempts=6, next_attempt=timezone.now())
    assert deliveries.send_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_problem) == (State.DEAD, "The last attempt was cut off.")


def test_the_longest_overdue_is_sent_first(council: Agency, receiver: Receiver) -> None:
    webhook = hook(council, receiver.url)
    late, later, not_yet = (queue(webhook) for _ in range(3))
    for one, minutes in ((late, -1), (later, -2), (not_yet, 1)):
        one.next_attempt = timezone.now() + timedelta(minutes=minutes)
        one.save()
    assert deliveries.send_due() == 2
    assert [headers["webhook-id"] for _, headers in receiver.got] == [str(later.message_id), str(late.message_id)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(receiver: Receiver) -> None:
    council = Agency.objects.create(name="Havering Council", kind=Agency.Kind.COUNCIL)
    webhook = hook(council, receiver.url)
    sent = [queue(webhook) for _ in range(6)]

    def work() -> None:
        deliveries.send_due()
        connection.close()

    # One row is in another's hands: it is passed over, not waited for.
    with transaction.atomic():
        WebhookDelivery.objects.select_for_update().get(pk=sent[0].pk)
        workers = [Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert sorted(headers["webhook-id"] for _, headers in receiver.got) == sorted(
        str(one.message_id) for one in sent[1:]
    )
    assert deliveries.send_due() == 1


# --- Where -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "2130706433",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "[64:ff9b:1::a9fe:a9fe]",
        "[::7f00:1]",
        "[fec0::1]",
    ],
)
def test_private_addresses_are_refused(host: str, settings: LazySettings) -> None:
    settings.WEBHOOKS_ANYWHERE = False
    with pytest.raises(deliveries.NotAllowed, match=r"private network|No computer"):
        deliveries.check_address(f"https://{host}/")


def test_public_addresses_are_allowed(settings: LazySettings) -> None:
    settings.WEBHOOKS_ANYWHERE = False
    assert deliveries.check_address("https://9.9.9.9/told") == "9.9.9.9"
    assert deliveries.check_address("https://[2620:fe::fe]:8443/") == "2620:fe::fe"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://9.9.9.9/", "must begin with https"),
        ("ftp://9.9.9.9/", "must begin with https"),
        ("https:///told", "Give a whole address"),
        ("https://user:pass@9.9.9.9/", "Give a whole address"),
        ("https://:pass@9.9.9.9/", "Give a whole address"),
        ("https://9.9.9.9:99999/", "Give a whole address"),
        ("https://9.9.9.9/a b", "Give a whole address"),
        ("https://9.9.9.9/told#here", "Give a whole address"),
        ("https://9.9.9.9/\r\nX: y", "Give a whole address"),
        ("https://[9.9.9.9/", "Give a whole address"),
        ("https://nobody.invalid/", "No computer is known"),
        ("", "Give a whole address"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(url: str, sentence: str, settings: LazySettings) -> None:
    settings.WEBHOOKS_ANYWHERE = False
    with pytest.raises(deliveries.NotAllowed, match=sentence):
        deliveries.check_address(url)


def test_an_address_that_became_private_is_not_sent_to(
    council: Agency, receiver: Receiver, settings: LazySettings
) -> None:
    delivery = queue(hook(council, receiver.url.replace("http:", "https:")))
    settings.WEBHOOKS_ANYWHERE = False
    assert deliveries.send_due() == 1
    delivery.refresh_from_db()
    assert "private network" in delivery.last_problem
    assert receiver.asked == []


def test_the_secret_is_kept_encrypted(council: Agency) -> None:
    webhook = hook(council, "https://told.example/")
    assert SECRET not in webhook.secret
    assert decrypt(webhook.secret) == SECRET
