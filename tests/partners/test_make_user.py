from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from partners.models import Agency, User

pytestmark = pytest.mark.django_db


def make(*arguments: str) -> str:
    """The password that the command prints."""
    output = StringIO()
    call_command("make_user", *arguments, stdout=output, stderr=StringIO())
    return output.getvalue().strip()


def test_the_printed_password_signs_in(client: Client) -> None:
    password = make("Bo@Example.org", "Bo Ward", "--agency", "East Area SNT", "--kind", "police", "--role", "snt-lead")
    answer = client.post("/account/login/", {"login": "bo@example.org", "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    membership = User.objects.get(email="bo@example.org").memberships.get()
    assert (membership.agency.name, membership.agency.kind, membership.role) == ("East Area SNT", "police", "snt-lead")


def test_an_agency_is_found_whatever_its_capitals() -> None:
    Agency.objects.create(name="Havering Council", kind="council")
    make("bo@example.org", "Bo", "--agency", "havering council")
    assert Agency.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("ana@example.org", "Ana", "--agency", "Havering Council"),
            "There is an account for ana@example.org already.",
        ),
        (("no address", "Ana", "--agency", "Havering Council"), "Enter a valid email address."),
        (("bo@example.org", " ", "--agency", "Havering Council"), "Give the person's name and the agency's."),
    ],
)
def test_refusals_change_nothing(analyst: User, arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        make(*arguments)
    assert User.objects.count() == 1
