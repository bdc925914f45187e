"""Worlds that many tests of one file look at: loaded once, and gone after the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction


@contextmanager
def standing(django_db_blocker: Any, folder: Path) -> Iterator[Path]:
    """The database open to a fixture that outlives one test, with fact files under `folder`; gives their place. What
    is stored meanwhile is seen by the tests, each within a savepoint of its own, and rolled back at the end."""
    facts = folder / "facts"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "FACTS_DIR", facts)
        yield facts
        transaction.set_rollback(True)
