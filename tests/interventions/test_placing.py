"""The ward of a point, where a record says no ward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from interventions.actions import Content, Refused, add_intervention
from interventions.models import Intervention
from interventions.placing import placed, wards_at
from interventions.registers import PSPO_ACTION, register_of
from partners.visibility import Viewer
from tests.factories import BoundaryFactory, make_place
from tests.interventions.law.drafting import at


@pytest.mark.django_db
def test_a_record_without_a_ward_lies_in_that_of_its_point(world: SimpleNamespace) -> None:
    BoundaryFactory(area=world.ward, box_of=(0.1, 51.5, 0.2, 51.6))
    BoundaryFactory(area=world.other, box_of=(0.2, 51.5, 0.3, 51.6))
    by = Viewer.of_user(world.people["owner"])

    def said(longitude: float | None, latitude: float | None, **more: object) -> Content:
        moment = at("2026-03-04 21:10")
        place = {"longitude": longitude, "latitude": latitude, "starts": moment, "ends": moment, "wards": (), **more}
        return Content(kind="other", title="Bench mended", strand="prevent", **place)  # type: ignore[arg-type]

    def ward_of(content: Content) -> list[str]:
        record = add_intervention(by=by, owner=world.owner, content=content)
        return [ward.name for ward in record.wards.all()]

    assert ward_of(said(0.25, 51.55)) == ["Heaton"]
    # On the edge that both share: the lower code.
    assert ward_of(said(0.2, 51.55)) == ["Gooshays"]
    # What is said stands.
    assert ward_of(said(0.25, 51.55, wards=(world.ward,))) == ["Gooshays"]
    for nowhere, sentence in (((0.5, 51.55), "The point lies in no ward"), ((None, None), "Choose at least one ward")):
        with pytest.raises(Refused, match=sentence):
            ward_of(said(*nowhere))
    assert wards_at([], date(2026, 3, 4)) == []
    many = placed(register_of("other"), [said(0.25, 51.55), said(None, None), said(0.15, 51.55)], by)
    assert [[ward.name for ward in one.wards] for one in many] == [["Heaton"], [], ["Gooshays"]]


@pytest.mark.django_db
def test_an_action_is_at_the_hotspots_of_its_order_where_it_names_none(
    world: SimpleNamespace, make_activity: Callable[..., Intervention]
) -> None:
    order = make_activity(kind="pspo", stage="in-force", status="done")
    here, elsewhere = (make_place(world.owner, name=name) for name in ("Hilldene", "Elsewhere"))
    hidden = make_place(world.stranger, name="Not for the owner")
    order.hotspots.set([here, hidden])
    by = Viewer.of_user(world.people["owner"])
    starts = order.starts + timedelta(hours=1)

    def said(of: object, **more: Any) -> Content:
        particulars = {"order": of, "action": "advice"}
        return Content(kind="pspo-action", starts=starts, wards=(world.ward,), particulars=particulars, **more)

    added = add_intervention(by=by, owner=world.owner, content=said(order.pk))
    assert list(added.hotspots.all()) == [here]
    found = placed(PSPO_ACTION, [said(order.pk), said(order, hotspots=(elsewhere,)), said(order), said(None)], by)
    assert [one.hotspots for one in found] == [(here,), (elsewhere,), (here,), ()]
    # Who does not see the order is told nothing of where it is.
    assert placed(PSPO_ACTION, [said(order.pk)], Viewer.of_user(world.people["stranger"]))[0].hotspots == ()


@pytest.mark.django_db
def test_an_action_lies_in_the_ward_of_its_order_where_there_is_only_one(
    world: SimpleNamespace, make_activity: Callable[..., Intervention]
) -> None:
    one, two = (
        make_activity(kind="pspo", stage="in-force", wards=wards) for wards in ([world.ward], [world.ward, world.other])
    )

    def said(of: Intervention, **more: Any) -> Content:
        return Content(kind="pspo-action", starts=of.starts, wards=(), particulars={"order": of.pk}, **more)

    by = Viewer.of_user(world.people["owner"])
    # Of a point that lies in no ward nothing is guessed.
    asked = [said(one), said(two), said(one, longitude=0.9, latitude=51.9)]
    assert [found.wards for found in placed(PSPO_ACTION, asked, by)] == [(world.ward,), (), ()]
    assert placed(PSPO_ACTION, [said(one)], Viewer.of_user(world.people["stranger"]))[0].wards == ()
