"""Accepting what a hotspot is compared with, and ending it."""

from __future__ import annotations

from typing import Any

import pytest

from hotspots.comparisons.actions import accept_comparison_place, end_comparison_place
from hotspots.comparisons.queries import comparison_places
from hotspots.models import ComparisonPlace, Hotspot
from partners.models import AuditEvent
from partners.refusals import Refused
from partners.roles import Role
from partners.visibility import Viewer
from tests.factories import make_place
from tests.partners import sharing

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "name": "Havering 002A",
    "lsoa_codes": ["E01000001"],
    "level_ratio": 0.9,
    "trend_difference": -2.0,
    "mix_difference": 0.1,
    "reason": "The same kind of\n shops",
}


def test_a_person_accepts_with_a_reason_and_ends_it() -> None:
    owner = sharing.agency()
    place = make_place(owner)
    by = Viewer.of_user(sharing.person(owner, "analyst"))
    made = accept_comparison_place(by=by, pk=place.pk, **SAID)
    assert (made.reason, made.accepted_by, made.ended_at) == ("The same kind of shops", by.user, None)
    end_comparison_place(by=by, pk=place.pk, comparison=made.pk)
    end_comparison_place(by=by, pk=place.pk, comparison=made.pk)  # a second time changes nothing
    again = accept_comparison_place(by=by, pk=place.pk, **SAID)
    assert [one.pk for one in comparison_places(place)] == [again.pk, made.pk], "those compared with now come first"
    assert comparison_places(place)[1].ended_by == by.user
    events = AuditEvent.objects.filter(action__startswith="hotspot.comparison").order_by("number")
    assert [event.action.removeprefix("hotspot.comparison-") for event in events] == ["accepted", "ended", "accepted"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "  "}, "Say why it is a fair comparison"),
        ({"reason": "x" * 501}, "at most 500 characters; this has 501"),
        ({"lsoa_codes": ["E01000000", "E01000009"]}, "some of these LSOAs already"),
        ({"lsoa_codes": ["E01000009"]}, "at most 5 others"),
    ],
)
def test_what_cannot_be_accepted_is_said(said: dict[str, Any], sentence: str) -> None:
    owner = sharing.agency()
    place = make_place(owner)
    by = Viewer.of_agency(owner, Role.MANAGER)
    current = 5 if "at most 5" in sentence else 1
    for number in range(current):
        accept_comparison_place(by=by, pk=place.pk, **{**SAID, "lsoa_codes": [f"E0100000{number}"]})
    with pytest.raises(Refused, match=sentence):
        accept_comparison_place(by=by, pk=place.pk, **{**SAID, **said})
    assert ComparisonPlace.objects.count() == current


def test_only_who_may_change_the_place_chooses() -> None:
    owner = sharing.agency()
    place, other = make_place(owner), make_place(owner)
    made = accept_comparison_place(by=Viewer.of_agency(owner, Role.MANAGER), pk=place.pk, **SAID)
    manager = Viewer.of_user(sharing.person(owner, "manager"))
    looking = Viewer.of_user(sharing.person(owner, "manager"), looking_as=manager)
    for by in (
        Viewer.of_agency(owner, Role.VIEWER),
        Viewer.of_agency(sharing.agency(), Role.MANAGER),
        looking,
    ):
        with pytest.raises(Hotspot.DoesNotExist):
            accept_comparison_place(by=by, pk=place.pk, **{**SAID, "lsoa_codes": ["E01000002"]})
        with pytest.raises(Hotspot.DoesNotExist):
            end_comparison_place(by=by, pk=place.pk, comparison=made.pk)
    with pytest.raises(ComparisonPlace.DoesNotExist):
        end_comparison_place(by=manager, pk=other.pk, comparison=made.pk)
