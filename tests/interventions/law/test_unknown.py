"""Whatever is said or left out, completing and judging a record raises nothing: rules only ever say sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from interventions.law import shipped
from interventions.law.parameters import Law
from interventions.law.rules import Severity
from interventions.models import Breach, CommunityProtection, DispersalAuthorisation, OrderType, Variation
from interventions.registers import BY_SLUG
from interventions.registers.register import Register
from tests.interventions.law.drafting import OWNER, SHIPPED, drafted, said, zone

POWERS = ("dispersals", "directions", "closures", "community-protection", "orders", "warrants")
DAYS = st.dates(date(2000, 1, 2), date(2099, 12, 30))
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
LINKED: dict[Any, list[Any]] = {
    OrderType: [OrderType(pk=pk, **one) for pk, one in enumerate(shipped.ORDER_TYPES, start=1)],
    CommunityProtection: [
        CommunityProtection(pk=1, kind="cpw", owner=OWNER, starts=datetime(2026, 3, 1, tzinfo=UTC)),
        CommunityProtection(pk=2, kind="cpn", owner=OWNER, starts=datetime(2026, 3, 1, tzinfo=UTC)),
    ],
    DispersalAuthorisation: [
        DispersalAuthorisation(
            pk=1,
            starts=datetime(2026, 3, 1, tzinfo=UTC),
            ends=datetime(2026, 3, 2, tzinfo=UTC),
            zone=zone(0.21, 51.6),
        )
    ],
}


def values(field: models.Field[Any, Any]) -> st.SearchStrategy[Any]:
    """What a field of a register can hold."""
    found: st.SearchStrategy[Any]
    if isinstance(field, models.ForeignKey):
        found = st.sampled_from(LINKED[field.related_model])
    elif field.choices:
        found = st.sampled_from([value for value, _ in field.choices])
    elif isinstance(field, models.DateTimeField):
        found = MOMENTS
    elif isinstance(field, models.DateField):
        found = DAYS
    elif isinstance(field, models.BooleanField):
        found = st.booleans()
    elif isinstance(field, models.PositiveSmallIntegerField):
        found = st.integers(0, 32767)
    elif isinstance(field, models.DecimalField):
        found = st.decimals(0, 99999, places=2)
    else:
        found = st.just("" if field.has_default() or not field.null else None)
    return st.one_of(st.none(), found) if field.null else found


def records(register: Register) -> st.SearchStrategy[dict[str, Any]]:
    own = {name: values(one) for name, one in register.own_fields.items() if name != "follow_up"}
    shared = {"starts": MOMENTS, "ends": st.one_of(st.none(), MOMENTS), "kind": st.sampled_from(register.kinds)}
    return st.fixed_dictionaries({**own, **shared})


PARTS: dict[str, st.SearchStrategy[list[Any]]] = {
    "variations": st.lists(
        st.builds(Variation, sort=st.sampled_from(Variation.Sort), decided_on=DAYS, ends_on=st.one_of(st.none(), DAYS)),
        max_size=3,
    ),
    "breaches": st.lists(st.builds(Breach, happened_on=DAYS), max_size=2),
}


@pytest.mark.parametrize("slug", POWERS)
@given(chance=st.data(), now=MOMENTS, law=st.sampled_from([SHIPPED, Law([])]))
@settings(max_examples=40, deadline=None)
def test_nothing_raises(slug: str, chance: st.DataObject, now: datetime, law: Law) -> None:
    register = BY_SLUG[slug]
    fields = chance.draw(records(register))
    parts = {name: chance.draw(rows) for name, rows in PARTS.items() if name in register.part}
    draft = drafted(register, now=now, law=law, parts=parts, **fields)
    record = draft.record
    if record.ends is None:
        if not register.may_lack_end:
            return
    elif record.ends < record.starts:
        return  # Refused before the rules look.
    found = said(register, draft)
    assert all(one.sentence.endswith((".", "?")) for one in found)
    assert {one.severity for one in found} <= set(Severity)
    assert register.state_of is not None
    words, colour = register.state_of(record, now.date())
    assert words
    assert colour in {"green", "grey", "yellow", "light-blue", "red", "turquoise"}
