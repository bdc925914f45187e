"""Webhooks: where other systems want to be told that something changed, and what became of each message."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from partners.models.people import Agency, User


class Webhook(models.Model):
    """One address of an agency's that is told of events. Messages name what changed and never say what it holds."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    # Names of `partners.webhooks.EVENTS`.
    events = ArrayField(models.CharField(max_length=40))
    # What messages are signed with (standardwebhooks), encrypted with FIELD_KEYS.
    secret = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # None: still told.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One message to one webhook, and how often it was tried. A dead one waits for a person to send it again."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        DEAD = "dead", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    # The same at every attempt: receivers know a message again by it.
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.CharField(max_length=40)
    body = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    # When it is tried next; None = not any more.
    next_attempt = models.DateTimeField(null=True, blank=True, default=timezone.now)
    delivered = models.DateTimeField(null=True, blank=True)
    # Of the last attempt: the HTTP status (None = no answer), and one sentence where it failed.
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering = ["-created", "-pk"]
        indexes = [
            # The sweep: what is to be tried now.
            models.Index(
                fields=["next_attempt"], condition=models.Q(state="waiting"), name="webhook_deliveries_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"
