"""What is known of the request at hand, for the audit trail and the log, wherever the work is done."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# What a caller may choose as its request's id: anything else is replaced.
_OURS_TO_KEEP = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, slots=True)
class Origin:
    """One request: its id, which the answer repeats, and the address it came from."""

    request_id: str
    ip_address: str | None


_NO_REQUEST = Origin("", None)
_origin: ContextVar[Origin] = ContextVar("origin", default=_NO_REQUEST)


def origin() -> Origin:
    """Of the request at hand; empty outside requests."""
    return _origin.get()


def address_of(request: HttpRequest) -> str | None:
    """The caller's address: behind our proxy the one that the proxy saw, never one that the caller made up."""
    if settings.BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if seen:
            return seen
    return request.META.get("REMOTE_ADDR") or None


def identify(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: gives each request an id, the caller's where it is well formed, and answers with it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get("X-Request-ID", "")
        known = Origin(sent if _OURS_TO_KEEP.fullmatch(sent) else secrets.token_hex(8), address_of(request))
        token = _origin.set(known)
        try:
            response = get_response(request)
        finally:
            _origin.reset(token)
        response.headers["X-Request-ID"] = known.request_id
        return response

    return answer
