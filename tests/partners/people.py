"""A small partnership: people with roles, as they act."""

from __future__ import annotations

from typing import Any

from partners.models import Agency, Membership, Role, User
from partners.visibility import Viewer


def agency(name: str, **fields: Any) -> Agency:
    return Agency.objects.create(name=name, **{"kind": Agency.Kind.COUNCIL, **fields})


def member(of: Agency, role: str = Role.VIEWER, email: str = "", *, password: str | None = None, **fields: Any) -> User:
    """A new person with a role; "kim@example.org" is Kim."""
    number = User.objects.count()
    email = email or f"{role}{number}@example.org"
    user = User.objects.create_user(email, password, full_name=email.split("@")[0].title(), **fields)
    Membership.objects.create(user=user, agency=of, role=role)
    return user


def acting(user: User) -> Viewer:
    """The person, with what the person may do now."""
    return Viewer.of_user(User.objects.get(pk=user.pk))


def role_of(user: User, of: Agency) -> Membership:
    return Membership.objects.get(user=user, agency=of)
