"""Signing in, seen by somebody who should not get in."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from partners.models import User
from tests.conftest import PASSWORD

LOGIN = "/account/login/"
WRONG = "The e-mail address or the password is wrong."
# The pages with which one gets in, or back in, and the health checks. Nothing else answers a stranger.
OPEN = {
    "live",
    "ready",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
}
ARGUMENTS = {"pk": 1, "id": 1, "code": "E05000308", "kind": "ward", "token": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}


def addresses() -> list[str]:
    """Every address of the URL map but those that are open, with made-up arguments."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern).replace("^", "").replace("$", "").replace(r"[\s\S]*", "any")
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif pattern.name not in OPEN:
                for name, value in ARGUMENTS.items():
                    for converter in ("int:", "uuid:", "slug:", "area:", ""):
                        route = route.replace(f"<{converter}{name}>", str(value))
                found.append("/" + route)

    walk(get_resolver("config.urls").url_patterns, "")
    return found


@pytest.mark.parametrize("address", addresses())
def test_strangers_see_nothing(client: Client, db: None, address: str) -> None:
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in (401, 405) or answer["Location"].startswith(LOGIN), answer


def sign_in(email: str, password: str, *, following: str = "", **headers: str) -> tuple[int, str]:
    """Status, and where it leads or what the page says."""
    answer = Client().post(LOGIN, {"login": email, "password": password, "next": following}, headers=headers)
    return answer.status_code, answer.get("Location") or answer.content.decode()


@pytest.mark.parametrize(
    ("following", "leads"),
    [
        ("/data/", "/data/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(analyst: User, following: str, leads: str) -> None:
    assert sign_in(analyst.email, PASSWORD, following=following) == (302, leads)


def test_an_unknown_address_and_a_wrong_password_read_alike(analyst: User) -> None:
    for email in (analyst.email, "nobody@example.org"):
        status, page = sign_in(email, "wrong")
        assert status == 200
        assert WRONG in page


def test_asking_for_a_new_password_tells_nothing_about_accounts(analyst: User) -> None:
    answers = [
        Client().post("/account/password/reset/", {"email": email}) for email in (analyst.email, "nobody@example.org")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/password/reset/done/")}
    assert analyst.email in [to for message in mail.outbox for to in message.to]


def test_guessing_is_stopped_whatever_address_the_guesser_claims(analyst: User) -> None:
    for n in range(5):
        assert WRONG in sign_in(analyst.email, "wrong", x_forwarded_for=f"10.0.0.{n}")[1]
    assert "Too many tries." in sign_in(analyst.email, PASSWORD, x_forwarded_for="10.0.1.1")[1]


def test_guessing_many_accounts_from_one_address_is_stopped(db: None) -> None:
    for n in range(10):
        assert WRONG in sign_in(f"user{n}@example.org", "wrong", x_forwarded_for=f"10.0.0.{n}")[1]
    assert "Too many tries." in sign_in("another@example.org", "wrong")[1]


def test_behind_a_proxy_one_guesser_does_not_lock_out_the_others(analyst: User, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # as BEHIND_PROXY sets it
    for n in range(11):
        sign_in(f"user{n}@example.org", "wrong", x_forwarded_for="203.0.113.9")
    assert "Too many tries." in sign_in("more@example.org", "wrong", x_forwarded_for="1.2.3.4, 203.0.113.9")[1]
    assert sign_in(analyst.email, PASSWORD, x_forwarded_for="203.0.113.10") == (302, "/")


def test_too_many_requests_is_a_page_of_ours(db: None) -> None:
    for _ in range(30):
        assert sign_in("", "")[0] == 200
    status, page = sign_in("", "")
    assert status == 429
    assert "Too many tries" in page
    assert "govuk-heading-l" in page


def test_cookies_and_headers(analyst: User, settings: LazySettings) -> None:
    answer = Client().post(LOGIN, {"login": analyst.email, "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = Client().get(LOGIN)
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert (page["X-Frame-Options"], page["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert Client().get(LOGIN, headers={"host": "evil.example"}).status_code == 400
