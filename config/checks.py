"""System checks: settings that would leave the product open. Errors stop a production start (config.wsgi).

Nothing is asked in local mode: that is one's own machine.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 40
FEWEST_CHARACTERS = 10
_NO_MAIL = ("console", "dummy", "locmem", "filebased")


@checks.register(checks.Tags.security)
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuses settings that would leave the product open; warns of those that rarely make sense."""
    if settings.LOCAL_MODE:
        return []
    return [
        (checks.Error if number.startswith("E") else checks.Warning)(message, hint=hint, id=f"config.{number}")
        for number, broken, message, hint in (*_access(), *_transport(), *_mail())
        if broken
    ]


def refuse_weak_settings() -> None:
    """Runs the security checks. Raises ImproperlyConfigured, naming each setting, where one of them is an error."""
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    errors = [one for one in found if one.is_serious(checks.ERROR) and not one.is_silenced()]
    if errors:
        raise ImproperlyConfigured(
            "The product does not start with these settings:\n" + "\n".join(f"- {one.msg} {one.hint}" for one in errors)
        )


_Rule = tuple[str, bool, str, str]


def _access() -> list[_Rule]:
    hosts, secret = settings.ALLOWED_HOSTS, settings.SECRET_KEY
    name_hosts = "Set it to the name that users type."
    return [
        ("E001", not hosts, "ALLOWED_HOSTS is empty.", name_hosts),
        ("E002", any(host.startswith("*") for host in hosts), "ALLOWED_HOSTS allows any name.", name_hosts),
        ("E003", settings.DEBUG, "DEBUG shows visitors the inside of the program.", "Unset it."),
        (
            "E004",
            len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS,
            f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters, or nearly all of them are the same.",
            "Set it to a long random string.",
        ),
        (
            "E005",
            bool({secret, *settings.SECRET_KEY_FALLBACKS} & set(settings.FIELD_KEYS)),
            "SECRET_KEY is also one of FIELD_KEYS: whoever learns one has both.",
            "Make a key of its own for each.",
        ),
        (
            "E006",
            not settings.SECOND_FACTOR,
            "SECOND_FACTOR is False: a stolen password is enough for OFFICIAL-SENSITIVE records.",
            "Unset it.",
        ),
    ]


def _transport() -> list[_Rule]:
    return [
        ("E007", not settings.HTTPS, "HTTPS is False: passwords travel in the clear.", "Unset it."),
        (
            "W002",
            settings.HTTPS and not settings.SECURE_PROXY_SSL_HEADER,
            "HTTPS is True and BEHIND_PROXY is not: what a TLS proxy passes on is redirected for ever.",
            "Set BEHIND_PROXY=True where the proxy sets X-Forwarded-Proto; the web server has no TLS of its own.",
        ),
        (
            "W003",
            settings.HTTPS and not settings.SECURE_HSTS_SECONDS,
            "HSTS_SECONDS is 0: a browser's first request may still go out in the clear.",
            "Set HSTS_SECONDS=31536000 once HTTPS is there to stay.",
        ),
    ]


def _mail() -> list[_Rule]:
    backend, sender = settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL
    return [
        (
            "E008",
            any(word in backend for word in _NO_MAIL),
            "EMAIL_BACKEND sends no mail: links to sign in would stand in a log or nowhere.",
            "Unset it, so that mail goes out by SMTP.",
        ),
        (
            "E009",
            sender.rstrip(">").endswith("@localhost"),
            "DEFAULT_FROM_EMAIL is not set: nobody could answer the mails, and many servers refuse them.",
            "Set it to an address of yours.",
        ),
    ]
