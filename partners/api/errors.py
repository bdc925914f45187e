"""Errors as RFC 9457 problems: every answer under /api/ that is not a success has this form."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation, TooManyFieldsSent
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.log import log_response
from redis import RedisError
from rest_framework import exceptions

from partners.requests import origin

# What is raised where a server that we need is away; then one may come back after so many seconds.
AWAY = (OperationalError, InterfaceError, RedisError)
SECONDS_TO_WAIT = 60
PROBLEM_JSON = "application/problem+json"


class BadParameters(exceptions.APIException):
    """400: parameter name -> sentences that say what is wrong with it."""

    status_code = 400

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("The request has parameters that cannot be used: " + ", ".join(errors) + ".")
        self.errors = errors


class Refused(exceptions.APIException):
    """422: the request is well formed and cannot be done. `errors` names fields of the body, `more` are members that
    the problem has besides."""

    status_code = 422

    def __init__(
        self, detail: str, errors: dict[str, list[str]] | None = None, more: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.errors = errors
        self.more = more


def problem(
    status: int, detail: str, *, errors: dict[str, list[str]] | None = None, more: dict[str, Any] | None = None
) -> HttpResponse:
    """A problem document. `detail` is a sentence for people; `errors` names parameters or fields; `more` are further
    members."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": origin().request_id,
    }
    if errors:
        body["errors"] = errors
    body |= more or {}
    response = HttpResponse(orjson.dumps(body), content_type=PROBLEM_JSON, status=status)
    response["Cache-Control"] = "no-store"
    return response


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Turns what a view raised into a problem. An unforeseen error is logged, and told without its details."""
    known = _known(error)
    if known is None:
        request = context["request"]._request
        got_request_exception.send(sender=None, request=request)
        response = failure(error)
        log_response(
            "%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=error
        )
        return response
    said = {name: getattr(known, name, None) for name in ("errors", "more")}
    response = problem(known.status_code, str(known.detail), **said)
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if isinstance(known, exceptions.Throttled) or getattr(known, "wait", None):
        response["Retry-After"] = str(getattr(known, "wait", None) or 1)
    return response


def failure(error: BaseException | None) -> HttpResponse:
    """The problem of an unforeseen error: 503 while a server that we need is away, else 500."""
    if not isinstance(error, AWAY):
        return problem(500, "Something went wrong here. It has been logged.")
    response = problem(503, "Something went wrong here. It has been logged. Try again in a minute.")
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def _known(error: Exception) -> exceptions.APIException | None:
    """The error as one that the caller made; None where it is ours."""
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or None)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return exceptions.ParseError(f"At most {most:,} parameters can be given at once: ask in several requests.")
    if isinstance(error, SuspiciousOperation | BadRequest):
        return exceptions.ParseError("The request cannot be read.")
    return None
