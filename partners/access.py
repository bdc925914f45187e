"""Who is there, and who keeps what all of an agency share."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from partners.models import Membership, User

# They bring in data, choose priorities, and tidy their agency's saved views.
KEEPERS = (Membership.Role.ANALYST, Membership.Role.MANAGER)


def person(request: HttpRequest) -> User:
    """Who is signed in: the middleware lets nobody else through to a page."""
    return cast(User, request.user)


def is_keeper(user: User) -> bool:
    """Whether a person is staff, or an analyst or manager of any agency. One query at most."""
    return user.is_staff or user.memberships.filter(role__in=KEEPERS).exists()
