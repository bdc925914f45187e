"""Invitations: a link that works once, for a week, for one address; only its hash is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from partners import invitations
from partners.actions import invitations as actions
from partners.models import Agency, AuditEvent, Invitation, Membership, Role, User
from partners.visibility import Viewer
from tests.conftest import PASSWORD
from tests.partners.people import acting, agency, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def admin(council: Agency) -> User:
    return member(council, Role.ADMINISTRATOR, "admin@example.org")


def invite(by: User, to: Agency, email: str = "kim@example.org", role: str = Role.ANALYST) -> tuple[Invitation, str]:
    return actions.invite_person(by=acting(by), agency=to, email=email, role=role, area_codes=["E05013968"])


def test_a_new_person_joins_with_the_role(admin: User, council: Agency) -> None:
    made, secret = invite(admin, council, " Kim@Example.org ")
    assert (made.email, made.expires - made.invited_at) == ("kim@example.org", timedelta(days=7))
    assert secret not in str(Invitation.objects.values().get())
    found = invitations.find(invitations.hash_of(secret))
    assert found == made
    user = actions.join(invitation=found, full_name="  Kim  Lee ", password=PASSWORD)
    assert (user.full_name, user.check_password(PASSWORD)) == ("Kim Lee", True)
    held = Membership.objects.get(user=user)
    assert (held.role, held.area_codes, held.added_by) == (Role.ANALYST, ["E05013968"], admin)
    assert invitations.state(Invitation.objects.get()) == invitations.ACCEPTED
    with pytest.raises(ValueError, match="was accepted or withdrawn"):
        actions.join(invitation=found, full_name="Other", password=PASSWORD)
    with pytest.raises(ValueError, match="was accepted or withdrawn"):
        actions.accept_invitation(found, by=user)
    written = AuditEvent.objects.order_by("number").values_list("action", flat=True)
    assert list(written) == ["invitation.created", "invitation.changed", "membership.created", "user.created"]
    assert not any(secret in str(row) for row in AuditEvent.objects.values())


def test_somebody_with_an_account_accepts(admin: User, council: Agency) -> None:
    kim = member(agency("Housing Association"), Role.VIEWER, "kim@example.org")
    made, _ = invite(admin, council)
    with pytest.raises(ValueError, match=r"for kim@example\.org, and you are signed in as admin@"):
        actions.accept_invitation(made, by=admin)
    with pytest.raises(ValueError, match="There is an account for this address already"):
        actions.join(invitation=made, full_name="Kim", password=PASSWORD)
    actions.accept_invitation(made, by=kim)
    assert Viewer.of_user(kim).agency_names == ["Havering Council", "Housing Association"]


def test_a_link_ends_after_a_week(admin: User, council: Agency) -> None:
    kim = member(agency("Housing Association"), Role.VIEWER, "kim@example.org")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        made, _ = invite(admin, council)
        clock.shift(timedelta(days=7, seconds=-1))
        assert invitations.state(made) == invitations.OPEN
        clock.shift(timedelta(seconds=1))
        assert invitations.state(made) == invitations.EXPIRED
        with pytest.raises(ValueError, match="has expired"):
            actions.accept_invitation(made, by=kim)
        actions.renew_invitation(by=acting(admin), invitation=made)
        actions.accept_invitation(made, by=kim)


def test_inviting_again_replaces_the_link(admin: User, council: Agency) -> None:
    first, old = invite(admin, council)
    second, new = invite(admin, council)
    assert first == second
    assert invitations.find(invitations.hash_of(old)) is None
    assert invitations.find(invitations.hash_of(new)) == first
    newest = actions.renew_invitation(by=acting(admin), invitation=first)
    assert invitations.find(invitations.hash_of(new)) is None
    assert invitations.find(invitations.hash_of(newest)) == first
    invite(admin, council, role=Role.VIEWER)
    assert Invitation.objects.count() == 2


def test_a_withdrawn_link_is_useless(admin: User, council: Agency) -> None:
    made, secret = invite(admin, council)
    actions.withdraw_invitation(by=acting(admin), invitation=made)
    found = invitations.find(invitations.hash_of(secret))
    assert found is not None
    assert invitations.state(found) == invitations.WITHDRAWN
    with pytest.raises(ValueError, match="was accepted or withdrawn"):
        actions.join(invitation=found, full_name="Kim", password=PASSWORD)
    assert not User.objects.filter(email="kim@example.org").exists()
    again, _ = invite(admin, council)
    assert again != made


def test_the_links_of_an_agency_that_left_are_useless(admin: User, council: Agency) -> None:
    made, _ = invite(admin, council)
    Agency.objects.update(left_at=timezone.now(), left_by=admin)
    made.refresh_from_db()
    assert invitations.state(made) == invitations.WITHDRAWN
    with pytest.raises(ValueError, match="was accepted or withdrawn"):
        actions.join(invitation=made, full_name="Kim", password=PASSWORD)


@pytest.mark.parametrize("role", Role)
def test_who_may_invite_to_which_role(role: Role, council: Agency) -> None:
    giver = {
        "admin": member(council, Role.ADMINISTRATOR),
        "chief": member(agency("Elsewhere"), Role.PARTNERSHIP),
        "manager": member(council, Role.MANAGER),
        "stranger": member(agency("Stranger"), Role.ADMINISTRATOR),
    }
    may = {"chief"} if role == Role.PARTNERSHIP else {"chief", "admin"}
    for name, by in giver.items():
        if name in may:
            made, _ = invite(by, council, f"{name}@example.org", role)
            assert made.role == role
        else:
            with pytest.raises(ValueError, match=r"^Only an? (partnership )?administrator"):
                invite(by, council, f"{name}@example.org", role)
    for made in Invitation.objects.all():
        with pytest.raises(ValueError, match=r"^Only an? (partnership )?administrator"):
            actions.renew_invitation(by=acting(giver["stranger"]), invitation=made)
        with pytest.raises(ValueError, match=r"^Only an? (partnership )?administrator"):
            actions.withdraw_invitation(by=acting(giver["manager"]), invitation=made)


@pytest.mark.parametrize("email", ["", "kim", "kim@", "kim@example.org, lee@example.org", "x" * 250 + "@a.org"])
def test_what_is_no_address_is_named(email: str, admin: User, council: Agency) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        invite(admin, council, email)


def test_nobody_invites_oneself_or_to_a_role_that_is_held(admin: User, council: Agency) -> None:
    with pytest.raises(ValueError, match="You cannot give yourself a role"):
        invite(admin, council, "Admin@example.org", Role.MANAGER)
    member(council, Role.ANALYST, "kim@example.org")
    with pytest.raises(ValueError, match="Kim is Analyst in Havering Council already"):
        invite(admin, council)
