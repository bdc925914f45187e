"""Fields encrypted at rest, and changing their keys."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from partners import encryption
from partners.models import User, Webhook

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET = "JBSWY3DPEHPK3PXP"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_encrypted_reads_back_and_does_not_show(text: str) -> None:
    token = encryption.encrypt(text)
    assert encryption.decrypt(token) == text
    assert len(text) < 4 or text not in token


@pytest.fixture
def stored(analyst: User, settings: LazySettings) -> User:
    """Somebody with an app and recovery codes, written with the old key."""
    settings.FIELD_KEYS = [OLD]
    TOTP.activate(analyst, SECRET)
    RecoveryCodes.activate(analyst)
    agency = analyst.memberships.get().agency
    Webhook.objects.create(agency=agency, url="https://told.example/", events=[], secret=encryption.encrypt(SECRET))
    return analyst


def rotate() -> str:
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue().strip()


def test_secrets_of_second_factors_do_not_stand_in_the_database(stored: User) -> None:
    for one in Authenticator.objects.filter(user=stored):
        assert SECRET not in str(one.data)
        assert str(one.data[encryption.SECRETS[one.type]]).startswith("gAAAA")


def test_a_new_key_in_front_the_old_one_away(stored: User, settings: LazySettings) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    settings.FIELD_KEYS = [NEW, OLD]
    assert rotate() == "3 of 3 encrypted fields written with the first key."
    assert rotate() == "0 of 3 encrypted fields written with the first key."
    settings.FIELD_KEYS = [NEW]
    assert encryption.decrypt(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert encryption.decrypt(Webhook.objects.get().secret) == SECRET
    assert Authenticator.objects.get(type="recovery_codes").wrap().generate_codes() == codes


def test_a_key_taken_away_too_early_changes_nothing(stored: User, settings: LazySettings) -> None:
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="None of FIELD_KEYS can read an encrypted field"):
        rotate()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_nothing_to_rotate(db: None) -> None:
    assert rotate() == "0 of 0 encrypted fields written with the first key."
