"""How often a caller may ask: a fixed window per key or user, counted in the shared cache."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

import redis
from django.conf import settings
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


class CallerRateThrottle(BaseThrottle):
    """Counts requests of one API key or signed-in user, and leaves the RateLimit headers on the request."""

    def __init__(self) -> None:
        self.seconds_left = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        allowed, seconds = parse_rate(api_settings.DEFAULT_THROTTLE_RATES["caller"])
        now = time.time()
        window = int(now // seconds)
        self.seconds_left = int((window + 1) * seconds - now) + 1
        client = _client(settings.CACHES["default"]["LOCATION"])
        name = f"throttle:{request.user.pk}:{window}"  # a key holder's pk is never a user's
        used = client.incr(name)
        if used == 1:
            client.expire(name, seconds)
        request._request.rate_limit = {  # type: ignore[attr-defined]
            "RateLimit-Limit": str(allowed),
            "RateLimit-Remaining": str(max(0, allowed - used)),
            "RateLimit-Reset": str(self.seconds_left),
        }
        return bool(used <= allowed)

    def wait(self) -> float:
        """Seconds until the window ends."""
        return self.seconds_left
