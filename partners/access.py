"""Who asks: the person, and what the person or key may see and do."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.request import Request

from partners.authentication import KeyHolder
from partners.models import Agency, ApiKey, User
from partners.roles import Role
from partners.visibility import Viewer

# In the session: {"agency": id, "role": ...} or {"key": id} of whom the person looks as.
LOOKING_AS = "looking_as"


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


def _viewer(request: HttpRequest | Request) -> Viewer:
    asking = getattr(request, "user", None)
    if isinstance(asking, KeyHolder):
        return Viewer.of_key(asking.key)
    if not isinstance(asking, User):
        return Viewer(())
    chosen = request.session.get(LOOKING_AS) if hasattr(request, "session") else None
    return Viewer.of_user(asking, looking_as=_as_whom(chosen) if chosen else None)


def _as_whom(chosen: dict[str, Any]) -> Viewer:
    """Whom a session looks as; nobody, who sees nothing, where the agency or key is gone."""
    if "key" in chosen:
        key = ApiKey.objects.select_related("agency").filter(pk=chosen["key"]).first()
        return Viewer.of_key(key) if key and key.is_live else Viewer(())
    agency = Agency.objects.filter(pk=chosen["agency"], left_at=None).first()
    return Viewer.of_agency(agency, Role(chosen["role"])) if agency else Viewer(())
