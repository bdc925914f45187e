"""allauth's forms with passwords: what is missing is said by its name, as on every other form."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account

_MISSING = {
    "login": "Enter your e-mail address.",
    "email": "Enter your e-mail address.",
    "password": "Enter your password.",
    "oldpassword": "Enter your current password.",
    "password1": "Enter a new password.",
    "password2": "Enter the new password once more.",
}


class _Named:
    """Fields whose absence is named."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in _MISSING:
                field.error_messages["required"] = _MISSING[name]


class LoginForm(_Named, account.LoginForm):
    """Signing in."""


class ReauthenticateForm(_Named, account.ReauthenticateForm):
    """The password once more, before something that matters."""


class ChangePasswordForm(_Named, account.ChangePasswordForm):
    """A new password, by who knows the old one."""


class ResetPasswordForm(_Named, account.ResetPasswordForm):
    """Asking for the link that sets a new password."""


class ResetPasswordKeyForm(_Named, account.ResetPasswordKeyForm):
    """A new password, by who has the link."""
