from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from hotspots.access import can_import
from partners.models import Membership, User


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Membership.Role.VIEWER, False),
        (Membership.Role.SNT_LEAD, False),
        (Membership.Role.ANALYST, True),
        (Membership.Role.MANAGER, True),
    ],
)
def test_roles(role: str, may: bool, make_user: Callable[..., User]) -> None:
    assert can_import(make_user(role=role)) is may


def test_staff_without_a_role_may_and_strangers_may_not(db: None) -> None:
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    assert can_import(staff)
    staff.is_active = False
    assert not can_import(staff)
    assert not can_import(User.objects.create_user("nobody@example.org"))
    assert not can_import(AnonymousUser())
