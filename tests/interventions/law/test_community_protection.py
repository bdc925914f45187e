"""Community Protection Warnings and Notices at the edges of what the law allows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from interventions.law.rules import Severity
from interventions.models import Breach, CommunityProtection, Condition, Intervention
from interventions.registers.community_protection import COMMUNITY_PROTECTION
from partners.models import Agency
from tests.interventions.law.drafting import OWNER, at, drafted, law_with, limit, named, said, sentence

NOW = at("2026-03-20 12:00")
TERMS = [Condition(number=1, text="Keep the noise down after 23:00")]


def warning(**changed: Any) -> CommunityProtection:
    """A warning of 2 February 2026 that gave until 1 March."""
    fields = {
        "pk": 7,
        "kind": "cpw",
        "owner": OWNER,
        "starts": at("2026-02-02 00:00"),
        "comply_by": date(2026, 3, 1),
        "subject_ref": "RT-0142",
    }
    return CommunityProtection(**fields | changed)


def notice(**changed: Any) -> dict[str, Any]:
    """A notice that the law allows and of which nothing is to be warned."""
    return {
        "now": NOW,
        "kind": "cpn",
        "warning": warning(),
        "starts": at("2026-03-10 00:00"),
        "ends": at("2027-03-10 00:00"),
        "comply_by": date(2026, 3, 24),
        "age_band": "25-34",
        "subject_ref": "RT-0142",
        "informed": "Landlord",
        "parts": {"conditions": TERMS},
    } | changed


def of(**changed: Any) -> list[Any]:
    return said(COMMUNITY_PROTECTION, drafted(COMMUNITY_PROTECTION, **notice(**changed)))


def breach(day: date) -> dict[str, list[Any]]:
    return {"conditions": TERMS, "breaches": [Breach(happened_on=day)]}


def fined(**changed: Any) -> dict[str, Any]:
    return {"fpn_number": "H-100", "fpn_amount": Decimal(100)} | changed


def test_a_lawful_notice_shows_its_appeal_and_its_day() -> None:
    found = of()
    assert {one.severity for one in found} == {Severity.SHOW}
    assert sentence(found, "cpn.standing") == (
        "It can be appealed until 30 March 2026: 10 days left. To comply by 24 March 2026: 4 days left."
    )
    assert sentence(of(now=at("2026-03-30 23:59")), "cpn.standing").startswith(
        "It can be appealed until 30 March 2026: ends"
    )
    assert "appealed" not in sentence(of(now=at("2026-03-31 00:00")), "cpn.standing")


@pytest.mark.parametrize(
    ("changed", "blocked"),
    [
        ({"warning": None}, {"cpn.warning-first"}),
        ({"warning": warning(kind="cpn")}, {"cpn.warning-first"}),
        ({"warning": warning(outcome="quashed")}, {"cpn.warning-first"}),
        ({"warning": warning(starts=at("2026-03-11 00:00"), comply_by=None)}, {"cpn.warning-first"}),
        ({"kind": "cpw"}, {"cpn.warning-first"}),
        ({"kind": "cpw", "warning": None}, set()),
        ({"age_band": "10-15"}, {"cpn.age"}),
        ({"age_band": "under-10"}, {"cpn.age"}),
        ({"age_band": "16-17"}, set()),
        ({"age_band": "body"}, set()),
        ({"age_band": None}, set()),
        ({"kind": "cpw", "warning": None, "age_band": "10-15"}, {"cpn.age"}),
        ({"comply_by": date(2026, 3, 9)}, {"cpn.time-to-comply"}),
        (fined(), set()),
        (fined(fpn_amount=Decimal("100.01")), {"cpn.penalty"}),
        (fined(fpn_amount=Decimal(0)), {"cpn.penalty"}),
        (fined(fpn_amount=None), {"cpn.penalty"}),
        (fined(fpn_number=""), {"cpn.penalty"}),
        (fined(known={"is_used": True}), {"cpn.penalty"}),
        (fined(known={"is_twice": True}), {"cpn.penalty"}),
        (fined(kind="cpw", warning=None), {"cpn.penalty"}),
        ({"parts": breach(date(2026, 3, 10))}, set()),
        ({"parts": breach(date(2026, 3, 9))}, {"cpn.breaches"}),
        ({"parts": breach(date(2026, 3, 20))}, set()),
        ({"parts": breach(date(2026, 3, 21))}, {"cpn.breaches"}),
        ({"subject_ref": "Jo Bloggs"}, {"person.no-name"}),
    ],
)
def test_what_it_cannot_be(changed: dict[str, Any], blocked: set[str]) -> None:
    assert named(of(**changed), Severity.BLOCK) == blocked


def test_the_penalty_is_bound_by_the_day_of_the_breach() -> None:
    law = law_with(limit("fpn", "cpn-max", "500", valid_from=date(2026, 3, 15)))
    three_hundred = fined(fpn_amount=Decimal(300), law=law)
    assert named(of(**three_hundred, parts=breach(date(2026, 3, 14))), Severity.BLOCK) == {"cpn.penalty"}
    assert named(of(**three_hundred, parts=breach(date(2026, 3, 15))), Severity.BLOCK) == set()
    said_so = sentence(of(**three_hundred, parts=breach(date(2026, 3, 14))), "cpn.penalty")
    assert said_so == "The most that a fixed penalty for a breach on 14 March 2026 may be is £100."


def test_a_younger_age_holds_from_the_day_that_is_verified() -> None:
    law = law_with(limit("cpn", "youngest", "10", valid_from=date(2026, 3, 10)))
    assert named(of(law=law, age_band="10-15"), Severity.BLOCK) == set()
    assert named(of(law=law, age_band="under-10"), Severity.BLOCK) == {"cpn.age"}
    before = {"starts": at("2026-03-09 00:00"), "age_band": "10-15"}
    assert named(of(law=law, **before), Severity.BLOCK) == {"cpn.age"}


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({"comply_by": date(2026, 3, 10)}, {"cpn.time-to-comply"}),
        ({"comply_by": date(2026, 3, 11)}, set()),
        ({"warning": warning(starts=at("2026-03-10 00:00"), comply_by=None)}, {"cpn.time-to-comply"}),
        ({"warning": warning(comply_by=date(2026, 3, 10))}, {"cpn.time-to-comply"}),
        ({"warning": warning(comply_by=date(2026, 3, 9))}, set()),
        # The warning lapses six months on: on 31 August's, with February.
        ({"warning": warning(starts=at("2025-09-11 00:00"))}, set()),
        ({"warning": warning(starts=at("2025-09-10 00:00"))}, {"cpn.warning-lapsed"}),
        (
            {"warning": warning(starts=at("2025-08-31 00:00"), comply_by=None), "starts": at("2026-02-28 00:00")},
            {"cpn.warning-lapsed"},
        ),
        ({"warning": warning(subject_ref="RT-0900")}, {"cpn.other-subject"}),
        ({"warning": warning(subject_ref="rt-0142")}, set()),
        ({"warning": warning(subject_ref=None)}, set()),
        ({"warning": warning(premises_name="Kestrel Arms"), "premises_name": "The Swan"}, {"cpn.other-subject"}),
        # What another agency may withhold is not compared.
        ({"warning": warning(subject_ref="RT-0900", owner=Agency(pk=2, name="Havering Council"))}, set()),
        ({"informed": ""}, {"cpn.informed"}),
        ({"parts": {}}, {"cpn.conditions"}),
        ({"kind": "cpw", "warning": None, "informed": "", "parts": {}}, set()),
    ],
)
def test_what_needs_a_reason(changed: dict[str, Any], warned: set[str]) -> None:
    assert named(of(**changed), Severity.WARN) == warned


@pytest.mark.parametrize(("kind", "last"), [("cpw", date(2026, 9, 9)), ("cpn", date(2027, 3, 9))])
def test_without_an_end_local_practice_gives_one(kind: str, last: date) -> None:
    draft = drafted(COMMUNITY_PROTECTION, **notice(kind=kind, ends=None))
    assert draft.record.last_day == last
    state = COMMUNITY_PROTECTION.state_of
    assert state is not None
    assert state(draft.record, last)[0].startswith("In force until")
    assert state(draft.record, date(2027, 3, 10))[0].startswith("Ended on")


def test_quashed_it_binds_nobody() -> None:
    draft = drafted(COMMUNITY_PROTECTION, **notice(outcome="quashed"))
    assert draft.record.status == Intervention.Status.CANCELLED
