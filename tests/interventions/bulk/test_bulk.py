"""Many rows at once, by the API: CSV and JSON lines, good and bad, twice, and dry."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.bulk import files
from interventions.models import CriminalBehaviourOrder, Patrol, PspoAction, RuleReason
from interventions.registers import ALL
from interventions.registers.patrol import PATROL
from partners.models import AuditEvent, Webhook, WebhookDelivery
from partners.roles import Scope
from tests.interventions.api.test_activity import key_client

Make = Callable[..., Any]
ACTIONS = "/api/v1/pspo-actions/bulk/"
PATROLS = "/api/v1/patrols/bulk/"
LINES, CSV, JSON = "application/x-ndjson", "text/csv", "application/json"


@pytest.fixture
def owner(world: SimpleNamespace) -> Client:
    return key_client(world.owner, Scope.RECORDS, Scope.WRITE)


@pytest.fixture
def pspo(world: SimpleNamespace, make_activity: Make) -> Any:
    """An order in force in the first ward, and its condition."""
    now = timezone.now()
    made = make_activity(
        kind="pspo",
        title="Town centre",
        number="1",
        stage="in-force",
        starts=now - timedelta(days=200),
        ends=now + timedelta(days=200),
        penalty=100,
    )
    condition = made.conditions.create(number=1, text="No open alcohol.")
    return SimpleNamespace(order=made, condition=condition)


def post(client: Client, address: str, sent: str, form: str = LINES, key: str = "one") -> Any:
    return client.generic("POST", address, sent.encode(), content_type=form, headers={"Idempotency-Key": key})


def action(pspo: Any, world: SimpleNamespace, **said: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(days=3)
    return {
        "order_id": pspo.order.pk,
        "condition_id": pspo.condition.pk,
        "action": "advice",
        "title": "Advice at the market",
        "starts": at.astimezone(UTC).isoformat(),
        "wards": [world.ward.code],
        **said,
    }


def lines(rows: list[dict[str, Any]]) -> str:
    return "\n".join(orjson.dumps(row).decode() for row in rows)


def table(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def test_ten_thousand_rows_with_three_hundred_bad_ones(owner: Client, world: SimpleNamespace, pspo: Any) -> None:
    """Both ways, with the number of each bad row; sent twice, it is done once."""
    rows = [action(pspo, world, reference=str(number)) for number in range(10_000)]
    bad = set(range(7, 7 + 33 * 300, 33))
    wrong: list[dict[str, Any]] = [{"wards": ["E05999999"]}, {"action": "fine"}, {"starts": "2099-01-01T00:00:00Z"}]
    for at in bad:
        rows[at] |= wrong[at // 33 % 3]
    sent = lines(rows)
    nothing = post(owner, ACTIONS, sent)
    assert nothing.status_code == 422
    assert nothing.json()["detail"] == "300 of 10,000 rows cannot be added, so none was."
    assert {one["row"] for one in nothing.json()["rows"]} == {at + 1 for at in bad}
    assert {one["field"] for one in nothing.json()["rows"]} >= {"wards", "action"}
    assert not PspoAction.objects.exists()
    kept = post(owner, f"{ACTIONS}?on_error=keep-good", sent)
    assert (kept.json()["good"], len(kept.json()["added"])) == (9_700, 9_700)
    assert PspoAction.objects.count() == 9_700
    again = post(owner, f"{ACTIONS}?on_error=keep-good", sent)
    assert again["Idempotent-Replay"] == "true"
    assert again.json() == kept.json()
    assert PspoAction.objects.count() == 9_700
    first = PspoAction.objects.get(pk=kept.json()["added"][0])
    assert (first.reference, first.status, first.owner, first.ends) == ("0", "done", world.owner, first.starts)
    assert [ward.code for ward in first.wards.all()] == [world.ward.code]
    assert first.area_codes == sorted([world.ward.code, world.borough.code])
    event = AuditEvent.objects.get(action="intervention.bulk-added")
    assert len(event.objects_named) == 9_700
    assert "9,700" in event.summary


def test_a_fixed_penalty_counts_once(owner: Client, world: SimpleNamespace, pspo: Any, make_activity: Make) -> None:
    """Twice in the file, and of another agency."""
    make_activity(
        kind="pspo-action", owner=world.stranger, order_id=pspo.order.pk, action="fpn", fpn_number="HV1", title="Theirs"
    )
    fpn = {"action": "fpn", "fpn_amount": 100.0}
    rows = [
        action(pspo, world, fpn_number="HV1", **fpn),
        action(pspo, world, fpn_number="HV2", **fpn),
        action(pspo, world, fpn_number="HV2", **fpn),
        action(pspo, world),
        action(pspo, world),
    ]
    dry = post(owner, f"{ACTIONS}?dry_run=true", lines(rows)).json()
    assert (dry["rows"], dry["good"], dry["dry_run"], dry["added"]) == (5, 2, True, [])
    assert not PspoAction.objects.filter(owner=world.owner).exists()
    answer = post(owner, f"{ACTIONS}?on_error=keep-good", lines(rows)).json()
    assert answer["problems"] == dry["problems"]
    wrong = {one["row"] for one in answer["problems"] if one["field"] == "fpn_number"}
    assert {1, 3} <= wrong
    assert PspoAction.objects.filter(fpn_number="HV2").count() <= 1
    assert PspoAction.objects.filter(fpn_number=None, owner=world.owner).count() == 2


def test_csv_as_people_write_it(owner: Client, world: SimpleNamespace) -> None:
    stint = {"starts": "2025-11-06T19:00:00Z", "minutes": 30, "officers": 2, "agency_id": world.owner.pk}
    row = {
        "Title": "=Evening patrol",
        "strand": "Protect",
        "status": "done",
        "starts": "6/11/2025 19:00",
        "ends": "2025-07-06 21:30",
        "wards": f"{world.ward.code}; {world.other.code}",
        "planned_minutes": "1,200",
        "place": "Market",
        "colour": "red",
        "stints": orjson.dumps([stint]).decode(),
    }
    bad = {
        **row,
        "ends": "26/10/2025 01:30",
        "starts": "2025-03-30 01:30",
        "wards": "",
        "planned_minutes": "many",
        "stints": "{",
    }
    answer = post(owner, PATROLS, table([row, bad]), CSV)
    said = {(one["row"], one["field"]): one["sentence"] for one in answer.json()["rows"]}
    assert {field for number, field in said if number == 3} == {"ends", "starts", "planned_minutes", "stints"}
    assert "comes twice" in said[3, "ends"]
    assert "no such time" in said[3, "starts"]
    good = {**row, "ends": "6/11/2025 21:30"}
    answer = post(owner, PATROLS, table([good]), CSV)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["ignored"] == ["colour"]
    made = Patrol.objects.get()
    assert (made.title, made.planned_minutes, made.stints.get().minutes) == ("=Evening patrol", 1200, 30)
    assert made.starts == datetime(2025, 11, 6, 19, tzinfo=UTC)
    assert sorted(ward.code for ward in made.wards.all()) == sorted([world.ward.code, world.other.code])


def test_whole_days_parts_and_one_reason_for_all_warnings(owner: Client, world: SimpleNamespace) -> None:
    row = {
        "title": "CBO",
        "stage": "made",
        "applied_on": "2026-02-02",
        "made_on": "2026-03-02",
        "starts": "2026-03-02",
        "ends": "01/03/2029",
        "age_band": "25 to 34",
        "wards": world.ward.code,
        "conditions": '[{"number": 1, "text": "Not to beg."}]',
        "reasons": "As the court said.",
    }
    answer = post(owner, "/api/v1/criminal-behaviour-orders/bulk/", table([row]), CSV)
    assert answer.status_code == 200, answer.json()
    made = CriminalBehaviourOrder.objects.get()
    assert (made.first_day.isoformat(), str(made.last_day), made.age_band) == ("2026-03-02", "2029-03-01", "25-34")
    assert made.conditions.get().text == "Not to beg."
    assert made.status == "done"
    assert {one.reason for one in RuleReason.objects.all()} <= {"As the court said."}
    alike = {**row, "conditions": '[{"number": 1, "text": "Not to beg."}, {"number": 1, "text": "Not to shout."}]'}
    answer = post(owner, "/api/v1/criminal-behaviour-orders/bulk/", table([alike]), CSV, "two")
    assert [one["field"] for one in answer.json()["rows"]] == ["conditions"]


def test_who_may_and_what_may_be_sent(owner: Client, world: SimpleNamespace, pspo: Any) -> None:
    good = lines([action(pspo, world)])
    reader = key_client(world.owner, Scope.RECORDS)
    assert post(reader, ACTIONS, good).status_code == 403
    stranger = key_client(world.stranger, Scope.RECORDS, Scope.WRITE)
    theirs = post(stranger, f"{ACTIONS}?agency_id={world.owner.pk}", good)
    assert list(theirs.json()["errors"]) == ["agency_id"]
    # To a stranger the order is none.
    hidden = post(stranger, ACTIONS, good).json()
    assert "not shared with you" in hidden["rows"][0]["sentence"]
    assert post(owner, ACTIONS, good, "application/json").status_code == 415
    assert post(owner, f"{ACTIONS}?on_error=x", good).status_code == 400
    too_many = "\n".join(["{}"] * 10_001)
    assert "more than 10,000 rows" in post(owner, ACTIONS, too_many).json()["detail"]
    assert "no rows" in post(owner, ACTIONS, "\n").json()["detail"]
    assert post(owner, ACTIONS, 'title\n"unclosed', CSV).status_code == 422
    broken = post(owner, ACTIONS, 'x\n[1]\n{"action": 3}').json()["rows"]
    assert [(one["row"], one["field"]) for one in broken][:3] == [(1, ""), (2, ""), (3, "action")]
    assert not PspoAction.objects.exists()


def test_it_costs_the_same_at_2_and_200_rows(owner: Client, world: SimpleNamespace, pspo: Any) -> None:
    Webhook.objects.create(agency=world.owner, url="https://example.org/", events=["record.added"], secret="")

    def asked(count: int, key: str) -> int:
        with CaptureQueriesContext(connection) as found:
            answer = post(owner, ACTIONS, lines([action(pspo, world)] * count), key=key)
        assert answer.status_code == 200, answer.json()["rows"]
        return len(found)

    asked(1, "warm")
    assert asked(2, "few") == asked(200, "many")
    assert WebhookDelivery.objects.count() == 3


@pytest.mark.parametrize("register", ALL, ids=lambda one: one.slug)
def test_every_register_reads_a_table(register: Any) -> None:
    """The names of its columns are told apart, and what is needed is known."""
    names = [name for name, _, _ in files.columns(register)]
    assert len(set(names)) == len(names)
    assert "starts" in names
    assert register is not PATROL or "stints" in names


def test_a_link_that_must_be_there_says_why(owner: Client, clients: dict[str, Client], world: SimpleNamespace) -> None:
    sentence = "Authorisation: say which. There can be no dispersal direction without one."
    sent = {"starts": "2026-03-01T20:00:00Z", "ends": "2026-03-01T22:00:00Z", "wards": [world.ward.code]}
    found = [
        post(owner, "/api/v1/directions/bulk/", orjson.dumps(sent).decode()),
        post(owner, "/api/v1/directions/", orjson.dumps(sent | {"agency_id": world.owner.pk}).decode(), JSON, "two"),
        clients["owner"].post("/activity/new/directions/", {}),
    ]
    assert [one.status_code for one in found] == [422] * 3
    assert all(sentence in one.text for one in found)


def test_what_leads_to_a_record_is_found_by_those_who_see_that(
    owner: Client, pspo: Any, world: SimpleNamespace, make_activity: Make
) -> None:
    make_activity(kind="pspo-action", action="advice", order=pspo.order, condition=pspo.condition)
    address = f"/api/v1/pspo-actions/?order_id={pspo.order.pk}"
    assert len(owner.get(address).json()["results"]) == 1
    world.agreement.record_types = ["pspo-action"]
    world.agreement.save()
    partner = key_client(world.partner, Scope.RECORDS)
    assert len(partner.get("/api/v1/pspo-actions/").json()["results"]) == 1
    assert partner.get(address).json()["results"] == []
