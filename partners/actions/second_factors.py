"""What is done to other people's second factors."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from partners import audit, sessions
from partners.models import User


@transaction.atomic
def remove_second_factor(*, user: User) -> None:
    """Takes away app, passkeys and recovery codes, and ends all sessions: by the server's keeper, never over the web.

    Raises ValueError (a sentence) where there is none.
    """
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise ValueError(f"{user} has no second factor.")
    sessions.end_sessions(user)
    audit.write(
        "second-factor.removed", by=None, about=[user], summary="Removed on the server, for somebody locked out"
    )
