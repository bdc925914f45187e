"""Who gets in, how often, and what everybody else is told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.settings import api_settings

from partners.models import ApiKey, User
from reports.api import queries
from tests.factories import next_data_version

PATHS = [
    *("areas/", "areas/E05800308/", "areas/E05800308/boundary/", "boundaries/", "categories/", "coverage/"),
    *("summaries/", "searches/", "outcomes/", "imports/", "version/", "schema/"),
]


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert "no-store" in response["Cache-Control"]
    body: dict[str, Any] = response.json()
    assert body["type"] == "about:blank"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("path", PATHS)
def test_people_and_keys_get_in_and_strangers_do_not(
    api: Client, by_key: Client, world: SimpleNamespace, path: str
) -> None:
    address = f"/api/v1/{path}"
    assert api.get(address).status_code == 200
    assert by_key.get(address).status_code == 200
    stranger = Client().get(address)
    assert_problem(stranger, 401)
    assert stranger["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("state", ["revoked", "expired", "wrong secret", "unknown", "not a key"])
def test_dead_keys_are_refused_alike(by_key: Client, analyst: User, world: SimpleNamespace, state: str) -> None:
    key = ApiKey.objects.get()
    header = by_key.defaults["HTTP_AUTHORIZATION"]
    if state == "revoked":
        key.revoked_at, key.revoked_by = timezone.now(), analyst
    elif state == "expired":
        key.expires = timezone.now() - timedelta(seconds=1)
    elif state == "unknown":
        key.prefix = "000000000000"
    key.save()
    header = {"wrong secret": header + "x", "not a key": "Bearer"}.get(state, header)
    problem = assert_problem(Client().get("/api/v1/version/", headers={"authorization": header}), 401)
    if state != "not a key":
        assert problem["detail"] == "This API key is not valid."


@pytest.mark.parametrize(
    "path",
    ["nothing/", "areas/E05999999/", "areas/E05999999/boundary/", "areas/%00/", "areas/a b/", "a%0Ab/", "imports/0/"],
)
def test_what_is_not_there_is_a_problem(api: Client, world: SimpleNamespace, path: str) -> None:
    problem = assert_problem(api.get(f"/api/v1/{path}"), 404)
    assert problem["detail"].startswith(("There is no area", "There is no import run", "There is nothing at"))


def test_a_huge_number_is_just_not_there(api: Client) -> None:
    assert_problem(api.get(f"/api/v1/imports/{10**30}/"), 404)


@pytest.mark.parametrize(
    "query", ["&".join(["area=E05000308"] * 10_001), "&".join(f"category=c{n}" for n in range(10_001))]
)
def test_thousands_of_parameters_are_refused(api: Client, query: str) -> None:
    answer = api.get(f"/api/v1/summaries/?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("At most 10,000 parameters can be given at once")


def test_unknown_addresses_tell_strangers_nothing(db: None) -> None:
    assert_problem(Client().get("/api/v1/nothing/"), 401)
    assert_problem(Client().get("/api/other/"), 401)


def test_a_missing_slash_is_added_and_the_method_stays(api: Client) -> None:
    for method in ("get", "post"):
        answer = getattr(api, method)("/api/v1/version?format=json")
        assert (answer.status_code, answer["Location"]) == (308, "/api/v1/version/?format=json")
    assert_problem(api.get("/api/v1/nothing"), 404)
    assert_problem(api.get("/api/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_only_reads(api: Client, by_key: Client, method: str) -> None:
    for client in (api, by_key):
        response = getattr(client, method)("/api/v1/summaries/")
        assert_problem(response, 405)
        assert response["Allow"] == "GET, HEAD"


def test_head_is_get_without_a_body(api: Client, world: SimpleNamespace) -> None:
    got, head = api.get("/api/v1/summaries/"), api.head("/api/v1/summaries/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


def test_other_media_types_are_not_acceptable(api: Client, world: SimpleNamespace) -> None:
    assert_problem(api.get("/api/v1/summaries/", headers={"accept": "image/png"}), 406)
    assert_problem(api.get("/api/v1/version/", headers={"accept": "text/csv"}), 406)
    assert api.get("/api/v1/boundaries/", headers={"accept": "application/json"}).status_code == 200


def test_an_unforeseen_error_is_a_problem_without_details(
    api: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(queries, "last_import", broken)
    with pytest.raises(RuntimeError):  # it reaches Django's signal, hence the logs and the test client
        api.get("/api/v1/version/")
    api.raise_request_exception = False
    problem = assert_problem(api.get("/api/v1/version/"), 500)
    assert "hunter2" not in str(problem)


# --- ETags ------------------------------------------------------------------------------------------------------


def test_unchanged_figures_are_not_sent_again(api: Client, world: SimpleNamespace) -> None:
    address = "/api/v1/summaries/?area=E05800308"
    first = api.get(address)
    tag = first["ETag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api.get(address, headers={"if-none-match": sent})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}
    assert api.get(address, headers={"if-none-match": '"other"'}).status_code == 200

    next_data_version()
    changed = api.get(address, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_another_question_has_another_etag(api: Client, world: SimpleNamespace) -> None:
    tags = {
        api.get(address, headers={"accept": accept})["ETag"]
        for address in ("/api/v1/summaries/", "/api/v1/summaries/?limit=5", "/api/v1/searches/")
        for accept in ("application/json", "text/csv")
    }
    assert len(tags) == 6


def test_what_changes_without_the_figures_has_no_etag(api: Client, world: SimpleNamespace) -> None:
    for path in ("imports/", f"imports/{world.run.pk}/", "version/"):
        response = api.get(f"/api/v1/{path}", headers={"if-none-match": "*"})
        assert response.status_code == 200
        assert "ETag" not in response


# --- Throttling -------------------------------------------------------------------------------------------------


def test_callers_are_throttled_one_by_one(
    api: Client, by_key: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "caller", "2/min")
    with time_machine.travel(timezone.now().replace(second=20, microsecond=0), tick=False):
        left = []
        for _ in range(2):
            response = api.get("/api/v1/version/")
            assert (response.status_code, response["RateLimit-Limit"]) == (200, "2")
            left.append(response["RateLimit-Remaining"])
        assert left == ["1", "0"]
        refused = api.get("/api/v1/version/")
        assert_problem(refused, 429)
        assert refused["RateLimit-Remaining"] == "0"
        assert 40 <= int(refused["Retry-After"]) <= 41
        assert by_key.get("/api/v1/version/").status_code == 200
    with time_machine.travel(timezone.now().replace(second=20, microsecond=0) + timedelta(minutes=1), tick=False):
        assert api.get("/api/v1/version/").status_code == 200


def test_strangers_are_refused_before_they_are_counted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "caller", "1/min")
    for _ in range(3):
        response = Client().get("/api/v1/version/")
        assert_problem(response, 401)
        assert "RateLimit-Limit" not in response
