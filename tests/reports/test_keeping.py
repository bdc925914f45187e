"""Many readers at once cost no more than one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.cache import cache

from reports.keeping import kept


def test_all_who_ask_at_once_get_what_one_made() -> None:
    begun, finish = Event(), Event()
    made = []

    def make() -> str:
        made.append("once")
        begun.set()
        assert finish.wait(30)
        return "shapes"

    with ThreadPoolExecutor(20) as readers:
        answers = [readers.submit(kept, "shapes", 60, make)]
        assert begun.wait(30)
        answers += [readers.submit(kept, "shapes", 60, make) for _ in range(19)]
        # Another key is not held up by it.
        assert kept("streets", 60, lambda: "streets") == "streets"
        finish.set()
        assert {answer.result() for answer in answers} == {"shapes"}
    assert made == ["once"]
    assert cache.get("shapes") == "shapes"


def test_what_cannot_be_made_is_not_kept() -> None:
    def fail() -> str:
        raise ValueError("There are no such figures.")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such figures"):
            kept("page", 60, fail)
    assert kept("page", 60, lambda: "page") == "page"


def test_what_is_made_may_ask_for_something_else() -> None:
    assert kept("page", 60, lambda: f"page of {kept('map', 60, lambda: 'map')}") == "page of map"
    assert cache.get("map") == "map"
