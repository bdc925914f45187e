"""Fields that are encrypted at rest: what second factors are made of, and what webhooks are signed with.

Keys come from FIELD_KEYS. The first key writes, all read, so that a new key can be put in front and the old one taken
away after `manage.py rotate_keys`.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from partners.models import Webhook

# Where an authenticator of each type keeps its secret.
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


def encrypt(text: str) -> str:
    """The text under the first key."""
    return Fernet(settings.FIELD_KEYS[0]).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text again. Raises ValueError where none of FIELD_KEYS made it."""
    try:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS]).decrypt(token.encode()).decode()
    except InvalidToken:
        raise ValueError("None of FIELD_KEYS can read an encrypted field: was one taken away too early?") from None


@transaction.atomic
def rotate() -> tuple[int, int]:
    """Encrypts with the first key whatever another one wrote: how many fields there are, and how many it rewrote.

    Raises ValueError, and changes nothing, where a field cannot be read.
    """
    found = rewritten = 0
    for authenticator in Authenticator.objects.filter(type__in=SECRETS).order_by("pk").select_for_update():
        name = SECRETS[Authenticator.Type(authenticator.type)]
        found += 1
        if not _is_newest(authenticator.data[name]):
            authenticator.data[name] = encrypt(decrypt(authenticator.data[name]))
            authenticator.save(update_fields=["data"])
            rewritten += 1
    for webhook in Webhook.objects.order_by("pk").select_for_update():
        found += 1
        if not _is_newest(webhook.secret):
            webhook.secret = encrypt(decrypt(webhook.secret))
            webhook.save(update_fields=["secret"])
            rewritten += 1
    return found, rewritten


def _is_newest(token: str) -> bool:
    try:
        Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True
