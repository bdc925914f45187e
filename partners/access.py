"""Who is there."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from partners.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in: the middleware lets nobody else through to a page."""
    return cast(User, request.user)
