"""How another system signs in to the API: `Authorization: Bearer prefix.secret`."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.api import throttling
from partners.models import Agency, ApiKey
from partners.requests import address_of

# `last_used` is written at most this often.
LAST_USED_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True)
class KeyHolder:
    """An agency's system, where views expect a user: signed in, nobody in particular, member of its agency alone."""

    key: ApiKey

    is_authenticated = True
    is_anonymous = False
    is_active = True

    @property
    def pk(self) -> str:
        """Never the id of a user: for throttling."""
        return f"key-{self.key.prefix}"

    @property
    def agency(self) -> Agency:
        return self.key.agency

    def __str__(self) -> str:
        return str(self.key)


class ApiKeyAuthentication(BaseAuthentication):
    """`request.user` is a `KeyHolder`, `request.auth` the `ApiKey`.

    None (the next way of signing in is tried) without a Bearer header. Raises AuthenticationFailed, in the same words
    for a malformed, unknown, wrong, expired and revoked key, one used from elsewhere, and one whose agency has left: a
    stranger learns nothing. Addresses that sent many such keys are refused for a while (Throttled).
    """

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        scheme, _, credentials = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        address = address_of(request._request)
        throttling.check_failures(address)
        prefix, _, secret = credentials.decode("latin-1").strip().partition(".")
        # An unknown prefix costs the same comparison as a known one.
        key = ApiKey.objects.select_related("agency").filter(prefix=prefix.replace("\x00", "")).first()
        expected = key.secret_hash if key else ApiKey.hash_secret("")
        matches = hmac.compare_digest(ApiKey.hash_secret(secret), expected)
        if key is None or not matches or not key.is_live or not key.may_come_from(address):
            throttling.count_failure(address)
            raise AuthenticationFailed("This API key is not valid.")
        _note_use(key)
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        """Makes a refusal 401, not 403."""
        return 'Bearer realm="api"'


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used is None or key.last_used < now - LAST_USED_INTERVAL:
        # Of many requests at once, one writes.
        stale = Q(last_used=None) | Q(last_used__lt=now - LAST_USED_INTERVAL)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used=now)
