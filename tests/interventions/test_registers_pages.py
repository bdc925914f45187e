"""The list of registers, the page of one, its files: who sees what, what is found, how many queries."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.models import CriminalBehaviourOrder, Intervention
from interventions.registers import ALL
from partners.models import AuditEvent

Make = Callable[..., Intervention]
CBOS = "/activity/registers/criminal-behaviour-orders/"
ZONE = {
    "type": "MultiPolygon",
    "coordinates": [[[[0.21, 51.6], [0.22, 51.6], [0.22, 51.61], [0.21, 51.61], [0.21, 51.6]]]],
}
EXTENT = {"west": 0.21, "south": 51.6, "east": 0.22, "north": 51.61}


@pytest.fixture
def make_cbo(make_activity: Make) -> Make:
    """An order in force without end, with a condition, support and a breach."""

    def make(**said: Any) -> Intervention:
        order = make_activity(
            **{
                "kind": "cbo",
                "title": "Order on shoplifting",
                "stage": "made",
                "subject_ref": "HV-77",
                "ends": None,
                "conviction_group": "Theft",
                "zone": ZONE,
                **EXTENT,
                "longitude": None,
                "latitude": None,
                **said,
            }
        )
        assert isinstance(order, CriminalBehaviourOrder)
        order.conditions.create(number=1, text="Enter the Brewery")
        order.support.create(sort="treatment", offered_on="2026-03-04", offered_by="Wren House")
        order.breaches.create(happened_on="2026-05-06", outcome="Fined by magistrates")
        return order

    return make


def test_the_list_counts_what_the_reader_sees(clients: dict[str, Client], make_cbo: Make, make_activity: Make) -> None:
    make_cbo()
    make_activity()
    page = clients["owner"].get("/activity/registers/").text
    for one in ALL:
        assert one.name in page
        assert f'href="/activity/registers/{one.slug}/"' in page
        assert clients["owner"].get(f"/activity/registers/{one.slug}/").status_code == 200
    assert f'{CBOS}?now=yes">1 in force' in page
    # The agreement gives activity, and no orders.
    assert "in force" not in clients["partner"].get("/activity/registers/").text
    assert "1 record" in clients["partner"].get("/activity/registers/").text
    assert clients["owner"].get("/activity/registers/none/").status_code == 404


def titles(client: Client, address: str) -> list[str]:
    return [row.title for row in client.get(address).context.get("rows", [])]


def test_filters_of_a_register(clients: dict[str, Client], make_cbo: Make, make_activity: Make) -> None:
    now = timezone.now()
    make_cbo(title="Now", starts=now - timedelta(days=1))
    make_cbo(title="Over", starts=now - timedelta(days=900), ends=now - timedelta(days=1), stage="discharged")
    make_cbo(title="To come", starts=now + timedelta(days=3), status="planned", stage="applied")
    owner = clients["owner"]
    assert titles(owner, CBOS) == ["To come", "Now", "Over"]
    assert titles(owner, f"{CBOS}?now=yes") == ["Now"]
    assert titles(owner, f"{CBOS}?stage=applied") == ["To come"]
    assert titles(owner, f"{CBOS}?q=over") == ["Over"]
    assert titles(owner, f"{CBOS}?q=HV-77") == ["To come", "Now", "Over"]
    assert "Nothing fits these filters" in owner.get(f"{CBOS}?status=cancelled").text
    assert owner.get(f"{CBOS}?stage=none").status_code == 400
    assert owner.get(f"{CBOS[:-1]}.csv?stage=none").status_code == 302
    assert titles(clients["stranger"], CBOS) == []
    make_cbo(title="Ends on the 90th day", starts=now - timedelta(days=2), ends=now + timedelta(days=90))
    make_cbo(title="Ends on the 91st day", starts=now - timedelta(days=2), ends=now + timedelta(days=91))
    assert titles(owner, f"{CBOS}?now=ending") == ["Ends on the 90th day"]
    order = make_activity(kind="pspo", title="Romford PSPO", ends=now + timedelta(days=900))
    for number in range(2):
        make_activity(kind="pspo-action", title=f"Advice {number}", order=order, action="advice")
    make_activity(kind="pspo-action", title="Other", order=make_activity(kind="pspo"), action="fpn", fpn_number="7")
    actions = "/activity/registers/pspo-actions/"
    assert titles(owner, f"{actions}?order={order.pk}") == ["Advice 1", "Advice 0"]
    assert titles(owner, f"{actions}?action=fpn") == ["Other"]


def test_what_is_withheld_stands_in_no_table_file_or_map(
    clients: dict[str, Client], make_cbo: Make, world: SimpleNamespace
) -> None:
    order = make_cbo()
    world.agreement.record_types = ["cbo"]
    world.agreement.withheld_fields = ["cbo.subject", "cbo.support", "cbo.breaches", "cbo.place"]
    world.agreement.save()
    for who, there in (("owner", True), ("partner", False)):
        answer = clients[who].get(f"{CBOS[:-1]}.csv")
        (line,) = csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig").partition("\n")[2]))  # type: ignore[attr-defined]
        assert line["conditions"] == "1. Must not; Enter the Brewery"
        assert (line["subject_ref"] == "HV-77") == there
        assert ("Wren House" in line["support"]) == there
        assert ("Fined" in line["breaches"]) == there
        assert bool(line["place"]) == there
        assert line["ends"] == ""
        assert line["stage"] == "made"
        # Whoever knows of an order has to know where it holds.
        (feature,) = clients[who].get(f"{CBOS[:-1]}.geojson").json()["features"]
        assert feature["geometry"] == ZONE
        page = clients[who].get(CBOS).text
        assert "Order on shoplifting" in page
        assert '<svg class="app-ground"' in page
        assert "Kestrel" not in page
        assert ("Withheld by agreement" in page) != there
        assert titles(clients[who], f"{CBOS}?q=HV-77") == (["Order on shoplifting"] if there else [])
    assert AuditEvent.objects.filter(objects_named=[f"cbo:{order.pk}"], summary="Read (csv)").count() == 2


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
        b"".join(answer) if answer.streaming else None
    assert answer.status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["owner", "partner"])
def test_as_many_queries_for_twenty_as_for_two(
    clients: dict[str, Client], make_cbo: Make, make_activity: Make, world: SimpleNamespace, who: str
) -> None:
    world.agreement.record_types = ["intervention", "cbo", "pspo", "pspo-action"]
    world.agreement.withheld_fields = ["cbo.subject", "cbo.breaches", "pspo-action.penalty"]
    world.agreement.save()

    def add(number: int) -> None:
        make_cbo(title=f"Order {number}", wards=[world.ward, world.other])
        order = make_activity(kind="pspo", title=f"PSPO {number}")
        condition = order.conditions.create(number=1, text="Drink")
        make_activity(kind="pspo-action", order=order, condition=condition, action="advice")

    addresses = (
        *("/activity/registers/", CBOS, f"{CBOS[:-1]}.csv", f"{CBOS[:-1]}.geojson"),
        *("/activity/registers/pspo-actions/", "/activity/registers/pspo-actions.csv"),
    )
    for number in range(2):
        add(number)
    clients[who].get("/activity/")  # what is kept is kept now
    few = [count(clients[who], address) for address in addresses]
    for number in range(18):
        add(number + 2)
    assert [count(clients[who], address) for address in addresses] == few
    assert max(few) <= 26
