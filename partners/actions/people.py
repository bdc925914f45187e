"""What people do to people: accounts, roles, invitations."""

from __future__ import annotations

import secrets

from django.db import transaction

from partners import audit
from partners.models import Agency, Membership, User


@transaction.atomic
def make_user(*, email: str, full_name: str, agency_name: str, agency_kind: str, role: str) -> tuple[User, str]:
    """A person with a role in an agency (made with `agency_kind` where there is none), and a password shown only now.

    Raises ValueError (a sentence) where the address has an account already, or a name is blank.
    """
    if not full_name.strip() or not agency_name.strip():
        raise ValueError("Give the person's name and the agency's.")
    if User.objects.filter(email__iexact=email).exists():
        raise ValueError(f"There is an account for {email} already.")
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password, full_name=full_name.strip())
    agency = Agency.objects.filter(name__iexact=agency_name.strip()).first()
    is_new = agency is None
    if agency is None:
        agency = Agency.objects.create(name=agency_name.strip(), kind=agency_kind)
    membership = Membership.objects.create(user=user, agency=agency, role=role)
    if is_new:
        audit.created(agency, by=None)
    audit.created(user, by=None, owners=[agency.pk])
    audit.created(membership, by=None)
    return user, password
