"""Criminal Behaviour Orders: each limit at its edge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.drafts import Draft
from interventions.law.cbo import reviews_due
from interventions.law.common import looks_like_a_name
from interventions.law.parameters import Law
from interventions.law.rules import findings
from interventions.models import Breach, Condition, Review, Support, Variation
from interventions.registers.cbo import CBO
from partners.filters import day_begins
from tests.interventions.law.drafting import SHIPPED
from tests.interventions.law.orders import draft_of, judged, verdict

PROHIBITION = Condition(number=1, text="Must not enter the Liberty shopping centre")
BIRTHDAY = date(2028, 6, 1)


def order(**said: Any) -> Draft:
    """A made, indefinite order on an adult, with a prohibition and support, of which no rule says anything."""
    fields: dict[str, Any] = {
        "stage": "made",
        "age_band": "25-34",
        "is_indefinite": said.get("last") is None,
        "made_on": said.get("first", date(2026, 3, 1)),
        "publicity": "none",
        "subject_ref": "RT-0142",
        "parts": {"conditions": [PROHIBITION], "support": [Support(sort="housing", offered_on=date(2026, 3, 1))]},
    }
    return draft_of(CBO, **{**fields, **said})


def youth(**said: Any) -> Draft:
    """A made order on somebody of 16 or 17, whose youth offending team was asked."""
    asked = date(2020, 1, 1)
    return order(**{"age_band": "16-17", "turns_18_on": BIRTHDAY, "youth_team_consulted_on": asked, **said})


def test_nothing_is_said_of_an_order_that_is_as_it_should_be() -> None:
    assert judged(CBO, order()) == {}
    assert list(judged(CBO, youth(last=date(2028, 2, 29)))) == ["cbo.review"]


@pytest.mark.parametrize(
    ("first", "last", "is_allowed"),
    [
        # Trap 11: an adult for one year is invalid; so is a day less than two.
        (date(2024, 3, 1), date(2025, 2, 28), False),
        (date(2024, 3, 1), date(2026, 2, 27), False),
        (date(2024, 3, 1), date(2026, 2, 28), True),
        (date(2024, 2, 29), date(2026, 2, 27), False),
        (date(2024, 2, 29), date(2026, 2, 28), True),
        (date(2026, 3, 1), date(2028, 2, 28), False),
        (date(2026, 3, 1), date(2028, 2, 29), True),
        # There is no most, whatever other tools assume.
        (date(2026, 3, 1), date(2046, 2, 28), True),
        # Trap 11: indefinite is valid.
        (date(2026, 3, 1), None, True),
    ],
)
def test_an_adults_order_lasts_two_years_at_least_or_is_indefinite(
    first: date, last: date | None, is_allowed: bool
) -> None:
    assert verdict(CBO, order(first=first, last=last), "cbo.adult-duration") == ("" if is_allowed else "block")


def test_the_sentence_says_when_it_could_end() -> None:
    found = judged(CBO, order(first=date(2026, 3, 4), last=date(2027, 3, 3)))["cbo.adult-duration"]
    assert (found.field, found.source) == ("ends", "Sentencing Act 2020, s.334")
    assert found.sentence == (
        "An adult’s order lasts at least 2 years or is indefinite: from 4 March 2026, it can end on 3 March 2028 at "
        "the earliest."
    )


@pytest.mark.parametrize(
    ("last", "is_allowed"),
    [
        (date(2027, 2, 27), False),
        (date(2027, 2, 28), True),
        (date(2028, 2, 29), True),
        (date(2029, 2, 28), True),
        (date(2029, 3, 1), False),
    ],
)
def test_an_order_on_somebody_under_18_lasts_one_to_three_years(last: date, is_allowed: bool) -> None:
    assert verdict(CBO, youth(last=last), "cbo.youth-duration") == ("" if is_allowed else "block")


def test_it_has_an_end_or_is_indefinite_once_it_is_made() -> None:
    assert verdict(CBO, order(is_indefinite=False), "cbo.end") == "block"
    assert verdict(CBO, order(is_indefinite=False, stage="preparing"), "cbo.end") == ""
    assert verdict(CBO, order(is_indefinite=True, last=date(2030, 1, 1)), "cbo.end") == "block"
    assert verdict(CBO, youth(is_indefinite=True), "cbo.youth-duration") == "block"


def test_without_a_verified_limit_nothing_is_too_short() -> None:
    assert verdict(CBO, order(last=date(2026, 3, 2), law=Law([])), "cbo.adult-duration") == ""
    assert verdict(CBO, youth(last=date(2036, 3, 2), law=Law([])), "cbo.youth-duration") == ""


@pytest.mark.parametrize(
    ("said", "rule", "field"),
    [
        ({"made_on": date(2026, 3, 3)}, "cbo.dates", "starts"),
        ({"first": date(2026, 4, 1), "made_on": date(2026, 4, 1)}, "cbo.dates", "made_on"),
        ({"applied_on": date(2026, 3, 2)}, "cbo.dates", "made_on"),
        ({"stage": "discharged"}, "cbo.dates", "discharged_on"),
        ({"stage": "discharged", "discharged_on": date(2026, 2, 28)}, "cbo.dates", "discharged_on"),
        ({"publicity_from": date(2026, 3, 2), "publicity_to": date(2026, 3, 1)}, "cbo.dates", "publicity_to"),
        ({"parts": {"breaches": [Breach(happened_on=date(2026, 2, 28))]}}, "cbo.dates", "breaches"),
        ({"stage": "interim"}, "cbo.interim", "interim_from"),
        ({"interim_from": date(2026, 2, 2), "interim_to": date(2026, 2, 1)}, "cbo.interim", "interim_to"),
        ({"interim_to": date(2026, 2, 1)}, "cbo.interim", "interim_from"),
        ({"turns_18_on": date(2030, 1, 1)}, "cbo.turns-18", "turns_18_on"),
        ({"subject_ref": "Ana Lyst"}, "person.no-name", "subject_ref"),
        ({"parts": {"conditions": [PROHIBITION, Condition(number=1, text="b")]}}, "conditions.numbers", "conditions"),
    ],
)
def test_what_cannot_be_is_blocked(said: dict[str, Any], rule: str, field: str) -> None:
    found = judged(CBO, order(**said))[rule]
    assert (found.severity, found.field) == ("block", field)


def test_days_that_touch_are_in_order() -> None:
    day = date(2026, 3, 1)
    parts = {"breaches": [Breach(happened_on=day)], "conditions": [PROHIBITION], "support": [Support(offered_on=day)]}
    same = order(applied_on=day, interim_from=day, interim_to=day, parts=parts, publicity_from=day, publicity_to=day)
    assert judged(CBO, same) == {}


@pytest.mark.parametrize(
    ("turns_18_on", "stage", "expected"),
    [
        (None, "made", "block"),
        (None, "applied", ""),
        # The birthday itself: then they are 18.
        (date(2026, 3, 1), "made", "block"),
        (date(2026, 3, 2), "made", ""),
        (date(2044, 3, 1), "made", ""),
        (date(2044, 3, 2), "made", "block"),
    ],
)
def test_the_birthday_of_somebody_under_18(turns_18_on: date | None, stage: str, expected: str) -> None:
    draft = youth(turns_18_on=turns_18_on, stage=stage, last=date(2028, 2, 29))
    assert verdict(CBO, draft, "cbo.turns-18") == expected


def test_what_needs_an_explanation_is_warned_of() -> None:
    requirement = Condition(number=2, sort="requirement", text="Must attend treatment", supervisor=" ")
    assert verdict(CBO, order(parts={}), "cbo.no-conditions") == "warn"
    assert verdict(CBO, order(parts={}, stage="applied"), "cbo.no-conditions") == ""
    found = judged(CBO, order(parts={"conditions": [PROHIBITION, requirement]}))["cbo.no-supervisor"]
    assert (found.severity, found.sentence[-2:]) == ("warn", "2.")
    requirement.supervisor = "Change Grow Live"
    assert verdict(CBO, order(parts={"conditions": [requirement]}), "cbo.no-supervisor") == ""


@pytest.mark.parametrize(
    ("stage", "asked", "expected"),
    [
        ("preparing", None, ""),
        ("applied", None, "warn"),
        ("applied", date(2026, 2, 10), ""),
        ("applied", date(2026, 2, 11), "warn"),
    ],
)
def test_the_youth_offending_team_is_asked_before_applying(stage: str, asked: date | None, expected: str) -> None:
    draft = youth(stage=stage, youth_team_consulted_on=asked, applied_on=date(2026, 2, 10))
    assert verdict(CBO, draft, "cbo.youth-team") == expected
    assert verdict(CBO, order(stage=stage, applied_on=date(2026, 2, 10)), "cbo.youth-team") == ""


@pytest.mark.parametrize(("days", "expected"), [(91, ""), (90, "show"), (7, "show"), (0, "show"), (-1, "")])
def test_the_last_ninety_days_are_counted(days: int, expected: str) -> None:
    last = date(2030, 6, 30)
    assert verdict(CBO, order(last=last, now=last - timedelta(days=days)), "cbo.expiry") == expected


def test_what_its_reader_should_know() -> None:
    shown = judged(CBO, order(age_band="", publicity="undecided", parts={"conditions": [PROHIBITION]}))
    assert {rule: found.severity for rule, found in shown.items()} == {
        "cbo.age": "show",
        "cbo.support": "show",
        "cbo.publicity": "show",
    }


# --- Reviews ------------------------------------------------------------------------------------------------------


def due(draft: Draft, *, turns_18_on: date = date(2029, 1, 1), variations: Any = (), reviews: Any = ()) -> list[date]:
    draft.record.turns_18_on = turns_18_on
    return [one.due_on for one in reviews_due(draft.record, variations, reviews, 12)]


def test_a_review_is_due_before_the_end_of_each_twelve_months() -> None:
    draft = youth(last=date(2029, 2, 28))
    assert due(draft) == [date(2027, 2, 28), date(2028, 2, 29)]
    # At the end of the second period, the person is 18: the birthday is its last day.
    assert due(draft, turns_18_on=date(2028, 2, 29)) == [date(2027, 2, 28)]
    assert due(draft, turns_18_on=date(2028, 3, 1)) == [date(2027, 2, 28), date(2028, 2, 29)]
    # From 29 February.
    assert due(youth(first=date(2024, 2, 29), last=date(2027, 2, 27))) == [date(2025, 2, 28), date(2026, 2, 28)]
    # Of adults, none.
    assert due(order()) == []


def test_a_variation_begins_the_twelve_months_anew() -> None:
    """Trap 7."""
    draft, varied = youth(last=date(2029, 2, 28)), Variation(sort="variation", decided_on=date(2027, 2, 28))
    assert due(draft, variations=[varied]) == [date(2028, 2, 27)]
    # The day after the period, it begins the second one anew.
    varied.decided_on = date(2027, 3, 2)
    assert due(draft, variations=[varied]) == [date(2027, 2, 28), date(2028, 3, 1)]
    # Twice in one period: the later counts. What is no variation does not.
    twice = [varied, Variation(sort="variation", decided_on=date(2027, 6, 10))]
    assert due(draft, variations=twice) == [date(2027, 2, 28), date(2028, 6, 9)]
    assert due(draft, variations=[Variation(sort="discharge", decided_on=date(2026, 9, 1))]) == due(draft)


def test_an_overdue_review_is_said_until_it_is_held() -> None:
    def sentence(day: date, *held: date) -> str:
        reviews = [Review(due_on=date(2027, 2, 28), held_on=one) for one in held]
        parts = {"conditions": [PROHIBITION], "reviews": reviews}
        return judged(CBO, youth(last=date(2029, 2, 28), now=day, parts=parts))["cbo.review"].sentence

    assert sentence(date(2027, 2, 28)) == "Next review due by 28 February 2027: due today."
    assert sentence(date(2027, 3, 1)) == "Overdue: the review that was due by 28 February 2027 was not held."
    assert sentence(date(2027, 2, 28), date(2027, 2, 28)).startswith("Next review due by 29 February 2028")
    assert sentence(date(2027, 3, 9), date(2027, 3, 5)).startswith("Next review due by 29 February 2028")


# --- What follows, and how it stands ------------------------------------------------------------------------------


def test_what_follows_from_the_stage() -> None:
    interim = order(stage="interim", interim_from=date(2026, 2, 1), interim_to=date(2026, 2, 28)).record
    assert (interim.first_day, interim.last_day, interim.status) == (date(2026, 2, 1), date(2026, 2, 28), "done")
    discharged = order(stage="discharged", discharged_on=date(2026, 9, 1)).record
    # On that day nobody is arrested for breaking it any more.
    assert (discharged.last_day, discharged.status) == (date(2026, 8, 31), "done")
    assert discharged.ends == day_begins(date(2026, 9, 1))
    at_once = order(stage="discharged", discharged_on=date(2026, 3, 1)).record
    assert at_once.ends == at_once.starts == day_begins(date(2026, 3, 1))
    assert [order(stage=stage).record.status for stage in ("preparing", "applied", "made", "appealed", "refused")] == [
        *("planned", "planned", "done", "done", "cancelled")
    ]
    assert order(title="").record.title == "Criminal Behaviour Order from 1 March 2026"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 28), "In force from 1 March 2026"),
        (date(2026, 3, 1), "In force until 29 February 2028"),
        (date(2028, 2, 29), "In force until 29 February 2028"),
        (date(2028, 3, 1), "Ended on 29 February 2028"),
    ],
)
def test_its_state_on_a_day(day: date, said: str) -> None:
    assert CBO.state_of
    assert CBO.state_of(order(last=date(2028, 2, 29)).record, day)[0] == said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("Ana Lyst", True), ("LYST, Ana", True), ("Jean-Luc O’Hara", True), ("Ana Maria Lyst", True)),
        *(("RT-0142", False), ("RT 0142", False), ("subject fourteen", False), ("Fox", False), ("", False)),
        ("Subject A", False),
    ],
)
def test_what_looks_like_a_name(text: str, expected: bool) -> None:
    assert looks_like_a_name(text) == expected


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
MAYBE = st.none() | DAYS
OTHER_DAYS = (
    *("made_on", "applied_on", "interim_from", "interim_to", "discharged_on", "turns_18_on"),
    *("youth_team_consulted_on", "publicity_from", "publicity_to"),
)


@settings(max_examples=150)
@given(
    first=DAYS,
    last=MAYBE,
    said=st.fixed_dictionaries(dict.fromkeys(OTHER_DAYS, MAYBE)),
    stage=st.sampled_from(["preparing", "applied", "interim", "made", "appealed", "discharged", "refused"]),
    band=st.sampled_from([None, "10-15", "16-17", "18-24", "body"]),
    varied=st.lists(DAYS, max_size=4),
    now=DAYS,
)
def test_no_dates_make_the_rules_fail(
    first: date, last: date | None, said: dict[str, Any], stage: str, band: str | None, varied: list[date], now: date
) -> None:
    parts = {"variations": [Variation(sort="variation", decided_on=day) for day in varied]}
    draft = order(first=first, last=last, **said, stage=stage, age_band=band, now=now, parts=parts)
    for found in findings(CBO.rules, draft):
        assert found.sentence.endswith(".")
        assert "None" not in found.sentence
    dues = reviews_due(draft.record, parts["variations"], [], SHIPPED.whole("cbo", "youth-review", first))
    assert [one.due_on for one in dues] == sorted({one.due_on for one in dues})
    assert CBO.state_of
    assert CBO.state_of(draft.record, now)[0]
