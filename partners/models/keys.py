"""What other systems sign in with, and what they have asked already."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from partners.models.people import Agency, User
from partners.roles import Scope


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self, now: datetime) -> ApiKeyQuerySet:
        """Those that work at this moment, as `ApiKey.is_live`."""
        return self.filter(revoked_at=None, expires__gt=now, agency__left_at=None)


class ApiKey(models.Model):
    """One key with which an agency's system reads the API. Only a hash of the secret is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), default=list)
    # Codes of the boroughs or wards whose records it reads; empty = as its agency.
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Networks it may be used from, such as 192.0.2.0/24; empty = anywhere.
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires = models.DateTimeField()
    # The key that it was made to replace; both work until the old one expires or is revoked.
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    last_used = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True) | models.Q(revoked_by__isnull=False),
                name="api_key_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @staticmethod
    def new_secret() -> tuple[str, str, str]:
        """(prefix, secret, hash of the secret); the key shown once is `prefix.secret`."""
        secret = secrets.token_urlsafe(32)
        return secrets.token_hex(6), secret, ApiKey.hash_secret(secret)

    @staticmethod
    def hash_secret(secret: str) -> str:
        """SHA-256 in hex. The secret has 256 random bits, so a slow hash would add nothing."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def is_live(self) -> bool:
        """Whether it works now: not revoked, not expired, and its agency has not left the partnership."""
        return self.revoked_at is None and self.expires > timezone.now() and self.agency.left_at is None

    def may_come_from(self, address: str | None) -> bool:
        """Whether it may be used from this address. IPv4 written as IPv6 counts as IPv4."""
        if not self.networks:
            return True
        try:
            come_from = ip_address(address or "")
        except ValueError:
            return False
        come_from = getattr(come_from, "ipv4_mapped", None) or come_from
        return any(come_from in ip_network(network) for network in self.networks)


class IdempotentRequest(models.Model):
    """One write that a caller may safely send again, and how it was answered."""

    # Who sent it: "key-<prefix>" or "user-<id>".
    caller = models.CharField(max_length=40)
    # The Idempotency-Key header.
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    # SHA-256 of the body, in hex.
    body_hash = models.CharField(max_length=64)
    # None while the first request is still being answered.
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(default=bytes)
    content_type = models.CharField(max_length=100, blank=True)
    received = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_request_of_a_key")]
        indexes = [
            # Old ones are removed every night.
            models.Index(fields=["received"], name="idempotent_received"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.key})"
