"""The page of one record: parts, links both ways, what is withheld, how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotspots.models import Area, Hotspot
from interventions.models import Intervention
from tests.interventions.test_registers_pages import count, make_cbo

__all__ = ["make_cbo"]

Make = Callable[..., Intervention]


def page(client: Client, record: Any) -> str:
    return client.get(f"/activity/{record.pk}/").text


def test_all_of_an_order_by_groups_and_parts(
    clients: dict[str, Client], make_cbo: Make, world: SimpleNamespace
) -> None:
    order = make_cbo(court="Snaresbrook Crown Court")
    order.reasons.create(rule="cbo.no-support", warning="No support was offered.", reason="The court said so.")
    said = page(clients["owner"], order)
    for text in (
        *("Prohibitions and requirements", "Enter the Brewery", "Wren House", "Fined by magistrates", "HV-77", "Theft"),
        *("Snaresbrook Crown Court", "The court said so.", '<svg class="app-ground"', "From ", "In force"),
    ):
        assert text in said, text
    # What nobody said takes one line, and a part without rows none.
    assert "Not said: " in said
    assert "Briefed to" not in said
    world.agreement.record_types = ["cbo"]
    world.agreement.withheld_fields = ["cbo.subject", "cbo.support", "cbo.breaches"]
    world.agreement.save()
    theirs = page(clients["partner"], order)
    assert "Enter the Brewery" in theirs
    assert "Snaresbrook Crown Court" in theirs
    assert not [text for text in ("HV-77", "Theft", "Wren House", "Fined", "Owner@") if text in theirs]
    assert theirs.count("Withheld by agreement") >= 4
    assert f"/glass/?record=cbo:{order.pk}" in theirs
    assert clients["stranger"].get(f"/activity/{order.pk}/").status_code == 404


def test_links_lead_both_ways_as_far_as_they_are_seen(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    order = make_activity(kind="pspo", title="Romford PSPO")
    condition = order.conditions.create(number=3, text="Drink from open containers")
    done = make_activity(
        kind="pspo-action", action="advice", title="Advice at the pier", order=order, condition=condition
    )
    covert = make_activity(kind="pspo-action", action="advice", title="Not for partners", order=order, audience="team")
    said = page(clients["owner"], order)
    assert "PSPO actions (2)" in said
    assert f'href="/activity/{done.pk}/"' in said
    assert f"/activity/new/pspo-actions/?order={order.pk}" in said
    assert f'href="/activity/{order.pk}/">Romford PSPO</a>' in page(clients["owner"], done)
    assert "Drink from open containers" in page(clients["owner"], done)
    # The agreement gives actions, and no orders.
    world.agreement.record_types = ["pspo-action"]
    world.agreement.save()
    theirs = page(clients["partner"], done)
    assert "A record that is not shared with you" in theirs
    assert "Romford PSPO" not in theirs
    assert "Drink from" not in theirs
    assert (
        "Drink from"
        not in b"".join(
            clients["partner"].get("/activity/registers/pspo-actions.csv").streaming_content  # type: ignore[attr-defined]
        ).decode()
    )
    # And then orders too: of their actions those that are shared.
    world.agreement.record_types = ["pspo", "pspo-action"]
    world.agreement.save()
    theirs = page(clients["partner"], order)
    assert "PSPO actions (1)" in theirs
    assert covert.title not in theirs


def test_hotspots_are_named_to_those_who_see_them(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    record = make_activity()
    area = Area.objects.create(kind="hotspot", code="hotspot-1", name="1")
    hotspot = Hotspot.objects.create(owner=world.owner, area=area, name="Hilldene shops", audience="agency")
    record.hotspots.add(hotspot)
    assert f'href="/hotspots/{hotspot.pk}/">Hilldene shops</a>' in page(clients["owner"], record)
    assert "Hilldene" not in page(clients["partner"], record)
    assert "Hilldene" in clients["owner"].get(f"/activity/?hotspot={hotspot.pk}").text
    titles = [row.title for row in clients["owner"].get(f"/activity/?hotspot={hotspot.pk}").context["rows"]]
    assert titles == [record.title]
    assert clients["partner"].get(f"/activity/?hotspot={hotspot.pk}").status_code == 400


def test_orders_have_no_button_for_their_status(clients: dict[str, Client], make_cbo: Make) -> None:
    order = make_cbo()
    assert "Mark as done" not in page(clients["owner"], order)
    answer = clients["owner"].post(f"/activity/{order.pk}/status/", {"status": "cancelled"}, follow=True)
    assert "follows from what the record says" in answer.text
    assert Intervention.objects.get().status == "done"


@pytest.mark.parametrize("who", ["owner", "partner"])
def test_as_many_queries_for_twenty_rows_as_for_two(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace, who: str
) -> None:
    world.agreement.record_types = ["pspo", "pspo-action", "day-of-action", "intervention"]
    world.agreement.withheld_fields = ["pspo-action.penalty", "intervention.contact"]
    world.agreement.save()
    order = make_activity(kind="pspo", title="Romford PSPO", ends=timezone.now() + timedelta(days=60))
    day: Any = make_activity(kind="day", title="Joint day")

    def add(number: int) -> None:
        order.conditions.create(number=number, text="Drink")
        order.signs.create(location=f"Sign {number}")
        make_activity(kind="pspo-action", action="advice", order=order, title=f"Advice {number}")
        make_activity(day=day, title=f"Patrol {number}")
        day.items.create(what=f"Line {number}", agency=world.owner)

    addresses = [f"/activity/{one.pk}/" for one in (order, day)]
    for number in range(2):
        add(number)
    clients[who].get(addresses[0])  # what is kept is kept now
    few = [count(clients[who], address) for address in addresses]
    for number in range(18):
        add(number + 2)
    # Of more than ten that lead here the page says how many.
    more = [count(clients[who], address) for address in addresses]
    assert [after - before for before, after in zip(few, more, strict=True)] == [1, 1]
    assert max(more) <= 48


def test_rows_say_no_more_than_their_record(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    walk: Any = make_activity(kind="walk", title="Walk at night")
    seen = {"category": "decay", "severity": 3, "spot": "Zebra gate", "longitude": 0.21777, "latitude": 51.60777}
    walk.observations.create(text="Broken lamp", **seen)
    day: Any = make_activity(kind="day", title="Joint day")
    day.items.create(what="Zebra warrants", where="Zebra house")
    words = ("Zebra gate", "0.21777", "Zebra warrants", "Zebra house")
    pages = [f"/activity/{walk.pk}/", f"/activity/{day.pk}/", f"/activity/{day.pk}/briefing/"]
    files = [f"/activity/registers/{slug}.csv" for slug in ("walks", "days-of-action")]
    routes = [f"/api/v1/walks/{walk.pk}/", f"/api/v1/days-of-action/{day.pk}/"]
    world.agreement.record_types = ["intervention", "day-of-action"]
    for withheld, told in (
        (["intervention.place", "day-of-action.briefing"], []),
        (["intervention.place", "day-of-action.place"], ["Zebra warrants"]),
        ([], list(words)),
    ):
        world.agreement.withheld_fields = withheld
        world.agreement.save()
        found = [clients["partner"].get(address) for address in (*pages, *files, *routes)]
        assert [one.status_code for one in found] == [200] * 7
        said = "".join(one.getvalue().decode() for one in found)
        assert "Broken lamp" in said
        assert [text for text in words if text in said] == told


@pytest.mark.parametrize("latitude", [90, -90])
def test_a_point_at_a_pole_is_drawn_at_the_edge(
    clients: dict[str, Client], make_activity: Make, latitude: float
) -> None:
    """Nobody means it; and where one number is wrong, the page is there on which it is mended."""
    record = make_activity(latitude=latitude, longitude=180)
    assert '<svg class="app-ground"' in page(clients["owner"], record)
