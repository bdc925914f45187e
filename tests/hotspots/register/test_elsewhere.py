"""Places on pages that are not their own: the search, broken glass, who looked at it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from partners.models import AuditEvent
from partners.visibility import Viewer
from tests.factories import make_place
from tests.hotspots.register.conftest import SECRETS


@pytest.mark.parametrize(
    ("text", "who", "is_found"),
    [
        ("hilldene shops", "owner", True),
        ("avenue", "partner", True),
        ("hilldene", "stranger", False),
        # By its names alone, whatever else is shown.
        ("zaffre", "owner", False),
        ("hi", "owner", False),
    ],
)
def test_search_finds_places_by_their_names(world: SimpleNamespace, text: str, who: str, is_found: bool) -> None:
    page = world.clients[who].get("/search/", {"q": text}).text
    assert (f'href="/hotspots/{world.place.pk}/"' in page) == is_found
    assert AuditEvent.objects.filter(summary="Read (search)").exists() == is_found


def test_search_says_that_there_are_more(world: SimpleNamespace) -> None:
    for number in range(8):
        make_place(world.owner, by=Viewer.of_user(world.people["owner"]), name=f"Hilldene {number}", ring_m=0)
    page = world.clients["owner"].get("/search/?q=hilldene").text
    assert [number for number in range(8) if f">Hilldene {number}<" in page] == list(range(8))
    assert "and more: the filters of the register find them all." in page


def test_a_manager_opens_what_is_withheld_for_an_hour(world: SimpleNamespace) -> None:
    world.people["partner"].memberships.update(role="manager")
    client, reference = world.clients["partner"], f"hotspot:{world.place.pk}"
    assert SECRETS["reasons"].encode() not in client.get("/hotspots/places.csv").getvalue()
    sent = {"record": reference, "reason": "A tactical meeting tonight"}
    assert client.post("/glass/", sent)["Location"] == f"/hotspots/{world.place.pk}/"
    assert SECRETS["reasons"].encode() in client.get("/hotspots/places.csv").getvalue()


def test_the_owner_sees_who_looked(world: SimpleNamespace) -> None:
    world.clients["partner"].get("/hotspots/")
    address = f"/audit/of/hotspot/{world.place.pk}/"
    page = world.clients["owner"].get(address).text
    assert "read 1 hotspot (list)" in page
    assert f'href="/hotspots/{world.place.pk}/"' in page
    assert world.clients["partner"].get(address).status_code == 404
    assert address in world.clients["owner"].get(f"/hotspots/{world.place.pk}/status/").text
