"""Who may change what is loaded. Everybody who is signed in may see it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from partners.models import Membership, User

IMPORTERS = (Membership.Role.ANALYST, Membership.Role.MANAGER)


def can_import(user: User | AnonymousUser) -> bool:
    """Whether a person may bring in data: staff, and analysts and managers of any agency. One query at most."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_staff or user.memberships.filter(role__in=IMPORTERS).exists()
