"""What takes time is made once and kept in the shared cache; whoever asks for it meanwhile waits for that one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar
from weakref import WeakValueDictionary

from django.core.cache import cache

T = TypeVar("T")

_making: WeakValueDictionary[str, Lock] = WeakValueDictionary()
_one_at_a_time = Lock()


def kept(key: str, seconds: float, make: Callable[[], T]) -> T:
    """What the cache holds under a key, else what `make` returns (never None), which is then held for some seconds.

    In each process one thread makes it, after an import too, when all readers ask at once. What `make` raises is raised
    and nothing kept: then each of them tries. `make` may ask for other keys, never for its own.
    """
    found: T | None = cache.get(key)
    if found is None:
        with _lock(key):
            found = cache.get(key)
            if found is None:
                found = make()
                cache.set(key, found, seconds)
    return found


def _lock(key: str) -> Lock:
    """The lock of a key: the same for all who hold it."""
    with _one_at_a_time:
        return _making.setdefault(key, Lock())
