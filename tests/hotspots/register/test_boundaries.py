"""Rings that leave the neighbours out, whenever these are drawn; where a place lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
import shapely
from django.utils import timezone
from shapely import box

from hotspots.calc.metres import area_m2
from hotspots.models import Boundary, Hotspot
from hotspots.register import actions
from hotspots.register.actions import Drawn
from hotspots.register.boundaries import areas_touched, in_force, shape_of
from partners.models import Agency, AuditEvent, Job
from partners.refusals import Refused
from partners.roles import Role
from partners.visibility import Viewer
from tests.factories import BoundaryFactory, WardFactory, make_place
from tests.partners.sharing import agency

pytestmark = pytest.mark.django_db
SHOPS, STATION = (0.212, 51.602, 0.216, 51.605), (0.217, 51.602, 0.220, 51.605)
SPRING, SUMMER = date(2024, 1, 1), date(2024, 7, 1)


def council() -> Agency:
    return agency("Havering Council")


def ring_of(place: Hotspot, on: date) -> shapely.Geometry:
    assert place.ring_id is not None
    return shape_of(in_force([place.ring_id], on)[place.ring_id])


def shares(ring: shapely.Geometry, with_box: tuple[float, float, float, float]) -> bool:
    """Whether a ring has ground in common with a shape, not counting a shared edge."""
    return bool(ring.intersection(box(*with_box)).area > 1e-12)


def test_a_ring_leaves_out_a_neighbour_that_is_drawn_later_from_that_day() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    assert shares(ring_of(shops, SUMMER), STATION)
    station = make_place(owner, box_of=STATION, valid_from=SUMMER)
    assert shares(ring_of(shops, SPRING), STATION)  # as it was evaluated then
    assert not shares(ring_of(shops, SUMMER), STATION)
    assert not shares(ring_of(station, SUMMER), SHOPS)
    # What a ring shows is its whole band: nobody sees in it where another hotspot is.
    shown = [shapely.geometry.shape(row.outline) for row in Boundary.objects.filter(area=shops.ring)]
    assert [shares(one, STATION) for one in shown] == [True, True]


def test_a_ring_keeps_the_ground_of_a_place_that_is_only_watched() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    make_place(owner, box_of=STATION, valid_from=SPRING, kind=Hotspot.Kind.WATCH)
    assert shares(ring_of(shops, SUMMER), STATION)


def test_a_boundary_from_an_earlier_day_holds_until_the_next() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SUMMER)
    drawn = Drawn(box(*STATION), "drawn")
    actions.redraw(by=Viewer.of_agency(owner, Role.MANAGER), pk=shops.pk, drawn=drawn, valid_from=SPRING)
    for area in (shops.area_id, shops.ring_id):
        rows = Boundary.objects.filter(area=area).order_by("valid_from")
        assert [(row.valid_from, row.valid_to) for row in rows] == [(SPRING, SUMMER), (SUMMER, None)]
    assert shape_of(in_force([shops.area_id], SUMMER)[shops.area_id]).equals(box(*SHOPS))


def test_an_area_that_only_shares_an_edge_is_not_touched() -> None:
    ward = WardFactory(valid_from=None)
    beside = WardFactory(valid_from=None, parent=ward.parent)
    gone = WardFactory(valid_from=None, valid_to=SPRING, parent=ward.parent)
    BoundaryFactory(area=ward, box_of=(0.2, 51.6, 0.216, 51.61))
    BoundaryFactory(area=beside, box_of=(0.216, 51.6, 0.23, 51.61))
    BoundaryFactory(area=gone, box_of=(0.2, 51.6, 0.216, 51.61))
    assert areas_touched(box(*SHOPS), SUMMER) == [ward.parent, ward]


def test_neither_the_box_of_a_ring_nor_a_later_day_tells_what_is_left_out_at_its_edge() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    (before,) = Boundary.objects.filter(area=shops.ring)
    # All of the east of the ring.
    east = make_place(owner, box_of=(0.2165, 51.590, 0.2300, 51.617), valid_from=SPRING)
    (after,) = Boundary.objects.filter(area=shops.ring)
    assert shape_of(after).bounds[2] < before.east
    assert (after.west, after.south, after.east, after.north) == (before.west, before.south, before.east, before.north)
    # Drawn far off, what lay beyond the narrowed ring is found to be changed.
    far = Drawn(box(0.240, 51.602, 0.243, 51.605), "drawn")
    actions.redraw(by=Viewer.of_agency(owner, Role.MANAGER), pk=east.pk, drawn=far, valid_from=SPRING)
    (again,) = Boundary.objects.filter(area=shops.ring)
    assert shape_of(again).equals(shape_of(before))


def test_a_neighbour_drawn_elsewhere_gives_the_ring_its_ground_back() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    station = make_place(owner, box_of=STATION, valid_from=SPRING)
    by = Viewer.of_agency(owner, Role.MANAGER)
    far = Drawn(box(0.230, 51.602, 0.233, 51.605), "drawn")
    actions.redraw(by=by, pk=station.pk, drawn=far, valid_from=SUMMER)
    assert not shares(ring_of(shops, SPRING), STATION)
    assert shares(ring_of(shops, SUMMER), STATION)
    # The second drawing is from an earlier day than the first: rings from later days follow too.
    actions.redraw(by=by, pk=shops.pk, drawn=Drawn(box(*SHOPS), "again"), valid_from=SUMMER + timedelta(days=30))
    actions.redraw(by=by, pk=station.pk, drawn=Drawn(box(*STATION), "back"), valid_from=SUMMER)
    assert not shares(ring_of(shops, SUMMER), STATION)
    assert not shares(ring_of(shops, SUMMER + timedelta(days=30)), STATION)


def test_a_covert_place_changes_nobodys_ring_and_other_agencies_places_are_left_out_once_seen() -> None:
    owner, other = council(), agency("Other Council")
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    versions = list(Boundary.objects.filter(area=shops.ring).values_list("pk", flat=True))
    make_place(owner, box_of=STATION, valid_from=SUMMER, audience="team", by=Viewer.of_agency(owner, Role.MANAGER))
    make_place(other, box_of=STATION, valid_from=SUMMER)  # no agreement: unseen
    assert list(Boundary.objects.filter(area=shops.ring).values_list("pk", flat=True)) == versions
    make_place(other, box_of=STATION, valid_from=SUMMER, marking="open", audience="everyone")
    assert not shares(ring_of(shops, SUMMER), STATION)


def test_rings_get_their_ground_back_from_the_day_on_which_a_place_is_hidden_or_archived() -> None:
    owner = council()
    by, today = Viewer.of_agency(owner, Role.MANAGER), timezone.localdate()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    station = make_place(owner, box_of=STATION, valid_from=SPRING)

    def is_left_out() -> tuple[bool, ...]:
        return tuple(not shares(ring_of(shops, day), STATION) for day in (SPRING, today))

    assert is_left_out() == (True, True)
    ways: list[tuple[Callable[..., Hotspot], dict[str, str], dict[str, str]]] = [
        (partial(actions.change_hotspot, seen=None), {"audience": "team"}, {"audience": "agreements"}),
        (partial(actions.set_status, reason="Done."), {"status": "archived"}, {"status": "proposed"}),
    ]
    for change, hides, shows in ways:
        change(by=by, pk=station.pk, **hides)
        assert is_left_out() == (True, False)  # what was counted until yesterday stays
        change(by=by, pk=station.pk, **shows)
        assert is_left_out() == (True, True)


@pytest.mark.django_db(transaction=True)
def test_the_recount_of_changed_rings_is_queued_with_that_of_the_place() -> None:
    owner = council()
    shops = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    station = make_place(owner, box_of=STATION, valid_from=SUMMER)
    asked = [job.arguments["areas"] for job in Job.objects.filter(kind="recount-places").order_by("pk")]
    assert asked == [
        [shops.area_id, shops.ring_id],
        sorted(pk for one in (shops, station) for pk in (one.area_id, one.ring_id) if pk),
    ]


def test_a_place_lies_where_its_shape_is_now_and_will_be() -> None:
    owner = council()
    place = make_place(owner, box_of=SHOPS, valid_from=SPRING)
    here = list(place.area_codes)
    elsewhere = make_place(owner, box_of=(0.4, 51.602, 0.404, 51.605))
    there = list(elsewhere.area_codes)
    assert not set(here) & set(there)
    by = Viewer.of_agency(owner, Role.MANAGER)
    soon = timezone.localdate() + timedelta(days=30)
    shape = shape_of(Boundary.objects.get(area=elsewhere.area))
    actions.redraw(by=by, pk=place.pk, drawn=Drawn(shape, "moved"), valid_from=soon)
    place.refresh_from_db()
    assert place.area_codes == sorted({*here, *there})
    actions.redraw(by=by, pk=place.pk, drawn=Drawn(shape, "moved"), valid_from=timezone.localdate())
    place.refresh_from_db()
    assert place.area_codes == there
    assert area_m2(shape) > 500


@pytest.mark.parametrize("day", [date(2009, 12, 31), timezone.localdate() + timedelta(days=367)])
def test_a_boundary_holds_from_a_day_that_can_be_meant(day: date) -> None:
    owner = council()
    place = make_place(owner)
    with pytest.raises(Refused, match=r"^The day is from 1 January 2010 to .*, a year from now\.$") as refused:
        actions.redraw(
            by=Viewer.of_agency(owner, Role.MANAGER), pk=place.pk, drawn=Drawn(box(*SHOPS), "drawn"), valid_from=day
        )
    assert refused.value.field == "valid_from"
    assert not AuditEvent.objects.filter(action="hotspot.redrawn").exists()
