from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from hotspots.context_processors import synthetic_data
from hotspots.models import Area


def announced() -> bool:
    return bool(synthetic_data(RequestFactory().get("/"))["synthetic_data"])


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("SYN05000001", True), ("E05013975", False)])
def test_announced_for_generated_areas_alone(code: str, expected: bool) -> None:
    Area.objects.create(kind=Area.Kind.WARD, code=code, name="Harold Wood")
    assert announced() is expected


@pytest.mark.django_db
def test_asked_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert not announced()
        assert not announced()


def test_costs_nothing_where_nobody_asks() -> None:
    # No `db` fixture: a query would fail.
    assert set(synthetic_data(RequestFactory().get("/"))) == {"synthetic_data"}
