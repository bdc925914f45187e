"""Keeping ward teams: dates that fit together, who may, and what the audit trail says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hotspots.models import AbstractedDays, Area, WardTeam
from hotspots.teams import actions
from hotspots.teams.actions import Details
from partners.models import Agency, AuditEvent, User
from partners.roles import Role
from partners.visibility import Viewer
from tests.factories import WardFactory

DETAILS = Details(2, 2, 1, 2, 1, 0)
MAY = date(2026, 5, 4)
Make = Callable[..., WardTeam]


@pytest.fixture
def by(keeper: User) -> Viewer:
    return Viewer.of_user(keeper)


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


def fields() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(before, after) of each event, in order."""
    return [(event.before or {}, event.after or {}) for event in AuditEvent.objects.order_by("number")]


def test_a_team_lies_in_its_ward_and_borough(by: Viewer, keeper: User, snt: Agency, heaton: Area) -> None:
    team = actions.add_team(by=by, owner=snt, ward=heaton, valid_from=MAY, details=DETAILS)
    assert team.area_codes == ["E05990001", "E09990001"]
    assert (team.created_by, team.marking, team.audience) == (keeper, "open", "everyone")
    event = AuditEvent.objects.get()
    assert (event.action, event.objects_named, event.owners) == (
        "ward-team.created",
        [f"ward-team:{team.pk}"],
        [snt.pk],
    )


def test_posts_that_change_end_the_old_row_and_begin_a_new_one(by: Viewer, make_team: Make) -> None:
    old = make_team()
    new = actions.change_team(
        by=by, team=old, valid_from=date(2026, 9, 1), details=replace(DETAILS, officers_in_post=1)
    )
    old.refresh_from_db()
    assert (old.valid_to, old.officers_in_post) == (date(2026, 9, 1), 2)
    assert (new.valid_from, new.valid_to, new.officers_in_post) == (date(2026, 9, 1), None, 1)
    assert events() == ["ward-team.changed", "ward-team.created"]
    assert fields()[0][1]["valid_to"] == "2026-09-01"


@pytest.mark.parametrize("day", [MAY, MAY - timedelta(1)])
def test_a_change_comes_after_the_day_from_which_the_row_holds(by: Viewer, make_team: Make, day: date) -> None:
    team = make_team()
    with pytest.raises(ValueError, match="since 4 May 2026: a change must come after that day"):
        actions.change_team(by=by, team=team, valid_from=day, details=DETAILS)
    assert WardTeam.objects.get() == team
    assert events() == []


def test_a_correction_stays_in_its_row_and_one_that_changes_nothing_is_no_event(by: Viewer, make_team: Make) -> None:
    team = make_team()
    details = replace(Details.of(team), contact_phone="020 7946 0001")
    for _ in range(2):
        actions.correct_team(by=by, team=team, valid_from=MAY, valid_to=None, details=details)
    assert events() == ["ward-team.changed"]
    ((before, after),) = fields()
    assert (before["contact_phone"], after["contact_phone"]) == ("020 7946 0000", "020 7946 0001")
    assert WardTeam.objects.get().contact_phone == "020 7946 0001"


def test_rows_of_one_agency_and_ward_never_overlap(by: Viewer, snt: Agency, heaton: Area, make_team: Make) -> None:
    first = make_team(valid_from=date(2025, 1, 1), valid_to=MAY)
    second = make_team()
    with pytest.raises(ValueError, match="has a team in Heaton from 4 May 2026 already"):
        actions.add_team(by=by, owner=snt, ward=heaton, valid_from=date(2026, 6, 1), details=DETAILS)
    with pytest.raises(ValueError, match="from 1 January 2025 until 4 May 2026 already"):
        actions.correct_team(by=by, team=second, valid_from=date(2026, 5, 3), valid_to=None, details=DETAILS)
    with pytest.raises(ValueError, match="must come after"):
        actions.correct_team(by=by, team=first, valid_from=MAY, valid_to=MAY, details=DETAILS)
    assert events() == []


def test_another_agencys_team_in_the_ward_is_not_felt(by: Viewer, snt: Agency, heaton: Area, make_team: Make) -> None:
    other = Agency.objects.create(name="Hidden", kind="police")
    make_team(owner=other, marking="official", audience="agency")
    assert actions.add_team(by=by, owner=snt, ward=heaton, valid_from=MAY, details=DETAILS).pk


def test_what_is_not_open_is_not_for_everyone_and_a_team_is_never_hidden_from_its_agency(
    by: Viewer, snt: Agency, heaton: Area
) -> None:
    for marking, audience in (("official", "everyone"), ("official-sensitive", "agency"), ("open", "team")):
        details = replace(DETAILS, marking=marking, audience=audience)
        with pytest.raises(ValueError, match="OPEN"):
            actions.add_team(by=by, owner=snt, ward=heaton, valid_from=MAY, details=details)
    assert not WardTeam.objects.exists()


@pytest.mark.parametrize(
    ("role", "agency", "areas", "may"),
    [
        (Role.SNT_LEAD, "Havering SNT", [], True),
        (Role.SNT_LEAD, "Havering SNT", ["E05990001"], True),
        (Role.SNT_LEAD, "Havering SNT", ["E09990001"], True),
        (Role.SNT_LEAD, "Havering SNT", ["E05990009"], False),
        (Role.ADMINISTRATOR, "Havering SNT", [], True),
        (Role.ANALYST, "Havering SNT", [], False),
        (Role.MANAGER, "Havering Council", [], False),
        (Role.PARTNERSHIP, "Havering SNT", [], False),
    ],
)
def test_who_keeps_teams(
    make_user: Callable[..., User], make_team: Make, role: str, agency: str, areas: list[str], may: bool
) -> None:
    team = make_team()
    user = make_user("somebody@example.org", role=role, agency=agency)
    user.memberships.update(area_codes=areas)
    by = Viewer.of_user(user)

    def act() -> None:
        actions.record_abstraction(by=by, team=team, month=date(2026, 8, 1), days=Decimal(1))
        actions.change_team(by=by, team=team, valid_from=date(2026, 9, 1), details=DETAILS)

    if may:
        act()
        assert WardTeam.objects.count() == 2
    else:
        with pytest.raises(PermissionDenied):
            act()
        assert not AbstractedDays.objects.exists()


def test_an_agency_that_works_in_the_borough_keeps_teams_in_its_wards(
    by: Viewer, snt: Agency, heaton: Area, keeper: User
) -> None:
    Agency.objects.filter(pk=snt.pk).update(area_codes=["E09990001"])
    by = Viewer.of_user(keeper)
    assert actions.may_manage(by, snt.pk, heaton)
    assert not actions.may_manage(by, snt.pk, WardFactory())


def test_nothing_is_changed_while_looking_as_somebody_else(keeper: User, make_team: Make) -> None:
    by = Viewer.of_user(keeper, looking_as=Viewer.of_user(keeper))
    with pytest.raises(PermissionDenied):
        actions.record_abstraction(by=by, team=make_team(), month=date(2026, 8, 1), days=Decimal(1))


def test_days_of_a_month_take_the_place_of_those_that_are_there(by: Viewer, make_team: Make) -> None:
    team = make_team()
    for days in ("9", "9", "9.5"):
        actions.record_abstraction(by=by, team=team, month=date(2026, 8, 1), days=Decimal(days))
    assert AbstractedDays.objects.get().days == Decimal("9.5")
    assert fields() == [
        ({"month": "2026-08", "days": None}, {"month": "2026-08", "days": "9"}),
        ({"month": "2026-08", "days": "9.0"}, {"month": "2026-08", "days": "9.5"}),
    ]


def test_days_are_kept_with_the_row_of_the_months_end_whichever_row_is_named(by: Viewer, make_team: Make) -> None:
    old = make_team(valid_from=date(2025, 1, 1), valid_to=date(2026, 5, 4))
    new = make_team()
    for month, row in ((date(2026, 4, 1), old), (date(2026, 5, 1), new)):
        assert actions.record_abstraction(by=by, team=old, month=month, days=Decimal(1)).team == row


@pytest.mark.parametrize(
    ("month", "days", "sentence"),
    [
        (date(2026, 4, 1), "1", "There was no team in April 2026."),
        (date(2099, 1, 1), "1", "January 2099 has not begun."),
        (date(2026, 8, 1), "0.3", "whole or half days"),
        (date(2026, 8, 1), "-1", "whole or half days"),
        (date(2026, 8, 1), "1000.5", "whole or half days"),
    ],
)
def test_days_that_cannot_be(by: Viewer, make_team: Make, month: date, days: str, sentence: str) -> None:
    assert timezone.localdate().year < 2099
    with pytest.raises(ValueError, match=sentence):
        actions.record_abstraction(by=by, team=make_team(), month=month, days=Decimal(days))
    assert not AbstractedDays.objects.exists()
