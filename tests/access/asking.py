"""Asks the world for one row of the table, as everybody."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver

from partners.roles import Role
from tests.access.table import KEYS, RELATIONS, SIGN_IN, Answer, Row, answer
from tests.access.world import TEXTS, World

# Made once: it reads the settings, and sets up what stands around every view.
HANDLER = ClientHandler(enforce_csrf_checks=False)


class Asker(RequestFactory):
    """Asks as Django's test client does, but keeps nothing of how an answer was made: copies of the contexts of all
    templates take long. A failure shows as the 500 that it would be."""

    def request(self, **request: Any) -> HttpResponseBase:  # type: ignore[override]
        return HANDLER(self._base_environ(**request))  # type: ignore[attr-defined]


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every route as the table writes it: "/wards/<code>/"."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        text = str(pattern.pattern)
        text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", text)
        text = text.replace("^", "").replace("$", "").replace(r"\Z", "")
        text = re.sub(r"<\w+:(\w+)>", r"<\1>", text)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + text)
        else:
            yield before + text


def address(row: Row, world: World) -> str:
    """The row's path with the world's own arguments."""
    if "<" not in row.path:
        return row.path.replace("[\\s\\S]*", "nowhere/")
    values = iter(world.things[row.of or row.path.split("<")[0]])
    return re.sub(r"<\w+>", lambda _: str(next(values)), row.path)


def sent(row: Row, world: World) -> dict[str, Any]:
    """What goes with the request, the world's own things put in."""
    return {
        name: world.things[said[1:]][0] if isinstance(said, str) and said.startswith("@") else said
        for name, said in row.body.items()
    }


def expected(row: Row) -> dict[str, Answer]:
    """Persona -> answer."""
    plain = {"anonymous": row.anonymous, "nobody": row.anonymous, **row.keys}
    found = {name: said if isinstance(said, Answer) else Answer(said) for name, said in plain.items()}
    for relation in RELATIONS:
        for role in Role:
            found[f"{relation} {role.value}"] = answer(getattr(row, relation), role)
    return found


def ask(row: Row, world: World) -> dict[str, Answer]:
    """Persona -> what it got. Nothing of what a request changed stays."""
    found = {}
    for persona in expected(row):
        with transaction.atomic():
            found[persona] = ask_as(row, world, persona)
            transaction.set_rollback(True)
    return found


def differing(row: Row, world: World) -> list[str]:
    """What is not as the table says: "404 and not 200: owner viewer, owner analyst"."""
    wanted, got = expected(row), ask(row, world)
    found: dict[str, list[str]] = defaultdict(list)
    for persona, answered in got.items():
        if answered != wanted[persona]:
            found[f"{answered} and not {wanted[persona]}"].append(persona)
    return [f"{what}: {', '.join(who)}" for what, who in found.items()]


def ask_as(row: Row, world: World, persona: str) -> Answer:
    """What one persona gets of a row."""
    client = Asker()
    headers = {"Idempotency-Key": f"key-of-{persona}"} if row.method != "GET" else {}
    if persona in KEYS:
        headers["Authorization"] = world.keys[persona]
    elif persona != "anonymous":
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[persona]
        cache.set(SessionStore(world.sessions[persona]).cache_key, world.kept[persona])
    where, body = address(row, world), sent(row, world)
    got: Any
    if row.method == "GET":
        got = client.get(where, body, headers=headers)
    elif row.path.startswith("/api/"):
        got = client.generic(row.method, where, orjson.dumps(body), "application/json", headers=headers)
    else:
        # A form is never empty: browsers send its token.
        got = client.post(where, {"csrfmiddlewaretoken": "x", **body}, headers=headers)
    if persona in world.sessions:
        # What the request wrote into the session goes with the transaction, here as well.
        cache.delete(SessionStore(world.sessions[persona]).cache_key)
    return Answer(_status(got), frozenset(_texts(got)))


def _status(got: HttpResponseBase) -> int | str:
    to_sign_in = got.status_code == 302 and got.headers["Location"].startswith("/account/login/")
    return SIGN_IN if to_sign_in else got.status_code


def _texts(got: HttpResponseBase) -> Iterator[str]:
    """The marked texts that stand in an answer."""
    content = b"".join(got) if got.streaming else getattr(got, "content", b"")
    text = content.decode(errors="replace").replace("\r\n ", "")
    yield from (name for name, marked in TEXTS.items() if marked in text)
