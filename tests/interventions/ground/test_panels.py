"""What pages of work on the ground show: figures with their bases, and of other records only what the reader sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.ground import panels, presenters
from interventions.models import Intervention, Observation, SearchCount, SearchOperation, Walk
from partners.visibility import Viewer

Make = Callable[..., Intervention]


def visit(make: Make, **said: Any) -> Any:
    """A visit to the Kestrel, with ten swabs of which three were positive."""
    fields = {"kind": "licensing", "title": "Visit", "premises_name": "The Kestrel", "licence_number": "LW 12"}
    record: Any = make(**{**fields, **said})
    record.swabs.create(spot="Bar", taken=6, positive=1)
    record.swabs.create(spot="Toilets", taken=4, positive=2)
    return record


@pytest.mark.django_db
def test_other_visits_to_the_premises_as_far_as_they_are_seen(
    clients: dict[str, Client], world: SimpleNamespace, make_activity: Make
) -> None:
    before = timezone.now() - timedelta(days=40)
    one = visit(make_activity, sales_attempted=13, sales_made=2)
    shared = visit(make_activity, starts=before, licence_number="lw 12", premises_name="Kestrel Arms", sort="swab")
    covert = visit(make_activity, starts=before, audience="team", sort="makesafe")
    elsewhere = visit(make_activity, licence_number="LW 99")
    cancelled = visit(make_activity, status="cancelled")
    page = clients["owner"].get(f"/activity/{one.pk}/").text
    assert "3 positive swabs of 10" in page
    assert "2 sales in 13 test purchases" in page
    for other, is_there in ((shared, True), (covert, True), (elsewhere, False), (cancelled, False)):
        assert (f'href="/activity/{other.pk}/"' in page) == is_there
    theirs = clients["partner"].get(f"/activity/{one.pk}/").text
    assert f'href="/activity/{shared.pk}/"' in theirs
    assert "Op Makesafe" not in theirs

    def queries(of: Any) -> int:
        viewer = Viewer.of_user(world.people["partner"])
        record = type(of).objects.visible_to(viewer).get(pk=of.pk)
        with CaptureQueriesContext(
            connection,
        ) as counted:
            assert panels.premises(viewer, record, {"swabs": list(of.swabs.all())})
        return len(counted)

    few = queries(one)
    for _ in range(18):
        visit(make_activity)
    assert queries(one) == few


def test_the_missing_share_of_ethnicity_is_always_said() -> None:
    operation = SearchOperation(searches=40, found=12, no_action=None)

    def said(*counts: tuple[str, int]) -> list[tuple[str, str, str]]:
        rows = [SearchCount(dimension="ethnicity", value=value, count=number) for value, number in counts]
        rows.append(SearchCount(dimension="age", value="18 to 24", count=40))
        return [(one.what, one.counted, one.value) for one in presenters.by_ethnicity(operation, rows)]

    assert said() == [("Not known", "40 of 40", "100%")]
    assert said(("White", 10), ("Black", 22), ("Not stated", 8)) == [
        ("Black", "22 of 40", "55%"),
        ("White", "10 of 40", "25%"),
        ("Not known", "8 of 40", "20%"),
    ]
    found, _, no_action, _ = presenters.shares(operation)
    assert (found.counted, found.value, found.between) == ("12 of 40", "30%", "17% to 47%")
    # What is not known is no zero.
    assert (no_action.counted, no_action.value) == ("", "not known")
    by_object = [
        SearchCount(dimension="object", value=value, count=number)
        for value, number in (("Stolen goods", 4), ("Drugs", 36))
    ]
    ((title, rows),) = presenters.by_others(operation, by_object)
    assert (title, [one.what for one in rows]) == ("By object of the search", ["Drugs", "Stolen goods"])
    # Counts without a whole are shown, and no share.
    ((_, (row, _)),) = presenters.by_others(SearchOperation(searches=0), by_object)
    assert (row.counted, row.value) == ("36", "not known")


def test_photos_of_a_walk_go_with_its_details() -> None:
    walk = Walk()
    rows = [Observation(text="Lamp out", photo_id=5), Observation(text="Bins")]
    walk.withheld = frozenset()
    assert presenters.pictures(walk, rows) == [{"text": "Lamp out", "before": 5, "after": None}]
    walk.withheld = frozenset({"details"})
    assert presenters.pictures(walk, rows) == []


@pytest.mark.django_db
def test_pages_of_patrols_and_walks(clients: dict[str, Client], world: SimpleNamespace, make_activity: Make) -> None:
    patrol: Any = make_activity(planned_minutes=240)
    patrol.stints.create(starts=patrol.starts, minutes=60, officers=2, agency=world.owner)
    patrol.stints.create(starts=patrol.starts, minutes=30, officers=1, agency=world.partner)
    page = clients["owner"].get(f"/activity/{patrol.pk}/").text
    assert page.count("150 of 240 planned officer-minutes were delivered (62%).") == 1
    assert page.index("Delivered, by agency") < page.index("Delivered, never by named officer")
    # What there is once stands there once: who may see it at the head, files where there are some.
    assert page.count("Who may see it") == 1
    assert "No files are kept" not in page
    walk: Any = make_activity(kind="walk", title="Walk")
    yesterday = timezone.localdate() - timedelta(days=1)
    for text, due in (("Lamp out", yesterday), ("Bins", timezone.localdate())):
        walk.observations.create(category="lighting", severity=4, text=text, due_on=due, agency=world.owner)
    page = clients["owner"].get(f"/activity/{walk.pk}/").text
    assert "Owner Agency (1)" in page
    assert "2 things were noted, 0 of them mended." in page
    assert "1 observation is overdue." in page
