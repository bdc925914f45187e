"""The world is made once for all rows that one process asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import override_settings

from tests.access.world import World, build


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def world(documents: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A World, in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=documents, FACTS_DIR=documents / "facts"):
            made = build()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _its_documents(documents: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT, settings.FACTS_DIR = documents, documents / "facts"
