"""How often a caller may ask: a fixed window per key or user, counted in the shared cache.

Keys that do not work are counted by the address that sent them.
"""

from __future__ import annotations

import time
from functools import cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:  # the other way round at run time: views read this setting
    from rest_framework.views import APIView

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@cache
def parse_rate(rate: str) -> tuple[int, int]:
    """ "600/min" -> (600 requests, 60 seconds). Raises ValueError for another form."""
    number, _, period = rate.partition("/")
    if not number.isdecimal() or period[:1] not in _SECONDS:
        raise ValueError(f"API_RATE must look like 600/min, not {rate!r}.")
    return int(number), _SECONDS[period[0]]


@cache
def _client(url: str) -> redis.Redis:
    # Django's cache would need two round trips to count and to set the expiry.
    return redis.Redis.from_url(url)


def _cache() -> redis.Redis:
    return _client(settings.CACHES["default"]["LOCATION"])


def _window(name: str, seconds: int) -> tuple[str, int]:
    """The name under which this moment's window counts, and the seconds until it ends."""
    now = time.time()
    window = int(now // seconds)
    return f"throttle:{name}:{window}", int((window + 1) * seconds - now) + 1


def _count(name: str, seconds: int) -> int:
    """One more; how many there are now. One step in the cache: no count without an end."""
    with _cache().pipeline() as both:
        both.incr(name)
        both.expire(name, seconds, nx=True)
        return int(both.execute()[0])


class CallerRateThrottle(BaseThrottle):
    """Counts requests of one API key or signed-in user, and leaves the RateLimit headers on the request."""

    def __init__(self) -> None:
        self.seconds_left = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        allowed, seconds = parse_rate(api_settings.DEFAULT_THROTTLE_RATES["caller"])
        # A key holder's pk is never a user's.
        name, self.seconds_left = _window(str(request.user.pk), seconds)
        used = _count(name, seconds)
        request._request.rate_limit = {  # type: ignore[attr-defined]
            "RateLimit-Limit": str(allowed),
            "RateLimit-Remaining": str(max(0, allowed - used)),
            "RateLimit-Reset": str(self.seconds_left),
        }
        return used <= allowed

    def wait(self) -> float:
        """Seconds until the window ends."""
        return self.seconds_left


def seconds_to_wait(name: str, rate: str) -> int:
    """Counts one more request of a caller, known by any name: 0, or how long it has to wait for the next window."""
    allowed, seconds = parse_rate(rate)
    window, left = _window(name, seconds)
    return left if _count(window, seconds) > allowed else 0


def check_failures(address: str | None) -> None:
    """Raises Throttled where this address has sent too many keys that do not work."""
    allowed, name, _, seconds_left = _failures_of(address)
    if int(_cache().get(name) or 0) >= allowed:
        raise Throttled(seconds_left)


def count_failure(address: str | None) -> None:
    """This address sent a key that does not work."""
    _, name, seconds, _ = _failures_of(address)
    _count(name, seconds)


def _failures_of(address: str | None) -> tuple[int, str, int, int]:
    """(how many are allowed, the name they are counted under, seconds of a window, seconds until it ends)."""
    allowed, seconds = parse_rate(api_settings.DEFAULT_THROTTLE_RATES["failures"])
    name, seconds_left = _window(f"failures:{_neighbourhood(address)}", seconds)
    return allowed, name, seconds, seconds_left


def _neighbourhood(address: str | None) -> str:
    """An IPv4 address; of IPv6 the 64 bits that one customer has, so that changing the rest does not help."""
    try:
        bits = 32 if ip_address(address or "").version == 4 else 64
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return "unknown"
