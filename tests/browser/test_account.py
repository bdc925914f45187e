"""Signing in with second factors, and the pages of one's account, as people do it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from partners.models import User
from tests.browser.conftest import WIDTHS
from tests.conftest import PASSWORD
from tests.partners.test_second_factor import SECRET, code, mailed_code

SECOND_FACTOR = "/account/second-factor/"


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/login/?next=/account/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    """The password once more, where that is asked."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def read_code(page: Page) -> None:
    """The code by mail, before the first second factor of somebody who needs one."""
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=True).fill(mailed_code())
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/account/login/**")


@pytest.fixture
def with_authenticator(make_page: Callable[..., Page]) -> Page:
    """A window whose device makes passkeys, and whose owner agrees to everything."""
    page = make_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


@pytest.mark.parametrize("js", [True, False])
def test_an_app_for_codes(make_page: Callable[..., Page], analyst: User, settings: LazySettings, js: bool) -> None:
    settings.SECOND_FACTOR = True
    page = make_page(js=js)
    sign_in(page, analyst)
    page.goto("/jobs/")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("button", name="Set up an app").click()
    read_code(page)
    page.get_by_role("button", name="Set up an app").click()
    confirm(page)
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".govuk-details__text strong").inner_text()
    page.get_by_label("The six digits").fill(code(secret))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("10 of 10 codes left")).to_be_visible()
    page.goto("/jobs/")
    expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    sign_out(page)
    sign_in(page, analyst)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_label("Code").fill(code(secret, steps=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("With a password and a code")).to_be_visible()


def test_a_passkey(with_authenticator: Page, analyst: User, settings: LazySettings) -> None:
    settings.SECOND_FACTOR = True
    page = with_authenticator
    sign_in(page, analyst)
    page.goto(f"{SECOND_FACTOR}webauthn/add/")
    read_code(page)
    page.get_by_role("button", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name").fill("Ana's telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("10 of 10 codes left")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").data["name"] == "Ana's telephone"
    page.goto(f"{SECOND_FACTOR}webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    sign_out(page)
    # Alone ...
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    page.goto("/account/")
    expect(page.get_by_role("cell", name="With a passkey", exact=True)).to_be_visible()
    sign_out(page)
    # ... and after the password.
    sign_in(page, analyst)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("cell", name="With a password and a passkey")).to_be_visible()
    page.goto(f"{SECOND_FACTOR}webauthn/")
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_role("link", name="your password")).to_have_count(0)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("My work telephone")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("term")).to_have_text("My work telephone")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Your role needs a second factor.").first).to_be_visible()
    settings.SECOND_FACTOR = False
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()


def test_a_device_without_a_passkey_says_so(with_authenticator: Page, analyst: User) -> None:
    page = with_authenticator
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()


@pytest.fixture
def pages_of_an_account(with_authenticator: Page, analyst: User) -> tuple[Page, list[str]]:
    """Somebody signed in and confirmed, with an app and a passkey; and every page for them."""
    page = with_authenticator
    sign_in(page, analyst)
    page.goto(f"{SECOND_FACTOR}webauthn/add/")
    confirm(page)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    TOTP.activate(analyst, SECRET)
    passkey = Authenticator.objects.get(type="webauthn").pk
    parts = ("", "reauthenticate/", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/")
    keys = (f"webauthn/keys/{passkey}/remove/", f"webauthn/keys/{passkey}/edit/")
    more = ("webauthn/add/", "webauthn/reauthenticate/")
    others = ["/account/", "/account/sessions/", "/account/password/change/"]
    return page, [*others, *(SECOND_FACTOR + part for part in (*parts, *more, *keys))]


def test_every_page_of_an_account_is_accessible(
    pages_of_an_account: tuple[Page, list[str]], assert_accessible: Callable[..., None]
) -> None:
    page, addresses = pages_of_an_account
    for address in addresses:
        page.goto(address)
        assert page.url.endswith(address), f"{address} leads to {page.url}"
        assert_accessible(page, *WIDTHS)
    Authenticator.objects.filter(type="totp").delete()
    page.goto(f"{SECOND_FACTOR}totp/activate/")
    page.get_by_text("I cannot scan it").click()
    assert_accessible(page, *WIDTHS)


def test_setting_a_first_password_is_accessible(
    make_page: Callable[..., Page], analyst: User, assert_accessible: Callable[..., None]
) -> None:
    analyst.set_unusable_password()  # who came by single sign-on
    analyst.save()
    page = make_page(user=analyst)
    page.goto("/account/")
    page.get_by_role("link", name="Set a password").click()
    expect(page.get_by_role("heading", name="Set a password")).to_be_visible()
    assert_accessible(page, *WIDTHS)


def test_the_code_by_mail_is_accessible(
    make_page: Callable[..., Page],
    analyst: User,
    settings: LazySettings,
    assert_accessible: Callable[..., None],
) -> None:
    settings.SECOND_FACTOR = True
    page = make_page(user=analyst)
    page.goto(f"{SECOND_FACTOR}code/")
    assert_accessible(page, *WIDTHS)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_text(f"We have sent eight digits to {analyst.email}.")).to_be_visible()
    page.get_by_label("Code", exact=True).fill("0")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="That code is wrong or too old.")).to_be_visible()
    assert_accessible(page, *WIDTHS)


def test_the_second_step_is_accessible(
    make_page: Callable[..., Page], analyst: User, assert_accessible: Callable[..., None]
) -> None:
    TOTP.activate(analyst, SECRET)
    RecoveryCodes.activate(analyst)
    page = make_page()
    sign_in(page, analyst)
    assert_accessible(page, *WIDTHS)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="That code is wrong or too old.")).to_be_visible()
    assert_accessible(page, *WIDTHS)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert_accessible(page, *WIDTHS)
