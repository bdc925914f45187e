"""What was done, and what was looked at."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class AuditEvent(models.Model):
    """One thing that happened, written once and never changed.

    Each row's hash covers its fields and the hash of the row before: `partners.audit` writes and checks the chain. No
    foreign keys: what an event names may be gone.
    """

    # 1, 2, 3, ... without a gap.
    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    # "user-7", "key-3f2a...", "server" or "nobody"; and the name and agencies it had then.
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=320)
    actor_agencies = ArrayField(models.BigIntegerField(), default=list)
    # What it is about, as "type:id", and the agencies that these things belong to.
    objects_named = ArrayField(models.CharField(max_length=80), default=list)
    owners = ArrayField(models.BigIntegerField(), default=list)
    # Known to the owning team alone: the thing is covert.
    team_only = models.BooleanField(default=False)
    # Of what changed: field -> value, before and after. None where nothing changed.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    # A sentence for people, without anything restricted.
    summary = models.CharField(max_length=300, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    # SHA-256 in hex; of the first row the hash before is 64 zeros.
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        indexes = [
            # The audit page: events that concern an agency, newest first; what one person or key did.
            GinIndex(fields=["owners"], name="audit_owners"),
            GinIndex(fields=["actor_agencies"], name="audit_actor_agencies"),
            models.Index(fields=["actor", "-number"], name="audit_actor"),
            # Kinds of events that are rare, and the events of some days, among millions of others.
            models.Index(
                fields=["action", "-number"], opclasses=["varchar_pattern_ops", "int8_ops"], name="audit_action"
            ),
            models.Index(fields=["at"], name="audit_at"),
            # "Who looked at this?"
            GinIndex(fields=["objects_named"], name="audit_objects"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action} by {self.actor_name}"
