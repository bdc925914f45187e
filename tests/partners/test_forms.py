"""Forms name what is missing: "This field is required." says neither what nor where."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from partners.models import Agency, Membership, User
from partners.roles import Role


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/account/password/change/", "Enter your current password."),
        ("/account/password/change/", "Enter the new password once more."),
        ("/account/reauthenticate/", "Enter your password."),
        ("/agreements/new/", "Give the agreement a title."),
        ("/agreements/new/", "Say what the records are shared for."),
        ("/agreements/new/", "Enter the day of the review."),
    ],
)
def test_what_is_missing_is_named(client: Client, analyst: User, path: str, sentence: str) -> None:
    Membership.objects.create(user=analyst, agency=Agency.objects.get(), role=Role.MANAGER)
    client.force_login(analyst)
    answer = client.post(path, {})
    assert answer.status_code in (200, 422)
    page = answer.content.decode()
    assert escape(sentence) in page
    assert "This field is required." not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/"])
def test_what_is_missing_is_named_to_strangers(client: Client, path: str) -> None:
    page = client.post(path, {}).content.decode()
    assert "Enter your e-mail address." in page
    assert "This field is required." not in page
