"""System checks: settings that must not go together. Nothing is asked in local mode: that is one's own machine."""

from typing import Any

from django.conf import settings
from django.core import checks

SHORTEST_SECRET = 40


@checks.register()
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    """Refuses settings that would leave the product open; warns of those that rarely make sense."""
    if settings.LOCAL_MODE:
        return []
    rules = [
        ("E001", not settings.ALLOWED_HOSTS, "ALLOWED_HOSTS is empty.", "Set it to the name that users type."),
        (
            "E002",
            "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS allows any name.",
            "Set it to the name that users type.",
        ),
        ("E003", settings.DEBUG, "DEBUG shows visitors the inside of the program.", "Unset it."),
        (
            "E004",
            len(settings.SECRET_KEY) < SHORTEST_SECRET,
            f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters.",
            "Set it to a long random string.",
        ),
        ("W001", not settings.HTTPS, "HTTPS is False: passwords travel in the clear.", "Unset it."),
        (
            "W002",
            settings.HTTPS and not settings.SECURE_PROXY_SSL_HEADER,
            "HTTPS is True and BEHIND_PROXY is not: what a TLS proxy passes on is redirected for ever.",
            "Set BEHIND_PROXY=True where the proxy sets X-Forwarded-Proto; the web server has no TLS of its own.",
        ),
    ]
    return [
        (checks.Error if number.startswith("E") else checks.Warning)(message, hint=hint, id=f"config.{number}")
        for number, broken, message, hint in rules
        if broken
    ]
