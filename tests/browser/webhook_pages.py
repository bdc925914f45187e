"""Webhooks for the walk through every page: a live one with messages of each state, and one that has ended."""

from __future__ import annotations

from django.utils import timezone

from partners import webhooks
from partners.models import Agency, User, Webhook


def webhook_pages(agency: Agency) -> dict[str, list[str]]:
    """Route -> addresses. The live webhook has a long address, a message that was given up, and one that waits."""
    live = Webhook.objects.create(
        agency=agency,
        url=f"https://told.example/{'a' * 200}",
        events=list(webhooks.EVENTS),
        secret="",
        created_by=User.objects.earliest("pk"),
    )
    ended = Webhook.objects.create(
        agency=agency, url="https://gone.example/", events=["gate.due"], secret="", ended_at=timezone.now()
    )
    body = webhooks.message(webhooks.TEST, None)
    live.deliveries.create(event="test", body=body)
    live.deliveries.create(event="gate.due", body=body, state="dead", last_problem="The receiver answered 500.")
    base = f"/agencies/{agency.pk}/webhooks/"
    return {
        "partners:webhooks": [base],
        "partners:new-webhook": [f"{base}new/"],
        "partners:webhook": [f"{base}{live.pk}/", f"{base}{ended.pk}/"],
        "partners:end-webhook": [f"{base}{live.pk}/end/"],
        # By a form alone.
        "partners:test-webhook": [],
        "partners:send-webhook-again": [],
    }
