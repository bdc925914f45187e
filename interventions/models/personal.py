"""What one person has set up: a calendar feed, reminders by e-mail."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from partners.models import User


class CalendarFeed(models.Model):
    """One address at which a calendar program reads what one person has coming; it can be revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    # SHA-256 of the token in the address: the address itself is shown once.
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Digest(models.Model):
    """How often one person is reminded by e-mail, and when that was last done."""

    class Frequency(models.TextChoices):
        OFF = "off", "Never"
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every Monday"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="digest")
    frequency = models.CharField(max_length=6, choices=Frequency, default=Frequency.OFF)
    # The day up to which it was sent. None = never.
    sent_for = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.user_id} {self.frequency}"
