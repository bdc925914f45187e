"""Agencies around the places of one: its owner, a partner by agreement from which parts are withheld, a stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from hotspots.models import Hotspot
from partners.models import Agency, User
from partners.visibility import Viewer
from tests.factories import make_place
from tests.partners.sharing import agreement

NAMES = ("owner", "partner", "stranger")
# Texts that stand nowhere else, by what an agreement can withhold.
SECRETS = {
    "reasons": "Zaffre reason",
    "equality": "Zebra families",
}


@pytest.fixture
def world(make_user: Callable[..., User]) -> SimpleNamespace:
    """`owner`, `partner` and `stranger` agencies; `people`, an analyst of each, and `clients`, in which they are
    signed in, by the same names; `place`, a hotspot of the owner's with SECRETS."""
    people = {name: make_user(f"{name}@example.org", agency=f"{name.title()} Agency") for name in NAMES}
    agencies = {name: Agency.objects.get(name=f"{name.title()} Agency") for name in NAMES}
    now = timezone.now()
    agreement(
        agencies["owner"],
        agencies["partner"],
        record_types=["hotspot"],
        withheld_fields=[f"hotspot.{name}" for name in Hotspot.WITHHOLDABLE],
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    clients = {name: Client() for name in NAMES}
    for name, client in clients.items():
        client.force_login(people[name])
    place = make_place(
        agencies["owner"],
        by=Viewer.of_user(people["owner"]),
        public_name="Hilldene Avenue",
        problems=("shoplifting",),
        identified_note=SECRETS["reasons"],
        equality_people=SECRETS["equality"],
    )
    return SimpleNamespace(**agencies, people=people, clients=clients, place=place)
