"""Settings as a process of its own reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DATABASE = "postgresql://nobody@localhost/nothing"
REDIS = "redis://localhost/0"
SECRET = "x" * 50
FIELD_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PRODUCTION = {"DATABASE_URL": DATABASE, "REDIS_URL": REDIS, "SECRET_KEY": SECRET, "FIELD_KEYS": FIELD_KEY}
OIDC = {"OIDC_ISSUER": "https://sso.example.org", "OIDC_CLIENT_ID": "hotspots", "OIDC_CLIENT_SECRET": "s"}


def read_settings(tmp_path: Path, **environment: str) -> str:
    """What importing the settings with only these variables says: the last line of its errors, or ""."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.LOCAL_MODE, s.HTTPS, len(s.SECRET_KEY) > 40)"],
        cwd=Path(__file__).resolve().parents[2],
        env={**kept, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
    )
    return (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (PRODUCTION, "False True True"),
        (PRODUCTION | {"FIELD_KEYS": f"{FIELD_KEY},short"}, "Set FIELD_KEYS to one or more keys"),
        (PRODUCTION | {"FIELD_KEYS": "short"}, "Set FIELD_KEYS to one or more keys of 32 random bytes"),
        (PRODUCTION | {"FIELD_KEYS": ""}, "Set FIELD_KEYS to one or more keys of 32 random bytes"),
        (PRODUCTION | OIDC, "False True True"),
        (PRODUCTION | OIDC | {"OIDC_ISSUER": "http://sso.example.org"}, "OIDC_ISSUER must begin with https://"),
        (PRODUCTION | OIDC | {"OIDC_CLIENT_SECRET": ""}, "needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ({"DATABASE_URL": DATABASE, "REDIS_URL": REDIS, "LOCAL_MODE": "True"}, "True False True"),
        ({"DATABASE_URL": DATABASE, "REDIS_URL": REDIS}, "Set SECRET_KEY to a long random string."),
        (PRODUCTION | {"REDIS_URL": ""}, "Set both DATABASE_URL and REDIS_URL, or neither"),
        ({"REDIS_URL": REDIS}, "Set both DATABASE_URL and REDIS_URL, or neither"),
        (
            {"LOCAL_MODE": "False", "SECRET_KEY": SECRET, "FIELD_KEYS": FIELD_KEY},
            "Set both DATABASE_URL and REDIS_URL, or neither",
        ),
        (
            PRODUCTION | {"MAP_TILE_URL": "https://tiles.example/{z}/{x}/{y}.png"},
            "MAP_TILE_URL must look like https://tiles.example/",
        ),
        (
            PRODUCTION | {"MAP_TILE_URL": "http://tiles.example/{z}/{x}/{y}", "MAP_TILE_ATTRIBUTION": "T"},
            "MAP_TILE_URL must look",
        ),
        (
            PRODUCTION | {"MAP_TILE_URL": "https://tiles.example/{s}/{z}", "MAP_TILE_ATTRIBUTION": "T"},
            "MAP_TILE_URL must look",
        ),
        ({"LOCAL_MODE": "yes"}, "LOCAL_MODE must be True or False, not 'yes'."),
    ],
)
def test_settings_from_the_environment(tmp_path: Path, environment: dict[str, str], says: str) -> None:
    assert says in read_settings(tmp_path, **environment)


@pytest.mark.parametrize("name", ["secret_key", "field_key"])
def test_the_local_secrets_are_kept_and_private(tmp_path: Path, name: str) -> None:
    both = {"DATABASE_URL": DATABASE, "REDIS_URL": REDIS, "LOCAL_MODE": "True"}
    read_settings(tmp_path, **both)
    path = tmp_path / name
    secret = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    read_settings(tmp_path, **both)
    assert path.read_text() == secret
