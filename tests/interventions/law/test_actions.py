"""Limits of the law and types of orders as administrators keep them, and what a change means for records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from interventions.actions import Unlawful, add_intervention, change_intervention
from interventions.contents import Content
from interventions.law import shipped
from interventions.law.actions import Limit, Type, add_order_type, add_parameter, change_order_type, change_parameter
from interventions.law.known import INSTRUMENTS, KNOWN
from interventions.law.parameters import Law
from interventions.models import CommunityProtection, Intervention, LegalParameter, OrderType
from partners.models import AuditEvent, User
from partners.refusals import ChangedMeanwhile, Refused
from partners.roles import Role
from partners.visibility import Viewer
from tests.interventions.conftest import at

pytestmark = pytest.mark.django_db
VERIFIED: dict[str, Any] = {"verified_by": "Legal services", "verified_on": date(2026, 7, 1), "is_on": True}


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user("partnership@example.org", role=Role.PARTNERSHIP, agency="The partnership")


@pytest.fixture
def keeper(admin: User) -> Viewer:
    return Viewer.of_user(admin)


def hundred() -> LegalParameter:
    return LegalParameter.objects.get(instrument="fpn", key="cpn-max", is_on=True)


def five_hundred() -> LegalParameter:
    return LegalParameter.objects.get(instrument="fpn", key="cpn-max", is_on=False)


def as_limit(one: LegalParameter, **changed: Any) -> Limit:
    return replace(Limit(**{name: getattr(one, name) for name in Limit.__dataclass_fields__}), **changed)


def switch_over(keeper: Viewer) -> None:
    """£100 ends and £500 begins on 29 June 2026."""
    old, new = hundred(), five_hundred()
    change_parameter(by=keeper, pk=old.pk, seen=None, limit=as_limit(old, valid_to=new.valid_from))
    change_parameter(by=keeper, pk=new.pk, seen=None, limit=as_limit(new, **VERIFIED))


def test_a_change_with_a_date_leaves_older_records_as_they_were(keeper: Viewer, world: SimpleNamespace) -> None:
    by = Viewer.of_user(world.people["owner"])

    def notice(day: str, amount: int) -> Intervention:
        first = CommunityProtection.objects.filter(kind="cpw").first()
        return add_intervention(
            by=by,
            owner=world.owner,
            content=Content(
                kind="cpn",
                strand="protect",
                starts=at(f"{day} 12:00"),
                wards=(world.ward,),
                particulars={
                    "warning": first,
                    "informed": "Landlord",
                    "fpn_number": f"H-{day}-{amount}",
                    "fpn_amount": Decimal(amount),
                },
                parts={"conditions": [{"number": 1, "text": "Keep the noise down"}]},
            ),
        )

    add_intervention(
        by=by,
        owner=world.owner,
        content=Content(kind="cpw", strand="protect", starts=at("2026-05-01 12:00"), wards=(world.ward,)),
    )
    with pytest.raises(Unlawful, match="£100"):
        notice("2026-06-30", 300)
    old = notice("2026-06-28", 100)
    switch_over(keeper)
    assert Law.now().number("fpn", "cpn-max", date(2026, 6, 28)) == 100
    assert Law.now().number("fpn", "cpn-max", date(2026, 6, 29)) == 500
    with pytest.raises(Unlawful, match="breach on 28 June 2026 may be is £100"):
        notice("2026-06-28", 300)
    assert notice("2026-06-29", 300).status == "done"
    with pytest.raises(Unlawful, match="may be is £500"):
        notice("2026-06-29", 501)
    # What is kept can still be changed, by the limit of its own day.
    assert change_intervention(by=by, pk=old.pk, seen=None, title="Noise at night").title == "Noise at night"
    with pytest.raises(Unlawful, match="£100"):
        change_intervention(by=by, pk=old.pk, seen=None, particulars={"fpn_amount": Decimal(101)})
    with pytest.raises(Unlawful, match="one fixed penalty has one number"):
        change_intervention(by=by, pk=old.pk, seen=None, particulars={"fpn_number": "H-2026-06-29-300"})


def test_two_limits_never_hold_on_one_day(keeper: Viewer) -> None:
    new = five_hundred()
    with pytest.raises(Refused, match="End that on 29 June 2026 first") as refused:
        change_parameter(by=keeper, pk=new.pk, seen=None, limit=as_limit(new, **VERIFIED))
    assert refused.value.field == "valid_from"
    old = hundred()
    later = as_limit(old, valid_to=date(2026, 6, 30))
    change_parameter(by=keeper, pk=old.pk, seen=None, limit=later)
    with pytest.raises(Refused, match="holds until before 30 June 2026"):
        change_parameter(by=keeper, pk=new.pk, seen=None, limit=as_limit(new, **VERIFIED))
    off = as_limit(new, value=Decimal(600))
    assert change_parameter(by=keeper, pk=new.pk, seen=None, limit=off).value == 600


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"is_on": True, "verified_by": " "}, "verified_by"),
        ({"is_on": True, "verified_by": "Legal", "verified_on": None}, "verified_on"),
        ({"verified_on": date(2999, 1, 1)}, "verified_on"),
        ({"valid_to": date(2026, 6, 29)}, "valid_to"),
        ({"source": ""}, "source"),
        ({"source_url": "gopher:law"}, "source_url"),
        ({"value": Decimal(0)}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal("100.005")}, "value"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_a_limit_cannot_be(keeper: Viewer, changed: dict[str, Any], field: str) -> None:
    new = five_hundred()
    with pytest.raises(Refused) as refused:
        change_parameter(by=keeper, pk=new.pk, seen=None, limit=as_limit(new, **changed))
    assert refused.value.field == field
    assert as_limit(five_hundred()) == as_limit(new)


def test_a_new_limit_is_one_that_rules_ask_for(keeper: Viewer) -> None:
    limit = Limit(value=Decimal(12), source="Our practice", **VERIFIED)
    with pytest.raises(Refused):
        add_parameter(by=keeper, instrument="cbo", key="adult-max", limit=limit)
    with pytest.raises(Refused, match="whole number"):
        add_parameter(by=keeper, instrument="cpn", key="warning-lapses", limit=replace(limit, value=Decimal("1.5")))
    old = LegalParameter.objects.get(instrument="cpn", key="warning-lapses")
    change_parameter(by=keeper, pk=old.pk, seen=None, limit=as_limit(old, is_on=False))
    added = add_parameter(by=keeper, instrument="cpn", key="warning-lapses", limit=limit)
    assert added.unit == "months"
    events = AuditEvent.objects.filter(action__startswith="legalparameter.").order_by("number")
    assert [one.action for one in events] == ["legalparameter.changed", "legalparameter.created"]


def test_nobody_overwrites_what_somebody_else_saved(keeper: Viewer) -> None:
    one = five_hundred()
    change_parameter(by=keeper, pk=one.pk, seen=one.changed_at, limit=as_limit(one, note="Asked legal services"))
    with pytest.raises(ChangedMeanwhile):
        change_parameter(by=keeper, pk=one.pk, seen=one.changed_at, limit=as_limit(one, note="Mine"))


def test_only_the_partnerships_administrators_keep_them(world: SimpleNamespace) -> None:
    by = Viewer.of_user(world.people["owner"])
    one, kind = hundred(), OrderType.objects.earliest("pk")
    said = Type(name="Other", law="An Act")
    for act in (
        lambda: change_parameter(by=by, pk=one.pk, seen=None, limit=as_limit(one, value=Decimal(900))),
        lambda: add_parameter(by=by, instrument="fpn", key="cpn-max", limit=as_limit(one)),
        lambda: add_order_type(by=by, said=said),
        lambda: change_order_type(by=by, pk=kind.pk, seen=None, said=said),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert hundred().value == 100


def test_a_type_of_order_is_chosen_once_it_is_on_and_kept_once_it_is_off(
    keeper: Viewer, world: SimpleNamespace
) -> None:
    by = Viewer.of_user(world.people["owner"])
    kind = add_order_type(by=keeper, said=Type(name="Tenancy injunction", law="Housing Act 1996", adult_max_months=12))
    assert kind.slug == "tenancy-injunction"

    def content(ends: str) -> Content:
        return Content(
            kind="order",
            strand="pursue",
            starts=at("2026-03-02 00:00"),
            ends=at(ends),
            wards=(world.ward,),
            particulars={"order_type": kind.pk, "stage": "made", "made_on": date(2026, 3, 2), "age_band": "25-34"},
            parts={"conditions": [{"number": 1, "text": "Not to enter Kestrel Road"}]},
        )

    with pytest.raises(Unlawful, match="switched off"):
        add_intervention(by=by, owner=world.owner, content=content("2027-03-01 00:00"))
    on = Type(name=kind.name, law=kind.law, adult_max_months=12, is_on=True)
    change_order_type(by=keeper, pk=kind.pk, seen=None, said=on)
    with pytest.raises(Unlawful, match="12 months"):
        add_intervention(by=by, owner=world.owner, content=content("2027-03-03 00:00"))
    kept = add_intervention(by=by, owner=world.owner, content=content("2027-03-02 00:00"))
    change_order_type(by=keeper, pk=kind.pk, seen=None, said=replace(on, is_on=False))
    assert change_intervention(by=by, pk=kept.pk, seen=None, title="Kestrel Road").title == "Kestrel Road"
    with pytest.raises(Refused, match="name already"):
        add_order_type(by=keeper, said=replace(on, name="TENANCY injunction"))
    with pytest.raises(Refused, match="1 to"):
        add_order_type(by=keeper, said=replace(on, name="Other", adult_max_months=0))


def test_everything_that_is_shipped_is_known_by_a_name_and_its_unit() -> None:
    assert {(one.instrument, one.key): one.unit for one in shipped.PARAMETERS} == {
        key: str(one.unit) for key, one in KNOWN.items()
    }
    assert {instrument for instrument, _ in KNOWN} == set(INSTRUMENTS)


def test_what_is_shipped_comes_back_only_where_it_is_missing_and_then_off() -> None:
    before = LegalParameter.objects.count()
    shipped.sync()
    assert LegalParameter.objects.count() == before
    LegalParameter.objects.filter(instrument="cbo", key="adult-min").update(valid_from=date(2020, 12, 1))
    LegalParameter.objects.filter(instrument="fpn", key="cpn-max", value=100).update(
        value=80, valid_from=date(2026, 1, 1)
    )
    shipped.sync()
    assert LegalParameter.objects.count() == before + 1
    assert not LegalParameter.objects.get(instrument="fpn", key="cpn-max", value=100).is_on


def test_the_page_says_what_the_dates_mean(
    admin: User, keeper: Viewer, world: SimpleNamespace, as_person: Callable[[User], Client]
) -> None:
    switch_over(keeper)
    reader, admins = as_person(world.people["stranger"]), as_person(admin)
    page = reader.get("/law/").content.decode()
    assert "An offence of 28 June 2026 keeps £100; one of 29 June 2026 has £500." in page
    assert "/change/" not in page
    assert "Add a type of order" not in reader.get("/law/order-types/").content.decode()
    one = LegalParameter.objects.get(instrument="dispersal", key="authorisation-max", is_on=False)
    address = f"/law/{one.pk}/change/"
    assert address in admins.get("/law/").content.decode()
    assert reader.get(address).status_code == 403
    form = {
        "value": "72",
        "valid_from": "2026-06-29",
        "source": "2026 Act",
        "is_on": "on",
        "verified_by": "Legal services",
        "verified_on": str(timezone.localdate()),
        "seen": one.changed_at.isoformat(),
    }
    refused = admins.post(address, form)
    assert refused.status_code == 422
    assert "48 hours holds without an end, on some of the same days. End that on 29 June 2026 first" in (
        refused.content.decode()
    )
    assert (
        "Somebody changed this meanwhile" in admins.post(address, form | {"seen": "2026-01-01T00:00Z"}).content.decode()
    )
    assert admins.post(address, {"value": "many"}).status_code == 422
    saved = admins.post(address, form | {"is_on": ""}, follow=True)
    assert (
        "Longest authorisation: 72 hours, from 29 June 2026. It is off: rules do not use it." in saved.content.decode()
    )
    new = {"which": "day.results-due", "value": "7", "source": "Our practice"}
    assert "7 days, always" in admins.post("/law/new/", new, follow=True).content.decode()
    kind = {"name": "Tenancy injunction", "law": "Housing Act 1996", "is_on": "on"}
    assert "was saved" in admins.post("/law/order-types/new/", kind, follow=True).content.decode()
    of_kind = f"/law/order-types/{OrderType.objects.get(name='Tenancy injunction').pk}/change/"
    assert admins.post(of_kind, kind | {"youngest": "90"}).status_code == 422
    assert admins.post(of_kind, kind | {"youngest": "18"}).status_code == 302
    assert OrderType.objects.get(name="Tenancy injunction").youngest == 18
