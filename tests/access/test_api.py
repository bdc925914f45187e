"""Each row of the table of the API, as every persona."""

from __future__ import annotations

import pytest

from tests.access.asking import differing
from tests.access.table import API, Row
from tests.access.world import World


@pytest.mark.django_db
@pytest.mark.parametrize("row", API, ids=str)
def test_everybody_gets_what_the_table_says(row: Row, world: World) -> None:
    found = differing(row, world)
    assert not found, "\n".join(found)
