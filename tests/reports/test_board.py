"""The board, the agenda and places side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotspots import categories
from hotspots.models import Category, Hotspot, ReentryAlert, ReentryTrigger
from hotspots.phases.actions import Plan, start_phase
from hotspots.register.boundaries import in_force
from partners.models import Agency, AuditEvent, User
from partners.roles import Role
from partners.visibility import Viewer
from reports.models import PlaceCount
from reports.waiting import waiting
from tests.factories import COMPLETE, make_place

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
# 36 months to August 2026; the baseline is the first 24.
MONTHS = [date(2023 + (8 + index) // 12, (8 + index) % 12 + 1, 1) for index in range(36)]


@pytest.fixture
def own(analyst: User) -> Agency:
    return analyst.memberships.get().agency


def counted(place: Hotspot, counts: Sequence[int | None]) -> Hotspot:
    """Gives a place violent crimes by month, with a range of one fewer and two more; of other types there are none."""
    boundary = in_force([place.area_id], TODAY)[place.area_id]
    rows = []
    for category in Category.objects.filter(scheme=categories.POLICE_UK, is_group=False):
        for month, count in zip(MONTHS, counts, strict=True):
            shown = count if category.slug == "violent-crime" or count is None else 0
            low = None if shown is None else max(shown - 1, 0)
            high = None if shown is None else shown + 2 * bool(shown)
            coverage = 0 if shown is None else COMPLETE
            rows.append(
                PlaceCount(
                    boundary=boundary, category=category, month=month, count=shown, low=low, high=high,
                    coverage=coverage,
                )
            )  # fmt: skip
    PlaceCount.objects.bulk_create(rows)
    return place


def made(own: Agency, by: User, name: str, *phases: tuple[str, int, int | None], **said: Any) -> Hotspot:
    """A place with phases: (phase, begun so many days ago, planned to end in so many days or None)."""
    place = make_place(own, by=Viewer.of_user(by), name=name, **said)
    for phase, ago, to_go in phases:
        plan = Plan(starts=TODAY - timedelta(ago), planned_end=None if to_go is None else TODAY + timedelta(to_go))
        start_phase(by=Viewer.of_user(by), place=place.pk, phase=phase, plan=plan, knowingly=True)
    return place


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_hotspot_stands_in_each_of_its_phases(signed_in: Client, analyst: User, own: Agency) -> None:
    place = made(own, analyst, "Hilldene", ("hold", 40, 10), ("build", 5, None))
    made(own, analyst, "Nothing begun")
    counted(place, [20, 22, 18, 21] * 6 + [21] * 4 + [3, 4, 2, 3, 2, 4, 3, 2])
    Hotspot.objects.filter(pk=place.pk).update(baseline_from=MONTHS[0], baseline_to=MONTHS[23])
    page = text(signed_in, "/hotspots/board/")
    assert "Hold 1 hotspot" in page
    assert "Build 1 hotspot" in page
    assert "Clear 0 hotspots" in page
    assert page.count("Also in Build") == page.count("Also in Hold") == 1
    # A gate that is due says when the phase is to end, on the card of its phase alone.
    assert "Day 41 Also in Build" in page
    assert page.count("Gate of Hold is due on") == 1
    assert "Day 6; no end planned" in page
    # 20.25 on average, moving ranges 2, 4, 3 and 1: XmR limits of about 13.4 and 27.1.
    assert page.count("2 in August 2026 (1 to 4); below the baseline range for 8 months.") == 4  # card and drawing
    assert "No phase is going on" in page.split("Sustain")[1]


def test_what_is_due_and_alerts(signed_in: Client, analyst: User, own: Agency) -> None:
    late = made(own, analyst, "Late", ("clear", 100, None), review_on=TODAY - timedelta(3))
    late.phases.update(planned_end=TODAY - timedelta(2))
    soon = made(own, analyst, "Soon", ("clear", 10, 28))
    made(own, analyst, "Later", ("clear", 10, 29), review_on=TODAY + timedelta(1))
    trigger = ReentryTrigger.objects.create(hotspot=soon, category="burglary", months=2, set_by=analyst)
    ReentryAlert.objects.create(trigger=trigger, month=MONTHS[-1], sentence="Burglary is back.")
    page = text(signed_in, "/hotspots/board/")
    assert page.count("Overdue") == 2
    assert page.count("Gate of Clear was due on") == page.count("Gate of Clear is due on") == 1
    assert page.count("Review was due on") == 1
    assert "Day 11; planned to end on" in page
    assert "Alert Burglary is back." in page
    agenda = text(signed_in, "/hotspots/agenda/")
    assert [agenda.index(f"{number}. {name}") for number, name in ((1, "Late"), (2, "Soon"), (3, "Later"))]
    assert agenda.count("Nothing is due in the next 28 days.") == 1
    assert agenda.count("Decided:") == 3
    found = waiting(Viewer.of_user(analyst), TODAY, 10)
    assert [one.place.name for one in found] == ["Late", "Soon"]
    assert found[0].words.count("was due on") == 2
    assert found[1].words.startswith("re-entry alert; gate is due on")
    # Without its alert the gate waits alone, until a day too many lies before it; a review is late the day after.
    ReentryAlert.objects.update(acknowledged_at=timezone.now())
    assert [one.place.name for one in waiting(Viewer.of_user(analyst), TODAY, 10)] == ["Late", "Soon"]
    assert [one.place.name for one in waiting(Viewer.of_user(analyst), TODAY - timedelta(1), 10)] == ["Late"]
    Hotspot.objects.filter(name="Later").update(review_on=TODAY)
    assert [one.place.name for one in waiting(Viewer.of_user(analyst), TODAY, 1)] == ["Late"]
    assert "Later" not in [one.place.name for one in waiting(Viewer.of_user(analyst), TODAY, 10)]
    viewer = Viewer.of_agency(own, Role.VIEWER)
    assert waiting(viewer, TODAY, 10) == [], "nothing waits for who may change nothing"


def test_watch_places_and_those_that_are_over_are_not_on_the_board(
    signed_in: Client, analyst: User, own: Agency
) -> None:
    made(own, analyst, "Watched", kind=Hotspot.Kind.WATCH)
    made(own, analyst, "Over", status=Hotspot.Status.CLOSED)
    page = text(signed_in, "/hotspots/board/")
    assert "No hotspots yet" in page
    assert "Watched" not in page
    assert "Over " not in page


def test_unknown_months_are_said(signed_in: Client, analyst: User, own: Agency) -> None:
    place = made(own, analyst, "Half", ("clear", 10, None))
    counted(place, [4] * 35 + [None])
    assert "4 in July 2026 (3 to 6); no baseline to set it beside." in text(signed_in, "/hotspots/board/")
    agenda = text(signed_in, "/hotspots/agenda/")
    assert "August 2026 not known" in agenda
    nothing = made(own, analyst, "New", ("clear", 1, None))
    assert "Being counted." in text(signed_in, "/hotspots/board/")
    alone = text(signed_in, f"/hotspots/compare/?place={nothing.pk}")
    assert nothing.name in alone
    assert "Choose what to set beside it" in alone


def test_filters(signed_in: Client, analyst: User, own: Agency) -> None:
    made(own, analyst, "Burgled", ("clear", 1, None), problems=("burglary",))
    made(own, analyst, "Other", ("clear", 1, None), problems=("drugs",))
    page = text(signed_in, "/hotspots/board/?problem=burglary")
    assert "Clear 1 hotspot" in page
    assert "Problem: Burglary" in text(signed_in, "/hotspots/agenda/?problem=burglary")
    assert "Nothing fits these filters" in text(signed_in, "/hotspots/board/?problem=robbery")
    assert "choose from the list" in text(signed_in, "/hotspots/board/?problem=murder", 400)


@pytest.mark.parametrize("address", ["/hotspots/board/", "/hotspots/agenda/"])
def test_the_number_of_queries_is_constant(signed_in: Client, analyst: User, own: Agency, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            signed_in.get(address)
        return len(caught)

    for number in range(2):
        counted(made(own, analyst, f"Place {number}", ("clear", 9, 3)), [3] * 36)
    queries()  # the first answer of a session asks for more
    few = queries()
    for number in range(18):
        counted(made(own, analyst, f"More {number}", ("hold", 9, 3)), [3] * 36)
    assert queries() == few


def test_side_by_side(signed_in: Client, analyst: User, own: Agency) -> None:
    one = counted(made(own, analyst, "First", ("clear", 9, None)), [10] * 12 + [20] * 12 + [30] * 12)
    two = counted(made(own, analyst, "Second"), [None] * 12 + [5] * 12 + [4] * 12)
    page = text(signed_in, f"/hotspots/compare/?place={one.pk}&place={two.pk}")
    assert "Twelve months to August 2026" in page
    assert "360 (348 to 384) 120 more (50%)" in page
    assert "48 (36 to 72) 12 fewer (20%)" in page
    assert page.count(" Violence and sexual offences ") == 1, "the group and its one type are one row"
    rest = [made(own, analyst, f"More {number}") for number in range(3)]
    query = "&".join(f"place={place.pk}" for place in (one, two, *rest))
    assert "At most 4 places fit side by side; 5 were chosen." in text(signed_in, f"/hotspots/compare/?{query}", 400)
    assert "is not there, or is not shared with you" in text(signed_in, "/hotspots/compare/?place=999999", 400)


def test_strangers_see_nothing_and_readers_are_written_down(
    analyst: User, own: Agency, make_user: Callable[..., User], client: Client
) -> None:
    place = made(own, analyst, "Hidden", ("clear", 9, 1))
    stranger = make_user("stranger@example.org", agency="Elsewhere")
    client.force_login(stranger)
    for address in ("/hotspots/board/", "/hotspots/agenda/", "/hotspots/compare/"):
        assert "Hidden" not in text(client, address)
    assert "Hidden" not in text(client, f"/hotspots/compare/?place={place.pk}", 400)
    assert waiting(Viewer.of_user(stranger), TODAY, 10) == []
    client.force_login(analyst)
    before = AuditEvent.objects.count()
    client.get("/hotspots/board/")
    assert AuditEvent.objects.count() == before + 1
