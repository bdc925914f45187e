"""Who asks: the person, and what the person or key may see and do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from rest_framework.request import Request

from partners.api.errors import problem
from partners.authentication import KeyHolder
from partners.models import Agency, ApiKey, User
from partners.roles import Role
from partners.visibility import Viewer

# In the session: {"agency": id, "role": ...} or {"key": id} of whom the person looks as, with "label", its name.
LOOKING_AS = "looking_as"
# What may still be sent while looking as somebody else.
_WHILE_LOOKING = ("/looking-as/", "/account/logout/")


def person(request: HttpRequest) -> User:
    """Who is signed in: the middleware lets nobody else through to a page."""
    return cast(User, request.user)


def viewer(request: HttpRequest | Request) -> Viewer:
    """Who looks, for this request: the person, as whom it may be looking, or the key. Made once a request."""
    plain = request._request if isinstance(request, Request) else request
    kept = vars(plain)
    if "viewer" not in kept:
        kept["viewer"] = _viewer(request)
    return cast(Viewer, kept["viewer"])


def looking_as(request: HttpRequest) -> str:
    """As whom the person looks: "Viewer of Havering Council"; "" as nobody else."""
    chosen = _chosen(request)
    return str(chosen["label"]) if chosen else ""


def read_only_while_looking(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: while a person looks as somebody else, nothing is changed on any page, whatever the page asks."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        reads = request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(_WHILE_LOOKING)
        if not reads and (label := looking_as(request)):
            if request.path.startswith("/api/"):
                return problem(403, "Nothing can be changed while you look as somebody else.")
            return render(request, "partners/read_only.html", {"label": label}, status=403)
        return get_response(request)

    return answer


def _viewer(request: HttpRequest | Request) -> Viewer:
    asking = getattr(request, "user", None)
    if isinstance(asking, KeyHolder):
        return Viewer.of_key(asking.key)
    if not isinstance(asking, User):
        return Viewer(())
    chosen = _chosen(request)
    return Viewer.of_user(asking, looking_as=_as_whom(chosen) if chosen else None)


def _chosen(request: HttpRequest | Request) -> dict[str, Any] | None:
    return request.session.get(LOOKING_AS) if hasattr(request, "session") else None


def _as_whom(chosen: dict[str, Any]) -> Viewer:
    """Whom a session looks as; nobody, who sees nothing, where the agency or key is gone."""
    if "key" in chosen:
        key = ApiKey.objects.select_related("agency").filter(pk=chosen["key"]).first()
        return Viewer.of_key(key) if key else Viewer(())
    agency = Agency.objects.filter(pk=chosen["agency"], left_at=None).first()
    return Viewer.of_agency(agency, Role(chosen["role"])) if agency else Viewer(())
