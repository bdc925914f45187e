"""Who needs a second factor, and what happens without one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from partners.models import ApiKey, AuditEvent, User
from partners.roles import NEEDS_SECOND_FACTOR, Role
from tests.conftest import PASSWORD

LOGIN = "/account/login/"
SET_UP = "/account/second-factor/"
BY_MAIL = f"{SET_UP}code/"
SECRET = "JBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, steps: int = 0) -> str:
    """What an app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def needed(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def with_app(analyst: User) -> User:
    TOTP.activate(analyst, SECRET)
    RecoveryCodes.activate(analyst)
    return analyst


def sign_in(user: User) -> tuple[Client, str]:
    client = Client()
    return client, client.post(LOGIN, {"login": user.email, "password": PASSWORD})["Location"]


@pytest.mark.parametrize("role", list(Role))
def test_roles_that_reach_much_are_led_to_set_one_up(needed: None, make_user: Callable[..., User], role: Role) -> None:
    client = Client()
    client.force_login(make_user(role=role))
    answer = client.get("/jobs/")
    if role in NEEDS_SECOND_FACTOR:
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)
        assert "Set up a second factor" in client.get(SET_UP).content.decode()
    else:
        assert answer.status_code == 200


def test_all_else_waits(needed: None, signed_in: Client) -> None:
    for address in ("/", "/data/", "/api/docs/", "/search/?q=x"):
        assert signed_in.get(address)["Location"] == SET_UP
    posted = signed_in.post("/data/upload/")
    assert posted["Location"] == SET_UP
    answer = signed_in.get("/api/v1/areas/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "second factor" in answer.json()["detail"]
    part = signed_in.get("/jobs/", headers={"hx-request": "true"})
    assert part["HX-Redirect"] == SET_UP
    for address in ("/account/", "/account/password/change/", "/account/sessions/"):
        assert signed_in.get(address).status_code == 200
    assert signed_in.get("/healthz/live").status_code == 200


def test_a_key_needs_none(needed: None, analyst: User) -> None:
    assert Client().get("/api/v1/areas/").status_code == 401


def test_a_role_given_later_counts_at_once(needed: None, make_user: Callable[..., User]) -> None:
    user = make_user(role="viewer")
    client = Client()
    client.force_login(user)
    assert client.get("/jobs/").status_code == 200
    user.memberships.update(role="analyst")
    assert client.get("/jobs/")["Location"] == SET_UP


def test_off_by_setting_nobody_is_asked(signed_in: Client, settings: LazySettings) -> None:
    assert settings.SECOND_FACTOR is False  # as in local mode
    assert signed_in.get("/jobs/").status_code == 200


def mailed_code(number: int = -1) -> str:
    """What a mail holds, the last one unless another is asked for."""
    return str(re.findall(r"\d{8}", str(mail.outbox[number].body))[0])


def read_code(client: Client) -> None:
    """Has the code sent, and enters it."""
    client.post(BY_MAIL, {"do": "send"})
    sent = mailed_code()
    assert client.post(BY_MAIL, {"code": f"{sent[:4]} {sent[4:]}"})["Location"] == SET_UP


def test_the_code_by_mail_is_one_sessions_and_guessed_five_times_at_most(needed: None, analyst: User) -> None:
    (thief, _), (client, _) = sign_in(analyst), sign_in(analyst)
    for one in (thief, client):
        assert "Send me a code" in one.get(BY_MAIL).content.decode()
        one.post(BY_MAIL, {"do": "send"})
    mine = mailed_code()
    for _ in range(5):
        assert "That code is wrong or too old." in thief.post(BY_MAIL, {"code": mine}).content.decode()
    assert AuditEvent.objects.filter(action="sign-in.failed", actor="nobody").count() == 5
    theirs = mailed_code(-2)
    assert thief.post(BY_MAIL, {"code": theirs}).status_code == 422
    assert thief.get(f"{SET_UP}totp/activate/")["Location"] == BY_MAIL
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert client.post(BY_MAIL, {"code": mine}).status_code == 422
    assert client.post(BY_MAIL, {"code": mine})["Location"] == SET_UP


def test_few_codes_are_sent(needed: None, analyst: User) -> None:
    client, _ = sign_in(analyst)
    assert [client.post(BY_MAIL, {"do": "send"}).status_code for _ in range(6)] == [302] * 5 + [429]
    other, _ = sign_in(analyst)  # whichever session asks
    assert other.post(BY_MAIL, {"do": "send"}).status_code == 429


def test_who_needs_none_is_asked_for_no_mail(needed: None, make_user: Callable[..., User]) -> None:
    client, _ = sign_in(make_user(role="viewer"))
    assert client.get(BY_MAIL)["Location"] == SET_UP
    assert "/reauthenticate/" in client.get(f"{SET_UP}totp/activate/")["Location"]


@pytest.mark.django_db(transaction=True)  # what is told by mail is told on commit
def test_setting_up_an_app_opens_the_product(needed: None, analyst: User) -> None:
    client, _ = sign_in(analyst)
    activate = f"{SET_UP}totp/activate/"
    for address in (activate, f"{SET_UP}webauthn/add/"):  # a password alone sets nothing up
        for answer in (client.get(address), client.post(address, {"code": code()})):
            assert answer["Location"] == BY_MAIL
    read_code(client)
    ask = client.get(activate)["Location"]
    assert ask == f"/account/reauthenticate/?{urlencode({'next': activate})}"
    client.post(ask, {"password": PASSWORD})
    page = client.get(activate)
    secret = page.context["form"].secret
    wrong = client.post(activate, {"code": "000000"})
    assert "That code is wrong or too old." in wrong.content.decode()
    assert client.get("/jobs/")["Location"] == SET_UP
    mail.outbox.clear()
    done = client.post(activate, {"code": code(secret)}, follow=True)
    assert "10 of 10 codes left" in done.content.decode()
    assert client.get("/jobs/").status_code == 200
    assert ["an app for codes was set up" in message.subject for message in mail.outbox] == [True]
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    assert AuditEvent.objects.filter(action="second-factor.added", actor=f"user-{analyst.pk}").count() == 1


def test_signing_in_takes_the_password_and_a_code(needed: None, with_app: User) -> None:
    client, leads = sign_in(with_app)
    assert leads == f"{SET_UP}authenticate/"
    assert client.get("/account/")["Location"].startswith(LOGIN)
    assert "That code is wrong or too old." in client.post(leads, {"code": "000000"}).content.decode()
    failed = AuditEvent.objects.latest("number")
    assert (failed.action, failed.objects_named) == ("sign-in.failed", [f"user:{with_app.pk}"])
    used = code()
    assert client.post(leads, {"code": used})["Location"] == "/"
    assert client.get("/jobs/").status_code == 200
    assert AuditEvent.objects.latest("number").summary == "With a password and a code"
    other, leads = sign_in(with_app)
    assert "wrong or too old" in other.post(leads, {"code": used}).content.decode()  # each code works once


def test_a_recovery_code_works_once(needed: None, with_app: User) -> None:
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()[0]
    for expected in (302, 200):
        client, leads = sign_in(with_app)
        assert client.post(leads, {"code": recovery}).status_code == expected
    client, leads = sign_in(with_app)
    client.post(leads, {"code": code()})
    assert "9 recovery codes left" in client.get("/account/").content.decode()


def test_guessing_codes_is_stopped(needed: None, with_app: User) -> None:
    client, leads = sign_in(with_app)
    for _ in range(5):
        client.post(leads, {"code": "000000"})
    assert "Too many tries." in client.post(leads, {"code": code()}).content.decode()


def test_a_session_from_before_the_second_factor_is_asked_for_it(needed: None, analyst: User) -> None:
    old, _ = sign_in(analyst)
    TOTP.activate(analyst, SECRET)
    ask = old.get("/jobs/")["Location"]
    assert ask == f"{SET_UP}reauthenticate/?next=%2Fjobs%2F"
    assert old.post(ask, {"code": code()})["Location"] == "/jobs/"
    assert old.get("/jobs/").status_code == 200


def test_who_needs_it_cannot_remove_the_last_one(needed: None, with_app: User) -> None:
    client, leads = sign_in(with_app)
    client.post(leads, {"code": code()})
    remove = f"{SET_UP}totp/deactivate/"
    client.post(client.get(remove)["Location"], {"code": code(steps=1)})
    assert "Your role needs a second factor." in client.get(remove).content.decode()
    client.post(remove)
    assert Authenticator.objects.filter(type="totp").exists()


def passkey(user: User) -> Authenticator:
    """A passkey's row, as one that no device here has."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Telephone", "credential": {}})


def test_who_needs_it_cannot_remove_the_last_passkey(needed: None, with_app: User) -> None:
    client, leads = sign_in(with_app)
    client.post(leads, {"code": code()})
    first, last = passkey(with_app), passkey(with_app)
    for one, kept in ((first, False), (last, True)):
        remove = f"{SET_UP}webauthn/keys/{one.pk}/remove/"
        if not kept:
            client.post(client.get(remove)["Location"], {"code": code(steps=1)})
            Authenticator.objects.filter(type="totp").delete()
        answer = client.post(remove)
        assert answer.status_code == (422 if kept else 302)
        assert ("Your role needs a second factor." in answer.content.decode()) is kept
        assert Authenticator.objects.filter(pk=one.pk).exists() is kept


@pytest.mark.parametrize(
    "step", ["totp/deactivate/", "recovery-codes/generate/", "webauthn/add/", "../password/change/"]
)
def test_a_password_alone_confirms_nothing_where_there_is_a_second_factor(analyst: User, step: str) -> None:
    """As whoever found a session open, or kept one from before, and has the password."""
    client, _ = sign_in(analyst)
    TOTP.activate(analyst, SECRET)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    address = f"{SET_UP}{step}".replace("/second-factor/..", "")
    asked = client.get(address)
    assert asked["Location"].startswith(f"{SET_UP}reauthenticate/?")
    assert client.get("/account/reauthenticate/")["Location"].startswith(f"{SET_UP}reauthenticate/")
    assert "your password" not in client.get(asked["Location"]).content.decode()
    client.post(asked["Location"], {"code": code()})
    assert client.get(address).status_code == 200


def test_a_key_is_made_with_the_second_factor_given_once_more(make_user: Callable[..., User]) -> None:
    client, _ = sign_in(admin := make_user(role="administrator"))
    address = f"/agencies/{admin.memberships.get().agency_id}/keys/new/"
    assert client.get(address).status_code == 200
    TOTP.activate(admin, SECRET)
    ask = client.post(address, {"name": "Power BI", "scopes": ["figures"], "days": 9})["Location"]
    assert not ApiKey.objects.exists()
    client.post(ask, {"code": code()})  # what was sent is done then
    assert ApiKey.objects.get().made_by == admin
    assert client.get(f"/agencies/{admin.memberships.get().agency_id}/keys/").status_code == 200


def test_who_does_not_need_it_can_remove_it(with_app: User) -> None:
    client, leads = sign_in(with_app)
    client.post(leads, {"code": code()})
    remove = f"{SET_UP}totp/deactivate/"
    client.post(client.get(remove)["Location"], {"code": code(steps=1)})
    assert client.post(remove).status_code == 302
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="second-factor.removed").count() == 1


def test_somebody_locked_out_is_helped_on_the_server(needed: None, with_app: User) -> None:
    client, leads = sign_in(with_app)
    client.post(leads, {"code": code()})
    call_command("remove_second_factor", with_app.email.upper(), stdout=StringIO())
    assert client.get("/account/").status_code == 302
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor, event.objects_named) == (
        "second-factor.removed",
        "server",
        [f"user:{with_app.pk}"],
    )
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("remove_second_factor", with_app.email)
    with pytest.raises(CommandError, match=r"There is no account for nobody@example\.org"):
        call_command("remove_second_factor", "nobody@example.org")
