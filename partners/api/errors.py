"""Errors as RFC 9457 problems: every answer under /api/ that is not a success has this form."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, TooManyFieldsSent
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from django.utils.log import log_response
from rest_framework import exceptions

PROBLEM_JSON = "application/problem+json"


class BadParameters(exceptions.APIException):
    """400: parameter name -> sentences that say what is wrong with it."""

    status_code = 400

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("The request has parameters that cannot be used: " + ", ".join(errors) + ".")
        self.errors = errors


def problem(status: int, detail: str, *, errors: dict[str, list[str]] | None = None) -> HttpResponse:
    """A problem document. `detail` is a sentence for people; `errors` names parameters."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    response = HttpResponse(orjson.dumps(body), content_type=PROBLEM_JSON, status=status)
    response["Cache-Control"] = "no-store"
    return response


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Turns what a view raised into a problem. An unforeseen error is logged, and told without its details."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(str(error) or None)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        error = exceptions.ParseError(f"At most {most:,} parameters can be given at once: ask in several requests.")
    if not isinstance(error, exceptions.APIException):
        request = context["request"]._request
        got_request_exception.send(sender=None, request=request)
        response = problem(500, "Something went wrong here. It has been logged.")
        log_response("Internal Server Error: %s", request.path, response=response, request=request, exception=error)
        return response
    response = problem(error.status_code, str(error.detail), errors=getattr(error, "errors", None))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if isinstance(error, exceptions.Throttled):
        response["Retry-After"] = str(getattr(error, "wait", None) or 1)
    return response
