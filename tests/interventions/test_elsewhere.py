"""Activity on pages that are not its own: the search, and the card of the overview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from interventions.models import Intervention
from partners.models import AuditEvent
from tests.factories import next_data_version, summarise

Make = Callable[..., Intervention]


def test_search_finds_what_is_shown(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(title="Quiet hours at the pier")
    make_activity(title="Warrant at the pier", audience="team")
    for who, word, there in (
        ("owner", "pier", ["Quiet hours", "Warrant"]),
        ("owner", "zebra", ["Quiet hours", "Warrant"]),
        ("partner", "pier", ["Quiet hours"]),
        ("partner", "zebra", []),
        ("lapsed", "pier", []),
        ("stranger", "pier", []),
        ("owner", "pi", []),
    ):
        page = clients[who].get(f"/search/?q={word}").content.decode()
        assert [title for title in ("Quiet hours", "Warrant") if title in page] == there
        assert (">Activity</h2>" in page) == bool(there)
    assert f'href="/activity/{record.pk}/"' in clients["owner"].get("/search/?q=pier").content.decode()
    assert AuditEvent.objects.filter(summary="Read (search)").exists()


def test_search_shows_eight(clients: dict[str, Client], make_activity: Make) -> None:
    for number in range(9):
        make_activity(title=f"Pier {number}")
    page = clients["owner"].get("/search/?q=pier").content.decode()
    assert page.count('href="/activity/') - page.count('href="/activity/"') == 8
    assert "and more: the filters of Activity find them all." in page


@pytest.fixture
def overview(world: SimpleNamespace) -> None:
    summarise(world.borough, "all-crime", [10] * 14, since=date(2025, 4, 1))
    next_data_version()


def test_the_card_is_of_the_own_agencys_week(overview: None, clients: dict[str, Client], make_activity: Make) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    # On a Sunday night the week may end within the minute: it is planned from a moment ago then.
    soon = min(soon, timezone.now())
    make_activity(title="This week", status="planned", starts=soon)
    make_activity(title="Done", starts=soon)
    make_activity(title="In a month", status="planned", starts=soon + timedelta(days=30))
    page = clients["owner"].get("/").content.decode()
    assert "Your activity this week" in page
    assert "This week" in page
    assert "In a month" not in page
    for who in ("partner", "stranger"):
        assert "Your activity this week" not in clients[who].get("/").content.decode()
