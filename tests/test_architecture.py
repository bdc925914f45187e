"""Rules of the code, as tests that walk it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
APPS = ("partners", "hotspots", "interventions", "reports")  # an app imports only to its left
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]

# Open to everybody: health checks, and what signing in needs.
OPEN = (
    r"^/healthz/(live|ready)$",
    r"^/accessibility/$",
    r"^/account/(login|logout|inactive|signup)/$",
    r"^/invitations/",
    r"^/calendar/[^/]+\.ics$",
    r"^/account/confirm-email/",
    r"^/account/password/reset/",
    r"^/account/login/code/",
    r"^/account/sso/[^/]+/login/",
    r"^/account/sso/login/cancelled/$",
)


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """The full names of what a module imports, wherever in the module, relative imports included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            yield ".".join([*above, *([node.module] if node.module else [])])


def parsed(path: Path) -> tuple[ast.AST, str]:
    return ast.parse(path.read_text()), ".".join(path.relative_to(ROOT).parent.parts)


def test_imports_go_one_way() -> None:
    wrong = []
    for path in MODULES:
        app = path.relative_to(ROOT).parts[0]
        not_for_it = (*APPS[APPS.index(app) + 1 :], "tests", "benchmarks")
        names = imported(*parsed(path))
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.split(".")[0] in not_for_it]
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(APPS)
    assert not wrong, "\n".join(wrong)


def test_calc_knows_no_django() -> None:
    allowed = tuple(f"{app}.calc" for app in APPS)
    modules = [path for path in MODULES if "calc" in path.parts]
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in imported(*parsed(path))
        if name.split(".")[0] in ("django", "rest_framework", "config")
        or (name.split(".")[0] in APPS and not name.startswith(allowed))
    ]
    assert modules
    assert not wrong, "\n".join(wrong)


def test_the_walker_sees_relative_and_local_imports() -> None:
    tree = ast.parse("from . import models\nfrom ..reports import queries\ndef f():\n    import reports.views\n")
    assert list(imported(tree, "hotspots.importers")) == ["hotspots.importers", "hotspots.reports", "reports.views"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_says_what_one_row_is(model: type[models.Model]) -> None:
    text = inspect.cleandoc(model.__doc__ or "")
    # Django writes "Name(field, field)" itself where there is none.
    assert text
    assert not text.startswith(f"{model.__name__}("), f"{model._meta.label} has no docstring"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_moment_has_its_person(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.get_fields()}
    alone = [name for name in names if name.endswith("_at") and f"{name.removesuffix('_at')}_by" not in names]
    assert alone == [], f"{model._meta.label}: who did that?"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """One address of every view, with something plausible for each argument."""
    for pattern in patterns:
        text = str(pattern.pattern)
        text = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "1", text)  # arguments of regular expressions
        text = re.sub(r"<(?:(\w+):)?\w+>", lambda found: {"int": "1", "uuid": EXAMPLE_UUID}.get(found[1], "x"), text)
        text = text.replace("^", "").replace("$", "").replace(r"\Z", "").replace("\\", "").rstrip("?")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + text)
        else:
            yield before + text


EXAMPLE_UUID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.django_db
def test_every_address_but_the_named_ones_needs_a_sign_in() -> None:
    client = Client()
    found = sorted(set(addresses(get_resolver().url_patterns)))
    assert "/wards/" in found
    open_to_all = []
    for address in found:
        if any(re.match(pattern, address) for pattern in OPEN):
            continue
        answer = client.get(address)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
        if not (to_sign_in or answer.status_code in (401, 403)):
            open_to_all.append((address, answer.status_code))
    assert open_to_all == []


@pytest.mark.django_db
def test_the_named_ones_are_open_indeed(client: Client) -> None:
    for address in (
        "/healthz/live",
        "/healthz/ready",
        "/account/login/",
        "/account/signup/",
        "/account/password/reset/",
    ):
        assert client.get(address).status_code == 200
