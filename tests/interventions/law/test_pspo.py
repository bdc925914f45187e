"""Public Spaces Protection Orders: each limit at its edge, and Romford's order of 2017 from beginning to end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.drafts import Draft
from interventions.law.parameters import Law
from interventions.law.pspo import terms
from interventions.law.rules import findings
from interventions.models import Condition, Consultation, Sign, Variation
from interventions.registers.pspo import PSPO
from tests.interventions.law.drafting import law_with, limit, zone
from tests.interventions.law.orders import draft_of, judged, verdict

FIRST = date(2017, 10, 23)
CONDITION = Condition(number=1, text="Must not have an open container of alcohol")


def consulted(opened: date = date(2017, 8, 15), closed: date = date(2017, 9, 5), **said: Any) -> list[Consultation]:
    return [
        Consultation(consultee=who, opened_on=opened, closed_on=closed, **said) for who in ("police", "policing-body")
    ]


def extension(decided: date, first: date | None, last: date | None) -> Variation:
    return Variation(sort="extension", decided_on=decided, starts_on=first, ends_on=last)


def order(*, variations: Any = (), **said: Any) -> Draft:
    """An order in force since 23 October 2017, of which nothing but its expiry and its amounts is said."""
    parts = {
        "conditions": [CONDITION],
        "consultations": consulted(),
        "signs": [Sign(location="South Street", is_ok=True)],
        "variations": variations,
    }
    fields: dict[str, Any] = {
        "stage": "in-force",
        "first": FIRST,
        "last": date(2020, 10, 22),
        "now": date(2019, 3, 1),
        "number": "No 1 of 2017",
        "decided_on": date(2017, 9, 20),
        "published_on": date(2017, 9, 25),
        "penalty": Decimal(100),
        "zone": zone(0.18, 51.57),
    }
    return draft_of(PSPO, **{**fields, **said, "parts": {**parts, **said.get("parts", {})}})


def wrong(draft: Draft) -> dict[str, str]:
    """What is blocked or warned of, by rule."""
    return {rule: one.severity for rule, one in judged(PSPO, draft).items() if one.severity != "show"}


def test_nothing_is_wrong_with_an_order_that_is_as_it_should_be() -> None:
    assert wrong(order()) == {}


# --- Its terms ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "is_allowed"),
    [
        (FIRST, date(2020, 10, 22), True),
        (FIRST, date(2020, 10, 23), False),
        # Over a leap day, and from one.
        (date(2021, 3, 1), date(2024, 2, 29), True),
        (date(2021, 3, 1), date(2024, 3, 1), False),
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
    ],
)
def test_a_term_lasts_three_years_at_most(first: date, last: date, is_allowed: bool) -> None:
    draft = order(first=first, last=last, decided_on=None, published_on=first)
    assert verdict(PSPO, draft, "pspo.term") == ("" if is_allowed else "block")


@pytest.mark.parametrize(("last", "is_allowed"), [(date(2026, 8, 31), True), (date(2026, 9, 1), False)])
def test_an_expedited_order_lasts_six_months_at_most(last: date, is_allowed: bool) -> None:
    draft = order(first=date(2026, 3, 1), last=last, is_expedited=True)
    assert verdict(PSPO, draft, "pspo.term") == ("" if is_allowed else "block")


def test_the_day_on_which_it_expires_is_not_a_day_in_force() -> None:
    found = judged(PSPO, order(last=date(2020, 10, 23)))["pspo.term"]
    assert found.field == "ends"
    assert found.sentence == (
        "A term lasts at most 3 years: from 23 October 2017, its last day is 22 October 2020 at the latest. If the "
        "order says that it expires on the day you gave, its last day in force is the day before."
    )
    assert verdict(PSPO, order(last=date(2030, 1, 1), law=Law([])), "pspo.term") == ""


def test_romford_from_2017_to_2026() -> None:
    """LB Havering (Romford Town Centre) PSPO No 1 of 2017: extended in 2020 and in 2023, run out on 23 October 2026."""
    consultations = [
        *consulted(date(2017, 3, 1), date(2017, 4, 5)),
        *consulted(date(2017, 8, 15), date(2017, 9, 5)),
        *consulted(date(2020, 8, 24), date(2020, 9, 14), in_favour=139),
        *consulted(date(2023, 7, 27), date(2023, 8, 20)),
    ]
    variations = [
        extension(date(2020, 10, 14), date(2020, 10, 23), date(2023, 10, 22)),
        extension(date(2023, 10, 11), date(2023, 10, 23), date(2026, 10, 22)),
    ]
    parts = {"consultations": consultations}
    last_day = order(variations=variations, parts=parts, now=date(2026, 10, 22))
    assert wrong(last_day) == {}
    record = last_day.record
    assert (record.first_day, record.last_day, record.status) == (FIRST, date(2026, 10, 22), "done")
    assert record.title == "Public Spaces Protection Order No 1 of 2017"
    assert terms(record, variations) == [
        (FIRST, date(2020, 10, 22)),
        (date(2020, 10, 23), date(2023, 10, 22)),
        (date(2023, 10, 23), date(2026, 10, 22)),
    ]
    assert judged(PSPO, last_day)["pspo.expiry"].sentence == "Its last day is 22 October 2026: ends today."
    day_after = order(variations=variations, parts=parts, now=date(2026, 10, 23))
    assert judged(PSPO, day_after)["pspo.expiry"].sentence == (
        "It ran out with 22 October 2026: to go on, a new order is needed."
    )
    assert PSPO.state_of
    assert PSPO.state_of(record, date(2026, 10, 22)) == ("In force until 22 October 2026", "green")
    assert PSPO.state_of(record, date(2026, 10, 23)) == ("Ran out on 22 October 2026", "grey")
    # The same, typed with the days of the term that runs.
    current = order(
        first=date(2023, 10, 23), last=date(2026, 10, 22), first_in_force=FIRST, variations=variations, parts=parts
    )
    assert wrong(current) == {}
    assert current.record.first_day == FIRST


@pytest.mark.parametrize(
    ("decided", "first", "last", "expected"),
    [
        (date(2020, 10, 22), date(2020, 10, 23), date(2023, 10, 22), {}),
        # Trap 6: extended the day after expiry.
        (date(2020, 10, 23), date(2020, 10, 23), date(2023, 10, 22), {"pspo.extended-late": "warn"}),
        # A gap, an overlap.
        (date(2020, 10, 1), date(2020, 10, 24), date(2023, 10, 22), {"pspo.extension-follows": "block"}),
        (date(2020, 10, 1), date(2020, 10, 22), date(2023, 10, 21), {"pspo.extension-follows": "block"}),
        # Three years are the most for an extension too.
        (date(2020, 10, 1), date(2020, 10, 23), date(2023, 10, 23), {"pspo.term": "block"}),
        (date(2020, 10, 1), date(2020, 10, 23), date(2020, 10, 1), {"pspo.extension-follows": "block"}),
        (date(2020, 10, 1), None, date(2023, 10, 22), {"pspo.extension-follows": "block"}),
    ],
)
def test_an_extension_follows_on_and_is_decided_before_the_expiry(
    decided: date, first: date | None, last: date | None, expected: dict[str, str]
) -> None:
    assert wrong(order(variations=[extension(decided, first, last)])) == expected


def test_a_late_extension_says_that_a_new_order_is_needed() -> None:
    late = [extension(date(2020, 10, 23), date(2020, 10, 23), date(2023, 10, 22))]
    assert judged(PSPO, order(variations=late))["pspo.extended-late"].sentence == (
        "The extension was decided on 23 October 2020, after the order had lapsed with 22 October 2020: a new order is "
        "needed."
    )
    # Kept with a reason and read again, it is still said.
    again = order(last=date(2023, 10, 22), variations=late)
    assert wrong(again) == {"pspo.extended-late": "warn"}


def test_a_discharge_ends_it() -> None:
    draft = order(stage="discharged", discharged_on=date(2019, 1, 31))
    assert wrong(draft) == {}
    assert (draft.record.last_day, draft.record.status) == (date(2019, 1, 31), "done")
    assert verdict(PSPO, order(stage="discharged"), "pspo.dates") == "block"
    assert verdict(PSPO, order(stage="discharged", discharged_on=date(2017, 10, 22)), "pspo.dates") == "block"
    assert verdict(PSPO, order(stage="discharged", discharged_on=FIRST), "pspo.dates") == ""


# --- How it came about --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "rule", "expected"),
    [
        ({"decided_on": FIRST, "published_on": FIRST}, "pspo.dates", ""),
        ({"decided_on": date(2017, 10, 24), "published_on": date(2017, 10, 24)}, "pspo.dates", "block"),
        ({"sealed_on": date(2017, 9, 20)}, "pspo.dates", ""),
        ({"sealed_on": date(2017, 9, 19)}, "pspo.dates", "block"),
        ({"published_on": date(2017, 9, 19)}, "pspo.dates", "block"),
        ({"first_in_force": date(2017, 10, 24)}, "pspo.dates", "block"),
        ({"parts": {"consultations": consulted(closed=date(2017, 8, 14))}}, "pspo.dates", "block"),
        ({"published_on": None}, "pspo.unpublished", "warn"),
        ({"published_on": None, "stage": "decided"}, "pspo.unpublished", ""),
        ({"parts": {"consultations": []}}, "pspo.consultees", "warn"),
        ({"parts": {"consultations": consulted()[:1]}}, "pspo.consultees", "warn"),
        ({"parts": {"consultations": []}, "stage": "consulting"}, "pspo.consultees", ""),
        ({"parts": {"consultations": []}, "stage": "decided"}, "pspo.consultees", "warn"),
        ({"parts": {"conditions": []}}, "pspo.no-conditions", "warn"),
        ({"parts": {"conditions": [CONDITION, CONDITION]}}, "conditions.numbers", "block"),
        ({"penalty": Decimal("100.01")}, "pspo.penalty", "block"),
        ({"penalty_early": Decimal(75), "penalty_early_days": 10}, "pspo.penalty", ""),
        ({"penalty_early": Decimal(101)}, "pspo.penalty", "block"),
        ({"zone": None}, "pspo.no-area", "show"),
        ({"parts": {"signs": [Sign(location="The Mercury", is_ok=False)]}}, "pspo.signs", "show"),
        ({"parts": {"signs": [Sign(location="The Mercury", is_ok=None)]}}, "pspo.signs", ""),
    ],
)
def test_how_it_came_about(said: dict[str, Any], rule: str, expected: str) -> None:
    assert verdict(PSPO, order(**said), rule) == expected


def test_the_policing_body_is_named_where_nobody_asked_it() -> None:
    found = judged(PSPO, order(parts={"consultations": consulted()[:1]}))["pspo.consultees"]
    assert found.sentence.endswith("not written down as asked: Local policing body (in London: MOPAC).")


@pytest.mark.parametrize(("days", "expected"), [(0, "show"), (41, "show"), (42, "")])
def test_it_can_be_challenged_for_six_weeks(days: int, expected: str) -> None:
    made = date(2017, 9, 20)
    assert verdict(PSPO, order(now=made + timedelta(days=days)), "pspo.challenge") == expected
    # An extension can be challenged too.
    extended = [extension(date(2020, 10, 1), date(2020, 10, 23), date(2023, 10, 22))]
    later = order(variations=extended, now=date(2020, 10, 1) + timedelta(days=days))
    assert verdict(PSPO, later, "pspo.challenge") == expected


def test_its_penalty_may_follow_the_law_while_it_holds() -> None:
    law = law_with(limit("fpn", "pspo-max", "500", valid_from=date(2019, 3, 1)))
    assert verdict(PSPO, order(penalty=Decimal(300), law=law, now=date(2019, 2, 28)), "pspo.penalty") == "block"
    assert verdict(PSPO, order(penalty=Decimal(300), law=law, now=date(2019, 3, 1)), "pspo.penalty") == ""
    # Over before the change: the old limit stays.
    old = order(penalty=Decimal(300), law=law, last=date(2019, 2, 28), now=date(2019, 6, 1))
    assert verdict(PSPO, old, "pspo.penalty") == "block"


def test_what_its_reader_should_know_of_amounts() -> None:
    draft = order(penalty_early=Decimal(75), penalty_early_days=10)
    assert judged(PSPO, draft)["pspo.amounts"].sentence == (
        "A fixed penalty is £100 within 14 days, £75 if it is paid within 10 days."
    )


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
MAYBE = st.none() | DAYS


@settings(max_examples=150)
@given(
    days=st.tuples(DAYS, DAYS).map(sorted),
    said=st.fixed_dictionaries(
        dict.fromkeys(("decided_on", "sealed_on", "first_in_force", "published_on", "discharged_on"), MAYBE)
    ),
    stage=st.sampled_from(["preparing", "consulting", "decided", "in-force", "discharged", "dropped"]),
    rows=st.lists(st.tuples(DAYS, MAYBE, MAYBE), max_size=4),
    now=DAYS,
    is_expedited=st.booleans(),
)
def test_no_dates_make_the_rules_fail(
    days: list[date], said: dict[str, Any], stage: str, rows: list[Any], now: date, is_expedited: bool
) -> None:
    variations = [extension(*row) for row in rows]
    draft = order(
        first=days[0], last=days[1], **said, stage=stage, now=now, variations=variations, is_expedited=is_expedited
    )
    assert draft.record.starts <= draft.record.ends
    for found in findings(PSPO.rules, draft):
        assert found.sentence.endswith(".")
        assert "None" not in found.sentence
    assert PSPO.state_of
    assert PSPO.state_of(draft.record, now)[0]
