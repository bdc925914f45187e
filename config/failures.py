"""What is answered where a view failed: 503 while a server that we need is away, else 500; to programs, a problem."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error
from redis import RedisError

from partners.api.errors import problem

AWAY = (OperationalError, InterfaceError, RedisError)
SECONDS_TO_WAIT = "60"


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to a request whose view, or what ran before it, raised something. The log has the details."""
    away = isinstance(sys.exc_info()[1], AWAY)
    if request.path.startswith("/api/v1/"):
        response = problem(503 if away else 500, "Something went wrong here. It has been logged.")
    else:
        response = server_error(request, "503.html" if away else "500.html")
        response.status_code = 503 if away else 500
    if away:
        response["Retry-After"] = SECONDS_TO_WAIT
    return response
