"""How many pictures one person may have drawn: each takes a processor up to a second, and a web process has few."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MOST, SECONDS = 5, 10


def too_many(request: HttpRequest) -> HttpResponse | None:
    """Counts a picture. The answer for somebody who asks for more than `MOST` in `SECONDS`, status 429; else None."""
    key = f"pictures:{request.user.pk}:{int(time.time()) // SECONDS}"
    cache.add(key, 0, SECONDS)
    try:
        drawn = cache.incr(key)
    except ValueError:  # its time was over just then
        drawn = 1
    if drawn <= MOST:
        return None
    sentence = f"One person can have {MOST} pictures drawn in {SECONDS} seconds. Wait a moment, then try again."
    response = render(request, "429.html", {"title": "Too many pictures", "sentence": sentence}, status=429)
    response["Retry-After"] = str(SECONDS)
    return response
