"""Dispersals: authorisations and directions at the edges of what the law allows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from interventions.law.rules import Severity
from interventions.models import DispersalAuthorisation, Intervention
from interventions.registers.dispersal import DIRECTION, DISPERSAL
from tests.interventions.law.drafting import SHIPPED, at, drafted, law_with, limit, named, said, sentence, zone

NOW = at("2026-03-04 22:00")
Rank = DispersalAuthorisation.Rank


def authorisation(**changed: Any) -> dict[str, Any]:
    """One that the law allows and of which nothing is to be warned."""
    return {
        "now": NOW,
        "starts": at("2026-03-04 20:00"),
        "ends": at("2026-03-06 20:00"),
        "authorised_rank": Rank.INSPECTOR,
        "grounds": "Groups drinking and threatening people at the station, 14 calls this week.",
        "rights_considered": True,
        "zone": zone(0.18, 51.57, 0.004),
    } | changed


def of(**changed: Any) -> list[Any]:
    return said(DISPERSAL, drafted(DISPERSAL, **authorisation(**changed)))


def test_a_lawful_authorisation_shows_only_what_is_left() -> None:
    found = of()
    assert {one.severity for one in found} == {Severity.SHOW}
    assert sentence(found, "dispersal.running") == "It holds until 20:00 on 6 March 2026: 46 hours left."
    draft = drafted(DISPERSAL, **authorisation(title=""))
    assert draft.record.title == "Dispersal authorisation from 20:00 on 4 March 2026"
    assert draft.record.status == Intervention.Status.DONE


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({"ends": at("2026-03-06 20:00")}, set()),
        ({"ends": at("2026-03-06 20:01")}, {"dispersal.too-long"}),
        ({"ends": at("2026-03-04 20:00")}, {"dispersal.too-long"}),
        # Clocks go forward on 29 March 2026 and back on 25 October: 48 hours are 48 hours.
        ({"starts": at("2026-03-28 12:00"), "ends": at("2026-03-30 13:00")}, set()),
        ({"starts": at("2026-03-28 12:00"), "ends": at("2026-03-30 13:01")}, {"dispersal.too-long"}),
        ({"starts": at("2026-10-24 12:00"), "ends": at("2026-10-26 11:00")}, set()),
        ({"starts": at("2026-10-24 12:00"), "ends": at("2026-10-26 12:00")}, {"dispersal.too-long"}),
        ({"authorised_rank": Rank.SERGEANT}, {"dispersal.rank"}),
        ({"authorised_rank": Rank.CONSTABLE}, {"dispersal.rank"}),
        ({"authorised_rank": Rank.CHIEF_INSPECTOR}, set()),
        ({"grounds": "  "}, {"dispersal.grounds"}),
        ({"zone": None}, {"dispersal.area"}),
        ({"cancelled_from": at("2026-03-04 19:59")}, {"dispersal.ended-early"}),
        ({"cancelled_from": at("2026-03-06 20:01")}, {"dispersal.ended-early"}),
        ({"cancelled_from": at("2026-03-04 23:00")}, set()),
    ],
)
def test_what_an_authorisation_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(of(**changed), Severity.BLOCK) == blocked


def test_the_limit_is_the_one_of_the_day_on_which_it_begins() -> None:
    from_june = limit("dispersal", "authorisation-max", "72", valid_from=date(2026, 6, 29))
    three_days: dict[str, Any] = {"law": law_with(from_june), "ends": None, "starts": None}
    for start, blocked in (("2026-06-28 23:59", {"dispersal.too-long"}), ("2026-06-29 00:00", set())):
        three_days |= {"starts": at(start), "ends": at(start) + timedelta(hours=72)}
        assert named(of(**three_days), Severity.BLOCK) == blocked
    # What is shipped of 2026 is off.
    assert named(of(**three_days | {"law": SHIPPED}), Severity.BLOCK) == {"dispersal.too-long"}


def test_what_needs_a_reason() -> None:
    assert named(of(rights_considered=False), Severity.WARN) == {"dispersal.rights"}
    assert named(of(zone=zone(0.18, 51.57, 0.02)), Severity.WARN) == {"dispersal.large-area"}
    assert "all of St Edward’s" in sentence(of(known={"whole_wards": ["St Edward’s"]}), "dispersal.large-area")


@pytest.mark.parametrize(
    ("before", "warned"),
    [
        (["2026-03-01 10:00"], False),
        (["2026-03-01 10:00", "2026-02-04 20:01"], True),
        # 28 days before to the minute is outside.
        (["2026-03-01 10:00", "2026-02-04 20:00"], False),
        # Later ones are counted when they are written down, not here.
        (["2026-03-01 10:00", "2026-03-05 10:00"], False),
    ],
)
def test_the_third_in_28_days_calls_for_a_plan(before: list[str], warned: bool) -> None:
    found = of(known={"others_here": [at(text) for text in before]})
    assert ("dispersal.serial" in named(found, Severity.WARN)) == warned
    assert ("problem-solving plan" in sentence(found, "dispersal.serial")) == warned


def test_ended_early_it_is_over_then_and_before_its_start_it_never_took_effect() -> None:
    early = drafted(DISPERSAL, **authorisation(cancelled_from=at("2026-03-04 21:00")))
    assert early.record.ends == at("2026-03-04 21:00")
    assert sentence(said(DISPERSAL, early), "dispersal.running") == "It was ended early, at 21:00 on 4 March 2026."
    never = drafted(DISPERSAL, **authorisation(cancelled_from=at("2026-03-04 20:00")))
    assert never.record.status == Intervention.Status.CANCELLED
    assert named(said(DISPERSAL, never), Severity.BLOCK) == set()
    assert DISPERSAL.state_of is not None
    assert DISPERSAL.state_of(never.record, NOW.date()) == ("Never took effect", "grey")
    assert DISPERSAL.state_of(early.record, NOW.date()) == ("Until 21:00, 4 March 2026", "yellow")


def direction(**changed: Any) -> dict[str, Any]:
    """A direction under that authorisation; `authorisation` changes it."""
    under = drafted(DISPERSAL, **authorisation(**changed.pop("authorisation", {}))).record
    return {
        "now": NOW,
        "authorisation": under,
        "starts": at("2026-03-04 21:00"),
        "ends": at("2026-03-05 21:00"),
        "age_band": "18-24",
    } | changed


def directed(**changed: Any) -> list[Any]:
    return said(DIRECTION, drafted(DIRECTION, **direction(**changed)))


def test_a_lawful_direction_shows_until_when_and_keeps_out_of_the_whole_locality() -> None:
    draft = drafted(DIRECTION, **direction())
    found = said(DIRECTION, draft)
    assert [one.sentence for one in found] == ["Must not return until 21:00 on 5 March 2026: 23 hours left."]
    assert draft.record.zone == draft.record.authorisation.zone
    assert draft.record.title == "Direction to leave until 21:00 on 5 March 2026"


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        # Begun in the last minute of the authorisation, it is lawful though it ends two days after it.
        ({"starts": at("2026-03-06 19:59"), "ends": at("2026-03-08 19:59")}, set()),
        ({"starts": at("2026-03-06 20:00"), "ends": at("2026-03-07 20:00")}, {"direction.period"}),
        ({"starts": at("2026-03-04 20:00")}, set()),
        ({"starts": at("2026-03-04 19:59")}, {"direction.period"}),
        ({"authorisation": {"cancelled_from": at("2026-03-04 20:30")}}, {"direction.period"}),
        ({"authorisation": {"cancelled_from": at("2026-03-04 21:01")}}, set()),
        ({"authorisation": {"cancelled_from": at("2026-03-04 20:00")}}, {"direction.period"}),
        ({"ends": at("2026-03-06 21:00")}, set()),
        ({"ends": at("2026-03-06 21:01")}, {"direction.too-long"}),
        ({"ends": at("2026-03-04 21:00")}, {"direction.too-long"}),
        ({"age_band": "under-10"}, {"direction.age"}),
        ({"age_band": "body"}, {"direction.age"}),
        ({"age_band": "16-17"}, set()),
        ({"age_band": None}, set()),
        ({"longitude": 0.182, "latitude": 51.572}, set()),
        ({"longitude": 0.18, "latitude": 51.57}, set()),
        ({"longitude": 0.2, "latitude": 51.572}, {"direction.place"}),
        ({"zone": zone(0.181, 51.571, 0.002)}, set()),
        ({"zone": zone(0.181, 51.571, 0.004)}, {"direction.place"}),
        ({"subject_ref": "Jo Bloggs"}, {"person.no-name"}),
    ],
)
def test_what_a_direction_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(directed(**changed), Severity.BLOCK) == blocked


def test_48_hours_of_exclusion_when_clocks_go_back() -> None:
    under = {"starts": at("2026-10-24 12:00"), "ends": at("2026-10-26 11:00")}
    given = {"authorisation": under, "starts": at("2026-10-24 22:00")}
    assert named(directed(**given, ends=at("2026-10-26 21:00")), Severity.BLOCK) == set()
    assert named(directed(**given, ends=at("2026-10-26 22:00")), Severity.BLOCK) == {"direction.too-long"}


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"is_written": False}, {"direction.written"}),
        ({"told_offence": False}, {"direction.told"}),
        ({"age_band": "10-15"}, {"direction.under-16"}),
        ({"age_band": "10-15", "under_16_action": "Taken home"}, set()),
        ({"age_band": "16-17"}, set()),
    ],
)
def test_what_of_a_direction_needs_a_reason(changed: dict[str, Any], warned: set[str]) -> None:
    assert named(directed(**changed), Severity.WARN) == warned


def test_words_of_a_cancelled_authorisation_say_when_it_ended() -> None:
    found = directed(authorisation={"cancelled_from": at("2026-03-04 20:30")})
    assert sentence(found, "direction.period") == (
        "The authorisation was ended early at 20:30 on 4 March 2026: no direction from then on."
    )
