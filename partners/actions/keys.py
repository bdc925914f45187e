"""What people do to API keys."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from partners import audit
from partners.models import Agency, ApiKey

LONGEST_DAYS = 366


@transaction.atomic
def make_api_key(*, agency: Agency, name: str, days: int) -> tuple[ApiKey, str]:
    """A saved key that is valid for `days` days, and the text `prefix.secret` that can be shown only now.

    Raises ValueError (a sentence) for a blank or too long name, and unless 1 <= days <= 366.
    """
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise ValueError("Give the key a name of at most 100 characters, for example the system that will use it.")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A key is valid for 1 to {LONGEST_DAYS} days, not {days}.")
    prefix, secret, secret_hash = ApiKey.new_secret()
    key = ApiKey.objects.create(
        agency=agency,
        name=name,
        prefix=prefix,
        secret_hash=secret_hash,
        expires=timezone.now() + timedelta(days=days),
    )
    audit.created(key, by=None)
    return key, f"{prefix}.{secret}"
