"""Signing in and out, in the audit trail: written by `partners.adapters`, read by the account page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from partners import audit
from partners.models import AuditEvent, User

SIGN_IN, FAILED, SIGN_OUT = "sign-in", "sign-in.failed", "sign-out"
_WORDS = {SIGN_IN: "Signed in", FAILED: "Failed try", SIGN_OUT: "Signed out"}
SHOWN = 20


def succeeded(request: HttpRequest, user: User) -> None:
    """Somebody has signed in; how stands in the session."""
    audit.write(SIGN_IN, by=user, about=[user], summary=f"With {_how(request, user)}")


def failed(user: User | None, why: str) -> None:
    """Somebody tried, and could not. `user` is whose account it was; None where there is none: nothing tells who."""
    audit.write(FAILED, by=None, about=[user] if user else [], summary=why)


def ended(user: User, why: str = "") -> None:
    """Somebody signed out, or was."""
    audit.write(SIGN_OUT, by=user, about=[user], summary=why)


@dataclass(frozen=True)
class SignInRow:
    """One line of a person's own history."""

    at: datetime
    what: str
    how: str
    address: str


def history(user: User) -> list[SignInRow]:
    """What the trail holds of a person's signing in and out, newest first, at most twenty. One query."""
    events = AuditEvent.objects.filter(objects_named__contains=[audit.named(user)], action__in=_WORDS)
    return [
        SignInRow(event.at, _WORDS[event.action], event.summary, event.ip_address or "")
        for event in events.order_by("-number")[:SHOWN]
    ]


def _how(request: HttpRequest, user: User) -> str:
    names = []
    for record in get_authentication_records(request, user):
        if record.get("passwordless"):
            names.append("a passkey")
        elif record.get("method") == "mfa":
            kinds = {"totp": "a code", "recovery_codes": "a recovery code", "webauthn": "a passkey"}
            names.append(kinds.get(str(record.get("type")), "a second factor"))
        elif record.get("method") == "socialaccount":
            names.append(f"single sign-on ({settings.OIDC_NAME})")
        else:
            names.append("a password")
    return " and ".join(dict.fromkeys(names)) or "a link"
