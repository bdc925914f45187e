"""What people do to agencies, their people and their keys."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from partners.models import Agency, ApiKey, Membership, User

LONGEST_DAYS = 366


def make_api_key(*, agency: Agency, name: str, days: int) -> tuple[ApiKey, str]:
    """A saved key that is valid for `days` days, and the text `prefix.secret` that can be shown only now.

    Raises ValueError (a sentence) for a blank or too long name, and unless 1 <= days <= 366.
    """
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise ValueError("Give the key a name of at most 100 characters, for example the system that will use it.")
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A key is valid for 1 to {LONGEST_DAYS} days, not {days}.")
    prefix, secret, secret_hash = ApiKey.new_secret()
    key = ApiKey.objects.create(
        agency=agency,
        name=name,
        prefix=prefix,
        secret_hash=secret_hash,
        expires=timezone.now() + timedelta(days=days),
    )
    return key, f"{prefix}.{secret}"


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
    if agency is None:
        agency = Agency.objects.create(name=agency_name.strip(), kind=agency_kind)
    Membership.objects.create(user=user, agency=agency, role=role)
    return user, password
