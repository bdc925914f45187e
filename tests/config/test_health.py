from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connections
from django.test import Client

NOBODY = "unix:///nowhere/valkey.sock?db=0"


def test_live_asks_no_database(client: Client) -> None:
    # No `db` fixture: pytest-django fails any query.
    answer = client.get("/healthz/live")
    assert (answer.status_code, answer.content) == (200, b"live\n")


@pytest.mark.django_db
def test_ready_without_a_sign_in(client: Client) -> None:
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_names_a_cache_that_is_away(client: Client, settings: LazySettings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY}}
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready: cache\n")


@pytest.mark.django_db(transaction=True)
def test_ready_names_a_database_that_is_away(client: Client) -> None:
    connection = connections["default"]
    connection.close()
    there = connection.settings_dict
    connection.settings_dict = {**there, "HOST": "/nowhere"}
    try:
        answer = client.get("/healthz/ready")
    finally:
        connection.close()
        connection.settings_dict = there
    assert (answer.status_code, answer.content) == (503, b"not ready: database\n")
    assert cache.get("anything") is None


@pytest.mark.django_db
def test_no_redirect_to_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz/live").status_code == 200
    assert Client().get("/account/login/").status_code == 301
