"""Each row of the table but the API's, as every persona."""

from __future__ import annotations

import pytest

from tests.access.asking import differing
from tests.access.table import TABLE, Row
from tests.access.world import World


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in TABLE if not row.path.startswith("/api/")], ids=str)
def test_everybody_gets_what_the_table_says(row: Row, world: World) -> None:
    found = differing(row, world)
    assert not found, "\n".join(found)
