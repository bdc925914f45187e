"""PSPO actions: checked against the order, each limit at its edge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.actions import Content, Unlawful, add_intervention, change_intervention
from interventions.drafts import Draft
from interventions.law.rules import Finding, findings
from interventions.models import Condition, Intervention, PspoAction, PublicSpacesOrder
from interventions.registers.pspo_action import PSPO_ACTION
from partners.filters import day_begins, day_ends
from partners.visibility import Viewer
from tests.interventions.law.drafting import SHIPPED, at, drafted, law_with, limit, zone

# From 23 October 2017 to 22 October 2026, a square of a hundredth of a degree.
FIRST, LAST = date(2017, 10, 23), date(2026, 10, 22)
DRINK = Condition(pk=11, record_id=1, number=1, text="Must not drink alcohol in public")
ELSEWHERE = Condition(pk=21, record_id=2, number=1, text="Must not skate")


def order(**said: Any) -> PublicSpacesOrder:
    fields: dict[str, Any] = {
        "pk": 1,
        "kind": "pspo",
        "stage": "in-force",
        "starts": day_begins(FIRST),
        "ends": day_ends(LAST),
        "penalty": Decimal(100),
        "penalty_early": Decimal(75),
        "penalty_early_days": 10,
        "zone": zone(0.18, 51.57),
    }
    return PublicSpacesOrder(**{**fields, **said})


def action(*, law: Any = SHIPPED, known: Any = None, now: str = "2026-12-01 12:00", **said: Any) -> Draft:
    """A verbal warning inside the area of the order."""
    moment = said.pop("when", at("2026-03-04 21:10"))
    fields: dict[str, Any] = {
        "order": order(),
        "condition": DRINK,
        "action": "verbal",
        "status": "done",
        "starts": moment,
        "ends": moment,
        "longitude": 0.185,
        "latitude": 51.575,
        "age_band": "25-34",
    }
    return drafted(PSPO_ACTION, now=at(now), law=law, known=known, **{**fields, **said})


def penalty(**said: Any) -> Draft:
    return action(**{"action": "fpn", "fpn_number": "HV1234", "fpn_amount": Decimal(100), **said})


def judged(draft: Draft) -> dict[str, Finding]:
    return {one.rule: one for one in findings(PSPO_ACTION.rules, draft)}


def verdict(draft: Draft, rule: str) -> str:
    found = judged(draft).get(rule)
    return found.severity.value if found else ""


def test_nothing_is_said_of_a_warning_under_the_order() -> None:
    assert judged(action()) == {}


@pytest.mark.parametrize(
    ("when", "is_allowed"),
    [
        # Trap 18: before the order was in force; the first and the last minute of it; after its expiry.
        ("2017-10-22 23:59", False),
        ("2017-10-23 00:00", True),
        ("2026-10-22 23:59", True),
        ("2026-10-23 00:00", False),
    ],
)
def test_the_order_was_in_force(when: str, is_allowed: bool) -> None:
    found = judged(action(when=at(when))).get("pspo-action.order")
    assert (found is None) == is_allowed
    if found:
        assert (found.severity, found.field) == ("block", "starts")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"stage": "decided"}, "block"),
        ({"stage": "dropped"}, "block"),
        ({"stage": "discharged"}, ""),
        # Discharged on the very day, and the day before.
        ({"stage": "discharged", "ends": day_ends(date(2026, 3, 4))}, ""),
        ({"stage": "discharged", "ends": day_ends(date(2026, 3, 3))}, "block"),
        # Only the term that runs is written down, and since when it was in force at first.
        ({"starts": day_begins(date(2026, 3, 5))}, "block"),
        ({"starts": day_begins(date(2026, 3, 5)), "first_in_force": FIRST}, ""),
    ],
)
def test_the_order_was_made(said: dict[str, Any], expected: str) -> None:
    assert verdict(action(order=order(**said)), "pspo-action.order") == expected


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (0.185, 51.575, ""),
        # On the edge, at a corner, a metre and ten metres outside.
        *((0.19, 51.575, ""), (0.19, 51.58, ""), (0.190015, 51.575, "block"), (0.1902, 51.575, "block")),
        (0.185, 51.5699, "block"),
        # Not known where.
        (None, None, ""),
    ],
)
def test_it_was_inside_the_orders_area(longitude: float | None, latitude: float | None, expected: str) -> None:
    assert verdict(action(longitude=longitude, latitude=latitude), "pspo-action.outside") == expected
    assert verdict(action(longitude=longitude, latitude=latitude, order=order(zone=None)), "pspo-action.outside") == ""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, ""),
        (DRINK, ""),
        (ELSEWHERE, "block"),
        (Condition(record_id=1, number=2, starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 4)), ""),
        (Condition(record_id=1, number=2, starts_on=date(2026, 3, 5)), "block"),
        (Condition(record_id=1, number=2, ends_on=date(2026, 3, 3)), "block"),
    ],
)
def test_the_condition_is_the_orders(condition: Condition | None, expected: str) -> None:
    assert verdict(action(condition=condition), "pspo-action.condition") == expected


@pytest.mark.parametrize(
    ("said", "rule", "field"),
    [
        ({"fpn_number": ""}, "pspo-action.penalty", "fpn_number"),
        ({"fpn_amount": None}, "pspo-action.penalty", "fpn_amount"),
        ({"fpn_amount": Decimal(0)}, "pspo-action.penalty", "fpn_amount"),
        ({"action": "verbal", "fpn_amount": None}, "pspo-action.penalty", "fpn_number"),
        ({"action": "verbal", "fpn_number": None}, "pspo-action.penalty", "fpn_amount"),
        ({"fpn_amount": Decimal("100.01")}, "pspo-action.limit", "fpn_amount"),
        ({"order": order(penalty=Decimal(80))}, "pspo-action.limit", "fpn_amount"),
        ({"age_band": "under-10"}, "pspo-action.youngest", "age_band"),
        ({"paid_on": date(2026, 3, 3)}, "pspo-action.dates", "paid_on"),
        ({"paid_on": date(2026, 12, 2)}, "pspo-action.dates", "paid_on"),
        ({"cancelled_on": date(2026, 3, 3), "cancelled_reason": "Wrong person"}, "pspo-action.dates", "cancelled_on"),
        ({"known": {"is_used": True}}, "pspo-action.number", "fpn_number"),
        ({"known": {"is_twice": True}}, "pspo-action.number", "fpn_number"),
        ({"subject_ref": "Ana Lyst"}, "person.no-name", "subject_ref"),
    ],
)
def test_what_cannot_be_is_blocked(said: dict[str, Any], rule: str, field: str) -> None:
    found = judged(penalty(**said))[rule]
    assert (found.severity, found.field) == ("block", field)


def test_what_touches_a_limit_is_allowed() -> None:
    day = date(2026, 3, 4)
    for said in (
        {"fpn_amount": Decimal(100)},
        {"fpn_amount": Decimal("0.01")},
        {"age_band": "10-15"},
        {"age_band": None},
        {"paid_on": day},
        {"paid_on": date(2026, 12, 1)},
        {"cancelled_on": day, "cancelled_reason": "Wrong person"},
        {"order": order(penalty=None)},
    ):
        assert not [one for one in judged(penalty(**said)).values() if one.severity != "show"], said
    assert verdict(penalty(cancelled_on=day), "pspo-action.dates") == "warn"


@pytest.mark.parametrize(
    ("when", "amount", "is_allowed"),
    [
        ("2026-06-28 23:59", 300, False),
        ("2026-06-29 00:00", 300, True),
        ("2026-06-29 00:00", 501, False),
        ("2026-06-28 23:59", 100, True),
    ],
)
def test_the_limit_is_that_of_the_day_of_the_offence(when: str, amount: int, is_allowed: bool) -> None:
    """Trap 20: £300 before and after the limit changed."""
    law = law_with(limit("fpn", "pspo-max", "500", valid_from=date(2026, 6, 29)))
    draft = penalty(when=at(when), fpn_amount=Decimal(amount), law=law, order=order(penalty=Decimal(500)))
    assert verdict(draft, "pspo-action.limit") == ("" if is_allowed else "block")
    # As it is shipped, the new limit is not verified: the old one holds.
    shipped = penalty(when=at(when), fpn_amount=Decimal(amount), order=order(penalty=Decimal(500)))
    assert verdict(shipped, "pspo-action.limit") == ("" if amount == 100 else "block")


def test_a_council_may_set_an_older_age() -> None:
    law = law_with(limit("fpn", "youngest", "16", valid_from=date(2026, 1, 1)))
    assert verdict(penalty(age_band="10-15", law=law), "pspo-action.youngest") == "block"
    assert verdict(penalty(age_band="16-17", law=law), "pspo-action.youngest") == ""
    assert verdict(action(age_band="10-15", law=law), "pspo-action.youngest") == ""


def test_drinking_is_not_the_offence() -> None:
    assert verdict(penalty(), "pspo-action.drinking") == "show"
    assert verdict(action(), "pspo-action.drinking") == ""
    spitting = Condition(record_id=1, number=2, text="Must not spit, nor drinkwater be thrown")
    assert verdict(penalty(condition=spitting), "pspo-action.drinking") == "show"
    spitting.text = "Must not spit"
    assert verdict(penalty(condition=spitting), "pspo-action.drinking") == ""


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            "2026-03-14 23:59",
            ["£75 if it is paid by 14 March 2026: ends today.", "£100 to be paid by 18 March 2026: 4 days left."],
        ),
        ("2026-03-15 00:00", ["£100 to be paid by 18 March 2026: 3 days left."]),
        ("2026-03-18 23:59", ["£100 to be paid by 18 March 2026: ends today."]),
        ("2026-03-19 00:00", ["Not paid by 18 March 2026, 14 days after it was given."]),
    ],
)
def test_until_when_it_can_be_paid(now: str, said: list[str]) -> None:
    def sentences(draft: Draft) -> list[str]:
        return [one.sentence for one in findings(PSPO_ACTION.rules, draft) if one.rule == "pspo-action.payment"]

    assert sentences(penalty(now=now)) == said
    assert sentences(penalty(now=now, paid_on=date(2026, 3, 5))) == []


def test_its_title_its_number_and_its_status_follow() -> None:
    assert action().record.title == "Verbal warning, condition 1"
    assert action(condition=None, action="advice").record.title == "Advice"
    # What was done is corrected: so is a title that nobody typed.
    assert penalty(title="Verbal warning, condition 3").record.title == "Fixed penalty notice, condition 1"
    assert penalty(title="Bench by the war memorial").record.title == "Bench by the war memorial"
    assert penalty(fpn_number=" hv 12-34 ").record.fpn_number == "HV12-34"
    assert action(fpn_number=" ").record.fpn_number is None
    assert [action(status=status).record.status for status in ("planned", "cancelled")] == ["done", "cancelled"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "Fixed penalty notice, not paid"),
        ({"paid_on": date(2026, 3, 5)}, "Fixed penalty notice, paid on 5 March 2026"),
        ({"cancelled_on": date(2026, 3, 5)}, "Fixed penalty notice, cancelled"),
        ({"action": "surrender"}, "Alcohol surrendered"),
        ({"status": "cancelled"}, "Cancelled"),
        ({"action": ""}, "Not said"),
    ],
)
def test_its_state(said: dict[str, Any], expected: str) -> None:
    assert PSPO_ACTION.state_of
    assert PSPO_ACTION.state_of(penalty(**said).record, date(2026, 4, 1))[0] == expected


def test_what_became_of_a_penalty_is_not_told_where_it_is_withheld() -> None:
    record = penalty().record
    record.withheld = frozenset({"penalty"})
    assert PSPO_ACTION.state_of
    assert PSPO_ACTION.state_of(record, date(2026, 4, 1))[0] == "Fixed penalty notice"


MOMENTS = st.integers(946_684_800, 4_102_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MAYBE = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))


@settings(max_examples=100)
@given(
    when=MOMENTS,
    paid_on=MAYBE,
    cancelled_on=MAYBE,
    action_name=st.sampled_from(PspoAction.Action.values),
    first=MAYBE,
    ends=st.none() | MOMENTS,
    band=st.sampled_from([None, "under-10", "25-34", "body"]),
    now=MOMENTS,
)
def test_no_dates_make_the_rules_fail(
    when: datetime,
    paid_on: Any,
    cancelled_on: Any,
    action_name: str,
    first: Any,
    ends: datetime | None,
    band: str | None,
    now: datetime,
) -> None:
    its = order(first_in_force=first, ends=ends)
    said = {"paid_on": paid_on, "cancelled_on": cancelled_on, "action": action_name, "age_band": band}
    for found in findings(PSPO_ACTION.rules, penalty(when=when, order=its, now=str(now)[:16], **said)):
        assert found.sentence.endswith(".")
        assert "None" not in found.sentence


# --- With the database: numbers of other agencies, and wards of points -------------------------------------------


@pytest.mark.django_db
def test_one_number_is_one_penalty_whichever_agency_gives_it(
    world: SimpleNamespace, make_activity: Callable[..., Intervention]
) -> None:
    """Trap 12. The second agency is told that the number is used, and not by whom."""
    its = make_activity(
        kind="pspo", title="PSPO", stage="in-force", starts=day_begins(FIRST), ends=day_ends(date(2090, 1, 1))
    )
    PublicSpacesOrder.objects.update(penalty=100, audience="everyone", marking="open")
    moment = at("2026-03-04 21:10")

    def give(agency: str, number: str, **said: Any) -> Intervention:
        particulars = {"order": its.pk, "action": "fpn", "fpn_number": number, "fpn_amount": Decimal(100)}
        content = Content(
            kind="pspo-action", starts=moment, status="done", wards=(world.ward,), particulars={**particulars, **said}
        )
        by = Viewer.of_user(world.people[agency])
        return add_intervention(by=by, owner=getattr(world, agency), content=content)

    first = give("owner", "HV1234")
    with pytest.raises(Unlawful) as refused:
        give("stranger", "hv 1234")
    assert [(one.rule, one.field) for one in refused.value.found] == [("pspo-action.number", "fpn_number")]
    assert "Owner" not in str(refused.value)
    give("stranger", "HV1235")
    # The same from warning and notice: as it was taken there, and as it is taken here.
    warned = make_activity(kind="cpw", title="Warned")
    notice = make_activity(
        kind="cpn", title="Notice", warning=warned, fpn_number="HV1236", starts=day_begins(FIRST), ends=None
    )
    with pytest.raises(Unlawful, match="Another record has the number HV1236 already"):
        give("stranger", "HV 1236")
    by = Viewer.of_user(world.people["owner"])
    fine = {"fpn_number": "hv 1235", "fpn_amount": Decimal(50)}
    with pytest.raises(Unlawful, match="Another record has the number HV1235 already"):
        change_intervention(by=by, pk=notice.pk, seen=None, particulars=fine)
    # Its own number does not stand in its way when it is changed.
    by = Viewer.of_user(world.people["owner"])
    paid = change_intervention(by=by, pk=first.pk, seen=None, particulars={"paid_on": date(2026, 3, 5)})
    assert PspoAction.objects.get(pk=paid.pk).paid_on == date(2026, 3, 5)
