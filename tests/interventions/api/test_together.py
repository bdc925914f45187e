"""What agencies say for themselves by the API: answers, results, promised actions; and files of records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interventions.models import AgreedAction, Attachment, DayOfAction
from partners.roles import Scope
from tests.interventions.api.test_activity import key_client, send

Make = Callable[..., Any]


@pytest.fixture
def systems(world: SimpleNamespace) -> dict[str, Client]:
    names = ("owner", "partner", "stranger")
    return {name: key_client(getattr(world, name), Scope.RECORDS, Scope.WRITE) for name in names}


def test_an_agency_that_is_asked_answers_and_reports_for_itself(
    systems: dict[str, Client], world: SimpleNamespace, make_activity: Make
) -> None:
    day: DayOfAction = make_activity(kind="day", title="Day in the market")
    day.agencies.create(agency=world.stranger)
    address = f"/api/v1/days-of-action/{day.pk}/"
    said = {"agency_id": world.stranger.pk, "answer": "accepted", "people": 4, "hours": 3.5}
    answer = send(systems["stranger"], "POST", f"{address}answers/", said)
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {"day_id": day.pk, **said, "role": ""}
    # Nobody answers for another, and to whom is not asked there is no such day.
    assert list(send(systems["owner"], "POST", f"{address}answers/", said).json()["errors"]) == ["agency_id"]
    measure = day.results.model.Measure.values[0]
    results = {"agency_id": world.stranger.pk, "results": [{"measure": measure, "value": 7}]}
    told = send(systems["stranger"], "POST", f"{address}results/", results, "two")
    assert told.json()["results"] == [{"measure": measure, "what": "", "value": 7}]
    [shown] = systems["owner"].get(address).json()["agencies"]
    assert (shown["agency_id"], shown["answer"], shown["people"]) == (world.stranger.pk, "accepted", 4)
    mine = {**said, "agency_id": world.partner.pk}
    assert send(systems["partner"], "POST", f"{address}answers/", mine).status_code in (404, 422)
    assert not day.agencies.filter(agency=world.partner).exists()


def test_promised_actions_are_listed_and_finished(
    systems: dict[str, Client], world: SimpleNamespace, make_activity: Make
) -> None:
    source = make_activity(kind="meeting", title="Panel")
    action = AgreedAction.objects.create(
        title="Mend the light",
        agency=world.stranger,
        asked_by=world.owner,
        source=source,
        due_on=timezone.localdate() + timedelta(days=3),
    )
    rows = {name: client.get("/api/v1/actions/").json()["results"] for name, client in systems.items()}
    assert {name: [(one["id"], one["source_id"]) for one in found] for name, found in rows.items()} == {
        "owner": [(action.pk, source.pk)],
        "stranger": [(action.pk, None)],
        "partner": [],
    }
    address, said = f"/api/v1/actions/{action.pk}/done/", {"evidence": "Job 4711"}
    assert send(systems["partner"], "POST", address, said).status_code == 404
    done = send(systems["stranger"], "POST", address, said).json()
    assert (done["status"], done["evidence"], done["done_on"]) == ("done", "Job 4711", str(timezone.localdate()))
    assert send(systems["owner"], "POST", address, said).status_code == 422
    assert systems["owner"].get("/api/v1/actions/?status=open").json()["results"] == []


def test_files(systems: dict[str, Client], make_activity: Make) -> None:
    record = make_activity()
    address = f"/api/v1/interventions/{record.pk}/attachments/"

    def post(who: str, title: str, name: str, content: bytes, key: str) -> Any:
        sent = {"title": title, "file": SimpleUploadedFile(name, content)}
        return systems[who].post(address, sent, headers={"Idempotency-Key": key})

    pdf = b"%PDF-1.7 " + b"x" * 100
    added = post("owner", "Minutes", "minutes.pdf", pdf, "one")
    assert added.status_code == 200, added.content
    assert (added.json()["title"], added.json()["kind"]) == ("Minutes", "pdf")
    assert list(post("owner", "Photo", "photo.jpg", b"PK\x03\x04", "two").json()["errors"]) == ["file"]
    assert list(post("owner", " ", "minutes.pdf", pdf, "three").json()["errors"]) == ["title"]
    assert post("partner", "Mine", "minutes.pdf", pdf, "four").status_code == 422
    assert post("stranger", "Mine", "minutes.pdf", pdf, "five").status_code == 404
    assert Attachment.objects.get().title == "Minutes"
    shown = {name: client.get(address) for name, client in systems.items()}
    assert [one["title"] for one in shown["owner"].json()["results"]] == ["Minutes"]
    # With whatever is withheld the files are.
    assert shown["partner"].json()["results"] == []
    assert shown["stranger"].status_code == 404
    broken = systems["owner"].generic(
        "POST",
        address,
        BytesIO(b"--x").getvalue(),
        content_type="multipart/form-data; boundary=",
        headers={"Idempotency-Key": "six"},
    )
    assert broken.status_code == 400
