"""How often a caller may ask, from where, and what many wrong keys lead to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from rest_framework.settings import api_settings

from partners.actions.keys import make_api_key
from partners.api import throttling
from partners.models import Agency, ApiKey

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture
def key() -> str:
    agency = Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING)
    return make_api_key(agency=agency, name="Power BI", days=30)[1]


@pytest.fixture
def now() -> datetime:
    """Twenty seconds into a minute."""
    return timezone.now().replace(second=20, microsecond=0)


def get(key: str, address: str = "192.0.2.7", **headers: str) -> Any:
    return Client(REMOTE_ADDR=address).get(ME, headers={"Authorization": f"Bearer {key}", **headers})


def test_refusals_are_counted_and_say_what_is_left(key: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "caller", "2/min")
    with time_machine.travel(now, tick=False):
        refused = Client().get("/api/v1/agreements/", headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, refused["RateLimit-Remaining"]) == (403, "1")
        last = get(key)
        assert (last.status_code, last["RateLimit-Limit"], last["RateLimit-Remaining"]) == (200, "2", "0")
        assert 40 <= int(last["RateLimit-Reset"]) <= 41
        assert get(key).status_code == 429
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        assert get(key).status_code == 200


def test_counts_end_by_themselves(key: str) -> None:
    get(key)
    client = throttling._cache()
    counts = list(client.scan_iter("throttle:key-*"))
    assert counts
    assert all(0 < client.ttl(count) <= 60 for count in counts)


def test_an_address_with_many_wrong_keys_has_to_wait(key: str, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "failures", "3/min")
    with time_machine.travel(now, tick=False):
        assert [get(f"{key}x").status_code for _ in range(4)] == [401, 401, 401, 429]
        refused = get(key)
        assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
        assert 40 <= int(refused["Retry-After"]) <= 41
        assert get(key, "192.0.2.8").status_code == 200
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        assert get(key).status_code == 200


def test_good_keys_are_no_failures(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "failures", "1/min")
    assert [get(key).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        (None, "nowhere", True),
    ],
)
def test_a_neighbourhood_is_what_one_customer_has(one: str | None, other: str, same: bool) -> None:
    assert (throttling._neighbourhood(one) == throttling._neighbourhood(other)) is same


@pytest.mark.parametrize(
    ("networks", "address", "works"),
    [
        ([], "203.0.113.9", True),
        (["192.0.2.0/24"], "192.0.2.255", True),
        (["192.0.2.0/24"], "192.0.3.0", False),
        (["192.0.2.0/24"], "::ffff:192.0.2.7", True),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8:ffff::1", True),
        (["192.0.2.0/24"], "2001:db8::1", False),
        (["2001:db8::/32"], "192.0.2.1", False),
    ],
)
def test_a_key_works_from_its_networks_alone(key: str, networks: list[str], address: str, works: bool) -> None:
    ApiKey.objects.update(networks=networks)
    answer = get(key, address)
    assert answer.status_code == (200 if works else 401)
    if not works:
        assert answer.json()["detail"] == get(f"{key}x", address).json()["detail"]


def test_behind_a_proxy_the_address_is_the_one_it_saw(key: str, settings: LazySettings) -> None:
    ApiKey.objects.update(networks=["192.0.2.0/24"])
    settings.BEHIND_PROXY = True
    assert get(key, "10.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}).status_code == 200
    assert get(key, "10.0.0.1", **{"X-Forwarded-For": "192.0.2.7, 203.0.113.9"}).status_code == 401


def test_me_says_what_the_key_may(key: str) -> None:
    ApiKey.objects.update(scopes=["figures", "records"], area_codes=["SYN1"])
    told = get(key).json()
    row = ApiKey.objects.get()
    assert told == {
        "kind": "key",
        "name": "Power BI",
        "agencies": [row.agency_id],
        "permissions": ["see"],
        "scopes": ["figures", "records"],
        "area_codes": ["SYN1"],
        "networks": [],
        "expires": row.expires.isoformat(),
        "rate_limit": 600,
        "rate_seconds": 60,
    }


@pytest.mark.parametrize(("rate", "meaning"), [("600/min", (600, 60)), ("5/s", (5, 1)), ("1/day", (1, 86400))])
def test_rates(rate: str, meaning: tuple[int, int]) -> None:
    assert throttling.parse_rate(rate) == meaning


@pytest.mark.parametrize("rate", ["", "600", "many/min", "6/fortnight"])
def test_bad_rates_are_named(rate: str) -> None:
    with pytest.raises(ValueError, match="API_RATE must look like 600/min"):
        throttling.parse_rate(rate)
