"""allauth's forms for second factors, in our words; what goes wrong with a code is audited."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError

from partners import sign_ins

ONE_TIME = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})


class _Code:
    """A code from an app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.widget = ONE_TIME
        code.error_messages["required"] = "Enter the code that your app shows."

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError:
            sign_ins.failed(self.user, "Wrong code of the second factor")  # type: ignore[attr-defined]
            raise


class AuthenticateForm(_Code, base.AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].help_text = "Six digits from your app, or one of your recovery codes."


class ReauthenticateForm(_Code, base.ReauthenticateForm):
    """The second factor once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].help_text = "Six digits from your app, or one of your recovery codes."


class ActivateTOTPForm(_Code, totp.ActivateTOTPForm):
    """The first code of a new app. Giving it shows that the person has it, for the rest of the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "The six digits that the app shows now"

    def clean_code(self) -> str:
        code = super().clean_code()
        record_authentication(context.request, self.user, "mfa", type="totp")
        return code


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey. Making it shows that the person has it, for the rest of the session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text, name.max_length = "Name", "For example the device that it is on.", 60
        alone = self.fields["passwordless"]
        alone.label, alone.initial = "Sign in with this passkey alone, without a password", True
        alone.help_text = "Your device then asks for your fingerprint, your face or its PIN."
        self.fields["credential"].error_messages["required"] = "Your browser made no passkey. Try again."

    def clean_name(self) -> str:
        return super().clean_name()[:60]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            record_authentication(context.request, self.user, "mfa", type="webauthn")
        return cleaned


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(
        label="Name",
        max_length=60,
        error_messages={"required": "Give the passkey a name, such as the device it is on."},
    )
