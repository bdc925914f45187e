from __future__ import annotations

from collections.abc import Callable

import pytest

from hotspots.access import can_import
from partners.models import Role, User
from partners.visibility import Viewer


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, False),
        (Role.SNT_LEAD, False),
        (Role.ANALYST, True),
        (Role.MANAGER, True),
    ],
)
def test_roles(role: str, may: bool, make_user: Callable[..., User]) -> None:
    assert can_import(Viewer.of_user(make_user(role=role))) is may


def test_partnership_administrators_may_and_strangers_may_not(make_user: Callable[..., User]) -> None:
    assert can_import(Viewer.of_user(make_user(role=Role.PARTNERSHIP)))
    assert not can_import(Viewer.of_user(User.objects.create_user("nobody@example.org")))
    assert not can_import(Viewer(()))
