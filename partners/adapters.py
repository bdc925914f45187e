"""How people sign in: what the product does differently from allauth, and what of it the audit trail holds.

An account is made by an administrator, never by a visitor.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from partners import audit, encryption, second_factor, sessions, sign_ins
from partners.actions import invitations
from partners.backends import admitted
from partners.models import Invitation, User

log = logging.getLogger(__name__)

# What people are told by mail stands in the audit trail too: allauth's name of the mail -> action, sentence.
TOLD = {
    "account/email/password_changed": ("password.changed", "Changed the password"),
    "account/email/password_set": ("password.changed", "Set a password"),
    "account/email/password_reset": ("password.changed", "Chose a new password with a link by e-mail"),
    "mfa/email/totp_activated": ("second-factor.added", "Set up an app for codes"),
    "mfa/email/totp_deactivated": ("second-factor.removed", "Removed the app for codes"),
    "mfa/email/webauthn_added": ("second-factor.added", "Added a passkey"),
    "mfa/email/webauthn_removed": ("second-factor.removed", "Removed a passkey"),
    "mfa/email/recovery_codes_generated": ("second-factor.changed", "Made new recovery codes"),
    "socialaccount/email/account_connected": (
        "single-sign-on.added",
        "Used single sign-on for the first time",
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Passwords and sessions: sign-up closed, plainer words, each step audited."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "incorrect_password": "The password is wrong.",
        "too_many_login_attempts": "Too many tries. Wait a few minutes, then try again.",
        "rate_limited": "Too many tries. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse | None:
        if admitted(user.pk) is None:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **said)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request)

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        sign_ins.succeeded(request, user)
        return super().post_login(request, user, **said)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        address = str(credentials.get("email", "")).replace("\x00", "")
        sign_ins.failed(User.objects.filter(email__iexact=address).first(), "Wrong password")

    def reauthenticate(self, user: User, password: str) -> bool:
        # allauth looks for a confirmed address, which no account here has.
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """By the second factor where there is one: whoever has the password alone confirms nothing with it."""
        every: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        methods = [one for one in every if one["id"] != "reauthenticate"]
        if methods and not second_factor.authenticators(user).filter(type=Authenticator.Type.TOTP).exists():
            methods.reverse()  # a passkey before a recovery code
        return methods or every

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_ins.ended(request.user)
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("partners:account")

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **said: Any) -> None:
        """Audits what was done, then tells the person by mail. A mail that cannot be sent undoes nothing."""
        if template_prefix in TOLD:
            action, summary = TOLD[template_prefix]
            audit.write(action, by=user, about=[user], summary=summary)
        try:
            super().send_notification_mail(template_prefix, user, *args, **said)
        except (OSError, SMTPException):
            log.exception("A notice of %s could not be sent.", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Apps, passkeys and recovery codes: encrypted at rest, and kept by those who must have one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is wrong or too old. Enter the one that shows now.",
        "cannot_delete_authenticator": "Your role needs a second factor. Add another one first, then remove this one.",
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = second_factor.authenticators(authenticator.user).exclude(pk=authenticator.pk)
        return others.exists() or not second_factor.needed_by(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Hotspot tracker"}


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Signing out everywhere else, audited."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        super().end_sessions(sessions)
        for user in {session.user for session in sessions}:
            sign_ins.ended(user, "Everywhere else")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect: for those who have an account or an open invitation, by an address that the provider checked."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the account. Raises ImmediateHttpResponse for anything but signing in, and for answers that differ."""
        said = sociallogin.account.extra_data
        subjects = {said[part].get("sub") for part in ("userinfo", "id_token") if part in said}
        if sociallogin.state.get("process") != "login" or len(subjects) != 1:
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))
        if sociallogin.is_existing:
            return
        address = _checked_address(sociallogin)
        user = User.objects.filter(email__iexact=address).first() if address else None
        if user:
            sociallogin.connect(request, user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        is_open = _open_invitations(_checked_address(sociallogin)).exists()
        if not is_open:
            sign_ins.failed(None, "Single sign-on by somebody without an account")
        return is_open

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """The account of somebody invited, with the roles of all open invitations to that address."""
        said = sociallogin.account.extra_data
        name = (said.get("userinfo") or said.get("id_token") or {}).get("name")
        address = _checked_address(sociallogin)
        user = User.objects.create_user(address, full_name=_one_line(str(name or "")) or address[:150])
        for invitation in _open_invitations(address):
            invitations.accept_invitation(invitation, by=user)
        sociallogin.connect(request, user)
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **said: Any) -> None:
        sign_ins.failed(None, "Single sign-on did not work")


def _one_line(name: str) -> str:
    """A name as it may stand in mails and on pages, however the provider wrote it; "" where nothing of it may."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:150]


def _checked_address(sociallogin: SocialLogin) -> str:
    """The address that the provider says it has checked; "" where there is none."""
    return next((address.email.lower() for address in sociallogin.email_addresses if address.verified), "")


def _open_invitations(address: str) -> QuerySet[Invitation]:
    return Invitation.objects.open(timezone.now()).filter(email__iexact=address)
