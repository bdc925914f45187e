"""Signing in, seen by somebody who should not get in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoAssertNumQueries

from partners import sign_ins
from partners.models import AuditEvent, User
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
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "invitation",
    "accept-invitation",
    "statement",
    # The token in its address is the sign-in: tests/interventions/test_calendar.py.
    "feed",
}
ARGUMENTS = {"id": "1", "code": "E05000308", "kind": "ward", "token": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}


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
                    for converter in ("uuid:", "slug:", "area:", ""):
                        route = route.replace(f"<{converter}{name}>", value)
                route = re.sub(r"<int:\w+>", "1", route)
                route = re.sub(r"<(?:str:|slug:)?\w+>", "x", route)
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


def queries_of(address: str, form: dict[str, str]) -> list[str]:
    """The statements that answering costs, without what they are about."""
    with CaptureQueriesContext(connection) as captured:
        Client().post(address, form)
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in captured]


def test_a_wrong_password_costs_the_same_work_for_an_unknown_address(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def counted(name: str) -> None:
        work = getattr(Argon2PasswordHasher, name)

        def do(*args: Any) -> Any:
            hashed.append(name)
            return work(*args)

        monkeypatch.setattr(Argon2PasswordHasher, name, do)

    counted("encode")
    counted("verify")
    Client().get(LOGIN)
    costs = []
    for email in (analyst.email, "nobody@example.org"):
        hashed.clear()
        queries = queries_of(LOGIN, {"login": email, "password": "wrong"})
        costs.append((len(hashed), len(queries)))
    (hashes, known), (hashes_unknown, unknown) = costs
    assert hashes == hashes_unknown == 1
    assert abs(known - unknown) <= 1  # which agencies the account belongs to; hashing takes a hundred times as long


def test_asking_for_a_new_password_sends_one_mail_to_whatever_address(analyst: User) -> None:
    for email in (analyst.email, "nobody@example.org"):
        Client().post("/account/password/reset/", {"email": email})
    assert [message.to for message in mail.outbox] == [[analyst.email], ["nobody@example.org"]]
    for message in mail.outbox:
        assert analyst.full_name not in message.body
        assert message.subject.startswith("Hotspot tracker: ")


def test_signing_in_failing_and_leaving_stand_in_the_trail_and_on_the_account_page(analyst: User) -> None:
    client = Client()
    client.post(LOGIN, {"login": analyst.email, "password": "wrong"})
    client.post(LOGIN, {"login": "nobody@example.org", "password": "wrong"})
    client.post(LOGIN, {"login": analyst.email, "password": PASSWORD})
    client.post("/account/logout/")
    events = AuditEvent.objects.filter(action__startswith="sign-").order_by("number")
    mine = [f"user:{analyst.pk}"]
    assert [(event.action, event.objects_named, event.summary) for event in events] == [
        ("sign-in.failed", mine, "Wrong password"),
        ("sign-in.failed", [], "Wrong password"),
        ("sign-in", mine, "With a password"),
        ("sign-out", mine, ""),
    ]
    assert events[0].owners == [analyst.memberships.get().agency_id]
    assert "nobody@example.org" not in str(list(events.values()))
    client.force_login(analyst)
    page = client.get("/account/").content.decode()
    assert [page.count(words) for words in ("Failed try", ">Signed in<", "Signed out")] == [1, 1, 1]


def test_the_history_holds_the_last_twenty_of_ones_own_in_one_query(
    analyst: User, make_user: Callable[..., User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = make_user("bea@example.org")
    for _ in range(2):
        sign_ins.failed(analyst, "Wrong password")
    client = Client()
    client.force_login(analyst)
    client.get("/account/")
    with CaptureQueriesContext(connection) as few:
        client.get("/account/")
    for _ in range(20):
        sign_ins.failed(analyst, "Wrong password")
        sign_ins.failed(other, "Wrong password")
    with django_assert_num_queries(len(few)):
        client.get("/account/")
    assert len(sign_ins.history(analyst)) == 20
    assert len(sign_ins.history(other)) == 20


def test_giving_the_password_again_works_and_a_wrong_one_does_not(signed_in: Client) -> None:
    again = "/account/reauthenticate/?next=/account/"
    assert "The password is wrong." in signed_in.post(again, {"password": "wrong"}).content.decode()
    assert signed_in.post(again, {"password": PASSWORD})["Location"] == "/account/"


def test_the_account_page_says_who_one_is(signed_in: Client, analyst: User) -> None:
    page = signed_in.get("/account/").content.decode()
    for words in (analyst.full_name, analyst.email, "Analyst", "Havering Council", "Here only"):
        assert words in page
    assert 'href="/account/password/change/"' in page


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
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert (page["X-Frame-Options"], page["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert Client().get(LOGIN, headers={"host": "evil.example"}).status_code == 400
