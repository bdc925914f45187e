"""Writing to the API: strictly read, done once, all or nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from partners.access import LOOKING_AS
from partners.actions.keys import make_api_key
from partners.api import idempotency
from partners.api.bodies import read
from partners.models import Agency, IdempotentRequest, Role, User
from partners.roles import Scope
from tests.partners.api import routes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.partners.api.routes")]
ADDRESS = "/api/v1/things/"


def with_key(*scopes: Scope) -> Client:
    agency, _ = Agency.objects.get_or_create(name="Peabody", defaults={"kind": Agency.Kind.HOUSING})
    _, key = make_api_key(agency=agency, name="Case system", days=30, scopes=scopes)
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def writer() -> Client:
    return with_key(Scope.RECORDS, Scope.WRITE)


def post(client: Client, body: Any, key: str | None = "key-1", address: str = ADDRESS, **options: Any) -> Any:
    headers = {**options.pop("headers", {}), **({"Idempotency-Key": key} if key is not None else {})}
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    options = {"content_type": "application/json", **options}
    return getattr(client, options.pop("method", "post"))(address, text, headers=headers, **options)


def problem(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), response.content
    body: dict[str, Any] = response.json()
    assert (body["status"], body["request_id"]) == (status, response["X-Request-ID"])
    return body


def test_a_write_answers_with_the_new_things_address(writer: Client) -> None:
    response = post(writer, {"name": "Fire"})
    agency = Agency.objects.get(name="Fire")
    assert (response.status_code, response.json()["id"]) == (201, agency.pk)
    assert response["Location"] == f"http://testserver/api/v1/things/{agency.pk}/"
    assert response["Cache-Control"] == "private, no-store"
    assert response["RateLimit-Remaining"]
    assert "Idempotent-Replay" not in response


def test_the_same_request_is_done_once(writer: Client) -> None:
    first = post(writer, {"name": "Fire"})
    again = post(writer, {"name": "Fire"})
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert again["Idempotent-Replay"] == "true"
    assert Agency.objects.filter(name="Fire").count() == 1
    post(writer, {"name": "Fire 2"}, key="key-2")
    assert Agency.objects.filter(name__startswith="Fire").count() == 2


def test_another_request_under_the_same_key_is_refused(writer: Client) -> None:
    post(writer, {"name": "Fire"})
    for other in (
        post(writer, {"name": "Police"}),
        post(writer, b'{"name":"Fire"}'),
        post(writer, {"name": "Fire"}, address=f"{ADDRESS}1/", method="patch"),
    ):
        assert "was used for another request" in problem(other, 422)["detail"]
    assert not Agency.objects.filter(name="Police").exists()


def test_each_caller_has_keys_of_its_own(writer: Client) -> None:
    post(writer, {"name": "Fire"})
    assert "Idempotent-Replay" not in post(with_key(Scope.RECORDS, Scope.WRITE), {"name": "Police"})
    assert Agency.objects.filter(name="Police").exists()


def test_an_answer_is_not_repeated_to_one_who_lost_rights(make_user: Callable[..., User]) -> None:
    user = make_user(role=Role.MANAGER)
    client = Client()
    client.force_login(user)
    assert post(client, {"name": "Fire"}).status_code == 201
    assert post(client, {"name": "Fire"})["Idempotent-Replay"] == "true"
    user.memberships.update(role=Role.VIEWER)
    problem(post(client, {"name": "Fire"}), 422)
    user.memberships.update(ended_at=timezone.now())
    problem(post(client, {"name": "Fire"}), 401)


@pytest.mark.parametrize("key", [None, "", "x" * 256, "a\tb"])
def test_a_key_is_needed(writer: Client, key: str | None) -> None:
    body = problem(post(writer, {"name": "Fire"}, key=key), 400)
    assert "such as a UUID" in body["errors"]["Idempotency-Key"][0]
    assert not IdempotentRequest.objects.exists()


def test_what_was_refused_changed_nothing_and_can_be_mended(writer: Client) -> None:
    assert problem(post(writer, {"name": "Refused"}), 422)["detail"] == "There is an agency of this name already."
    assert problem(post(writer, {"name": "Forbidden"}), 403)["detail"] == "Managers add agencies."
    assert not Agency.objects.filter(name__in=["Refused", "Forbidden"]).exists()
    assert post(writer, {"name": "Mended"}).status_code == 201


def test_a_crash_leaves_nothing(writer: Client) -> None:
    writer.raise_request_exception = False
    assert "hunter2" not in str(problem(post(writer, {"name": "Broken"}), 500))
    assert not Agency.objects.filter(name="Broken").exists()
    assert not IdempotentRequest.objects.exists()
    assert post(writer, {"name": "Fire"}).status_code == 201


def test_a_delete_has_no_body_and_no_answer(writer: Client) -> None:
    agency = Agency.objects.create(name="Fire", kind=Agency.Kind.OTHER)
    address = f"{ADDRESS}{agency.pk}/"
    assert "no body" in problem(post(writer, {"a": 1}, address=address, method="delete"), 400)["detail"]
    for replay in (False, True):
        response = post(writer, b"", address=address, method="delete", content_type="")
        assert (response.status_code, response.content, "Idempotent-Replay" in response) == (204, b"", replay)
    assert not Agency.objects.filter(pk=agency.pk).exists()


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({}, "name", "This field is required."),
        ({"name": 1}, "name", "This must be a text."),
        ({"name": None}, "name", "This field may not be null."),
        ({"name": " "}, "name", "This field may not be blank."),
        ({"name": "x" * 51}, "name", "Ensure this field has no more than 50 characters."),
        ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
        ({"name": "x", "nmae": "y"}, "nmae", "There is no such field here. Known are: name, kind,"),
        ({"name": "x", "kind": "army"}, "kind", '"army" is not a valid choice. Known are: police, police-bcu, '),
        ({"name": "x", "number": "1"}, "number", "This must be a whole number."),
        ({"name": "x", "number": True}, "number", "This must be a whole number."),
        ({"name": "x", "number": 1.0}, "number", "This must be a whole number."),
        ({"name": "x", "share": "0.5"}, "share", "This must be a number."),
        ({"name": "x", "is_open": "true"}, "is_open", "This must be true or false."),
        ({"name": "x", "area_codes": "E05"}, "area_codes", "This must be a list."),
        ({"name": "x", "area_codes": [5]}, "area_codes", "In the list: This must be a text."),
        ({"name": "x", "since": "2026-10-25T01:30:00"}, "since", "Give the offset from UTC as well"),
        ({"name": "x", "since": "yesterday"}, "since", "Datetime has wrong format."),
        ({"name": "x", "since": "0001-01-01T00:00:00+12:00"}, "since", "This time is out of range."),
        ([], "body", "Send an object."),
        (None, "body", "Send an object."),
    ],
)
def test_bodies_are_read_strictly(writer: Client, body: Any, field: str, sentence: str) -> None:
    errors = problem(post(writer, body), 422)["errors"]
    assert list(errors) == [field]
    assert errors[field][0].startswith(sentence)


def test_times_keep_their_moment() -> None:
    given = read(b'{"since": "2026-10-25T01:30:00+01:00"}', routes.NewAgency, partial=True)
    assert given["since"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b'{"name": NaN}', b'{"name": "\\ud800"}', b"[" * 100_000])
def test_what_is_not_json(writer: Client, body: bytes) -> None:
    assert problem(post(writer, body), 400)["detail"].startswith("The body is not JSON")


def test_other_forms_and_sizes(writer: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        problem(post(writer, "name=Fire", content_type=kind), 415)
    problem(post(writer, {"name": "Fire"}, headers={"Content-Encoding": "gzip"}), 415)
    problem(post(writer, {"name": "x" * 1_000_000}), 413)
    problem(post(writer, {"name": "Fire"}, headers={"Accept": "text/csv"}), 406)
    assert "no such parameter" in problem(post(writer, {"name": "x"}, address=f"{ADDRESS}?a=1"), 400)["errors"]["a"][0]
    refused = post(writer, {"name": "Fire"}, method="put")
    problem(refused, 405)
    assert refused["Allow"] == "GET, HEAD, POST"
    assert not Agency.objects.filter(name="Fire").exists()


def test_scopes(writer: Client) -> None:
    reader = with_key(Scope.RECORDS)
    assert reader.get(ADDRESS).status_code == 200
    refused = problem(post(reader, {"name": "Fire"}), 403)
    assert refused["detail"] == "This address needs a key with the scope records-write."
    assert "scope records." in problem(with_key(Scope.FIGURES).get(ADDRESS), 403)["detail"]
    problem(post(Client(), {"name": "Fire"}), 401)


def test_sessions_write_with_a_csrf_token_only(make_user: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert "CSRF" in problem(post(client, {"name": "Fire"}), 403)["detail"]
    client.cookies["csrftoken"] = token = "x" * 32
    assert post(client, {"name": "Fire"}, headers={"X-CSRFToken": token}).status_code == 201


def test_old_answers_are_removed(writer: Client) -> None:
    post(writer, {"name": "Fire"})
    assert idempotency.sweep() == 0
    IdempotentRequest.objects.update(received=timezone.now() - timedelta(hours=24, seconds=1))
    assert idempotency.sweep() == 1


def test_nothing_is_written_while_looking_as_somebody_else(make_user: Callable[..., User]) -> None:
    client = Client()
    client.force_login(make_user(role=Role.MANAGER))
    session = client.session
    agency = Agency.objects.get(name="Havering Council")
    session[LOOKING_AS] = {"agency": agency.pk, "role": Role.VIEWER, "label": "Viewer of Havering Council"}
    session.save()
    assert "while you look as" in problem(post(client, {"name": "Fire"}), 403)["detail"]
    assert not Agency.objects.filter(name="Fire").exists()


# --- At the same moment ------------------------------------------------------------------------------------------


@pytest.fixture
def underway(writer: Client) -> Iterator[list[Any]]:
    """A request whose work is done and not yet committed, in another thread; its answer, once it goes on."""
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(post(writer, {"name": "Slow"}))
        finally:
            connection.close()

    routes.reached.clear()
    routes.go_on.clear()
    first = threading.Thread(target=send)
    first.start()
    try:
        assert routes.reached.wait(20)
        yield answers
    finally:
        routes.go_on.set()
        first.join(20)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_waits_for_the_first(underway: list[Any], writer: Client) -> None:
    def let_go() -> None:
        try:
            with connection.cursor() as cursor:
                for _ in range(2_000):
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
                    if cursor.fetchone()[0]:
                        break
            routes.go_on.set()
        finally:
            connection.close()

    helper = threading.Thread(target=let_go)
    helper.start()
    second = post(writer, {"name": "Slow"})
    helper.join(20)
    assert (second.status_code, second["Idempotent-Replay"]) == (201, "true")
    assert Agency.objects.filter(name="Slow").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_long(underway: list[Any], writer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", 0.05)
    second = post(writer, {"name": "Slow"})
    assert "being answered at this moment" in problem(second, 409)["detail"]
    assert second["Retry-After"] == "5"
