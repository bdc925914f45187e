"""Warrants: how long they are valid, and what executing one means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from interventions.law.rules import Severity
from interventions.models import Intervention
from interventions.registers.warrant import WARRANT
from tests.interventions.law.drafting import at, drafted, named, said, sentence

NOW = at("2026-03-20 12:00")


def warrant(**changed: Any) -> dict[str, Any]:
    """Issued on 10 March 2026 for a month, planned for 24 March."""
    return {
        "now": NOW,
        "title": "Warrant",
        "issued_on": date(2026, 3, 10),
        "valid_until": date(2026, 4, 10),
        "starts": at("2026-03-24 06:00"),
        "ends": at("2026-03-24 08:00"),
    } | changed


def of(**changed: Any) -> list[Any]:
    return said(WARRANT, drafted(WARRANT, **warrant(**changed)))


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({}, set()),
        ({"executed": at("2026-03-20 12:00")}, set()),
        ({"executed": at("2026-03-20 12:01")}, {"warrant.executed"}),
        ({"executed": at("2026-03-10 00:00")}, set()),
        ({"executed": at("2026-03-09 23:59")}, {"warrant.executed"}),
        ({"executed": at("2026-03-19 23:59"), "valid_until": date(2026, 3, 19)}, set()),
        ({"executed": at("2026-03-20 00:00"), "valid_until": date(2026, 3, 19)}, {"warrant.executed"}),
        ({"executed": at("2026-03-19 05:00"), "status": "cancelled"}, {"warrant.executed"}),
        ({"valid_until": date(2026, 3, 9)}, {"warrant.valid-until"}),
        ({"issued_on": None, "valid_until": None, "executed": at("2026-03-19 05:00")}, set()),
    ],
)
def test_what_it_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(of(**changed), Severity.BLOCK) == blocked


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"valid_until": date(2026, 4, 10)}, set()),
        ({"valid_until": date(2026, 4, 11)}, {"warrant.valid-until"}),
        # Of 31 January, the month ends with February, in a leap year on the 29th.
        ({"issued_on": date(2026, 1, 31), "valid_until": date(2026, 2, 28), "status": "cancelled"}, set()),
        (
            {"issued_on": date(2026, 1, 31), "valid_until": date(2026, 3, 1), "status": "cancelled"},
            {"warrant.valid-until"},
        ),
        ({"issued_on": date(2028, 1, 31), "valid_until": date(2028, 2, 29), "status": "cancelled"}, set()),
        ({"starts": at("2026-04-11 05:00"), "ends": at("2026-04-11 06:00")}, {"warrant.planned"}),
        ({"starts": at("2026-04-10 23:59"), "ends": at("2026-04-11 06:00")}, set()),
        ({"executed": at("2026-03-19 05:00"), "children_present": True}, {"warrant.children"}),
        ({"executed": at("2026-03-19 05:00"), "children_present": True, "safeguarding_referral": "MASH"}, set()),
    ],
)
def test_what_needs_a_reason(changed: dict[str, Any], warned: set[str]) -> None:
    assert named(of(**changed), Severity.WARN) == warned


def test_executed_it_is_done_though_planned_for_later() -> None:
    draft = drafted(WARRANT, **warrant(executed=at("2026-03-20 05:10")))
    assert draft.record.status == Intervention.Status.DONE
    assert draft.record.starts == at("2026-03-20 05:10")
    assert WARRANT.state_of is not None
    assert WARRANT.state_of(draft.record, NOW.date()) == ("Executed on 20 March 2026", "green")


def test_what_it_shows() -> None:
    planned = of(entries_allowed=2)
    assert sentence(planned, "warrant.standing") == (
        "Only the owning team sees it until it is executed; to everybody else it does not exist, in counts too. "
        "The warrant is valid until 10 April 2026: 21 days left. "
        "A second entry needs the written authority of an inspector."
    )
    done = of(executed=at("2026-03-19 05:00"), persons_searched=2)
    assert sentence(done, "warrant.standing") == "People were searched, and no result is written down yet."
    assert "valid until" not in sentence(of(now=at("2026-04-11 00:00")), "warrant.standing")


@pytest.mark.parametrize(("day", "state"), [(date(2026, 4, 10), "Planned for"), (date(2026, 4, 11), "Ran out on")])
def test_a_planned_one_runs_out(day: date, state: str) -> None:
    assert WARRANT.state_of is not None
    assert WARRANT.state_of(drafted(WARRANT, **warrant()).record, day)[0].startswith(state)
