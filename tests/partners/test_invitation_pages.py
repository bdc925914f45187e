"""An invitation as people meet it: the mail, the link, and what it says where it does not work any more."""

from __future__ import annotations

import logging
import re

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from partners import invitations
from partners.actions import invitations as actions
from partners.jobs import Progress
from partners.models import Agency, Invitation, Membership, Role, User
from tests.conftest import PASSWORD
from tests.partners.people import acting, agency, member

pytestmark = pytest.mark.django_db
JOIN = {"full_name": "Kim Lee", "password": PASSWORD, "again": PASSWORD}
ACCEPT = "/invitations/accept/"


@pytest.fixture
def council() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def admin(council: Agency) -> Client:
    client = Client()
    client.force_login(member(council, Role.ADMINISTRATOR, "admin@example.org"))
    return client


def invited(admin: Client, council: Agency, email: str = "kim@example.org") -> str:
    """The path of the link in the mail."""
    answer = admin.post(f"/agencies/{council.pk}/invite/", {"email": email, "role": Role.ANALYST})
    assert answer.status_code == 302, answer.content.decode()
    return link_in_last_mail()


def link_in_last_mail() -> str:
    found = re.search(r"http://testserver(/invitations/[\w-]{43}/)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def test_the_mail_holds_the_link_and_nothing_restricted(admin: Client, council: Agency) -> None:
    invited(admin, council)
    (message,) = mail.outbox
    assert message.to == ["kim@example.org"]
    assert message.subject == "You are invited to the Hotspot tracker"
    body = str(message.body)
    assert "Admin invites you to join Havering Council" in body
    assert "as Analyst" in body
    assert "&" not in body
    assert Invitation.objects.get().sent is not None
    page = admin.get(f"/agencies/{council.pk}/").content.decode()
    assert "kim@example.org was sent a link that works for 7 days." in page
    assert "Works until" in page


def test_a_new_person_joins_and_signs_in(admin: Client, council: Agency) -> None:
    link = invited(admin, council)
    kim = Client()
    answer = kim.get(link)
    assert (answer.status_code, answer["Location"]) == (302, ACCEPT)
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    page = kim.get(ACCEPT).content.decode()
    assert "Join Havering Council" in page
    assert link.split("/")[2] not in page
    for wrong, sentence in (
        ({"full_name": ""}, "Enter your name."),
        ({"again": "another"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "kim@example.org", "again": "kim@example.org"}, "too similar"),
    ):
        answer = kim.post(ACCEPT, {**JOIN, **wrong})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not User.objects.filter(email="kim@example.org").exists()
    assert kim.post(ACCEPT, JOIN)["Location"] == "/account/login/"
    assert kim.get("/agencies/").status_code == 302
    assert kim.post("/account/login/", {"login": "kim@example.org", "password": PASSWORD}).status_code == 302
    assert kim.get("/agencies/").status_code == 200
    again = Client().get(link, follow=True)
    assert again.status_code == 410
    assert "It was used on" in again.content.decode()


def test_somebody_with_an_account_signs_in_and_accepts(admin: Client, council: Agency) -> None:
    lee = member(agency("Housing Association"), Role.VIEWER, "kim@example.org", password=PASSWORD)
    link = invited(admin, council)
    client = Client()
    page = client.get(link, follow=True).content.decode()
    assert "/account/login/?next=/invitations/accept/" in page
    assert "password" not in page
    assert client.post(ACCEPT, JOIN).status_code == 200
    assert lee.current_memberships().count() == 1
    signed = client.post("/account/login/?next=" + ACCEPT, {"login": "kim@example.org", "password": PASSWORD})
    assert signed["Location"] == ACCEPT
    assert "Accept" in client.get(ACCEPT).content.decode()
    assert client.post(ACCEPT)["Location"] == f"/agencies/{council.pk}/"
    assert lee.current_memberships().count() == 2


def test_somebody_else_who_is_signed_in_cannot_accept(admin: Client, council: Agency) -> None:
    link = invited(admin, council)
    page = admin.get(link, follow=True).content.decode()
    assert "You are signed in as admin@example.org. Sign out first" in page
    assert admin.post(ACCEPT, JOIN).status_code == 200
    assert Invitation.objects.get().accepted_at is None
    assert Membership.objects.count() == 1


def test_links_that_do_not_work_say_what_to_do(admin: Client, council: Agency) -> None:
    link = invited(admin, council)
    made = Invitation.objects.get()
    assert admin.post(f"/agencies/{council.pk}/invitations/{made.pk}/send/").status_code == 302
    newest = link_in_last_mail()
    assert newest != link
    for path in (link, "/invitations/made-up/"):
        answer = Client().get(path, follow=True)
        assert answer.status_code == 410
        assert "Use the link of the newest e-mail" in answer.content.decode()
    assert admin.post(f"/agencies/{council.pk}/invitations/{made.pk}/withdraw/").status_code == 302
    answer = Client().get(newest, follow=True)
    assert (answer.status_code, "Havering Council withdrew it" in answer.content.decode()) == (410, True)
    Invitation.objects.update(withdrawn_at=None, withdrawn_by=None, expires=made.invited_at)
    answer = Client().get(newest, follow=True)
    assert (answer.status_code, "to send it again" in answer.content.decode()) == (410, True)
    assert Client().get(ACCEPT).status_code == 410
    assert admin.post(f"/agencies/{council.pk}/invitations/999999/send/").status_code == 404


def test_a_mail_server_that_fails_is_told_and_the_invitation_stays(
    admin: Client, council: Agency, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = admin.post(
        f"/agencies/{council.pk}/invite/", {"email": "kim@example.org", "role": Role.ANALYST}, follow=True
    )
    page = answer.content.decode()
    assert "The mail to kim@example.org could not be sent" in page
    assert "Not sent yet" in page
    assert "kim@example.org" not in caplog.text
    settings.EMAIL_BACKEND = working
    made = Invitation.objects.get()
    assert made.sent is None
    admin.post(f"/agencies/{council.pk}/invitations/{made.pk}/send/")
    assert Client().get(link_in_last_mail(), follow=True).status_code == 200


def test_no_secret_reaches_the_log(admin: Client, council: Agency, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = invited(admin, council)
    kim = Client()
    kim.get(link)
    kim.post(ACCEPT, {})
    kim.post(ACCEPT, JOIN)
    kim.get(link, follow=True)
    assert link.split("/")[2] not in caplog.text
    assert PASSWORD not in caplog.text


def test_many_are_sent_by_a_job_each_once(council: Agency) -> None:
    boss = acting(member(council, Role.ADMINISTRATOR, "boss@example.org"))
    made = [
        actions.invite_person(by=boss, agency=council, email=f"p{number}@example.org", role=Role.VIEWER)[0].pk
        for number in range(3)
    ]
    actions.withdraw_invitation(by=boss, invitation=Invitation.objects.get(pk=made[0]))
    said = invitations.send_all(Progress(None), invitations=made, site="http://testserver")
    assert said == "2 invitations sent."
    assert [message.to for message in mail.outbox] == [["p1@example.org"], ["p2@example.org"]]
    assert Client().get(link_in_last_mail(), follow=True).status_code == 200
    assert invitations.send_all(Progress(None), invitations=made, site="http://testserver") == "0 invitations sent."
    assert len(mail.outbox) == 2
