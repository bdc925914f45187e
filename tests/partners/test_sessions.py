"""When sessions end: by the clock, by hand, and with the password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from partners import sessions
from partners.models import AuditEvent, User
from tests.conftest import PASSWORD

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOGIN = "/account/login/"


def sign_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": user.email, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def clock() -> object:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def test_without_use_a_session_ends_and_the_sign_in_page_says_why(analyst: User, clock: time_machine.Traveller) -> None:
    client = sign_in(analyst)
    clock.shift(timedelta(minutes=29, seconds=59))
    assert is_in(client)
    clock.shift(timedelta(minutes=30))
    answer = client.get("/account/?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/account/%3Fx%3D1"
    assert "The session ended after 30 minutes without use." in client.get(answer["Location"]).content.decode()
    last = AuditEvent.objects.latest("number")
    assert (last.action, last.actor) == ("sign-out", f"user-{analyst.pk}")
    assert client.post(LOGIN, {"login": analyst.email, "password": PASSWORD}).status_code == 302
    assert "ended" not in client.session


def test_with_use_it_ends_twelve_hours_after_signing_in(analyst: User, clock: time_machine.Traveller) -> None:
    client = sign_in(analyst)
    for _ in range(12 * 3 - 1):
        clock.shift(timedelta(minutes=20))
        assert is_in(client)
    clock.shift(timedelta(minutes=20))
    assert not is_in(client)
    assert "ended 12 hours after signing in" in client.get(LOGIN).content.decode()


def test_the_limits_are_settings(analyst: User, clock: time_machine.Traveller, settings: LazySettings) -> None:
    settings.IDLE_MINUTES, settings.SESSION_HOURS = 5.0, 0.5
    client = sign_in(analyst)
    clock.shift(timedelta(minutes=5))
    assert not is_in(client)


def test_pages_that_ask_by_themselves_keep_no_session_open(analyst: User, clock: time_machine.Traveller) -> None:
    client = sign_in(analyst)
    for _ in range(10):
        clock.shift(timedelta(minutes=3))
        answer = client.get("/jobs/", headers={"hx-request": "true"})
    assert answer.status_code == 302


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true", "hx-boosted": "true"}])
def test_what_people_ask_keeps_it_open(headers: dict[str, str], analyst: User, clock: time_machine.Traveller) -> None:
    client = sign_in(analyst)
    for _ in range(3):
        clock.shift(timedelta(minutes=20))
        assert client.get("/jobs/", headers=headers).status_code == 200


def test_the_api_answers_401_to_a_session_that_is_over(analyst: User, clock: time_machine.Traveller) -> None:
    client = sign_in(analyst)
    assert client.get("/api/v1/areas/").status_code == 200
    clock.shift(timedelta(minutes=31))
    answer = client.get("/api/v1/areas/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_session_is_written_once_a_minute(
    analyst: User, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(analyst)
    is_in(client)  # content types and the like are read once
    clock.shift(timedelta(seconds=59))
    with django_assert_num_queries(1):  # the person
        client.get(LOGIN)
    clock.shift(timedelta(seconds=1))
    with django_assert_num_queries(5):  # and the session, in a transaction of its own, and when it was last seen
        client.get(LOGIN)
    with django_assert_num_queries(1):
        client.get(LOGIN)
    assert UserSession.objects.get().last_seen_at == NINE + timedelta(minutes=1)


def test_changing_the_password_ends_the_other_sessions(analyst: User) -> None:
    here, there = sign_in(analyst), sign_in(analyst)
    new = "another horse, another battery"
    answer = here.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert "Your password is changed." in answer.content.decode()
    assert is_in(here)
    assert not is_in(there)
    assert AuditEvent.objects.filter(action="password.changed", actor=f"user-{analyst.pk}").count() == 1


def test_signing_out_everywhere_else(analyst: User, make_user: Callable[..., User]) -> None:
    other = sign_in(make_user("bea@example.org"))
    here, there = sign_in(analyst), sign_in(analyst)
    assert here.get("/account/sessions/").content.decode().count("This one") == 1
    answer = here.post("/account/sessions/", follow=True)
    assert "You are signed out everywhere else." in answer.content.decode()
    assert [is_in(client) for client in (here, there, other)] == [True, False, True]
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor, event.summary) == ("sign-out", f"user-{analyst.pk}", "Everywhere else")


def test_ending_all_sessions_of_a_person(analyst: User, make_user: Callable[..., User]) -> None:
    other = sign_in(make_user("bea@example.org"))
    mine = [sign_in(analyst), sign_in(analyst)]
    assert sessions.end_sessions(analyst) == 2
    assert [is_in(client) for client in (*mine, other)] == [False, False, True]
    assert Session.objects.count() >= 1


def test_a_session_without_notes_is_as_old_as_the_last_sign_in(analyst: User, clock: time_machine.Traveller) -> None:
    client = Client()
    client.force_login(analyst)
    clock.shift(timedelta(minutes=31))
    assert not is_in(client)
