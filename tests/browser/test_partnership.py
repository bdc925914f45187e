"""An agency administrator invites somebody, who joins, gets another role, and leaves: as people click it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from playwright.sync_api import Page, expect

from partners.models import Agency, Membership, Role, User
from tests.conftest import PASSWORD
from tests.factories import BoroughFactory, WardFactory

MakePage = Callable[..., Page]
Check = Callable[..., None]


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    borough = BoroughFactory(name="Havering")
    for name in ("Gooshays", "Heaton"):
        WardFactory(name=name, parent=borough)
    return make_user("ada@example.org", role=Role.ADMINISTRATOR)


def test_from_invitation_to_farewell(make_page: MakePage, assert_accessible: Check, admin: User) -> None:
    ada, kim = make_page(user=admin), make_page(width=390)
    ada.goto("/")
    ada.get_by_role("navigation", name="Menu").get_by_role("link", name="Partnership").click()
    ada.get_by_role("link", name="Havering Council").click()
    ada.get_by_role("button", name="Invite somebody").click()
    ada.get_by_role("button", name="Send the invitation").click()
    expect(ada.get_by_role("alert")).to_contain_text("Enter the e-mail address of the person.")
    assert_accessible(ada)
    ada.get_by_label("E-mail address").fill("kim@example.org")
    ada.get_by_label(re.compile("^Contributor")).check()
    ada.get_by_role("button", name="Send the invitation").click()
    expect(ada.get_by_role("alert")).to_contain_text("kim@example.org was sent a link that works for 7 days.")
    expect(ada.get_by_role("row", name=re.compile("kim@example.org"))).to_contain_text("Works until")

    link = re.search(r"/invitations/[\w-]+/", str(mail.outbox[-1].body))
    assert link
    kim.goto(link[0])
    expect(kim).to_have_url(re.compile("/invitations/accept/$"))
    expect(kim.get_by_role("heading", level=1)).to_have_text("Join Havering Council")
    assert_accessible(kim)
    kim.get_by_label("Your name").fill("Kim Lee")
    kim.get_by_label("Password", exact=True).fill(PASSWORD)
    kim.get_by_label("Password (again)").fill(PASSWORD)
    kim.get_by_role("button", name="Join").click()
    expect(kim.get_by_role("alert").first).to_contain_text("Your account is ready. Sign in as kim@example.org.")
    kim.get_by_label("Email").fill("kim@example.org")
    kim.get_by_label("Password", exact=True).fill(PASSWORD)
    kim.get_by_role("button", name="Sign in", exact=True).click()
    kim.goto("/roles/")
    expect(kim.locator("dt", has_text="Contributor")).to_contain_text("Your role")

    ada.reload()
    ada.get_by_role("link", name=re.compile("^Kim Lee")).click()
    ada.get_by_label(re.compile("^SNT lead")).check()
    ada.get_by_text("Wards of Havering").click()
    ada.get_by_label("Gooshays").check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("alert")).to_contain_text("Kim Lee is SNT lead in Havering Council from now on.")
    expect(ada.get_by_role("row", name=re.compile("Kim Lee"))).to_contain_text("SNT lead, in Gooshays")
    kim.reload()
    expect(kim.locator("dt", has_text="SNT lead")).to_contain_text("Your role")

    ada.get_by_role("link", name=re.compile("^Kim Lee")).click()
    ada.get_by_role("button", name="End this role").click()
    expect(ada.get_by_text("Kim Lee is signed out everywhere")).to_be_visible()
    assert_accessible(ada)
    ada.get_by_role("button", name="End it now").click()
    expect(ada.get_by_role("alert")).to_contain_text("Kim Lee is no longer SNT lead in Havering Council.")
    kim.reload()
    expect(kim).to_have_url(re.compile("/account/login/"))
    assert not Membership.objects.current().filter(user__email="kim@example.org").exists()
    connection.close()


@pytest.mark.parametrize("js", [True, False])
def test_agencies_from_a_file(
    make_page: MakePage, assert_accessible: Check, admin: User, tmp_path: Path, js: bool
) -> None:
    council = Agency.objects.get()
    page = make_page(width=390, js=js, user=admin)
    page.goto("/agencies/import/")
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text("Agency,Kind,Part of\nNoise team,Spaceship,Havering Council\n")
    right.write_text(f"Agency,Kind,Part of\nNoise team,Other,{council.name}\n")
    for path, sentence in ((wrong, "1 row is wrong."), (right, "1 to add, 0 to change, 0 as they are.")):
        page.locator("input[type=file]").set_input_files(path)
        page.get_by_role("button", name="Check the file").click()
        expect(page.get_by_text(sentence)).to_be_visible()
        if js:
            assert_accessible(page)
        if path == wrong:
            page.get_by_role("link", name="Choose another file").click()
    page.get_by_role("button", name="Import these agencies").click()
    expect(page.get_by_text("Done: 1 added, 0 changed.")).to_be_visible()
    expect(page.get_by_role("link", name="Noise team")).to_be_visible()
