"""A ward and those who keep its team, or may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from hotspots.models import Area, WardTeam
from partners.models import Agency, User
from tests.factories import BoroughFactory, WardFactory


@pytest.fixture
def heaton(db: None) -> Area:
    ward: Area = WardFactory(name="Heaton", code="E05990001", parent=BoroughFactory(name="Havering", code="E09990001"))
    return ward


@pytest.fixture
def keeper(make_user: Callable[..., User]) -> User:
    """A manager of the agency whose teams they are."""
    return make_user("manager@example.org", role="manager", agency="Havering SNT")


@pytest.fixture
def snt(keeper: User) -> Agency:
    return keeper.memberships.get().agency


@pytest.fixture
def keeping(keeper: User) -> Client:
    """A browser in which the keeper is signed in."""
    client = Client()
    client.force_login(keeper)
    return client


@pytest.fixture
def make_team(snt: Agency, heaton: Area) -> Callable[..., WardTeam]:
    """Makes a row: OPEN and for everyone unless told otherwise."""

    def make(**fields: Any) -> WardTeam:
        ward = fields.setdefault("ward", heaton)
        known: dict[str, Any] = {
            "owner": snt,
            "valid_from": date(2026, 5, 4),
            "marking": "open",
            "audience": "everyone",
            "officers_established": 2,
            "officers_in_post": 2,
            "pcsos_established": 2,
            "pcsos_in_post": 1,
            "sergeants_established": 1,
            "sergeants_in_post": 0,
            "area_codes": [ward.code, ward.parent.code],
            "contact_email": "heaton.snt@example.org",
            "contact_phone": "020 7946 0000",
        }
        made: WardTeam = WardTeam.objects.create(**{**known, **fields})
        return made

    return make
