"""No route without a row, and no row without a route."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from interventions.registers import ALL
from tests.access.asking import ask_as, expected, routes
from tests.access.table import KEYS, TABLE, Row, all_people, only
from tests.access.world import World

# Forms of one's own account, the same for all who sign in and the library's; and what answers any method alike.
OF_ONESELF = ("/account/", "/accessibility/", "/healthz/", "/api/[")


# One factory makes the API's routes of all registers: patrols and warrants stand for the others.
LIKE_OTHERS = tuple(f"/api/v1/{one.slug}/" for one in ALL if one.slug != "patrols")


def test_every_route_has_a_row() -> None:
    missing = set(routes()) - {row.path for row in TABLE}
    assert sorted(path for path in missing if not path.startswith(LIKE_OTHERS)) == []


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


@pytest.mark.django_db
def test_what_takes_a_form_has_a_row_for_it(world: World) -> None:
    """A page that begins to take POST (or the API another method) is asked about that as well."""
    said = {(row.path, row.method) for row in TABLE}
    missing = []
    for row in TABLE:
        for method in ("POST", "PUT", "PATCH", "DELETE") if row.path.startswith("/api/") else ("POST",):
            if row.method == "GET" and (row.path, method) not in said and not row.path.startswith(OF_ONESELF):
                with transaction.atomic():
                    if ask_as(replace(row, method=method, body={}), world, "owner manager").status != 405:
                        missing.append(f"{method} {row.path}")
                    transaction.set_rollback(True)
    assert sorted(set(missing)) == []
