"""Counts of drawn places: what is counted where, what a recount leaves alone, and that imports bring all up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import reports.jobs  # noqa: F401 - registers its handlers, as every worker does
from hotspots import categories
from hotspots.models import Boundary, Hotspot, ReentryAlert, ReentryTrigger
from hotspots.places import boroughs_under
from hotspots.register import actions
from partners import jobs
from partners.models import Agency, Job
from partners.roles import Role
from partners.visibility import Viewer
from reports import place_counts, place_figures, summaries
from reports.models import PlaceCount, PlacePoint, PlaceRecount
from tests.factories import COMPLETE, PARTIAL, BoroughFactory, BoundaryFactory, WardFactory, make_place
from tests.hotspots.test_points import APRIL, BOX, CORNER, FAR, JUNE, MAY, MIDDLE, NEXT, publish

pytestmark = pytest.mark.django_db
ALL = categories.by_slug(categories.POLICE_UK)["all-crime"]
BURGLARY = (MIDDLE, "burglary", "On or near High Street")


@pytest.fixture
def council(db: None) -> Agency:
    return Agency.objects.create(name="Zed Council", kind=Agency.Kind.COUNCIL)


def drawn(council: Agency, box: shapely.Geometry = BOX, **said: Any) -> Hotspot:
    return make_place(council, box_of=box.bounds, valid_from=APRIL, **said)


def areas(*places: Hotspot) -> list[int]:
    return [pk for place in places for pk in (place.area_id, place.ring_id) if pk]


def boundary(area: int | None) -> int:
    return Boundary.objects.get(area=area).pk


def series(area: int | None) -> place_figures.Series:
    return place_figures.series([boundary(area)], ALL)[boundary(area)]


def test_a_place_and_its_ring(council: Agency) -> None:
    """A point on the place's edge is the place's alone; a ring leaves out the other hotspots in it."""
    west = (NEXT[0] - 0.0012, NEXT[1])  # some 120 m west of the place
    place = drawn(council)
    publish(APRIL, BURGLARY, (CORNER, "drugs", ""), (NEXT, "drugs", ""), (west, "robbery", ""), (FAR, "drugs", ""))
    publish(MAY, BURGLARY, BURGLARY, (MIDDLE, "anti-social-behaviour", ""))
    summaries.rebuild()
    place_counts.recount(areas(place))
    own, ring = series(place.area_id), series(place.ring_id)
    assert own.months == ring.months == [APRIL, MAY]
    assert (own.low, own.counts, own.high) == ([1, 2], [2, 2], [3, 2])
    assert (ring.low, ring.counts, ring.high) == ([1, 0], [2, 0], [3, 0])
    assert own.coverage == [COMPLETE, COMPLETE]

    beside = drawn(council, shapely.box(west[0] - 0.0004, 51.6, west[0] + 0.0004, 51.603), name="The other one")
    ring_now = Boundary.objects.filter(area=place.ring_id).latest("pk").pk
    place_counts.recount(areas(place, beside))
    assert place_figures.series([ring_now], ALL)[ring_now].counts == [1, 0], "what is in the other one is not in it"
    assert sum(count or 0 for count in series(beside.area_id).counts) == 1


def test_a_recount_leaves_other_places_alone(council: Agency) -> None:
    one, other = drawn(council), drawn(council, shapely.box(0.21, 51.61, 0.214, 51.613), name="The other one")
    publish(APRIL, BURGLARY)
    summaries.rebuild()
    place_counts.recount(areas(one, other))
    assert PlaceRecount.objects.filter(boundary=boundary(one.area_id)).exists()
    counts = list(PlaceCount.objects.filter(boundary__area__in=areas(other)).values_list())
    moments = dict(PlaceRecount.objects.values_list("boundary__area", "counted"))
    PlaceCount.objects.update(count=99)
    place_counts.recount(areas(one))
    assert set(PlaceCount.objects.filter(boundary__area__in=areas(other)).values_list("count", flat=True)) == {99}
    assert PlaceCount.objects.filter(boundary__area__in=areas(other)).count() == len(counts)
    assert not PlaceCount.objects.filter(boundary__area__in=areas(one), count=99).exists()
    now = dict(PlaceRecount.objects.values_list("boundary__area", "counted"))
    assert {pk for pk, moment in now.items() if moment != moments[pk]} == set(areas(one))


def test_imports_bring_counted_places_up_to_date_and_wait_for_the_others(council: Agency) -> None:
    place = drawn(council)
    publish(APRIL, BURGLARY)
    summaries.recompute({"street": [APRIL]})
    assert not PlaceCount.objects.exists(), "its job counts it"
    place_counts.recount(areas(place))
    publish(JUNE, BURGLARY, BURGLARY)
    summaries.recompute({"street": [JUNE]})
    assert series(place.area_id).counts == [1, None, 2]
    publish(date(2016, 3, 1), BURGLARY)
    summaries.recompute({"street": [date(2016, 3, 1)]})
    assert series(place.area_id).counts == [1, 1, None, 2]


def test_every_count_looks_at_the_triggers(council: Agency) -> None:
    months = [date(2016, number, 1) for number in range(1, 8)]
    place = drawn(council, baseline_from=months[0], baseline_to=months[5])
    ReentryTrigger.objects.create(hotspot=place, category="all-crime", months=1)
    for month in months[:6]:
        publish(month, BURGLARY)
    summaries.rebuild()
    place_counts.recount(areas(place))
    assert not ReentryAlert.objects.exists()
    publish(months[6], *[BURGLARY] * 20)
    summaries.recompute({"street": [months[6]]})
    assert ReentryAlert.objects.get().month == months[6]
    ReentryAlert.objects.all().delete()
    place_counts.recount(areas(place))
    assert ReentryAlert.objects.get().month == months[6]


def test_what_fails_after_the_counts_leaves_the_old_ones(council: Agency) -> None:
    place = drawn(council)
    publish(APRIL, BURGLARY)
    summaries.rebuild()
    place_counts.recount(areas(place))
    before = list(PlaceCount.objects.values_list()), list(PlacePoint.objects.values_list())
    publish(MAY, BURGLARY)

    @transaction.atomic
    def fail() -> None:
        summaries.recompute({"street": [MAY]})
        assert PlaceCount.objects.filter(month=MAY).exists()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert before == (list(PlaceCount.objects.values_list()), list(PlacePoint.objects.values_list()))


def test_months_that_only_the_api_answers_for_are_partial(council: Agency) -> None:
    place = drawn(council)
    publish(APRIL, BURGLARY)
    publish(MAY, BURGLARY, BURGLARY, by="data-police-uk")
    summaries.rebuild()
    place_counts.recount(areas(place))
    own = series(place.area_id)
    assert (own.counts, own.coverage) == ([1, 2], [COMPLETE, PARTIAL])
    assert own.comparable() == [1, None]


def test_points_of_a_place(council: Agency) -> None:
    place = drawn(council)
    publish(APRIL, BURGLARY, BURGLARY, (MIDDLE, "anti-social-behaviour", ""), (CORNER, "drugs", "On or near Park Lane"))
    publish(MAY, BURGLARY, (NEXT, "burglary", ""))
    summaries.rebuild()
    place_counts.recount(areas(place))
    first, second = place_figures.points_of(boundary(place.area_id), ALL, APRIL, MAY)
    assert (first.longitude, first.latitude, first.street) == (*MIDDLE, "High Street")
    assert (first.count, first.share, first.months_active) == (3, 0.75, 2)
    assert (second.street, second.count) == ("Park Lane", 1)
    assert [one.count for one in place_figures.points_of(boundary(place.area_id), ALL, MAY, MAY)] == [1]
    assert place_figures.points_of(boundary(place.ring_id), ALL, APRIL, MAY) == []


def test_queries_do_not_grow_with_places(council: Agency) -> None:
    places = [drawn(council, name=f"Place {number}") for number in range(5)]
    publish(APRIL, BURGLARY)
    summaries.rebuild()
    seen = []
    for some in (places[:1], places):
        with CaptureQueriesContext(connection) as queries:
            place_counts.recount(areas(*some))
        seen.append(len(queries))
    assert seen[0] == seen[1] <= 15


def test_the_job(council: Agency, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    """One for each drawing: it says what it does, and one that is at work does not stand for a shape drawn since."""
    publish(APRIL, BURGLARY)
    with django_capture_on_commit_callbacks(execute=True):
        place = drawn(council)
    summaries.rebuild()
    assert not PlaceRecount.objects.filter(boundary=boundary(place.area_id)).exists()
    job = Job.objects.get(kind="recount-places")
    Job.objects.update(state=Job.State.RUNNING)
    with django_capture_on_commit_callbacks(execute=True):
        actions.redraw(
            by=Viewer.of_agency(council, Role.MANAGER),
            pk=place.pk,
            drawn=actions.Drawn(BOX.buffer(0.001), "drawn"),
            valid_from=MAY,
        )
    second = Job.objects.get(kind="recount-places", state=Job.State.QUEUED)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "4 shapes counted.")
    jobs.run(second.pk)
    assert PlaceRecount.objects.count() == 4
    versions = Boundary.objects.filter(area=place.area_id).order_by("pk")
    assert [PlaceRecount.objects.filter(boundary=one.pk).exists() for one in versions] == [True, True]


def test_boroughs_under_a_shape() -> None:
    own, beside, by_wards = BoroughFactory(), BoroughFactory(), BoroughFactory()
    BoundaryFactory(area=own, box_of=(0.0, 51.0, 0.1, 51.1))
    BoundaryFactory(area=beside, box_of=(0.1, 51.0, 0.2, 51.1))
    BoundaryFactory(area=WardFactory(parent=by_wards), box_of=(0.2, 51.0, 0.3, 51.1))
    BoundaryFactory(area=WardFactory(parent=own), box_of=(0.0, 51.0, 0.3, 51.1))  # boroughs' own shapes count
    shapes = [
        shapely.box(0.05, 51.05, 0.1005, 51.06),  # less than a hundredth lies next door
        shapely.box(0.05, 51.05, 0.102, 51.06),
        shapely.box(0.18, 51.05, 0.22, 51.06),
        shapely.box(0.05, 52.05, 0.06, 52.06),
    ]
    assert boroughs_under(shapes) == [{own.pk}, {own.pk, beside.pk}, {beside.pk, by_wards.pk}, set()]
