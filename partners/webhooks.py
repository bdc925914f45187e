"""Telling other systems that something changed: what is told, and to whom. Sending is in `partners.deliveries`.

A message names the event and the record and says nothing that the record holds: whoever wants to know reads it
through the API, with a key of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from partners.models import Agency, Record, Role, Webhook, WebhookDelivery, record_types
from partners.visibility import Viewer

# Name -> when it is told, in words.
EVENTS = {
    "phase.changed": "A hotspot began, ended or changed a phase",
    "gate.due": "The gate of a phase is due soon, or overdue",
    "record.added": "An activity record was added; of many at once, the last",
    "record.changed": "An activity record was changed",
}
# What "Send a test" sends.
TEST = "test"


def live() -> QuerySet[Webhook]:
    """Those that are told now: not ended, and of agencies that take part."""
    return Webhook.objects.filter(ended_at=None, agency__left_at=None).select_related("agency")


def tell(event: str, record: Record) -> int:
    """Queues one message about a record to every webhook that asked for the event and may know of it; how many.

    In the transaction at hand, so that nothing is told that did not happen. An agency is told of what its own viewers
    see now: never of OFFICIAL-SENSITIVE records, as whoever keeps webhooks does not see those either.
    Raises KeyError for an event that is none.
    """
    if event not in EVENTS:
        raise KeyError(event)
    body = message(event, record)
    wanted = list(live().filter(events__contains=[event]))
    knowing = {agency for agency in {one.agency for one in wanted} if may_know(agency, body)}
    queued = [WebhookDelivery(webhook=one, event=event, body=body) for one in wanted if one.agency in knowing]
    WebhookDelivery.objects.bulk_create(queued)
    return len(queued)


def may_know(agency: Agency, body: Mapping[str, Any]) -> bool:
    """Whether an agency's viewers see the record that a message tells of now. A test tells of none."""
    about = body["data"]
    if not about:
        return True
    seen = record_types()[about["type"]].objects.visible_to(Viewer.of_agency(agency, Role.VIEWER))
    return bool(seen.filter(pk=about["id"]).exists())


def message(event: str, record: Record | None) -> dict[str, object]:
    """What is sent, in the form of standardwebhooks.com. Without a record: a test."""
    about: dict[str, object] = {}
    if record is not None:
        about = {"type": record.type, "id": record.pk, "url": reverse(f"api:{record.type}", args=[record.pk])}
    return {"type": event, "timestamp": timezone.now().isoformat(), "data": about}
