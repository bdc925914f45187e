"""What is answered where a view failed: 503 while a server that we need is away, else 500; to programs, a problem."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from partners.api.errors import AWAY, SECONDS_TO_WAIT, failure, problem

API = "/api/"


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to a request whose view, or what ran before it, raised something. The log has the details."""
    error = sys.exc_info()[1]
    if request.path.startswith(API):
        return failure(error)
    away = isinstance(error, AWAY)
    response = defaults.server_error(request, "503.html" if away else "500.html")
    if away:
        response.status_code = 503
        response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a request that cannot be trusted or read."""
    if request.path.startswith(API):
        return problem(400, "The request cannot be read.")
    return defaults.bad_request(request, exception)
