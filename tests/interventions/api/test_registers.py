"""The routes of registers: typed bodies and answers, findings, filters, the feed of changes, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from interventions.models import CriminalBehaviourOrder, Intervention, OrderType
from interventions.registers import ALL
from partners.models import AuditEvent, SharingAgreement, Webhook, WebhookDelivery
from partners.roles import Scope
from tests.factories import make_place
from tests.interventions.api.test_activity import key_client, send

Make = Callable[..., Any]
CBOS, PATROLS, ACTIONS = (
    "/api/v1/criminal-behaviour-orders/",
    "/api/v1/patrols/",
    "/api/v1/pspo-actions/",
)


@pytest.fixture
def systems(world: SimpleNamespace) -> dict[str, Client]:
    names = ("owner", "partner", "stranger")
    return {name: key_client(getattr(world, name), Scope.RECORDS, Scope.WRITE) for name in names}


@pytest.fixture
def gives(world: SimpleNamespace) -> SharingAgreement:
    """The partner is given orders, without what is said of the person."""
    agreement: SharingAgreement = world.agreement
    agreement.record_types = ["intervention", "cbo", "pspo-action"]
    agreement.withheld_fields = ["cbo.subject", "cbo.breaches", "intervention.place", "intervention.details"]
    agreement.save()
    return agreement


def order(world: SimpleNamespace, **said: Any) -> dict[str, Any]:
    """A body of an adult's order of three years, with one condition and one breach."""
    return {
        "agency_id": world.owner.pk,
        "title": "CBO for the High Street",
        "stage": "made",
        "court": "Romford Magistrates’ Court",
        "made_on": "2026-03-02",
        "applied_on": "2026-02-02",
        "starts": "2026-03-02",
        "ends": "2029-03-01",
        "subject_ref": "N-17",
        "age_band": "25-34",
        "wards": [world.ward.code],
        "conditions": [{"number": 1, "sort": "prohibition", "text": "Not to enter the High Street."}],
        "breaches": [{"happened_on": "2026-05-01", "arrested": True}],
        "reasons": {},
        **said,
    }


def added(client: Client, address: str, said: dict[str, Any], key: str = "one") -> dict[str, Any]:
    """Sent again with a reason for each warning, as a partner's system would."""
    answer = send(client, "POST", address, said, key)
    warned = [one["rule"] for one in answer.json().get("findings", []) if one["severity"] == "warn"]
    if answer.status_code == 422 and warned:
        answer = send(client, "POST", address, {**said, "reasons": dict.fromkeys(warned, "As the court said.")}, key)
    assert answer.status_code == 201, answer.json()
    made: dict[str, Any] = answer.json()
    return made


def test_an_order_with_its_parts_comes_back_as_it_was_sent(
    systems: dict[str, Client], world: SimpleNamespace, gives: SharingAgreement
) -> None:
    made = added(systems["owner"], CBOS, order(world))
    record = CriminalBehaviourOrder.objects.get()
    assert made["url"] == reverse("api:cbo", args=[record.pk]) == f"{CBOS}{record.pk}/"
    assert (made["starts"], made["ends"]) == ("2026-03-02", "2029-03-01")
    assert record.ends == datetime(2029, 3, 2, tzinfo=UTC)
    assert (made["status"], made["stage"], made["subject_ref"]) == ("done", "made", "N-17")
    assert [(one["number"], one["text"]) for one in made["conditions"]] == [(1, "Not to enter the High Street.")]
    assert made["breaches"][0]["arrested"] is True
    assert systems["owner"].get(made["url"]).json() == made
    # The partner is told of the order, and not of whom.
    shown = systems["partner"].get(made["url"]).json()
    assert (shown["subject_ref"], shown["age_band"], shown["breaches"]) == (None, None, None)
    assert shown["conditions"] == made["conditions"]
    assert shown["withheld"] == ["breaches", "subject"]
    assert "N-17" not in systems["partner"].get(f"{CBOS}?format=csv").content.decode()
    there, never = (systems["stranger"].get(f"{CBOS}{pk}/").json() for pk in (record.pk, 10**9))
    assert {**there, "request_id": ""} == {**never, "request_id": ""}
    assert systems["stranger"].get(CBOS).json()["results"] == []
    # Of another register it is none.
    assert systems["owner"].get(f"{PATROLS}{record.pk}/").status_code == 404
    assert systems["owner"].get(f"/api/v1/interventions/{record.pk}/").json()["kind"] == "cbo"


def test_changing_says_only_what_changes(systems: dict[str, Client], world: SimpleNamespace) -> None:
    made = added(systems["owner"], CBOS, order(world))
    first = made["conditions"][0]
    said = {
        "conditions": [{**first, "text": "Not to enter the market."}, {"number": 2, "text": "Not to beg."}],
        "changed_at": made["changed_at"],
    }
    answer = send(systems["owner"], "PATCH", made["url"], said, "two")
    changed = answer.json()
    assert answer.status_code == 200, changed
    assert [(one["id"] == first["id"], one["text"]) for one in changed["conditions"]] == [
        (True, "Not to enter the market."),
        (False, "Not to beg."),
    ]
    assert changed["breaches"] == made["breaches"]
    late = send(systems["owner"], "PATCH", made["url"], {"court": "Another", "changed_at": made["changed_at"]}, "three")
    assert list(late.json()["errors"]) == ["changed_at"]
    for who, status in (("partner", 404), ("stranger", 404)):
        assert send(systems[who], "PATCH", made["url"], {"court": "Mine"}, "four").status_code == status


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"ends": "2026-03-01T00:00:00Z"}, "ends", "Date has wrong format"),
        ({"ends": "9999-12-31"}, "ends", "from 2000 to 2099"),
        ({"stage": "nonsense"}, "stage", "not a valid choice"),
        ({"conditions": [{"number": "1", "text": "x"}]}, "conditions", "Row 1, number: This must be a whole number."),
        ({"conditions": [{"id": 10**9, "number": 1, "text": "x"}]}, "conditions", "no condition with the number"),
        ({"conditions": [{"number": 1, "text": "x", "colour": "red"}]}, "conditions", "There is no such field here"),
        ({"hotspots": [10**9]}, "hotspots", "There is no hotspot"),
        ({"colour": "red"}, "colour", "There is no such field here"),
        ({"zone": {"type": "Point", "coordinates": [0, 51]}}, "zone", "must be a polygon"),
    ],
)
def test_what_cannot_be_is_named(
    systems: dict[str, Client], world: SimpleNamespace, wrong: dict[str, Any], field: str, says: str
) -> None:
    answer = send(systems["owner"], "POST", CBOS, order(world) | wrong)
    assert answer.status_code == 422
    assert says in answer.json()["errors"][field][0]
    assert not Intervention.objects.exists()


def test_rules_are_told_with_their_sources_and_kept_with_a_reason(
    systems: dict[str, Client], world: SimpleNamespace
) -> None:
    """An adult's order of less than two years cannot be."""
    answer = send(systems["owner"], "POST", CBOS, order(world, ends="2026-12-01"))
    assert answer.status_code == 422
    blocks = [one for one in answer.json()["findings"] if one["severity"] == "block"]
    assert blocks[0]["rule"].startswith("cbo.")
    assert blocks[0]["source"]
    assert blocks[0]["sentence"] in answer.json()["errors"][blocks[0]["field"]]


def test_what_was_written_is_answered_where_it_is_not_shown_again(world: SimpleNamespace) -> None:
    here = key_client(world.owner, Scope.RECORDS, Scope.WRITE, areas=(world.ward.code,))
    said = {"agency_id": world.owner.pk, "title": "Patrol", "strand": "protect", "wards": [world.ward.code]}
    said |= {"starts": "2026-11-06T19:00:00Z", "ends": "2026-11-06T21:00:00Z"}
    made = added(here, PATROLS, said)
    Intervention.objects.get(pk=made["id"]).wards.add(world.other)
    moved = send(here, "PATCH", made["url"], {"wards": [world.other.code]}, "two")
    assert (moved.status_code, moved.json()["wards"]) == (200, [world.other.code])
    assert here.get(made["url"]).status_code == 404


def test_links_are_shown_to_those_who_see_what_they_lead_to(
    systems: dict[str, Client], world: SimpleNamespace, make_activity: Make, gives: SharingAgreement
) -> None:
    pspo = make_activity(kind="pspo", title="PSPO", number="1")
    place = make_place(world.owner, name="Market", audience="team")
    condition = pspo.conditions.create(number=1, text="No open alcohol.")
    made = make_activity(
        kind="pspo-action", title="Advice", order_id=pspo.pk, condition_id=condition.pk, action="advice"
    )
    made.hotspots.set([place])
    address = reverse("api:pspo-action", args=[made.pk])
    whole, part = (systems[who].get(address).json() for who in ("owner", "partner"))
    assert (whole["order_id"], whole["condition_id"], whole["hotspots"]) == (pspo.pk, condition.pk, [place.pk])
    # The agreement gives actions, not orders; the place is covert.
    assert (part["order_id"], part["condition_id"], part["hotspots"]) == (None, None, [])
    for asked in (f"hotspot={place.pk}", f"order_id={pspo.pk}", f"condition_id={condition.pk}"):
        titles = {
            who: [one["title"] for one in systems[who].get(f"{ACTIONS}?{asked}").json()["results"]]
            for who in ("owner", "partner")
        }
        assert titles == {"owner": ["Advice"], "partner": []}


def test_lists_cost_the_same_at_2_and_20_rows(
    systems: dict[str, Client], world: SimpleNamespace, make_activity: Make, gives: SharingAgreement
) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert systems["partner"].get(address).status_code == 200
        return len(found)

    def more(count: int) -> None:
        for number in range(count):
            one = make_activity(kind="cbo", title=f"Order {number}")
            one.conditions.create(number=1, text="Not to beg.")
            make_activity(kind="patrol").stints.create(starts=timezone.now(), minutes=30, agency=world.owner)

    more(2)
    asked(CBOS)
    few = [asked(CBOS), asked(PATROLS), asked("/api/v1/changes/")]
    more(18)
    assert [asked(CBOS), asked(PATROLS), asked("/api/v1/changes/")] == few
    assert AuditEvent.objects.filter(action="cbo.read", summary="Read (api)").count() >= 3


def test_the_feed_is_whole_and_in_order_where_times_are_equal(
    systems: dict[str, Client], make_activity: Make, gives: SharingAgreement
) -> None:
    now = timezone.now()
    made = [make_activity(kind=kind, title=kind, changed_at=now) for kind in ("patrol", "cbo", "cbo", "patrol")]
    make_activity(title="Covert", audience="team", changed_at=now)
    make_activity(title="Older", changed_at=now - timedelta(hours=1))
    since = f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"
    address, found = f"/api/v1/changes/?limit=3&updated_since={since}", []
    while address:
        page = systems["partner"].get(address).json()
        found += page["results"]
        address = page["next"]
    assert [one["id"] for one in found] == sorted(one.pk for one in made)
    assert {(one["type"], one["url"].split("/")[3]) for one in found} == {
        ("intervention", "patrols"),
        ("cbo", "criminal-behaviour-orders"),
    }
    assert all(systems["partner"].get(one["url"]).status_code == 200 for one in found)
    again = systems["partner"].get(f"/api/v1/changes/?cursor={page['cursor']}").json()
    assert (again["results"], again["cursor"]) == ([], page["cursor"])
    assert systems["partner"].get("/api/v1/changes/?cursor=x").status_code == 400
    assert systems["stranger"].get("/api/v1/changes/").json() == {"next": None, "cursor": None, "results": []}


def test_webhooks_are_told_of_what_their_agency_sees(
    systems: dict[str, Client], world: SimpleNamespace, gives: SharingAgreement
) -> None:
    for agency in (world.owner, world.partner, world.stranger):
        Webhook.objects.create(
            agency=agency, url="https://example.org/", events=["record.added", "record.changed"], secret=""
        )
    made = added(systems["owner"], CBOS, order(world))
    send(systems["owner"], "PATCH", made["url"], {"court": "Another"}, "two")
    send(systems["owner"], "PATCH", made["url"], {"court": "Another"}, "three")  # nothing changes
    told = WebhookDelivery.objects.order_by("pk").values_list("webhook__agency", "event")
    assert sorted(told) == sorted(
        (agency.pk, event) for agency in (world.owner, world.partner) for event in ("record.added", "record.changed")
    )
    body = WebhookDelivery.objects.first().body  # type: ignore[union-attr]
    assert body["data"] == {"type": "cbo", "id": made["id"], "url": made["url"]}
    added(systems["owner"], CBOS, order(world, audience="team"), "four")
    assert WebhookDelivery.objects.count() == 4


def test_every_register_has_its_routes(systems: dict[str, Client], make_activity: Make) -> None:
    """Each kind of record is answered at its own address, by its own shape."""
    needed: dict[str, dict[str, Any]] = {
        "pspo-action": {"action": "advice"},
        "direction": {},
        "closure": {"issuer": "inspector"},
        "order": {},
    }
    pspo = make_activity(kind="pspo", title="PSPO")
    dispersal = make_activity(kind="dispersal", title="Dispersal")
    of_type = OrderType.objects.create(slug="x", name="Injunction", law="2014 Act", is_on=True)
    needed["pspo-action"]["order_id"] = pspo.pk
    needed["direction"]["authorisation_id"] = dispersal.pk
    needed["order"]["order_type_id"] = of_type.pk
    for register in ALL:
        record = make_activity(kind=register.kinds[0], **needed.get(register.kinds[0], {}))
        answer = systems["owner"].get(f"/api/v1/{register.slug}/{record.pk}/")
        assert answer.status_code == 200, register.slug
        assert answer.json()["title"] == record.title
        assert systems["owner"].get(f"/api/v1/{register.slug}/").json()["results"][0]["id"], register.slug
