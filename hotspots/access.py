"""Who may change what is loaded. Everybody who is signed in may see it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from partners.access import is_keeper
from partners.models import User


def can_import(user: User | AnonymousUser) -> bool:
    """Whether a person may bring in data: staff, and analysts and managers of any agency. One query at most."""
    return isinstance(user, User) and user.is_active and is_keeper(user)
