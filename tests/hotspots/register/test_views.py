"""The register of places: who sees which rows and parts, what can be done, and what is said."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotspots.models import Hotspot, PhasePeriod
from hotspots.phases.actions import Plan, start_phase
from hotspots.register import actions
from partners.models import AuditEvent
from partners.refusals import Refused
from partners.visibility import Viewer
from tests.factories import make_place
from tests.hotspots.register.conftest import SECRETS

BOX = "POLYGON ((0.212 51.602, 0.216 51.602, 0.216 51.605, 0.212 51.605, 0.212 51.602))"


def sent(client: Client, address: str, **said: Any) -> dict[str, Any]:
    """What a browser would send back from the form of a place, with some fields filled in otherwise."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields if not form.fields[name].disabled}
    return {name: value for name, value in (values | said).items() if value is not None}


def accepted(client: Client, **asked: str) -> Any:
    """The page of the second step, after a shape was pasted."""
    return client.post(f"/hotspots/new/{'?kind=watch' if asked else ''}", {"way": "paste", "pasted": BOX})


def second_step(client: Client, **said: Any) -> dict[str, Any]:
    form = accepted(client).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | said).items() if value is not None}


# --- The list -----------------------------------------------------------------------------------------------------


def test_who_sees_what(world: SimpleNamespace) -> None:
    """The owner sees all, the partner what is not withheld, and to a stranger the place does not exist."""
    pages = {name: client.get("/hotspots/").text for name, client in world.clients.items()}
    assert "Hilldene shops" in pages["owner"]
    assert "Withheld" not in pages["owner"]
    assert "Hilldene shops" in pages["partner"]
    assert (
        "Withheld by agreement: why it was chosen, the equality answers, documents, gate decisions" in pages["partner"]
    )
    assert "Hilldene" not in pages["stranger"]
    files = {name: client.get("/hotspots/places.csv").getvalue().decode() for name, client in world.clients.items()}
    assert SECRETS["reasons"] in files["owner"]
    assert SECRETS["reasons"] not in files["partner"]
    assert "Hilldene" not in files["stranger"]
    for page, statuses in {"change": [200, 403, 404], "status": [200, 200, 404], "documents": [200, 200, 404]}.items():
        address = f"/hotspots/{world.place.pk}/{page}/"
        assert [client.get(address).status_code for client in world.clients.values()] == statuses
    reads = AuditEvent.objects.filter(action="hotspot.read", objects_named=[f"hotspot:{world.place.pk}"])
    assert {"Read (list)", "Read (csv)", "Read (page)"} == set(reads.values_list("summary", flat=True))


def test_the_file_says_its_marking_and_what_the_page_says(world: SimpleNamespace) -> None:
    by = Viewer.of_user(world.people["owner"])
    start_phase(by=by, place=world.place.pk, phase="prepare", plan=Plan(starts=date(2024, 3, 1)))
    table = list(
        csv.reader(io.StringIO(world.clients["owner"].get("/hotspots/places.csv").getvalue().decode("utf-8-sig")))
    )
    assert table[0] == ["Marking: OFFICIAL"]
    row = dict(zip(table[1], table[2], strict=True))
    assert row["name"] == "Hilldene shops"
    assert row["phases"] == "Prepare since 2024-03-01"
    assert row["problems"] == "shoplifting"
    assert row["withheld"] == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Gubbins Lane", "Hilldene shops"]),
        ("q=hilldene", ["Hilldene shops"]),
        ("q=zaffre", ["Hilldene shops"]),
        ("kind=watch", ["Gubbins Lane"]),
        ("problem=shoplifting", ["Hilldene shops"]),
        ("status=archived", ["Old market"]),
        ("phase=clear", ["Hilldene shops"]),
        ("phase=none", ["Gubbins Lane"]),
        ("overdue=on", ["Gubbins Lane"]),
        ("order=newest", ["Gubbins Lane", "Hilldene shops"]),
        ("area={ward}", ["Gubbins Lane", "Hilldene shops"]),
    ],
)
def test_filters(world: SimpleNamespace, query: str, found: list[str]) -> None:
    by = Viewer.of_user(world.people["owner"])
    start_phase(by=by, place=world.place.pk, phase="clear", plan=Plan(starts=date(2024, 3, 1)), knowingly=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_place(world.owner, by=by, name="Gubbins Lane", kind="watch", review_on=yesterday)
    make_place(world.owner, by=by, name="Old market", status="archived")
    ward = next(code for code in world.place.area_codes if code.startswith("E05"))
    answer = world.clients["owner"].get(f"/hotspots/?{query.format(ward=ward)}")
    assert [row.name for row in answer.context["rows"]] == found
    if "overdue" in query:
        assert "1 day overdue" in answer.text


def test_the_partner_finds_nothing_by_what_is_withheld(world: SimpleNamespace) -> None:
    assert "Nothing fits these filters" in world.clients["partner"].get("/hotspots/?q=zaffre").text


def test_filters_that_make_no_sense(world: SimpleNamespace) -> None:
    answer = world.clients["owner"].get("/hotspots/?status=lost")
    assert answer.status_code == 400
    assert "“Status”: choose from the list." in answer.text
    assert world.clients["owner"].get("/hotspots/places.csv?status=lost")["Location"] == "/hotspots/?status=lost"


@pytest.mark.parametrize("address", ["/hotspots/", "/hotspots/places.csv"])
def test_as_many_queries_for_twenty_as_for_two(world: SimpleNamespace, address: str) -> None:
    by = Viewer.of_user(world.people["owner"])
    counts = []
    b"".join(world.clients["partner"].get(address))
    for more in (1, 18):
        for number in range(more):
            place = make_place(world.owner, by=by, name=f"Place {more} {number}", ring_m=0)
            start_phase(by=by, place=place.pk, phase="prepare", plan=Plan(starts=date(2024, 3, 1)))
        with CaptureQueriesContext(connection) as captured:
            b"".join(world.clients["partner"].get(address))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Adding -------------------------------------------------------------------------------------------------------


def test_adding_in_two_steps(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    assert "Where is the hotspot?" in client.get("/hotspots/new/").text
    page = accepted(client)
    assert page.status_code == 200
    assert "Hilldene shops: 100% of this shape" in page.text
    answer = client.post("/hotspots/new/", second_step(client, name="Gubbins Lane", problems=["burglary"]))
    made = Hotspot.objects.get(name="Gubbins Lane")
    assert answer["Location"] == f"/hotspots/{made.pk}/"
    assert (made.owner, made.status, made.problems) == (world.owner, "proposed", ["burglary"])
    assert made.area_codes == world.place.area_codes
    assert AuditEvent.objects.filter(action="hotspot.created", objects_named=[f"hotspot:{made.pk}"]).count() == 1


def test_what_is_wrong_is_said_and_the_shape_is_kept(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    answer = client.post(
        "/hotspots/new/",
        second_step(client, selected_from="2026-05", selected_to="2026-02", objective_target="7", ring_m="10"),
    )
    assert answer.status_code == 422
    assert "Give it the name that partners use" in answer.text
    named = second_step(client, name="Gubbins Lane")
    for wrong, sentence in (
        ({"selected_from": "May"}, "Give the month as year and month, such as 2026-08."),
        ({"selected_from": "2026-05"}, "Give both the first and the last month of the selection period"),
        ({"selected_from": "2026-05", "selected_to": "2026-02"}, "The selection period ends before it begins."),
        ({"selected_from": "0001-01", "selected_to": "2026-02"}, "Give a month from 2005 to "),
        ({"baseline_from": "2024-01", "baseline_to": "9999-12"}, "Give a month from 2005 to "),
        ({"objective_target": "7"}, "Say of which type of crime the target is a count."),
        ({"ring_m": "10"}, "The ring is 250 to 1000 m wide"),
        ({"valid_from": "1999-01-01"}, "The day is from 1 January 2010"),
        ({"audience": "everyone"}, "Only an OPEN record can be for everyone"),
        ({"lead": str(world.people["stranger"].pk)}, "Select a valid choice"),
        ({"owner": str(world.stranger.pk)}, "Choose one of your agencies."),
    ):
        answer = client.post("/hotspots/new/", named | wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
        assert answer.context["form"]["accepted"].value() == named["accepted"]
    lost = client.post("/hotspots/new/", named | {"accepted": "made up"}, follow=True)
    assert "The shape was not sent whole." in lost.text
    assert Hotspot.objects.count() == 1


def test_the_baseline_follows_from_the_selection(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    said = second_step(client, name="Gubbins Lane", selected_from="2025-04", selected_to="2026-03")
    client.post("/hotspots/new/", said)
    made = Hotspot.objects.get(name="Gubbins Lane")
    assert (made.baseline_from, made.baseline_to) == (date(2023, 4, 1), date(2025, 3, 1))
    page = client.get(f"/hotspots/{made.pk}/change/").text
    assert "With the months below that is April 2023 to March 2025." in page


def test_a_watch_place_needs_no_answers(world: SimpleNamespace) -> None:
    client = world.clients["owner"]
    assert accepted(client, kind="watch").context["form"]["kind"].value() == "watch"
    client.post("/hotspots/new/", second_step(client, name="Gubbins Lane", kind="watch"))
    made = Hotspot.objects.get(name="Gubbins Lane")
    answer = client.post(f"/hotspots/{made.pk}/status/", {"status": "active"}, follow=True)
    assert "Gubbins Lane is active." in answer.text


@pytest.mark.parametrize("role", ["viewer", "contributor", "administrator", "partnership"])
def test_others_are_told_who_may(world: SimpleNamespace, role: str) -> None:
    world.people["owner"].memberships.update(role=role)
    answer = world.clients["owner"].get("/hotspots/new/")
    assert answer.status_code == 403
    assert "Analysts, SNT leads and managers of an agency add places." in answer.text


# --- Changing -----------------------------------------------------------------------------------------------------


def test_changing(world: SimpleNamespace) -> None:
    client, address = world.clients["owner"], f"/hotspots/{world.place.pk}/change/"
    said = sent(client, address, name="Hilldene parade", partners=[world.partner.pk], lead=world.people["owner"].pk)
    assert client.post(address, said)["Location"] == f"/hotspots/{world.place.pk}/"
    world.place.refresh_from_db()
    assert (world.place.name, world.place.lead) == ("Hilldene parade", world.people["owner"])
    assert list(world.place.partners.all()) == [world.partner]
    assert world.place.identified_note == SECRETS["reasons"]
    event = AuditEvent.objects.get(action="hotspot.changed")
    assert set(event.before or {}) == {"name", "lead_id", "partners", "changed_at"}
    # Saved again unchanged, nothing is written.
    client.post(address, sent(client, address))
    assert AuditEvent.objects.filter(action="hotspot.changed").count() == 1


def test_the_second_of_two_is_told_and_nothing_is_lost(world: SimpleNamespace) -> None:
    client, address = world.clients["owner"], f"/hotspots/{world.place.pk}/change/"
    first, second = (sent(client, address, problems=["burglary", "robbery"]) for _ in range(2))
    client.post(address, first | {"name": "First version"})
    answer = client.post(address, second | {"name": "Second version"})
    assert answer.status_code == 422
    assert "changed this place after you opened it" in answer.text
    assert "What is saved now, by somebody else" in answer.text
    assert Hotspot.objects.get().name == "First version"
    form = answer.context["form"]
    assert form["problems"].value() == ["burglary", "robbery"]
    client.post(address, second | {"name": "Second version", "seen": form["seen"].value()})
    assert Hotspot.objects.get().name == "Second version"


def test_a_place_with_phases_is_no_watch_place(world: SimpleNamespace) -> None:
    by = Viewer.of_user(world.people["owner"])
    start_phase(by=by, place=world.place.pk, phase="prepare", plan=Plan(starts=date(2024, 3, 1)))
    address = f"/hotspots/{world.place.pk}/change/"
    answer = world.clients["owner"].post(address, sent(world.clients["owner"], address, kind="watch"))
    assert "It has phases, and a watch place has none" in answer.text


# --- The status ---------------------------------------------------------------------------------------------------


def test_a_hotspot_is_active_once_the_three_questions_are_answered(world: SimpleNamespace) -> None:
    client, address = world.clients["owner"], f"/hotspots/{world.place.pk}/status/"
    by = Viewer.of_user(world.people["owner"])
    actions.change_hotspot(by=by, pk=world.place.pk, seen=None, equality_other="")
    answer = client.post(address, {"status": "active"})
    assert (answer.status_code, "Answer the three equality questions first" in answer.text) == (422, True)
    actions.change_hotspot(by=by, pk=world.place.pk, seen=None, equality_other="Nothing that we know of")
    assert "Hilldene shops is active." in client.post(address, {"status": "active"}, follow=True).text
    with pytest.raises(Refused, match="Work began with this answer"):
        actions.change_hotspot(by=by, pk=world.place.pk, seen=None, equality_other="")
    partner = world.clients["partner"]
    assert "Active" in partner.get(address).text
    assert "Save the status" not in partner.get(address).text
    assert partner.post(address, {"status": "closed", "reason": "Over"}).status_code == 403


def test_archiving_asks_for_a_reason_and_for_ended_phases(world: SimpleNamespace) -> None:
    client, address = world.clients["owner"], f"/hotspots/{world.place.pk}/status/"
    by = Viewer.of_user(world.people["owner"])
    start_phase(by=by, place=world.place.pk, phase="prepare", plan=Plan(starts=date(2024, 3, 1)))
    assert "Say why it is closed or archived" in client.post(address, {"status": "archived"}).text
    said = {"status": "archived", "reason": "The shops were pulled down"}
    assert "under Phases first, then archive the place" in client.post(address, said).text
    closing = client.post(address, said | {"status": "closed"}).text
    assert "Prepare is still going on. End it under Phases first, then close the place" in closing
    PhasePeriod.objects.update(ends=date(2024, 4, 1), ending="completed")
    page = client.post(address, said, follow=True).text
    assert "“The shops were pulled down”" in page
    assert [one.status for one in world.place.statuses.all()] == ["proposed", "archived"]
    assert "Hilldene" not in client.get("/hotspots/").text
