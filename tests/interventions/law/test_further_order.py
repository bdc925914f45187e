"""Injunctions and other orders: the limits of their types."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from interventions.law import shipped
from interventions.law.rules import Severity
from interventions.models import Condition, FurtherOrder, Intervention, OrderType
from interventions.registers.further_order import FURTHER_ORDER
from tests.interventions.law.drafting import at, drafted, named, said, sentence

NOW = at("2026-03-20 12:00")
TERMS = [Condition(number=1, text="Not to enter the shopping centre")]
INJUNCTION, RESPECT, HOUSING = (OrderType(pk=pk, **one) for pk, one in enumerate(shipped.ORDER_TYPES, start=1))
Stage = FurtherOrder.Stage


def order(**changed: Any) -> dict[str, Any]:
    """An injunction on an adult, made on 2 March 2026, without an end."""
    return {
        "now": NOW,
        "order_type": INJUNCTION,
        "stage": Stage.MADE,
        "applied_on": date(2026, 2, 2),
        "made_on": date(2026, 3, 2),
        "starts": at("2026-03-02 00:00"),
        "ends": None,
        "age_band": "25-34",
        "parts": {"conditions": TERMS},
    } | changed


def of(**changed: Any) -> list[Any]:
    return said(FURTHER_ORDER, drafted(FURTHER_ORDER, **order(**changed)))


def respect(**changed: Any) -> dict[str, Any]:
    on = OrderType(pk=2, **shipped.ORDER_TYPES[1] | {"is_on": True})
    return {"order_type": on, "risk_assessed_on": date(2026, 2, 1)} | changed


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({}, set()),
        ({"order_type": RESPECT}, {"order.type-off"}),
        # What was of the type before it was switched off stays.
        ({"order_type": RESPECT, "risk_assessed_on": date(2026, 2, 1), "known": {"kept_type": 2}}, set()),
        ({"order_type": RESPECT, "known": {"kept_type": 1}}, {"order.type-off"}),
        (respect(), set()),
        (respect(age_band="16-17"), {"order.age"}),
        (respect(age_band="18-24"), set()),
        ({"age_band": "under-10", "ends": at("2026-09-01 00:00")}, {"order.age"}),
        # Under 18: twelve months, the last of them 1 March 2027.
        ({"age_band": "16-17", "ends": at("2027-03-02 00:00")}, set()),
        ({"age_band": "16-17", "ends": at("2027-03-03 00:00")}, {"order.duration"}),
        ({"age_band": "16-17", "ends": None}, {"order.duration"}),
        ({"age_band": None, "ends": None}, set()),
        ({"age_band": "16-17", "ends": None, "stage": Stage.APPLIED, "made_on": None}, set()),
        ({"made_on": None}, {"order.dates"}),
        ({"made_on": date(2026, 3, 20), "starts": at("2026-03-20 00:00")}, set()),
        ({"made_on": date(2026, 3, 21), "starts": at("2026-03-21 00:00")}, {"order.dates"}),
        ({"made_on": date(2026, 2, 1)}, {"order.dates"}),
        ({"starts": at("2026-03-01 00:00")}, {"order.dates"}),
        ({"stage": Stage.DISCHARGED}, {"order.dates"}),
        ({"stage": Stage.DISCHARGED, "discharged_on": date(2026, 3, 1)}, {"order.dates"}),
        ({"stage": Stage.DISCHARGED, "discharged_on": date(2026, 3, 2)}, set()),
        ({"discharged_on": date(2026, 3, 10)}, {"order.dates"}),
    ],
)
def test_what_it_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(of(**changed), Severity.BLOCK) == blocked


def test_an_adult_limit_of_a_type_that_the_partnership_set() -> None:
    own = OrderType(
        pk=9, name="Tenancy injunction", slug="tenancy", law="Housing Act 1996", adult_max_months=24, is_on=True
    )
    leap = {"order_type": own, "made_on": date(2024, 2, 29), "applied_on": None, "starts": at("2024-02-29 00:00")}
    assert named(of(**leap, ends=at("2026-03-01 00:00")), Severity.BLOCK) == set()
    found = of(**leap, ends=at("2026-03-02 00:00"))
    assert sentence(found, "order.duration") == (
        "Tenancy injunction: on an adult, it lasts at most 24 months. From 29 February 2024, it can end on "
        "28 February 2026 at the latest."
    )


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"parts": {}}, {"order.no-conditions"}),
        ({"parts": {}, "stage": Stage.APPLIED, "made_on": None}, set()),
        (respect(risk_assessed_on=None), {"order.risk"}),
        (respect(risk_assessed_on=None, stage=Stage.PREPARING, made_on=None), set()),
        (respect(risk_assessed_on=date(2026, 2, 2)), set()),
        (respect(risk_assessed_on=date(2026, 2, 3)), {"order.risk"}),
    ],
)
def test_what_needs_a_reason(changed: dict[str, Any], warned: set[str]) -> None:
    assert named(of(**changed), Severity.WARN) == warned


def test_what_breaking_it_means_and_what_is_left() -> None:
    assert sentence(of(**respect()), "order.standing") == "Breaking it is a crime."
    arrest = of(power_of_arrest=True, ends=at("2026-03-27 00:00"))
    assert sentence(arrest, "order.standing").endswith("Its last day is 26 March 2026: 6 days left.")
    assert HOUSING.is_on is False


@pytest.mark.parametrize(
    ("changed", "status", "state"),
    [
        ({"stage": Stage.PREPARING, "made_on": None}, "planned", "In preparation"),
        ({"stage": Stage.INTERIM, "made_on": None}, "done", "Interim order, no end"),
        ({}, "done", "In force, no end"),
        ({"ends": at("2026-03-21 00:00")}, "done", "In force until 20 March 2026"),
        ({"ends": at("2026-03-20 00:00")}, "done", "Ended on 19 March 2026"),
        ({"stage": Stage.DISCHARGED, "discharged_on": date(2026, 3, 10)}, "done", "Discharged on 10 March 2026"),
        ({"stage": Stage.REFUSED, "made_on": None}, "cancelled", "Refused by the court"),
    ],
)
def test_how_it_stands(changed: dict[str, Any], status: str, state: str) -> None:
    draft = drafted(FURTHER_ORDER, **order(**changed))
    assert draft.record.status == Intervention.Status(status)
    assert FURTHER_ORDER.state_of is not None
    assert FURTHER_ORDER.state_of(draft.record, NOW.date())[0] == state
    if draft.record.stage == Stage.DISCHARGED:
        assert draft.record.last_day == date(2026, 3, 9)
