"""The routes of activity: what each caller gets, and what can be written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.counts import KINDS
from interventions.models import Intervention
from partners.actions.keys import make_api_key
from partners.models import Agency, AuditEvent
from partners.roles import Scope

Make = Callable[..., Intervention]
LIST = "/api/v1/interventions/"
SECRETS = ("Kestrel", "Zebra", "Quill", "417", "51.60312", "0.21874")


def key_client(agency: Agency, *scopes: str, areas: tuple[str, ...] = ()) -> Client:
    _, key = make_api_key(agency=agency, name="Power BI", days=30, scopes=scopes, area_codes=areas)
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def systems(world: SimpleNamespace) -> dict[str, Client]:
    """A key of each agency that reads and writes."""
    return {
        name: key_client(getattr(world, name), Scope.RECORDS, Scope.WRITE)
        for name in ("owner", "partner", "lapsed", "stranger")
    }


def body(world: SimpleNamespace, **said: Any) -> dict[str, Any]:
    return {
        "agency_id": world.owner.pk,
        "kind": "patrol",
        "title": "Patrol of the market",
        "strand": "pursue",
        "starts": "2026-12-04T19:00:00Z",
        "ends": "2026-12-04T22:30:00+01:00",
        "wards": ["E05800308"],
        **said,
    }


def send(client: Client, method: str, address: str, sent: dict[str, Any], key: str = "one") -> Any:
    return client.generic(
        method, address, data=json(sent), content_type="application/json", headers={"Idempotency-Key": key}
    )


def json(value: Any) -> bytes:
    import orjson

    return orjson.dumps(value)


def test_the_owner_reads_all_and_a_partner_what_is_agreed(systems: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    whole = systems["owner"].get(f"{LIST}{record.pk}/").json()
    assert (whole["details"], whole["people_reached"], whole["withheld"]) == (record.details, 417, [])
    for address in (LIST, f"{LIST}geojson/", f"{LIST}{record.pk}/", f"{LIST}?format=csv"):
        said = systems["partner"].get(address).content.decode()
        assert "Evening patrol" in said
        assert not [secret for secret in SECRETS if secret in said]
    part = systems["partner"].get(f"{LIST}{record.pk}/").json()
    assert part["withheld"] == ["contact", "details", "people_reached", "place"]
    assert part["longitude"] is None


@pytest.mark.parametrize("who", ["lapsed", "stranger"])
def test_for_others_there_is_nothing(systems: dict[str, Client], make_activity: Make, who: str) -> None:
    record = make_activity()
    assert systems[who].get(LIST).json() == {"next": None, "results": []}
    assert systems[who].get(f"{LIST}geojson/").json()["features"] == []
    there, never = (systems[who].get(f"{LIST}{pk}/").json() for pk in (record.pk, 10**9))
    assert {**there, "request_id": ""} == {**never, "request_id": ""}
    assert there["status"] == 404
    assert send(systems[who], "PATCH", f"{LIST}{record.pk}/", {"title": "Mine"}).status_code == 404


def test_a_key_reads_up_to_its_scope_and_in_its_areas(world: SimpleNamespace, make_activity: Make) -> None:
    make_activity(title="Plain")
    make_activity(title="Delicate", marking="official-sensitive")
    make_activity(title="Elsewhere", wards=[world.other])
    make_activity(title="Covert", audience="team")

    def titles(client: Client) -> set[str]:
        return {one["title"] for one in client.get(LIST).json()["results"]}

    assert titles(key_client(world.owner, Scope.RECORDS)) == {"Plain", "Elsewhere", "Covert"}
    assert titles(key_client(world.owner, Scope.RECORDS, Scope.SENSITIVE)) == {
        "Plain",
        "Delicate",
        "Elsewhere",
        "Covert",
    }
    assert titles(key_client(world.owner, Scope.RECORDS, areas=("E05800311",))) == {"Elsewhere"}
    assert titles(key_client(world.partner, Scope.RECORDS)) == {"Plain", "Elsewhere"}
    refused = key_client(world.owner, Scope.FIGURES).get(LIST)
    assert refused.status_code == 403


def test_filters_and_pages(systems: dict[str, Client], make_activity: Make) -> None:
    now = timezone.now()
    old = make_activity(title="Old", starts=now - timedelta(days=40), kind="outreach")
    make_activity(title="New")
    Intervention.objects.filter(pk=old.pk).update(changed_at=now - timedelta(days=3))
    client = systems["owner"]

    def titles(query: str) -> list[str]:
        return [one["title"] for one in client.get(f"{LIST}?{query}").json()["results"]]

    assert titles("") == ["New", "Old"]
    assert titles("kind=outreach") == titles("q=ol") == ["Old"]
    assert titles(f"from={now - timedelta(days=5):%Y-%m-%d}") == ["New"]
    assert titles(f"to={now - timedelta(days=5):%Y-%m-%d}") == ["Old"]
    assert titles("area=E09800016&status=done") == ["New", "Old"]
    assert titles(f"updated_since={now - timedelta(days=4):%Y-%m-%dT%H:%M:%SZ}") == ["Old", "New"]
    assert titles(f"updated_since={now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}") == ["New"]
    assert client.get(f"{LIST}?updated_since=2026-01-01").status_code == 400
    first = client.get(f"{LIST}?limit=1").json()
    assert [one["title"] for one in first["results"]] == ["New"]
    assert [one["title"] for one in client.get(first["next"]).json()["results"]] == ["Old"]
    features = client.get(f"{LIST}geojson/?limit=1").json()
    assert features["features"][0]["geometry"] == {"type": "Point", "coordinates": [0.21874, 51.60312]}
    assert features["next"]


def test_csv_cells_are_harmless(systems: dict[str, Client], make_activity: Make) -> None:
    make_activity(title="=1+1")
    [row] = csv.DictReader(io.StringIO(systems["owner"].get(f"{LIST}?format=csv").content.decode()))
    assert (row["title"], row["wards"]) == ("'=1+1", "E05800308")


def test_adding_and_sending_again(systems: dict[str, Client], world: SimpleNamespace) -> None:
    answer = send(systems["owner"], "POST", LIST, body(world))
    made = answer.json()
    assert answer.status_code == 201
    assert answer["Location"].endswith(made["url"])
    assert made["starts"] == "2026-12-04T19:00:00+00:00"
    assert made["ends"] == "2026-12-04T21:30:00+00:00"
    assert (made["status"], made["marking"], made["audience"]) == ("planned", "official", "agreements")
    again = send(systems["owner"], "POST", LIST, body(world))
    assert again.json() == made
    assert again["Idempotent-Replay"] == "true"
    assert send(systems["owner"], "POST", LIST, body(world, title="Other")).status_code == 422
    assert Intervention.objects.get().created_by is None
    assert AuditEvent.objects.get(action="intervention.created").actor.startswith("key-")
    assert systems["owner"].get(made["url"]).json()["title"] == "Patrol of the market"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"wards": ["E05999999"]}, "wards"),
        ({"wards": []}, "wards"),
        ({"ends": "2026-12-04T18:00:00Z"}, "ends"),
        ({"starts": "2026-12-04T19:00:00"}, "starts"),
        ({"audience": "everyone"}, "audience"),
        ({"status": "done", "starts": "2099-01-01T00:00:00Z", "ends": "2099-01-01T00:00:00Z"}, "status"),
        ({"latitude": 51.6}, "longitude"),
        ({"marking": "official-sensitive"}, "marking"),
        ({"title": "  "}, "title"),
        ({"colour": "red"}, "colour"),
        ({"agency_id": 10**9}, "agency_id"),
    ],
)
def test_what_cannot_be_is_named(
    systems: dict[str, Client], world: SimpleNamespace, wrong: dict[str, Any], field: str
) -> None:
    answer = send(systems["owner"], "POST", LIST, body(world) | wrong)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert not Intervention.objects.exists()


def test_nobody_adds_for_another_agency_or_without_the_scope(
    systems: dict[str, Client], world: SimpleNamespace
) -> None:
    assert send(systems["partner"], "POST", LIST, body(world)).status_code == 422
    assert send(key_client(world.owner, Scope.RECORDS), "POST", LIST, body(world)).status_code == 403
    assert not Intervention.objects.exists()


def test_a_planned_warrant_stays_the_teams(systems: dict[str, Client], world: SimpleNamespace) -> None:
    made = send(systems["owner"], "POST", LIST, body(world, kind="warrant", audience="agreements")).json()
    assert made["audience"] == "team"
    assert systems["partner"].get(made["url"]).status_code == 404
    wide = send(systems["owner"], "PATCH", made["url"], {"audience": "agreements"}, "two")
    assert wide.json()["audience"] == "team"


def test_changing(systems: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    address = f"{LIST}{record.pk}/"
    changed = send(systems["owner"], "PATCH", address, {"people_reached": None, "title": "Night patrol"})
    assert changed.status_code == 200
    assert (changed.json()["title"], changed.json()["people_reached"]) == ("Night patrol", None)
    assert changed.json()["details"] == record.details
    late = send(
        systems["owner"], "PATCH", address, {"title": "Late", "changed_at": record.changed_at.isoformat()}, "two"
    )
    assert late.status_code == 422
    assert list(late.json()["errors"]) == ["changed_at"]
    fresh = {"title": "Fresh", "changed_at": changed.json()["changed_at"]}
    assert send(systems["owner"], "PATCH", address, fresh, "three").json()["title"] == "Fresh"
    assert send(systems["partner"], "PATCH", address, {"title": "Mine"}, "four").status_code == 422


@pytest.mark.parametrize("since", [{"marking": "official-sensitive"}, {"owner": None}], ids=["marked", "moved"])
def test_an_answer_is_not_sent_again_to_one_who_may_no_longer_see_it(
    systems: dict[str, Client], world: SimpleNamespace, make_activity: Make, since: dict[str, Any]
) -> None:
    record = make_activity()
    writes: list[tuple[str, str, dict[str, Any], str]] = [
        ("PATCH", f"{LIST}{record.pk}/", {"title": "Night"}, "one"),
        ("POST", LIST, body(world), "two"),
    ]
    for write in writes:
        assert send(systems["owner"], *write).status_code in (200, 201)
    Intervention.objects.update(**({"owner": world.stranger} if "owner" in since else since))
    for write in writes:
        again = send(systems["owner"], *write)
        assert again.status_code == 404
        assert "Night" not in again.content.decode()


def test_reading_is_audited_and_costs_the_same(systems: dict[str, Client], make_activity: Make) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert systems["partner"].get(LIST).status_code == 200
        return len(found)

    records = [make_activity() for _ in range(2)]
    queries()
    few = queries()
    event = AuditEvent.objects.filter(action="intervention.read").latest("number")
    assert sorted(event.objects_named) == sorted(f"intervention:{record.pk}" for record in records)
    assert event.summary == "Read (api)"
    for _ in range(18):
        make_activity()
    assert queries() == few


def test_public_counts(world: SimpleNamespace, make_activity: Make, systems: dict[str, Client]) -> None:
    last_quarter = timezone.now() - timedelta(days=100)
    for _ in range(9):
        make_activity(starts=last_quarter)
    for number, said in enumerate(({"kind": "walk"}, {"audience": "team"}, {"marking": "official-sensitive"})):
        make_activity(starts=last_quarter, wards=[world.other], title=str(number), **said)
    quarter = f"{last_quarter.year}-Q{(last_quarter.month + 2) // 3}"
    address = f"/api/v1/public/activity-counts/?borough=E09800016&quarter={quarter}"
    public = key_client(world.stranger, Scope.PUBLIC)
    rows = public.get(address).json()["results"]
    counts = {(row["ward"], row["kind"]): row["count"] for row in rows}
    assert len(rows) == 3 * (len(KINDS) + 1)
    assert counts["E05800308", "patrol"] == 9
    assert counts["E05800311", "walk"] is None  # 1
    assert counts["E05800311", "patrol"] == 0  # nothing covert, nothing sensitive
    # 10 - 9 would give the walk away.
    assert counts[None, None] is None
    assert systems["owner"].get(address).json()["results"] == rows
    assert public.get(LIST).status_code == 403
    assert public.get("/api/v1/public/activity-counts/?borough=E09999999").json()["results"] == []
    assert public.get(f"{address}1").status_code == 400
    now = timezone.localdate()
    this = f"/api/v1/public/activity-counts/?borough=E09800016&quarter={now.year}-Q{(now.month + 2) // 3}"
    assert "is not over" in public.get(this).json()["errors"]["quarter"][0]
