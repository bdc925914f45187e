"""What every answer tells browsers."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.test import Client


def policy(header: str) -> dict[str, list[str]]:
    return {name: words for name, *words in (part.split() for part in header.split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/", "/no-such-page/", "/api/v1/areas/", "/healthz/live"])
def test_pages_may_use_our_own_things_alone(client: Client, path: str) -> None:
    answer = client.get(path)
    rules = policy(answer["Content-Security-Policy"])
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == ["'none'"]
    for name in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert rules[name] == ["'self'"]
    assert rules["img-src"] == ["'self'", "data:"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz/live", "/static/js/app.js"])
def test_powers_of_the_browser_are_off_but_for_place_and_passkeys(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    answer.close()
    powers = dict(re.findall(r"([a-z-]+)=\((\w*)\)", answer["Permissions-Policy"]))
    ours = {name for name, who in powers.items() if who}
    assert ours == {
        *("geolocation", "clipboard-write", "fullscreen"),
        *("publickey-credentials-create", "publickey-credentials-get"),
    }
    assert {"camera", "microphone", "payment", "usb"} <= set(powers)


def test_strict_transport_security_has_its_switches(client: Client, settings: LazySettings) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz/live", secure=True)
    settings.SECURE_HSTS_SECONDS = 31536000
    assert Client().get("/healthz/live", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    said = Client().get("/healthz/live", secure=True)["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains; preload"
