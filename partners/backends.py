"""Whose sessions are worth anything: people who have a role in an agency, or an invitation to one."""

from __future__ import annotations

import orjson
from allauth.account.auth_backends import AuthenticationBackend

from partners.models import User


class MembersBackend(AuthenticationBackend):
    """allauth's, asked at every request: without a role a session is nobody's, from the moment the role ended."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, None where nothing lets the person in. One query."""
        return admitted(user_id)


def admitted(user_id: int) -> User | None:
    """A person who may sign in: with a current role, or an invitation that can still be accepted. One query.

    `User.roles_now` is filled, so that whoever asks for the person's `Viewer` in this request asks no more.
    """
    for user in User.objects.raw(_ADMITTED, [user_id]):
        user.roles_now = orjson.loads(vars(user)["roles_text"])  # Django leaves jsonb as text
        if user.roles_now or user.is_invited:
            return user
    return None


# Every request begins with it, so it is written out. The conditions are `MembershipQuerySet.current` and
# `InvitationQuerySet.open`; the roles are what `Viewer.of_user` reads.
_ADMITTED = """
    SELECT person.*,
        coalesce((
            SELECT jsonb_agg(
                jsonb_build_array(agency.id, agency.name, held.role, held.area_codes, agency.area_codes)
                ORDER BY agency.name, held.role
            )
            FROM partners_membership held JOIN partners_agency agency ON agency.id = held.agency_id
            WHERE held.user_id = person.id AND held.ended_at IS NULL AND agency.left_at IS NULL
        ), '[]') AS roles_text,
        EXISTS (
            SELECT FROM partners_invitation sent JOIN partners_agency agency ON agency.id = sent.agency_id
            WHERE upper(sent.email) = upper(person.email) AND sent.accepted_at IS NULL AND sent.withdrawn_at IS NULL
                AND sent.expires > now() AND agency.left_at IS NULL
        ) AS is_invited
    FROM partners_user person WHERE person.id = %s AND person.is_active
"""
