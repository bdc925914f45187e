"""Without a role there is no access, from the moment the last one ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import Agency, Invitation, Role, User
from tests.conftest import PASSWORD

NO_ACCESS = "/account/inactive/"


def sign_in(client: Client, user: User) -> str:
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return str(answer.headers["Location"])


def invite(user: User, **changed: object) -> Invitation:
    agency = Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING)
    return Invitation.objects.create(
        **{
            "email": user.email.upper(),
            "agency": agency,
            "role": Role.VIEWER,
            "secret_hash": "0" * 64,
            "expires": timezone.now() + timedelta(days=7),
            **changed,
        }
    )


def test_an_open_session_is_nobodys_once_the_last_role_ended(client: Client, analyst: User) -> None:
    assert sign_in(client, analyst) == "/"
    assert client.get("/methods/").status_code == 200
    analyst.memberships.update(ended_at=timezone.now(), ended_by=analyst)
    assert client.get("/methods/").headers["Location"].startswith("/account/login/")
    assert client.get("/api/v1/areas/").status_code == 401


def test_an_agency_that_left_takes_its_people_with_it(client: Client, analyst: User) -> None:
    sign_in(client, analyst)
    Agency.objects.update(left_at=timezone.now(), left_by=analyst)
    assert client.get("/methods/").status_code == 302


def test_who_has_no_role_is_told_so_at_signing_in(client: Client, analyst: User) -> None:
    analyst.memberships.update(ended_at=timezone.now(), ended_by=analyst)
    assert sign_in(client, analyst) == NO_ACCESS
    assert "no role in any agency" in client.get(NO_ACCESS).text
    assert client.get("/methods/").status_code == 302


@pytest.mark.parametrize(
    ("changed", "admitted"),
    [
        ({}, True),
        ({"expires": timezone.now() - timedelta(seconds=1)}, False),
        ({"withdrawn_at": timezone.now()}, False),
        ({"accepted_at": timezone.now()}, False),
    ],
    ids=["open", "expired", "withdrawn", "accepted"],
)
def test_who_is_invited_may_sign_in_to_accept(
    client: Client, analyst: User, changed: dict[str, object], admitted: bool
) -> None:
    analyst.memberships.update(ended_at=timezone.now(), ended_by=analyst)
    invite(analyst, **changed)
    assert (sign_in(client, analyst) != NO_ACCESS) is admitted
