"""Production starts with settings that keep the product closed, and with no others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from config.checks import check_settings, refuse_weak_settings

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdef"
FIELD_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PRODUCTION = {
    "LOCAL_MODE": False,
    "ALLOWED_HOSTS": ["hotspots.example.org"],
    "DEBUG": False,
    "SECRET_KEY": SECRET,
    "SECRET_KEY_FALLBACKS": [],
    "FIELD_KEYS": [FIELD_KEY],
    "SECOND_FACTOR": True,
    "HTTPS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 31536000,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Hotspot tracker <hotspots@example.org>",
}
# As docs/running.md has it.
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://hotspots@localhost/hotspots",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": SECRET,
    "FIELD_KEYS": FIELD_KEY,
    "ALLOWED_HOSTS": "hotspots.example.org",
    "BEHIND_PROXY": "True",
    "HSTS_SECONDS": "31536000",
    "DEFAULT_FROM_EMAIL": "hotspots@example.org",
}


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ({}, []),
        ({"ALLOWED_HOSTS": []}, ["config.E001"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["config.E002"]),
        ({"DEBUG": True}, ["config.E003"]),
        ({"SECRET_KEY": "short"}, ["config.E004"]),
        ({"SECRET_KEY": "x" * 60}, ["config.E004"]),
        ({"SECRET_KEY": FIELD_KEY}, ["config.E005"]),
        ({"SECRET_KEY_FALLBACKS": [FIELD_KEY]}, ["config.E005"]),
        ({"SECOND_FACTOR": False}, ["config.E006"]),
        ({"HTTPS": False}, ["config.E007"]),
        ({"SECURE_PROXY_SSL_HEADER": None}, ["config.W002"]),
        ({"SECURE_HSTS_SECONDS": 0}, ["config.W003"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["config.E008"]),
        ({"DEFAULT_FROM_EMAIL": "hotspots@localhost"}, ["config.E009"]),
        ({"DEFAULT_FROM_EMAIL": "Tracker <hotspots@localhost>"}, ["config.E009"]),
        ({"ALLOWED_HOSTS": [], "SECRET_KEY": "short"}, ["config.E001", "config.E004"]),
        ({"LOCAL_MODE": True, "ALLOWED_HOSTS": [], "DEBUG": True, "HTTPS": False}, []),
    ],
)
def test_settings(settings: LazySettings, change: dict[str, Any], ids: list[str]) -> None:
    for name, value in {**PRODUCTION, **change}.items():
        setattr(settings, name, value)
    assert [message.id for message in check_settings()] == ids


def test_a_start_is_refused_for_errors_and_not_for_warnings(settings: LazySettings) -> None:
    for name, value in {**PRODUCTION, "SECURE_HSTS_SECONDS": 0}.items():
        setattr(settings, name, value)
    refuse_weak_settings()
    settings.SECOND_FACTOR = False
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_weak_settings()
    said = str(refused.value)
    assert "ALLOWED_HOSTS allows any name. Set it" in said
    assert "SECOND_FACTOR is False" in said
    assert SECRET not in said


def run(tmp_path: Path, code: list[str], **change: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *code],
        cwd=Path(__file__).resolve().parents[2],
        env={**kept, "VAR_DIR": str(tmp_path), **ENVIRONMENT, **change},
        capture_output=True,
        text=True,
    )


def test_the_documented_environment_is_clean(tmp_path: Path) -> None:
    command = ["manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "INFO"]
    done = run(tmp_path, command)
    assert done.returncode == 0, done.stderr
    weak = run(tmp_path, command, HSTS_SECONDS="0")
    assert weak.returncode == 1
    assert "config.W003" in weak.stderr
    documented = (Path(__file__).resolve().parents[2] / "docs" / "running.md").read_text()
    assert [name for name in ENVIRONMENT if f"    {name}=" not in documented] == []


def test_the_web_server_does_not_start_with_weak_settings(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    start = ["-c", "import config.wsgi; print('started')"]
    assert run(tmp_path, start).stdout.strip() == "started"
    weak = run(tmp_path, start, SECOND_FACTOR="False", HTTPS="False")
    assert weak.returncode != 0
    assert "- SECOND_FACTOR is False" in weak.stderr
    assert "- HTTPS is False" in weak.stderr
