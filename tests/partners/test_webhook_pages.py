"""The pages of an agency's webhooks: who keeps them, what is shown, and what is done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from standardwebhooks import Webhook as Verifier

from partners import deliveries, webhooks
from partners.actions.people import end_role
from partners.encryption import decrypt, encrypt
from partners.models import Agency, AuditEvent, Membership, Role, User, Webhook, WebhookDelivery
from partners.visibility import Viewer
from tests.webhook_receiver import receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user("admin@example.org", role=Role.ADMINISTRATOR))
    return client


@pytest.fixture
def council(administrator: Client) -> Agency:
    return Agency.objects.get(name="Havering Council")


def added(council: Agency, **said: object) -> Webhook:
    return Webhook.objects.create(
        agency=council, url="https://told.example/", events=list(webhooks.EVENTS), secret="", **said
    )


def test_a_webhook_is_added_tested_and_ended(administrator: Client, council: Agency) -> None:
    base = f"/agencies/{council.pk}/webhooks/"
    with receiving() as receiver:
        response = administrator.post(f"{base}new/", {"url": receiver.url, "events": ["gate.due"]})
        assert response.status_code == 201
        assert response["Cache-Control"] == "private, no-store"
        found = re.search(r'<code id="secret">(whsec_[^<]+)</code>', response.content.decode())
        assert found
        secret = found[1]
        webhook = Webhook.objects.get()
        assert (webhook.events, webhook.created_by) == (["gate.due"], User.objects.get(email="admin@example.org"))
        assert decrypt(webhook.secret) == secret
        page = f"{base}{webhook.pk}/"
        assert administrator.post(f"{page}test/", follow=True).redirect_chain == [(page, 302)]
        assert deliveries.send_due() == 1
        ((body, headers),) = receiver.got
    assert Verifier(secret).verify(body, headers)["type"] == "test"
    for shown in (base, page, f"{page}end/", "/audit/"):
        assert secret not in administrator.get(shown).content.decode()
    assert "Delivered" in administrator.get(page).content.decode()
    administrator.post(f"{page}test/")
    assert administrator.post(f"{page}end/").status_code == 302
    webhook.refresh_from_db()
    assert webhook.ended_by == webhook.created_by
    assert deliveries.send_due() == 0
    assert "This webhook has ended" in administrator.post(f"{page}test/", follow=True).content.decode()
    events = AuditEvent.objects.filter(objects_named=[f"webhook:{webhook.pk}"]).order_by("number")
    assert [one.action for one in events] == ["webhook.created", "webhook.tested", "webhook.tested", "webhook.changed"]
    assert "secret" not in (events[0].after or {})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"url": ""}, "Enter the address that messages are posted to."),
        ({"url": "http://9.9.9.9/"}, "The address must begin with https://."),
        ({"url": "https://169.254.169.254/latest/"}, "This address lies in a private network."),
        ({"url": "https://x.example/" + "y" * 500}, "at most 500 characters"),
        ({"events": []}, "Choose what it is told."),
        ({"events": ["all"]}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    administrator: Client, council: Agency, settings: LazySettings, change: dict[str, object], sentence: str
) -> None:
    settings.WEBHOOKS_ANYWHERE = False
    sent = {"url": "https://9.9.9.9/told", "events": ["gate.due"], **change}
    response = administrator.post(f"/agencies/{council.pk}/webhooks/new/", sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Webhook.objects.exists()


def test_a_message_that_was_given_up_is_sent_again(administrator: Client, council: Agency) -> None:
    with receiving() as receiver:
        webhook = added(council)
        Webhook.objects.update(url=receiver.url, secret=encrypt("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        dead = webhook.deliveries.create(
            event="gate.due",
            body={"type": "gate.due", "data": {}},
            state=WebhookDelivery.State.DEAD,
            attempts=6,
            next_attempt=None,
            last_problem="The receiver answered 500.",
        )
        page = f"/agencies/{council.pk}/webhooks/{webhook.pk}/"
        shown = administrator.get(page).content.decode()
        assert "Given up" in shown
        assert "The receiver answered 500." in shown
        again = f"{page}messages/{dead.pk}/again/"
        assert administrator.post(again).status_code == 302
        assert deliveries.send_due() == 1
        assert [headers["webhook-id"] for _, headers in receiver.got] == [str(dead.message_id)]
    assert "was not given up" in administrator.post(again, follow=True).content.decode()
    assert administrator.post(f"{page}messages/0/again/").status_code == 404


def test_a_webhook_of_all_areas_is_not_added_by_somebody_narrowed_to_some(
    administrator: Client, council: Agency
) -> None:
    Membership.objects.filter(user__email="admin@example.org").update(area_codes=["E05000310"])
    response = administrator.post(
        f"/agencies/{council.pk}/webhooks/new/", {"url": "https://9.9.9.9/", "events": ["gate.due"]}
    )
    assert response.status_code == 403
    assert not Webhook.objects.exists()


def test_it_ends_with_the_role_of_whoever_added_it(
    administrator: Client, council: Agency, make_user: Callable[..., User]
) -> None:
    made_by = User.objects.get(email="admin@example.org")
    webhook, other = added(council, created_by=made_by), added(council)
    make_user("second@example.org", role=Role.ADMINISTRATOR)
    partnership = make_user("all@example.org", role=Role.PARTNERSHIP)
    end_role(by=Viewer.of_user(partnership), membership=made_by.memberships.get())
    webhook.refresh_from_db()
    other.refresh_from_db()
    assert (webhook.ended_by, other.ended_at) == (partnership, None)


def test_queries_stay_the_same_however_many(administrator: Client, council: Agency) -> None:
    def queries() -> list[int]:
        counts = []
        for page in ("", f"{Webhook.objects.all()[0].pk}/"):
            with CaptureQueriesContext(connection) as captured:
                administrator.get(f"/agencies/{council.pk}/webhooks/{page}")
            counts.append(len(captured))
        return counts

    by = User.objects.get(email="admin@example.org")

    def more(count: int) -> None:
        for _ in range(count):
            webhook = added(council, created_by=by)
            Webhook.objects.all()[0].deliveries.create(event="test", body=webhooks.message("test", None))
            webhook.deliveries.create(event="test", body=webhooks.message("test", None), state="dead")

    more(2)
    queries()
    few = queries()
    more(18)
    assert queries() == few
