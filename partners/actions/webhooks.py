"""What people do to webhooks."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from partners import audit, deliveries
from partners.actions.keys import check_gives
from partners.encryption import encrypt
from partners.models import Agency, Webhook, WebhookDelivery
from partners.refusals import Refused
from partners.roles import Permission, Scope
from partners.visibility import Viewer
from partners.webhooks import EVENTS, TEST, message

MOST = 20


@transaction.atomic
def add_webhook(*, by: Viewer, agency: Agency, url: str, events: Iterable[str]) -> tuple[Webhook, str]:
    """A webhook of an agency's, and the secret by which its receiver checks signatures: it can be shown only now.

    Raises Refused for an address to which nothing is sent, events that are none, and too many webhooks;
    PermissionDenied as for a key that reads records, as it tells of all that the agency's viewers see.
    """
    _check_may(by, agency)
    check_gives(by, agency, [Scope.RECORDS])
    if narrowed := by.narrowed_to(Permission.SEE, agency=agency.pk):
        raise PermissionDenied(
            f"A webhook tells of all areas, and your role here is narrowed to {len(narrowed)} of them: ask an "
            "administrator whose role is not."
        )
    if agency.left_at:
        raise Refused("url", f"{agency} has left the partnership.")
    wanted = [name for name in EVENTS if name in set(events)]
    if not wanted:
        raise Refused("events", "Choose what it is told.")
    url = url.strip()
    if len(url) > 500:
        raise Refused("url", "The address has at most 500 characters.")
    try:
        deliveries.check_address(url)
    except deliveries.NotAllowed as error:
        raise Refused("url", str(error)) from error
    if Webhook.objects.filter(agency=agency, ended_at=None).count() >= MOST:
        raise Refused("url", f"{agency} has {MOST} webhooks already: end one first.")
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    webhook = Webhook.objects.create(agency=agency, url=url, events=wanted, secret=encrypt(secret), created_by=by.user)
    audit.created(webhook, by=by)
    return webhook, secret


@transaction.atomic
def end_webhook(*, by: Viewer, webhook: Webhook) -> None:
    """Ends a webhook at once; what still waits is not sent. Raises ValueError (a sentence) where it has ended."""
    webhook = _live(by, webhook)
    before = audit.snapshot(webhook)
    webhook.ended_at, webhook.ended_by = timezone.now(), by.user
    webhook.save(update_fields=["ended_at", "ended_by"])
    audit.changed(webhook, before, by=by)


@transaction.atomic
def send_test(*, by: Viewer, webhook: Webhook) -> WebhookDelivery:
    """Queues a message that tells of nothing. Raises ValueError (a sentence) where the webhook has ended."""
    webhook = _live(by, webhook)
    queued = WebhookDelivery.objects.create(webhook=webhook, event=TEST, body=message(TEST, None))
    audit.write("webhook.tested", by=by, about=[webhook])
    return queued


@transaction.atomic
def send_again(*, by: Viewer, delivery: WebhookDelivery) -> None:
    """Queues a message anew that was given up. Raises ValueError (a sentence) where it was not or its webhook ended."""
    webhook = _live(by, delivery.webhook)
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    if delivery.state != WebhookDelivery.State.DEAD:
        raise ValueError("This message was not given up.")
    delivery.state, delivery.attempts, delivery.next_attempt = WebhookDelivery.State.WAITING, 0, timezone.now()
    delivery.save(update_fields=["state", "attempts", "next_attempt"])
    audit.write("webhook.sent-again", by=by, about=[webhook], after={"message": str(delivery.message_id)})


def _live(by: Viewer, webhook: Webhook) -> Webhook:
    _check_may(by, webhook.agency)
    found = Webhook.objects.select_for_update(of=["self"]).select_related("agency").get(pk=webhook.pk)
    if found.ended_at:
        raise ValueError("This webhook has ended: add it anew.")
    return found


def _check_may(by: Viewer, agency: Agency) -> None:
    if not by.may(Permission.MANAGE_KEYS, agency=agency.pk):
        raise PermissionDenied(f"Webhooks of {agency} are kept by its administrators.")
