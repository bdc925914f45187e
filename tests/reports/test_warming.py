"""After an import no reader waits for what is made once."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from reports import queries, search, shapes, warming
from reports.pages.map import CITY_WIDTH
from tests import factories
from tests.factories import summarise

pytestmark = pytest.mark.django_db


def test_maps_and_search_find_what_was_made(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    wards = []
    for name in ("Havering", "Barking"):
        borough = factories.BoroughFactory(name=name)
        wards.append(factories.WardFactory(parent=borough))
        factories.BoundaryFactory(area=wards[-1])
        summarise(borough, "all-crime", [3], since=date(2026, 1, 1))
    warming.warm()
    assert len(queries.boroughs()) == 2
    with django_assert_num_queries(1):
        search.index()
    for pks, width in (([wards[0].pk], shapes.WIDTH), ([ward.pk for ward in wards], CITY_WIDTH)):
        with django_assert_num_queries(1):  # which boundaries; one more would read them
            assert shapes.drawing(pks, date(2026, 1, 1), width=width)


def test_nothing_is_loaded_yet() -> None:
    warming.warm()
    assert queries.boroughs() == []


def test_a_lost_cache_is_filled_again(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    warming.keep_warm()
    with django_assert_num_queries(1):
        warming.keep_warm()
    cache.clear()
    warming.keep_warm()
    with django_assert_num_queries(1):
        search.index()
