from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings

from config.checks import check_settings

PRODUCTION = {
    "LOCAL_MODE": False,
    "ALLOWED_HOSTS": ["hotspots.example.org"],
    "DEBUG": False,
    "SECRET_KEY": "x" * 50,
    "HTTPS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({}, []),
        ({"ALLOWED_HOSTS": []}, ["config.E001"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["config.E002"]),
        ({"DEBUG": True}, ["config.E003"]),
        ({"SECRET_KEY": "short"}, ["config.E004"]),
        ({"HTTPS": False}, ["config.W001"]),
        ({"SECURE_PROXY_SSL_HEADER": None}, ["config.W002"]),
        ({"ALLOWED_HOSTS": [], "SECRET_KEY": "short"}, ["config.E001", "config.E004"]),
        ({"LOCAL_MODE": True, "ALLOWED_HOSTS": [], "DEBUG": True, "HTTPS": False}, []),
    ],
)
def test_settings(settings: LazySettings, change: dict[str, Any], ids: list[str]) -> None:
    for name, value in {**PRODUCTION, **change}.items():
        setattr(settings, name, value)
    assert [message.id for message in check_settings()] == ids
