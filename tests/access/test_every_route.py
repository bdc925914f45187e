"""No route without a row, and no row without a route."""

from __future__ import annotations

from tests.access.asking import expected, routes
from tests.access.table import KEYS, TABLE, Row, all_people, only


def test_every_route_has_a_row() -> None:
    assert sorted(set(routes()) - {row.path for row in TABLE}) == []


def test_every_row_has_a_route() -> None:
    assert sorted({row.path for row in TABLE} - set(routes())) == []


def test_no_row_is_said_twice() -> None:
    names = [str(row) for row in TABLE]
    assert len(names) == len(set(names))


def test_every_row_of_the_api_says_what_keys_get() -> None:
    assert [str(row) for row in TABLE if row.path.startswith("/api/v1/") and set(row.keys) != set(KEYS)] == []


def test_a_row_speaks_of_every_role_in_every_relation() -> None:
    row = Row("/", **all_people(only((), 200, 404)))
    assert len(expected(row)) == 2 + 4 * 7
