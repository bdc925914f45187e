"""Whose sessions are worth anything: people who have a role in an agency, or an invitation to one."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.utils import timezone

from partners.models import Invitation, Membership, User


class MembersBackend(AuthenticationBackend):
    """allauth's, asked at every request: without a role a session is nobody's, from the moment the role ended."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None where nothing lets the person in. One query."""
        return admitted(user_id)


def admitted(user_id: int) -> User | None:
    """A person who may sign in: with a current role, or an invitation that can still be accepted. One query."""
    has_role = Exists(Membership.objects.current().filter(user=OuterRef("pk")))
    is_invited = Exists(Invitation.objects.open(timezone.now()).filter(email__iexact=OuterRef("email")))
    return User.objects.filter(has_role | is_invited, pk=user_id, is_active=True).first()
