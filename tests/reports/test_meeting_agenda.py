"""The agenda of a meeting, built from what is kept and its reader may see; a sheet holds nothing restricted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.models import AgreedAction, Bid, DayAgency, DayResult, Intervention, Meeting, MeetingPriority
from partners.roles import Marking
from tests.factories import summarise
from tests.interventions.conftest import as_person, clients, make_activity, world

pytestmark = pytest.mark.django_db
__all__ = ["as_person", "clients", "make_activity", "world"]
NOW = timezone.now()


@pytest.fixture
def panels(world: SimpleNamespace, make_activity: Callable[..., Any]) -> SimpleNamespace:
    """Ward panels two months ago and in a week, what was set and promised at the first, what was done since."""

    def panel(in_days: int, **said: Any) -> Any:
        starts = NOW + timedelta(days=in_days)
        return make_activity(
            **{"kind": "meeting", "title": f"Panel {in_days}", "sort": "ward-panel", "starts": starts, **said}
        )

    before, now = panel(-60), panel(7, status="planned", next_on=date(2099, 3, 4))
    panel(-90, title="Oldest panel")
    panel(-10, title="Quokka panel", wards=[world.other])
    MeetingPriority.objects.create(
        record=before,
        text="Thefts in the high street",
        measure="Thefts",
        starts_on=before.first_day,
        ends_on=now.first_day,
        outcome="partly",
        report="Twelve fewer",
    )
    Bid.objects.create(record=now, asked_for="Two dogs", agency=world.partner)
    promised: dict[str, Any] = {"asked_by": world.owner, "agency": world.partner, "due_on": before.first_day}
    AgreedAction.objects.create(source=before, title="Fit a lamp", **promised)
    AgreedAction.objects.create(source=before, title="Cut a hedge", status="done", done_on=before.first_day, **promised)
    day = make_activity(
        kind="day", title="Operation Quartz", starts=NOW - timedelta(days=20), public_summary="We brought letters."
    )
    DayAgency.objects.create(record=day, agency=world.partner, answer="accepted")
    DayResult.objects.create(record=day, agency=world.partner, measure="letters", value=196)
    DayResult.objects.create(record=day, agency=world.owner, measure="arrests", value=3)
    for in_days, title in ((60, "Order that ends soon"), (200, "Order that ends late")):
        order = make_activity(kind="pspo", title=title, starts=NOW - timedelta(days=700))
        Intervention.objects.filter(pk=order.pk).update(ends=NOW + timedelta(days=in_days))
    return SimpleNamespace(before=before, now=now, day=day)


def test_the_agenda_has_what_was_agreed_and_what_comes(
    world: SimpleNamespace, clients: dict[str, Client], panels: SimpleNamespace
) -> None:
    summarise(world.ward, "all-crime", list(range(40, 66)), since=date(2016, 1, 1))
    page = clients["owner"].get(f"/activity/{panels.now.pk}/agenda/").content.decode()
    for told in (
        *("Panel -60", "Fit a lamp", "Cut a hedge", "Thefts in the high street", "Met in part", "Twelve fewer"),
        *("Order that ends soon", "Operation Quartz", "Two dogs", "not decided", "4 March 2099"),
        *("In February 2018", "65", "12 more"),
    ):
        assert told in page, told
    for kept in ("Order that ends late", "Oldest panel", "Quokka panel"):
        assert kept not in page, kept


def test_its_readers_see_what_they_may(clients: dict[str, Client], panels: SimpleNamespace) -> None:
    # The partner promised the actions, and meetings are in no agreement.
    for name, status in (("owner", 200), ("partner", 404), ("lapsed", 404), ("stranger", 404)):
        for page in ("agenda", "sheet"):
            assert clients[name].get(f"/activity/{panels.now.pk}/{page}/").status_code == status, name
    assert clients["owner"].get(f"/activity/{panels.day.pk}/agenda/").status_code == 404


def test_the_sheet_holds_nothing_restricted(clients: dict[str, Client], panels: SimpleNamespace) -> None:
    address = f"/activity/{panels.now.pk}/sheet/"

    def sheet() -> str:
        return clients["owner"].get(address).content.decode().partition("<h1")[2]

    page = sheet()
    for told in ("Thefts in the high street", "We brought letters.", "196", "Arrests: fewer than 5", "4 March 2099"):
        assert told in page, told
    for kept in ("Operation Quartz", "Fit a lamp", "Order that ends", "Two dogs", "Zebra", "Kestrel"):
        assert kept not in page, kept
    Meeting.objects.filter(pk=panels.before.pk).update(marking=Marking.SENSITIVE)
    assert "Thefts in the high street" not in sheet(), "set at a meeting that is sensitive"
    Intervention.objects.filter(pk=panels.day.pk).update(audience="agency")
    assert "We brought letters." not in sheet()
    for change, sentence in (
        ({"marking": Marking.SENSITIVE}, "OFFICIAL-SENSITIVE: nothing"),
        ({"marking": Marking.OFFICIAL, "audience": "agency"}, "kept for its own agency"),
        ({"audience": "agreements", "sort": "board"}, "Only ward panels"),
    ):
        Meeting.objects.filter(pk=panels.now.pk).update(**change)
        assert sentence in clients["owner"].get(address).content.decode()


def test_it_costs_the_same_with_more(
    world: SimpleNamespace,
    clients: dict[str, Client],
    panels: SimpleNamespace,
    make_activity: Callable[..., Any],
) -> None:
    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as held:
            assert clients["owner"].get(f"/activity/{panels.now.pk}/{page}/").status_code == 200
        return len(held)

    asked("agenda")  # the session's first request
    before = [asked(page) for page in ("agenda", "sheet")]
    for number in range(18):
        day = make_activity(kind="day", title=f"Day {number}", starts=NOW - timedelta(days=number + 1))
        DayResult.objects.create(record=day, agency=world.owner, measure="waste", value=7)
        AgreedAction.objects.create(
            source=panels.before, title=f"{number}", asked_by=world.owner, agency=world.owner, due_on=date(2030, 1, 1)
        )
    assert [asked(page) for page in ("agenda", "sheet")] == before
