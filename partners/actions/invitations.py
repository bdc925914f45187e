"""What people do about invitations: inviting, sending again, withdrawing, and accepting with the link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from partners import audit, invitations
from partners.actions.people import require_giver
from partners.models import Agency, Invitation, Membership, User
from partners.roles import Role
from partners.visibility import Viewer

VALID_DAYS = 7


@transaction.atomic
def invite_person(
    *, by: Viewer, agency: Agency, email: str, role: str, area_codes: Sequence[str] = ()
) -> tuple[Invitation, str]:
    """A saved invitation, and the secret of its link, which is to be sent once this is committed.

    Somebody who is invited to the same role already gets a new link; the earlier one works no more. Raises ValueError
    (a sentence) for an address that is none, a role that is not the person's to give, oneself, somebody who has
    the role, and somebody whose account is switched off.
    """
    require_giver(by, agency, role, area_codes)
    email = _address(email)
    if agency.left_at:
        raise ValueError(f"{agency} has left the partnership.")
    if by.user and email == by.user.email:
        raise ValueError("You cannot give yourself a role. Ask another administrator.")
    user = User.objects.filter(email__iexact=email).first()
    if user and not user.is_active:
        raise ValueError(f"The account of {email} is switched off. A partnership administrator can switch it on again.")
    if user and user.current_memberships().filter(agency=agency, role=role).exists():
        raise ValueError(f"{user} is {Role(role).label} in {agency} already.")
    waiting = Invitation.objects.select_for_update().filter(
        email=email, agency=agency, role=role, accepted_at=None, withdrawn_at=None
    )
    invitation = waiting.first() or Invitation(email=email, agency=agency, role=role)
    before = audit.snapshot(invitation) if invitation.pk else None
    invitation.area_codes = list(area_codes)
    secret = _renew(invitation, by)
    if before is None:
        audit.created(invitation, by=by)
    else:
        audit.changed(invitation, before, by=by)
    return invitation, secret


@transaction.atomic
def renew_invitation(*, by: Viewer, invitation: Invitation) -> str:
    """The secret of a new link, valid for a week from now; the earlier one works no more.

    Raises ValueError (a sentence) where the role is not the person's to give, or the invitation is not open.
    """
    _lock(invitation)
    require_giver(by, invitation.agency, invitation.role, invitation.area_codes)
    before = audit.snapshot(invitation)
    secret = _renew(invitation, by)
    audit.changed(invitation, before, by=by)
    return secret


@transaction.atomic
def withdraw_invitation(*, by: Viewer, invitation: Invitation) -> None:
    """Makes a link useless. Raises ValueError (a sentence) as `renew_invitation`."""
    _lock(invitation)
    require_giver(by, invitation.agency, invitation.role, invitation.area_codes)
    before = audit.snapshot(invitation)
    invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by.user
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.changed(invitation, before, by=by)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership:
    """Gives the person the role. A role that the person has already takes the areas of the invitation.

    Raises ValueError (a sentence) where it is not open any more, or is for another address.
    """
    _lock(invitation)
    if invitation.expires <= timezone.now():
        raise ValueError("This invitation has expired. Ask whoever invited you to send it again.")
    if invitation.email != by.email.lower():
        raise ValueError(f"This invitation is for {invitation.email}, and you are signed in as {by.email}.")
    before = audit.snapshot(invitation)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership = by.current_memberships().filter(agency=invitation.agency, role=invitation.role).first()
    had = audit.snapshot(membership) if membership else None
    membership = membership or Membership(
        user=by, agency=invitation.agency, role=invitation.role, added_by=invitation.invited_by
    )
    membership.area_codes = invitation.area_codes
    membership.save()
    audit.changed(invitation, before, by=by)
    if had is None:
        audit.created(membership, by=by)
    else:
        audit.changed(membership, had, by=by)
    return membership


@transaction.atomic
def join(*, invitation: Invitation, full_name: str, password: str) -> User:
    """A new account for the address that was invited, with the role. The password must have been checked.

    Raises ValueError (a sentence) as `accept_invitation`, for a blank name, and where there is an account already.
    """
    _lock(invitation)
    full_name = " ".join(full_name.split())
    if not 1 <= len(full_name) <= 150 or not full_name.isprintable():
        raise ValueError("Give your name, as your colleagues know you; at most 150 characters.")
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise ValueError("There is an account for this address already. Sign in to accept the invitation.")
    user = User.objects.create_user(invitation.email, password, full_name=full_name)
    accept_invitation(invitation, by=user)
    audit.created(user, by=user, owners=[invitation.agency_id])
    return user


def _renew(invitation: Invitation, by: Viewer) -> str:
    secret, invitation.secret_hash = invitations.new_secret()
    now = timezone.now()
    invitation.invited_at, invitation.invited_by = now, by.user
    invitation.expires = now + timedelta(days=VALID_DAYS)
    invitation.sent = None
    invitation.save()
    return secret


def _lock(invitation: Invitation) -> None:
    """Reads it again, and holds up who else uses it: a link works once. Raises ValueError where it is not open."""
    invitation.refresh_from_db(from_queryset=Invitation.objects.select_for_update())
    if invitation.accepted_at or invitation.withdrawn_at or invitation.agency.left_at:
        raise ValueError("This invitation was accepted or withdrawn.")


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValueError(f"“{email[:254]}” is not an e-mail address. Write it as name@example.org.") from error
    if len(email) > 254:
        raise ValueError("An e-mail address has at most 254 characters.")
    return email
