"""Closures at the edges of what the law allows; both clocks leave 25 December out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from interventions.law.parameters import Law
from interventions.law.rules import Severity
from interventions.models import Closure, ClosureVisit, Intervention, Premises, Variation
from interventions.registers.closure import CLOSURE
from tests.interventions.law.drafting import at, drafted, law_with, limit, named, said, sentence

NOW = at("2026-03-04 12:00")
Issuer, Outcome = Closure.Issuer, Closure.Outcome
ONE = [Premises(name="Flat 3, 20 Kestrel Road")]


def closure(**changed: Any) -> dict[str, Any]:
    """A notice that the law allows and of which nothing is to be warned."""
    return {
        "now": NOW,
        "starts": at("2026-03-04 10:00"),
        "served": at("2026-03-04 11:00"),
        "issuer": Issuer.INSPECTOR,
        "notice_hours": 24,
        "advice_given": True,
        "parts": {"premises_list": ONE},
    } | changed


def of(**changed: Any) -> list[Any]:
    return said(CLOSURE, drafted(CLOSURE, **closure(**changed)))


def order(**changed: Any) -> dict[str, Any]:
    """An order of three months from 6 March 2026."""
    made = {"outcome": Outcome.MADE, "order_from": date(2026, 3, 6), "order_to": date(2026, 6, 5)}
    return made | changed


def extended(*rows: tuple[date, date | None]) -> dict[str, list[Any]]:
    """Extensions as (decided on, until)."""
    found = [Variation(sort=Variation.Sort.EXTENSION, decided_on=on, ends_on=until) for on, until in rows]
    return {"premises_list": ONE, "variations": found}


def test_a_lawful_notice_shows_when_it_must_be_heard() -> None:
    draft = drafted(CLOSURE, **closure())
    found = said(CLOSURE, draft)
    assert [one.sentence for one in found] == ["The court must hear it by 11:00 on 6 March 2026: 47 hours left."]
    assert draft.record.hearing == at("2026-03-06 11:00")
    assert draft.record.ends == at("2026-03-05 10:00")
    assert draft.record.title == "Closure from 10:00 on 4 March 2026"


@pytest.mark.parametrize(
    ("served", "due"),
    [
        ("2026-12-24 10:00", "2026-12-27 10:00"),
        ("2026-12-23 10:00", "2026-12-26 10:00"),
        # Over on the midnight before 25 December, nothing is left to leave out.
        ("2026-12-23 00:00", "2026-12-25 00:00"),
        ("2026-12-23 00:01", "2026-12-26 00:01"),
        ("2026-12-22 23:59", "2026-12-24 23:59"),
        # Served on the day itself, time begins after it.
        ("2026-12-25 10:00", "2026-12-28 00:00"),
        ("2026-12-26 00:00", "2026-12-28 00:00"),
        ("2026-12-31 10:00", "2027-01-02 10:00"),
        ("2028-02-28 10:00", "2028-03-01 10:00"),
        # Clocks forward on 29 March, back on 25 October: 48 hours of time.
        ("2026-03-28 12:00", "2026-03-30 13:00"),
        ("2026-10-24 12:00", "2026-10-26 11:00"),
    ],
)
def test_48_hours_to_the_hearing_without_christmas_day(served: str, due: str) -> None:
    times = {"starts": at(served), "served": at(served), "now": at(served)}
    assert drafted(CLOSURE, **closure(**times)).record.hearing == at(due)
    assert named(of(**times, hearing=at(due)), Severity.WARN) == set()
    late = at(due) + timedelta(minutes=1)
    assert named(of(**times, hearing=late), Severity.WARN) == {"closure.hearing-late"}
    assert named(of(**times, hearing=late, outcome=Outcome.ADJOURNED), Severity.WARN) == set()


@pytest.mark.parametrize(
    ("issuer", "hours", "starts", "ends"),
    [
        (Issuer.INSPECTOR, 24, "2026-12-24 10:00", "2026-12-25 10:00"),
        (Issuer.OFFICER, 24, "2026-10-24 12:00", "2026-10-25 11:00"),
        # Only the 48 hours of a senior officer leave 25 December out.
        (Issuer.SUPERINTENDENT, 48, "2026-12-24 10:00", "2026-12-27 10:00"),
        (Issuer.CHIEF_EXECUTIVE, 48, "2026-03-04 10:00", "2026-03-06 10:00"),
    ],
)
def test_when_a_notice_is_over(issuer: str, hours: int, starts: str, ends: str) -> None:
    times = {"now": at(starts), "starts": at(starts), "served": at(starts)}
    draft = drafted(CLOSURE, **closure(issuer=issuer, notice_hours=hours, **times))
    assert draft.record.ends == at(ends)
    assert named(said(CLOSURE, draft), Severity.BLOCK) == set()


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({"notice_hours": 25}, {"closure.notice-too-long"}),
        ({"notice_hours": 0}, {"closure.notice-too-long"}),
        ({"issuer": Issuer.OFFICER, "notice_hours": 25}, {"closure.notice-too-long"}),
        ({"issuer": Issuer.SUPERINTENDENT, "notice_hours": 48}, set()),
        ({"issuer": Issuer.SUPERINTENDENT, "notice_hours": 49}, {"closure.notice-too-long"}),
        ({"issuer": Issuer.CHIEF_EXECUTIVE, "notice_hours": 49}, {"closure.notice-too-long"}),
        ({"issuer": Issuer.HOUSING}, {"closure.issuer"}),
        ({"served": at("2026-03-04 09:59")}, {"closure.served"}),
        ({"served": at("2026-03-04 10:00")}, set()),
        ({"served": at("2026-03-04 12:00")}, set()),
        ({"served": at("2026-03-04 12:01")}, {"closure.served"}),
        ({"hearing": at("2026-03-04 10:59")}, {"closure.served"}),
        (order(), set()),
        (order(order_to=date(2026, 6, 6)), {"closure.order"}),
        (order(order_from=date(2026, 3, 4), order_to=date(2026, 6, 3)), set()),
        (order(order_from=date(2026, 3, 3), order_to=date(2026, 6, 2)), {"closure.order"}),
        (order(order_to=date(2026, 3, 5)), {"closure.order"}),
        (order(order_to=None), {"closure.order"}),
        # From 29 November: where the third month has no such day, the term ends with it.
        (order(order_from=date(2026, 11, 29), order_to=date(2027, 2, 28)), set()),
        (order(order_from=date(2026, 11, 29), order_to=date(2027, 3, 1)), {"closure.order"}),
        (order(order_from=date(2027, 11, 29), order_to=date(2028, 2, 28)), set()),
        (order(order_from=date(2027, 11, 29), order_to=date(2028, 2, 29)), {"closure.order"}),
        # Three months more from the end, six in all.
        (order(parts=extended((date(2026, 6, 1), date(2026, 9, 5)))), set()),
        (order(parts=extended((date(2026, 6, 1), date(2026, 9, 6)))), {"closure.extension"}),
        (order(parts=extended((date(2026, 6, 1), date(2026, 6, 5)))), {"closure.extension"}),
        (order(parts=extended((date(2026, 6, 1), None))), {"closure.extension"}),
        (
            order(
                order_to=date(2026, 4, 5),
                parts=extended((date(2026, 4, 1), date(2026, 7, 5)), (date(2026, 7, 1), date(2026, 9, 5))),
            ),
            set(),
        ),
        (order(order_to=date(2026, 4, 5), parts=extended((date(2026, 4, 1), date(2026, 7, 6)))), {"closure.extension"}),
        ({"parts": extended((date(2026, 6, 1), date(2026, 9, 5)))}, {"closure.extension"}),
    ],
)
def test_what_a_closure_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(of(**changed), Severity.BLOCK) == blocked


def test_housing_providers_may_from_the_day_that_is_verified() -> None:
    law = law_with(limit("closure", "housing-may", "1", valid_from=date(2026, 6, 29)))
    for day, blocked in (("2026-06-28", {"closure.issuer"}), ("2026-06-29", set())):
        times = dict.fromkeys(("now", "starts", "served"), at(f"{day} 10:00"))
        assert named(of(law=law, issuer=Issuer.HOUSING, **times), Severity.BLOCK) == blocked


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"advice_given": False}, {"closure.advice"}),
        ({"parts": {}}, {"closure.premises"}),
        ({"children_present": True}, {"closure.safeguarding"}),
        ({"vulnerable_adult": True}, {"closure.safeguarding"}),
        ({"vulnerable_adult": True, "safeguarding_referral": "MASH, 4 March"}, set()),
        ({"children_present": False, "vulnerable_adult": None}, set()),
        (order(parts=extended((date(2026, 6, 6), date(2026, 9, 5)))), {"closure.extension-late"}),
        (order(parts=extended((date(2026, 6, 5), date(2026, 9, 5)))), set()),
    ],
)
def test_what_needs_a_reason(changed: dict[str, Any], warned: set[str]) -> None:
    assert named(of(**changed), Severity.WARN) == warned


def test_an_order_with_its_extensions_ends_the_closure_and_its_state_says_so() -> None:
    parts = extended((date(2026, 6, 1), date(2026, 9, 5)))
    draft = drafted(CLOSURE, **closure(**order(parts=parts, is_cuckooed=True)))
    assert draft.record.last_day == date(2026, 9, 5)
    assert draft.record.status == Intervention.Status.DONE
    found = said(CLOSURE, draft)
    assert sentence(found, "closure.standing") == (
        "The order holds until 5 September 2026: 185 days left. "
        "The home was taken over (cuckooing): who lives there may be a victim."
    )
    state = CLOSURE.state_of
    assert state is not None
    assert state(draft.record, date(2026, 9, 5)) == ("Closed until 5 September 2026", "green")
    assert state(draft.record, date(2026, 9, 6)) == ("Ended on 5 September 2026", "grey")


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.WITHDRAWN])
def test_refused_or_withdrawn_it_binds_nobody(outcome: str) -> None:
    assert drafted(CLOSURE, **closure(outcome=outcome)).record.status == Intervention.Status.CANCELLED


def test_376_homes_of_one_estate() -> None:
    homes = [Premises(name=f"Home {number}", uprn=f"{number:012}") for number in range(376)]
    found = of(parts={"premises_list": homes})
    assert "It closes 376 premises." in sentence(found, "closure.standing")
    assert CLOSURE.part["premises_list"].most >= len(homes)
    assert {part.model for part in CLOSURE.parts} >= {Premises, ClosureVisit}


def test_nothing_that_is_unknown_raises() -> None:
    bare = said(CLOSURE, drafted(CLOSURE, now=NOW, starts=at("2026-03-04 10:00"), issuer=Issuer.INSPECTOR, law=Law([])))
    assert named(bare, Severity.BLOCK) == set()
