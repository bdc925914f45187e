"""What people do to people: accounts and roles. How somebody gets a role is in `partners.actions.invitations`."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from django.db import transaction

from partners import audit, ending
from partners.actions.rights import check_within, require_of_partnership
from partners.models import Agency, Membership, Role, User
from partners.roles import Permission
from partners.visibility import Viewer


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


@transaction.atomic
def change_role(*, by: Viewer, membership: Membership, role: str, area_codes: Sequence[str]) -> None:
    """Gives somebody another role in the same agency, or narrows it to other areas. It holds from the next click on.

    Raises ValueError (a sentence) where it is not the person's to give or to take, where it is the person's own, and
    where the agency or the partnership would be left without an administrator.
    """
    _lock(membership)
    require_giver(by, membership.agency, role, area_codes)
    require_giver(by, membership.agency, membership.role, membership.area_codes)
    if by.user == membership.user:
        raise ValueError("You cannot change your own role. Ask another administrator.")
    if membership.role != role:
        _require_another_administrator(by, membership)
        if membership.user.current_memberships().filter(agency=membership.agency, role=role).exists():
            raise ValueError(f"{membership.user} has the role {Role(role).label} in {membership.agency} already.")
    before = audit.snapshot(membership)
    membership.role, membership.area_codes = role, list(area_codes)
    membership.save(update_fields=["role", "area_codes"])
    audit.changed(membership, before, by=by)


@transaction.atomic
def end_role(*, by: Viewer, membership: Membership) -> None:
    """Ends somebody's role, at once, with what hangs on it (`ending.of_membership`). Anybody may give up one's own.

    Raises ValueError (a sentence) as `change_role`, and where it has ended already.
    """
    _lock(membership)
    if by.looking_as or by.user != membership.user:
        require_giver(by, membership.agency, membership.role, membership.area_codes)
    _require_another_administrator(by, membership)
    ending.carry_out(ending.of_membership(membership), by=by)
    audit.write("membership.ended", by=by, about=[membership])


@transaction.atomic
def deactivate_person(*, by: Viewer, user: User) -> None:
    """Switches an account off: nobody signs in with it, and all its roles end.

    Raises ValueError (a sentence) but for partnership administrators, and for one's own account.
    """
    require_of_partnership(by)
    if by.user == user:
        raise ValueError("You cannot switch off your own account. Ask another partnership administrator.")
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    before = audit.snapshot(user)
    what_ends = ending.of_person(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    ending.carry_out(what_ends, by=by)
    audit.changed(user, before, by=by, owners=[one.agency_id for one in what_ends.memberships])


@transaction.atomic
def activate_person(*, by: Viewer, user: User) -> None:
    """Switches an account on again. Its roles stay ended: the person is invited anew.

    Raises ValueError (a sentence) but for partnership administrators.
    """
    require_of_partnership(by)
    before = audit.snapshot(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.changed(user, before, by=by)


def require_giver(by: Viewer, agency: Agency, role: str, area_codes: Collection[str] | None = None) -> None:
    """Raises ValueError (a sentence) unless somebody may give and take this role in this agency.

    `area_codes` is what the role is narrowed to, empty for everywhere; None while that is not known.
    """
    if role == Role.PARTNERSHIP and not by.may(Permission.MANAGE_AGENCIES):
        raise ValueError("Only a partnership administrator can give or take the role of a partnership administrator.")
    if not by.may(Permission.MANAGE_PEOPLE, agency=agency.pk):
        raise ValueError(f"Only an administrator of {agency} or of the partnership can do that.")
    if area_codes is not None:
        check_within(by, Permission.MANAGE_PEOPLE, agency.pk, area_codes)


def _lock(membership: Membership) -> None:
    """Reads the role again, and holds up whoever changes another role of the agency, or of the partnership's.

    Two administrators who end each other's role at the same moment would leave nobody.
    """
    list(Agency.objects.select_for_update().filter(pk=membership.agency_id))
    list(Membership.objects.select_for_update().filter(role=Role.PARTNERSHIP, ended_at=None).order_by("pk"))
    membership.refresh_from_db()
    if membership.ended_at or membership.agency.left_at:
        raise ValueError(f"{membership.user} has no such role any more.")


def _require_another_administrator(by: Viewer, membership: Membership) -> None:
    others = Membership.objects.current().filter(role=membership.role).exclude(user=membership.user)
    if membership.role == Role.PARTNERSHIP and not others.exists():
        raise ValueError(
            f"{membership.user} is the only partnership administrator. Make somebody else one first: without one, "
            "nobody could add agencies or help them."
        )
    if membership.role != Role.ADMINISTRATOR or by.may(Permission.MANAGE_AGENCIES):
        return
    if not others.filter(agency__in=by.wholes_of(membership.agency_id)).exists():
        raise ValueError(
            f"{membership.user} is the last administrator of {membership.agency}. Make somebody else one first, or "
            "ask a partnership administrator."
        )
