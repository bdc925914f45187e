"""The ward of a point, where a record says no ward."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from interventions.actions import Content, Refused, add_intervention
from interventions.placing import placed, wards_at
from partners.visibility import Viewer
from tests.factories import BoundaryFactory
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
    for nowhere in ((0.5, 51.55), (None, None)):
        with pytest.raises(Refused, match="at least one ward"):
            ward_of(said(*nowhere))
    assert wards_at([], date(2026, 3, 4)) == []
    many = placed([said(0.25, 51.55), said(None, None), said(0.15, 51.55)])
    assert [[ward.name for ward in one.wards] for one in many] == [["Heaton"], [], ["Gooshays"]]
