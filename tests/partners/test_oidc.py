"""Single sign-on against a real provider of OpenID Connect over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from partners.models import Agency, AuditEvent, Invitation, User
from tests.partners.openid_provider import CLIENT, SECRET, Provider, running

START = "/account/sso/openid/login/"


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider, settings: LazySettings) -> Provider:
    """A provider that the product trusts, with Ana at it."""
    app = {
        "provider_id": "openid",
        "name": "Havering",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": running_provider.address, "oauth_pkce_enabled": True},
    }
    settings.OIDC_NAME = "Havering"
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    running_provider.claims = {"sub": "77", "email": "Ana@example.org", "email_verified": True, "name": "Ana Analyst"}
    running_provider.userinfo, running_provider.audience, running_provider.cancels = None, CLIENT, False
    return running_provider


def ask(address: str) -> str:
    """Where the provider sends the browser on to."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 302
    return str(answer.headers["Location"])


def sign_in(client: Client, start: str = START) -> Any:
    """The whole way: to the provider, through it, and back."""
    there = client.get(start)
    assert there.status_code == 302, there.content
    return client.get(ask(there["Location"]).removeprefix("http://testserver"))


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_somebody_with_an_account_signs_in(provider: Provider, analyst: User) -> None:
    client = Client()
    assert "Sign in with Havering" in client.get("/account/login/").content.decode()
    answer = sign_in(client, f"{START}?process=login&next=/data/")
    assert (answer.status_code, answer["Location"]) == (302, "/data/")
    assert is_in(client)
    event = AuditEvent.objects.get(action="sign-in")
    assert (event.actor, event.summary) == (f"user-{analyst.pk}", "With single sign-on (Havering)")
    analyst.refresh_from_db()
    assert analyst.has_usable_password()
    assert SocialToken.objects.count() == 0


def test_afterwards_the_providers_number_counts_not_the_address(provider: Provider, analyst: User) -> None:
    sign_in(Client())
    provider.claims |= {"email": "changed@example.org"}
    client = Client()
    sign_in(client)
    assert is_in(client)
    assert SocialAccount.objects.get().user == analyst


@pytest.mark.parametrize(
    "claims",
    [{"email": "stranger@example.org"}, {"email_verified": False}, {"email": None}],
    ids=["stranger", "unverified", "no address"],
)
def test_others_stay_outside(provider: Provider, analyst: User, claims: dict[str, object]) -> None:
    provider.claims |= claims
    client = Client()
    answer = sign_in(client)
    assert "Accounts are made by an administrator" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1
    assert AuditEvent.objects.latest("number").action == "sign-in.failed"


def test_an_account_that_is_switched_off_stays_so(provider: Provider, analyst: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    assert sign_in(client)["Location"] == "/account/inactive/"
    assert not is_in(client)


@pytest.mark.parametrize("open_since", [timedelta(days=1), timedelta(days=8)])
def test_somebody_invited_joins(provider: Provider, make_user: Callable[..., User], open_since: timedelta) -> None:
    admin = make_user("bea@example.org", role="administrator")
    agency = Agency.objects.get()
    sent = timezone.now() - open_since
    Invitation.objects.create(
        email="ana@example.org",
        agency=agency,
        role="viewer",
        secret_hash="x" * 64,
        invited_at=sent,
        invited_by=admin,
        expires=sent + timedelta(days=7),
    )
    client = Client()
    provider.claims["name"] = "Ana\r\n\u202e Analyst"  # names go into mails
    sign_in(client)
    if open_since > timedelta(days=7):
        assert not is_in(client)
        assert not User.objects.filter(email="ana@example.org").exists()
        return
    assert is_in(client)
    ana = User.objects.get(email="ana@example.org")
    assert (ana.full_name, ana.has_usable_password()) == ("Ana Analyst", False)
    assert [(one.role, one.agency) for one in ana.current_memberships()] == [("viewer", agency)]
    assert Invitation.objects.get().accepted_by == ana


def test_userinfo_of_somebody_else_is_refused(provider: Provider, analyst: User) -> None:
    provider.claims |= {"email": "mallory@example.org"}
    provider.userinfo = {"sub": "78", "email": analyst.email, "email_verified": True}
    client = Client()
    assert sign_in(client).status_code == 403
    assert not is_in(client)


def test_a_token_for_another_client_is_refused(provider: Provider, analyst: User) -> None:
    provider.audience = "somebody-else"
    client = Client()
    answer = sign_in(client)
    assert "Single sign-on did not work" in answer.content.decode()
    assert not is_in(client)
    assert AuditEvent.objects.latest("number").summary == "Single sign-on did not work"


def test_an_answer_that_nobody_here_asked_for_is_refused(provider: Provider, analyst: User) -> None:
    first, second = Client(), Client()
    back = ask(first.get(START)["Location"]).removeprefix("http://testserver")
    second.get(START)
    second.get(back)
    assert not is_in(second)
    first.get(back)
    assert is_in(first)
    again = Client()
    again.get(back)
    assert not is_in(again)


def test_nobody_ties_another_identity_to_an_open_session(provider: Provider, analyst: User) -> None:
    client = Client()
    client.force_login(analyst)
    provider.claims |= {"sub": "99", "email": "mallory@example.org"}
    assert sign_in(client, f"{START}?process=connect").status_code == 403
    assert SocialAccount.objects.count() == 0


def test_cancelling_is_said(provider: Provider, analyst: User) -> None:
    provider.cancels = True
    client = Client()
    answer = sign_in(client)
    assert answer["Location"] == "/account/sso/login/cancelled/"
    assert "Single sign-on was cancelled" in client.get(answer["Location"]).content.decode()


def test_a_provider_that_does_not_answer_is_said(db: None, provider: Provider, settings: LazySettings) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9", "oauth_pkce_enabled": True}
    answer = Client().get(START)
    assert answer.status_code == 502
    assert "Single sign-on did not work" in answer.content.decode()


def test_without_a_provider_there_is_no_single_sign_on(db: None) -> None:
    assert Client().get(START).status_code == 404
    assert "sso" not in Client().get("/account/login/").content.decode()


@pytest.mark.parametrize(("trusted", "leads"), [(True, 200), (False, 302)])
def test_the_providers_second_factor_counts_where_the_setting_says_so(
    provider: Provider, analyst: User, settings: LazySettings, *, trusted: bool, leads: int
) -> None:
    settings.SECOND_FACTOR, settings.OIDC_HAS_SECOND_FACTOR = True, trusted
    client = Client()
    sign_in(client)
    assert client.get("/jobs/").status_code == leads
