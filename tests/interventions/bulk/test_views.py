"""Adding many on a page: the template, what is wrong with a file, and adding what is right."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from interventions.models import Patrol

ADDRESS = "/activity/registers/patrols/"


def rows(response: Any) -> list[dict[str, str]]:
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def upload(client: Client, world: SimpleNamespace, table: list[dict[str, str]]) -> Any:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(table[0]))
    writer.writeheader()
    writer.writerows(table)
    file = SimpleUploadedFile("patrols.csv", stream.getvalue().encode())
    return client.post(f"{ADDRESS}upload/", {"do": "check", "owner": world.owner.pk, "file": file})


def test_the_template_filled_in_is_checked_and_added(clients: dict[str, Client], world: SimpleNamespace) -> None:
    client = clients["owner"]
    [row] = rows(client.get(f"{ADDRESS}template.csv"))
    # Its example is one that could be added.
    assert upload(client, world, [row]).status_code == 200
    row |= {"wards": world.ward.code, "starts": "6/11/2025 19:00", "ends": "6/11/2025 21:00", "title": "Patrol"}
    wrong = upload(client, world, [{**row, "status": "maybe"}] * 23 + [{**row, "wards": "E05999999"}])
    # Each thing that is wrong stands there once, with its rows; the header is row 1.
    assert [(one.field, count, its) for one, count, its in wrong.context["shown"]] == [
        ("status", "23", f"{', '.join(map(str, range(2, 22)))} and 3 more"),
        ("wards", "1", "25"),
    ]
    checked = upload(client, world, [row, {**row, "wards": "E05999999"}])
    page = checked.content.decode()
    assert checked.status_code == 422
    assert "1 of 2 rows has an error" in page
    assert "There is no ward with the code" in page
    assert not Patrol.objects.exists()
    sent = {"owner": world.owner.pk, "text": checked.context["text"]}
    assert client.post(f"{ADDRESS}upload/", {**sent, "do": "add"}).status_code == 422
    assert not Patrol.objects.exists()
    added = client.post(f"{ADDRESS}upload/", {**sent, "do": "add-good"}, follow=True)
    assert "1 added. 1 was left out." in added.content.decode()
    assert Patrol.objects.get().title == "Patrol"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "The file is empty"), (b"title\n", "The header has no column"), (b"PK\x03\x04", "This file is not a CSV")],
)
def test_what_is_no_such_file_is_said(
    clients: dict[str, Client], world: SimpleNamespace, content: bytes, says: str
) -> None:
    file = SimpleUploadedFile("patrols.csv", content)
    answer = clients["owner"].post(f"{ADDRESS}upload/", {"do": "check", "owner": world.owner.pk, "file": file})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_nobody_adds_for_another_agency(clients: dict[str, Client], world: SimpleNamespace) -> None:
    [row] = rows(clients["owner"].get(f"{ADDRESS}template.csv"))
    assert upload(clients["stranger"], world, [row]).status_code == 422
    assert clients["owner"].get("/activity/registers/nothing/upload/").status_code == 404


def test_what_rows_name_by_number_stands_on_the_page(
    clients: dict[str, Client], world: SimpleNamespace, make_activity: Callable[..., Any]
) -> None:
    order = make_activity(kind="pspo", title="Town centre", stage="in-force", penalty=100)
    condition = order.conditions.create(number=1, text="No open alcohol.")
    page = clients["owner"].get("/activity/registers/pspo-actions/upload/")
    shown = {one.column: one.rows for one in page.context["named"]}
    assert [(number, of) for number, _, of in shown["condition_id"]] == [(condition.pk, order.title)]
    assert [number for number, _, _ in shown["order_id"]] == [order.pk]
    assert world.ward.code in [code for code, _, _ in shown["wards"]]
    assert "One of: Advice; Verbal warning;" in page.content.decode()
    others = clients["stranger"].get("/activity/registers/pspo-actions/upload/").context["named"]
    assert not {"order_id", "condition_id"} & {one.column for one in others}
