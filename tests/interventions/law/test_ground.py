"""Work on the ground and with people: what is counted adds up, each rule at its edge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.drafts import Draft
from interventions.law import ground
from interventions.models import (
    Intervention,
    LicensingVisit,
    Observation,
    PatrolStint,
    ReferralCount,
    SearchCount,
    Swab,
)
from interventions.registers.build import BUILD
from interventions.registers.joint import JOINT
from interventions.registers.licensing import LICENSING
from interventions.registers.patrol import PATROL
from interventions.registers.referrals import REFERRALS
from interventions.registers.register import Register
from interventions.registers.searches import SEARCHES
from interventions.registers.walk import WALK
from tests.interventions.law.drafting import at, drafted, said

NOON = at("2026-03-04 12:00")


def draft_of(register: Register, *, now: Any = "2026-03-10 12:00", parts: Any = None, **fields: Any) -> Draft:
    """Done on 4 March 2026 from 12:00 to 14:00, looked at on 10 March."""
    kept = {"status": "done", "starts": NOON, "ends": at("2026-03-04 14:00"), "title": "It", **fields}
    return drafted(register, now=at(now), parts=parts, **kept)


def told(register: Register, draft: Draft, rule: str) -> list[tuple[str, str]]:
    """Severity and sentence of what one rule says."""
    return [(one.severity.value, one.sentence) for one in said(register, draft) if one.rule == rule]


def verdict(register: Register, draft: Draft, rule: str) -> str:
    found = told(register, draft, rule)
    return found[0][0] if found else ""


# --- Patrols ------------------------------------------------------------------------------------------------------


def stint(starts: str = "2026-03-04 12:00", minutes: int = 60, officers: int = 2, note: str = "") -> PatrolStint:
    return PatrolStint(starts=at(starts), minutes=minutes, officers=officers, note=note)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (stint("2026-03-04 00:00"), ""),
        (stint("2026-03-04 23:59"), ""),
        (stint("2026-03-03 23:59"), "block"),
        (stint("2026-03-05 00:00"), "block"),
        (stint(minutes=0), "block"),
        (stint(minutes=1), ""),
        (stint(minutes=1440), ""),
        (stint(minutes=1441), "block"),
        (stint(officers=0), "block"),
    ],
)
def test_a_stint_lies_in_the_days_of_its_patrol(one: PatrolStint, expected: str) -> None:
    assert verdict(PATROL, draft_of(PATROL, parts={"stints": [one]}), "patrol.stints") == expected


def test_what_is_delivered_is_over() -> None:
    later = draft_of(PATROL, now="2026-03-04 11:59", parts={"stints": [stint()]})
    assert verdict(PATROL, later, "patrol.stints") == "block"
    now = draft_of(PATROL, now="2026-03-04 12:00", parts={"stints": [stint()]})
    assert verdict(PATROL, now, "patrol.stints") == ""


@pytest.mark.parametrize(
    ("planned", "stints", "status", "expected"),
    [
        (
            240,
            [stint(), stint(officers=1, minutes=50)],
            "done",
            "170 of 240 planned officer-minutes were delivered (71%).",
        ),
        (120, [stint(minutes=90)], "done", "180 of 120 planned officer-minutes were delivered (150%)."),
        (None, [stint()], "done", "120 officer-minutes were delivered. None were planned."),
        (0, [stint()], "done", "120 officer-minutes were delivered. None were planned."),
        (480, [], "done", "Nothing of 480 planned officer-minutes is written down as delivered."),
        (480, [], "cancelled", ""),
        (None, [], "done", ""),
    ],
)
def test_planned_against_delivered(
    planned: int | None, stints: Sequence[PatrolStint], status: str, expected: str
) -> None:
    found = told(
        PATROL, draft_of(PATROL, planned_minutes=planned, status=status, parts={"stints": stints}), "patrol.delivered"
    )
    assert " ".join(sentence for _, sentence in found) == expected


def test_officers_are_not_named() -> None:
    named = draft_of(PATROL, parts={"stints": [stint(note="Ana Lyst")]})
    assert verdict(PATROL, named, "patrol.no-name") == "warn"
    plain = draft_of(PATROL, parts={"stints": [stint(note="Stopped and spoke with traders")]})
    assert verdict(PATROL, plain, "patrol.no-name") == ""


# --- Licensing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("taken", "positive", "expected"), [(10, 10, ""), (10, 11, "block"), (0, 0, "")])
def test_no_more_swabs_are_positive_than_taken(taken: int, positive: int, expected: str) -> None:
    one = draft_of(LICENSING, parts={"swabs": [Swab(spot="Bar", taken=taken, positive=positive)]})
    assert verdict(LICENSING, one, "licensing.swabs") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"sales_attempted": 13, "sales_made": 13}, ""),
        ({"sales_attempted": 13, "sales_made": 14}, "block"),
        ({"sales_made": 1}, "block"),
        ({"sales_made": 0}, ""),
        ({"kind": "test-purchase"}, "warn"),
        ({"sort": "purchase"}, "warn"),
        ({"sort": "purchase", "status": "planned"}, ""),
        ({"sort": "purchase", "sales_attempted": 0}, ""),
    ],
)
def test_sales_are_some_of_the_purchases_tried(more: dict[str, Any], expected: str) -> None:
    assert verdict(LICENSING, draft_of(LICENSING, **more), "licensing.purchases") == expected


@pytest.mark.parametrize(
    ("uprn", "expected"), [("", ""), ("100021054321", ""), ("10002105432A", "block"), ("¹²", "block")]
)
def test_a_uprn_is_digits(uprn: str, expected: str) -> None:
    assert verdict(LICENSING, draft_of(LICENSING, uprn=uprn), "licensing.uprn") == expected


@pytest.mark.parametrize(
    ("due", "more", "expected"),
    [
        (date(2026, 3, 3), {}, "The follow-up cannot be before 4 March 2026."),
        (date(2026, 3, 4), {"now": "2026-03-04 23:59"}, "The follow-up is due on 4 March 2026: ends today."),
        (date(2026, 3, 10), {}, "The follow-up is due on 10 March 2026: ends today."),
        (date(2026, 3, 9), {}, "The follow-up was due on 9 March 2026, and no visit after this one is known."),
        (date(2026, 3, 9), {"status": "cancelled"}, ""),
        (None, {}, ""),
    ],
)
def test_a_follow_up_is_due(due: date | None, more: dict[str, Any], expected: str) -> None:
    found = told(LICENSING, draft_of(LICENSING, follow_up_on=due, **more), "licensing.follow-up")
    assert [sentence for _, sentence in found][:1] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"sort": "swab", "premises_name": "The Kestrel"}, "Drug swabs, The Kestrel"),
        ({"premises_name": "The Kestrel"}, "Licensing visit, The Kestrel"),
        ({}, "Licensing visit"),
        ({"title": "Bank holiday round", "sort": "swab"}, "Bank holiday round"),
    ],
)
def test_a_visit_has_a_title(fields: dict[str, Any], title: str) -> None:
    assert draft_of(LICENSING, **{"title": "", **fields}).record.title == title


# --- Stop and search ----------------------------------------------------------------------------------------------


def count(dimension: str, value: str, number: int) -> SearchCount:
    return SearchCount(dimension=dimension, value=value, count=number)


@pytest.mark.parametrize("field", ["found", "found_object", "no_action", "arrests", "strip_searches"])
def test_what_came_of_searches_is_no_more_than_them(field: str) -> None:
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20, **{field: 20}), "searches.of-them") == ""
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20, **{field: 21}), "searches.of-them") == "block"


def test_what_was_searched_for_is_something() -> None:
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20, found=5, found_object=5), "searches.of-them") == ""
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20, found=5, found_object=6), "searches.of-them") == "block"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], ""),
        ([count("ethnicity", "White", 12), count("ethnicity", "Not stated", 8)], ""),
        ([count("ethnicity", "White", 12), count("ethnicity", "Not stated", 7)], "warn"),
        ([count("ethnicity", "White", 20), count("age", "18 to 24", 21)], "warn"),
        ([count("age", "18 to 24", 10), count("age", "18 TO 24", 10)], "block"),
    ],
)
def test_each_way_to_count_comes_to_all_searches(counts: Sequence[SearchCount], expected: str) -> None:
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20, parts={"counts": counts}), "searches.sums") == expected


@pytest.mark.parametrize(
    ("number", "audience", "expected"),
    [(4, "everyone", "warn"), (5, "everyone", ""), (0, "everyone", ""), (4, "agreements", "")],
)
def test_small_groups_are_not_for_everybody(number: int, audience: str, expected: str) -> None:
    parts = {"counts": [count("age", "Under 18", number)]}
    assert (
        verdict(SEARCHES, draft_of(SEARCHES, searches=number, audience=audience, parts=parts), "searches.few")
        == expected
    )


def test_possession_rises_with_searches() -> None:
    """Trap 4."""
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=20), "searches.possession") == "show"
    assert verdict(SEARCHES, draft_of(SEARCHES, searches=0), "searches.possession") == ""


# --- Walks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"severity": 1}, ""),
        ({"severity": 5}, ""),
        ({"severity": 0}, "block"),
        ({"severity": 6}, "block"),
        ({"done_on": date(2026, 3, 4)}, ""),
        ({"done_on": date(2026, 3, 3)}, "block"),
        ({"done_on": date(2026, 3, 10)}, ""),
        ({"done_on": date(2026, 3, 11)}, "block"),
        ({"due_on": date(2026, 3, 3)}, "block"),
        ({"longitude": 0.18}, "block"),
    ],
)
def test_what_a_walk_noted(more: dict[str, Any], expected: str) -> None:
    one = Observation(**{"category": "lighting", "severity": 3, "text": "Lamp out", **more})
    assert verdict(WALK, draft_of(WALK, parts={"observations": [one]}), "walk.observations") == expected


def test_what_is_not_mended_in_time_is_overdue() -> None:
    late = Observation(category="decay", severity=2, text="Fly-tipping", due_on=date(2026, 3, 9))
    today = Observation(category="decay", severity=2, text="Graffiti", due_on=date(2026, 3, 10))
    done = Observation(category="decay", severity=2, text="Bins", due_on=date(2026, 3, 5), done_on=date(2026, 3, 9))
    found = told(WALK, draft_of(WALK, parts={"observations": [late, today, done]}), "walk.overdue")
    assert found == [("show", "1 observation is overdue.")]
    assert told(WALK, draft_of(WALK, parts={"observations": [today, done]}), "walk.overdue") == []


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 3, 3), "block"),
        (date(2026, 3, 9), "show"),
        (date(2026, 4, 9), "show"),
        (date(2026, 4, 10), ""),
        (None, ""),
    ],
)
def test_when_to_walk_again(due: date | None, expected: str) -> None:
    assert verdict(WALK, draft_of(WALK, repeat_on=due), "walk.repeat") == expected


# --- People and partners ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["new_contacts", "referred", "entered_treatment", "housed"])
def test_people_who_are_counted_were_reached(field: str) -> None:
    assert verdict(BUILD, draft_of(BUILD, people_reached=10, **{field: 10}), "build.reach") == ""
    assert verdict(BUILD, draft_of(BUILD, people_reached=10, **{field: 11}), "build.reach") == "warn"
    assert verdict(BUILD, draft_of(BUILD, people_reached=None, **{field: 11}), "build.reach") == ""


def test_volunteers_are_not_among_those_reached() -> None:
    assert verdict(BUILD, draft_of(BUILD, people_reached=0, volunteers=5), "build.reach") == ""


def test_the_next_one_comes_after() -> None:
    assert verdict(JOINT, draft_of(JOINT, next_on=date(2026, 3, 4)), "joint.next") == ""
    assert verdict(JOINT, draft_of(JOINT, next_on=date(2026, 3, 3)), "joint.next") == "block"


def test_a_scheme_has_one_line() -> None:
    lines = [ReferralCount(scheme="iom", count=2), ReferralCount(scheme="dip", count=1)]
    assert verdict(REFERRALS, draft_of(REFERRALS, parts={"counts": lines}), "referrals.once") == ""
    again = [*lines, ReferralCount(scheme="iom", count=1)]
    assert verdict(REFERRALS, draft_of(REFERRALS, parts={"counts": again}), "referrals.once") == "block"


CLOCKS = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-30"))
MAYBE = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))


@settings(max_examples=60)
@given(
    starts=CLOCKS.map(lambda one: at(str(one))),
    now=CLOCKS,
    due=MAYBE,
    done=MAYBE,
    status=st.sampled_from(Intervention.Status.values),
    number=st.none() | st.integers(0, 3_000),
)
def test_nothing_makes_the_rules_fail(
    starts: datetime, now: datetime, due: Any, done: Any, status: str, number: int | None
) -> None:
    when = {"starts": starts, "ends": starts, "status": status, "now": str(now)[:16]}
    seen = Observation(category="decay", severity=number or 0, text="Bins", due_on=due, done_on=done)
    walked = PatrolStint(starts=starts, minutes=number or 0, officers=1)
    for register, draft in (
        (PATROL, draft_of(PATROL, planned_minutes=number, parts={"stints": [walked]}, **when)),
        (LICENSING, draft_of(LICENSING, follow_up_on=due, sales_made=number, **when)),
        (SEARCHES, draft_of(SEARCHES, searches=number or 0, found=number, **when)),
        (WALK, draft_of(WALK, repeat_on=due, parts={"observations": [seen]}, **when)),
        (JOINT, draft_of(JOINT, next_on=due, **when)),
    ):
        for found in said(register, draft):
            assert found.sentence.endswith(".")
            assert "None" not in found.sentence.replace("None were planned", "")


def test_premises_are_known_by_licence_or_name() -> None:
    assert ground.of_premises(LicensingVisit(licence_number=" lw 12", premises_name="The Kestrel")) == "LW12"
    assert ground.of_premises(LicensingVisit(premises_name="The Kestrel")) == "THEKESTREL"
    assert ground.of_premises(LicensingVisit()) == ""
