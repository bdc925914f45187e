"""The OpenAPI description is valid, true, and complete; the page that shows it needs nobody else's server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from rest_framework.settings import api_settings
from schemathesis.generation import GenerationMode

from interventions.models import AgreedAction, Attachment, OrderType
from interventions.registers import ALL, CBO, PATROL, PSPO_ACTION
from partners.roles import Scope
from reports.api.urls import urlpatterns
from reports.api.views import description
from tests.reports.api.conftest import SHARED, WITHHELD, with_key

PATHS = [
    "/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
    for pattern in urlpatterns
    if pattern.name not in ("schema", "docs", "unknown")
]
# Registers are made by one factory: these stand for all of them, with parts and days, links and moments, neither.
_LIKE_OTHERS = [f"/api/v1/{one.slug}/" for one in ALL if one not in (CBO, PSPO_ACTION, PATROL)]
WALKED = [path for path in PATHS if not path.startswith(tuple(_LIKE_OTHERS))]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = description()
    return made


def operations(schema: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """(path, method) -> what is said of it."""
    methods = ("get", "post", "put", "patch", "delete")
    return {(path, method): item[method] for path, item in schema["paths"].items() for method in methods & item.keys()}


def answers(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Status -> what is said of such an answer, here or for all operations together."""
    shared = schema["components"]["responses"]
    return {
        status: shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for status, answer in operation["responses"].items()
    }


def validator(schema: dict[str, Any], part: dict[str, Any]) -> Draft202012Validator:
    """Checks an answer against a part of the schema; members that are not described are errors too."""
    components = {
        name: {**component, "additionalProperties": False}
        for name, component in schema["components"]["schemas"].items()
    }
    return Draft202012Validator(
        {**part, "components": {"schemas": components}}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_it_is_openapi_3_1_without_warnings(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    validate_schema(schema)
    assert not GENERATOR_STATS


def test_every_route_is_described(schema: dict[str, Any]) -> None:
    assert set(schema["paths"]) == set(PATHS)
    for (path, method), operation in operations(schema).items():
        assert operation["summary"], path
        assert re.search(r"Needs the scope `|Any key may", operation["description"]), path
        assert {"apiKey", "cookieAuth"} == {name for way in operation["security"] for name in way}
        responses = set(operation["responses"])
        assert {"400", "401", "403", "406", "429", "500", "503"} <= responses
        assert ("404" in responses) == ("{" in path)
        of_writes = {"409", "413", "415", "422"}
        assert (of_writes <= responses) if method != "get" else not (of_writes & responses)
        named = {(parameter["in"], parameter["name"]) for parameter in operation["parameters"]}
        assert (("header", "Idempotency-Key") in named) == (method != "get")


def test_every_example_is_valid(schema: dict[str, Any]) -> None:
    examples = 0
    for operation in operations(schema).values():
        for response in [*answers(schema, operation).values(), operation.get("requestBody", {})]:
            for content in response.get("content", {}).values():
                for example in content.get("examples", {}).values():
                    validator(schema, content["schema"]).validate(example["value"])
                    examples += 1
    assert examples >= 8 * len(schema["paths"])


def shape(value: Any) -> Any:
    """A value's names and nesting; of lists, the first item's."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [shape(value[0])]
    return None


def one_of_each(shared: SimpleNamespace) -> dict[str, int]:
    """A record in every register, a file and an action, of the council's; slug -> its number."""
    now = timezone.now()
    common = {
        "owner": shared.council,
        "status": "done",
        "strand": "protect",
        "starts": now,
        "ends": now,
        "title": "One",
        "longitude": 0.2,
        "latitude": 51.6,
    }
    found: dict[str, Any] = {}
    # Well away from the numbers of `shared`.
    for number, register in enumerate(ALL, start=1_000):
        links = {
            name: found[slug] if slug else OrderType.objects.create(slug="x", name="X", law="X")
            for name, slug in {"order": "pspos", "authorisation": "dispersals", "order_type": ""}.items()
            if name in register.own_fields
        }
        said = {"pspo-actions": {"action": "advice"}, "closures": {"issuer": "inspector"}}.get(register.slug, {})
        found[register.slug] = register.model._base_manager.create(
            id=number, kind=register.kinds[0], **links, **said, **common
        )
    Attachment.objects.create(record=shared.work, title="Photo", file="a.jpg")
    agency = shared.council
    AgreedAction.objects.create(title="Mend it", agency=agency, asked_by=agency, due_on=now.date())
    return {slug: record.pk for slug, record in found.items()}


def test_every_example_has_the_shape_of_a_real_answer(
    schema: dict[str, Any], api: Client, world: SimpleNamespace, shared: SimpleNamespace
) -> None:
    of_registers = one_of_each(shared)
    for (path, method), operation in operations(schema).items():
        if method != "get":
            continue
        register = next((one for one in ALL if path.startswith(f"/api/v1/{one.slug}/")), None)
        number = of_registers[register.slug] if register else world.run.pk
        address = path.format(code="E05800308", id=number, period=world.run.pk)
        answer = api.get(address).json()
        content = next(iter(operation["responses"]["200"]["content"].values()))
        validator(schema, content["schema"]).validate(answer)
        example = next(iter(content["examples"].values()))["value"]
        known, given = shape(answer), shape(example)
        for file in [*(known.get("files") or []), *(given.get("files") or [])]:
            del file["quality"]  # free-form
        for row in [known, given, *(known.get("results") or []), *(given.get("results") or [])]:
            for part in register.part if register else {}:
                row.pop(part, None)  # nothing real has rows in all of them
        assert given == known, path


@pytest.fixture
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "caller", "1000000/min")


@pytest.fixture(scope="module")
def descriptions() -> list[Any]:
    """The served description, once a test has asked for it: reading it again for every path takes long."""
    return []


@pytest.fixture
def web_api(by_key: Client, shared: SimpleNamespace, unthrottled: None, descriptions: list[Any]) -> Iterator[Any]:
    """The served description, and requests in this process and in the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    if not descriptions:
        headers = {"Authorization": by_key.defaults["HTTP_AUTHORIZATION"]}
        descriptions += [schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", WSGIHandler(), headers=headers)]
    yield descriptions[0]
    for signal in signals:
        signal.connect(close_old_connections)


def callers(person: Client) -> dict[str, dict[str, str]]:
    """Who asks -> the headers that say so."""
    reads = (Scope.FIGURES, Scope.RECORDS)
    keys = {
        "owner": with_key("Havering Council", *reads, Scope.SENSITIVE, Scope.WRITE),
        "partner": with_key("Peabody", *reads, Scope.WRITE),
        "stranger": with_key("Street Pastors", *reads, Scope.WRITE),
        "public": with_key("Havering Council", Scope.PUBLIC),
    }
    token = "x" * 32
    cookies = f"sessionid={person.cookies['sessionid'].value}; csrftoken={token}"
    return {
        **{name: {"Authorization": client.defaults["HTTP_AUTHORIZATION"]} for name, client in keys.items()},
        "person": {"Cookie": cookies, "X-CSRFToken": token},
    }


@pytest.mark.parametrize("path", WALKED)
def test_every_answer_keeps_to_the_description(web_api: Any, api: Client, path: str) -> None:
    """Whoever asks, well or badly: no error of ours, nothing undescribed, and nothing that is not for them."""
    excluded = [
        # An area that does not exist is refused, however well-formed its code; so are keys without the scope.
        schemathesis.checks.CHECKS.get_one("positive_data_acceptance"),
        # It would count a broken key as bad data, which the live key of `headers` repairs; see test_figures.
        schemathesis.checks.CHECKS.get_one("negative_data_rejection"),
    ]
    hidden = {"partner": [WITHHELD], "stranger": [SHARED, WITHHELD], "public": [SHARED, WITHHELD]}

    def ask(name: str, headers: dict[str, str], cases: Any) -> None:
        @settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=cases)
        def check(case: Any) -> None:
            answer = case.call_and_validate(headers=headers, excluded_checks=excluded)
            assert not [text for text in hidden.get(name, []) if text in answer.text]

        check()

    requests = [
        web_api[path][method].as_strategy(generation_mode=mode)
        for method, mode in product(web_api[path], GenerationMode)
    ]
    for name, who in callers(api).items():
        # The checks read answers as they come: not compressed.
        headers = {**who, "Host": "localhost", "Accept-Encoding": "identity"}
        for cases in requests:
            ask(name, headers, cases)


@pytest.mark.parametrize("caller", ["owner", "partner"])
def test_the_walk_would_see_a_leak(web_api: Any, api: Client, caller: str) -> None:
    answer = Client(headers=callers(api)[caller]).get("/api/v1/interventions/").content.decode()
    assert (SHARED in answer, WITHHELD in answer) == (True, caller == "owner")


def test_the_description_as_json_and_yaml(api: Client) -> None:
    assert api.get("/api/v1/schema/?format=json").json()["openapi"] == "3.1.0"
    assert api.get("/api/v1/schema/").content.startswith(b"openapi: 3.1.0")


def test_the_page_asks_strangers_to_sign_in(client: Client, db: None) -> None:
    response = client.get("/api/docs/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_the_page_has_no_inline_script_or_style_and_loads_nothing_from_elsewhere(api: Client) -> None:
    page = api.get("/api/docs/").content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)", page)
    links = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page)
    assert links
    assert all(re.match(r"/(?!/)", link) for link in links)
    assert any("swagger-ui-bundle.js" in link for link in links)
    script = next(link for link in links if "script" in link and "static" not in link)
    response = api.get(script)
    assert response["Content-Type"].startswith("application/javascript")
    assert '"/api/v1/schema/"' in response.content.decode().replace("\\u002D", "-")
