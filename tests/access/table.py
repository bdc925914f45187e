"""Who gets what at every address: the access policy, as a table that is asked of a real world (`tests.access.world`).

One agency owns a record of each kind. Its *partner* is given them by an agreement in force that withholds some fields,
*lapsed* had an agreement until yesterday, *stranger* never had one. Each of the four has a person of every role. A
person without any agency is *nobody*. Keys are asked of the API alone; elsewhere they are as good as not signed in.

A route without a row here fails `test_every_route.py`. A route may have several rows: one a method, or one a record.
What a row does not say is what its group says (`page`, `figures`, ...).

An answer is a status, or `sees(...)`: 200, and these of the world's marked texts stand in it. Any other marked text
in any answer is a leak and fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from partners.roles import Role

SIGN_IN = "to the sign-in"
VIEWER, CONTRIBUTOR, ANALYST, SNT_LEAD, MANAGER, ADMINISTRATOR, PARTNERSHIP = Role
# Written out here, and not derived from partners.roles: a slip there must not move both.
READERS = frozenset({VIEWER, CONTRIBUTOR, ANALYST, SNT_LEAD, MANAGER, ADMINISTRATOR})
ADDERS = frozenset({CONTRIBUTOR, ANALYST, SNT_LEAD, MANAGER})
CHANGERS = frozenset({ANALYST, SNT_LEAD, MANAGER})
IMPORTERS = frozenset({ANALYST, MANAGER, PARTNERSHIP})
SHARERS = frozenset({ANALYST, MANAGER, PARTNERSHIP})
TEAM_KEEPERS = frozenset({SNT_LEAD, MANAGER, ADMINISTRATOR})
PEOPLE_KEEPERS = frozenset({ADMINISTRATOR, PARTNERSHIP})
AGREEMENT_KEEPERS = frozenset({MANAGER, ADMINISTRATOR})
AUDIT_READERS = frozenset({MANAGER, ADMINISTRATOR, PARTNERSHIP})
LOOKERS = frozenset({MANAGER, ADMINISTRATOR, PARTNERSHIP})


@dataclass(frozen=True)
class Answer:
    """A status (or SIGN_IN), and the marked texts that stand in the answer."""

    status: int | str
    seen: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.status}{' with ' + ', '.join(sorted(self.seen)) if self.seen else ''}"


def sees(*names: str, status: int = 200) -> Answer:
    """An answer in which these marked texts of the world stand, and no others."""
    return Answer(status, frozenset(names))


# What the people of one agency get: the same for all roles, or by role.
Cell = Answer | int | str | Mapping[Role, "Answer | int | str"]


def only(roles: Iterable[Role], then: Answer | int | str, otherwise: Answer | int | str) -> Cell:
    """These roles get one answer, the others another."""
    return {role: then if role in set(roles) else otherwise for role in Role}


def answer(cell: Cell, role: Role) -> Answer:
    found = cell[role] if isinstance(cell, Mapping) else cell
    return found if isinstance(found, Answer) else Answer(found)


RELATIONS = ("owner", "partner", "lapsed", "stranger")
KEYS = ("owner_key", "partner_key", "lapsed_key", "stranger_key", "public_key", "revoked_key")


@dataclass(frozen=True)
class Row:
    """One address, as its route is written without converters, and who gets what of it."""

    path: str
    method: str = "GET"
    # Which of the world's things the arguments are; None = those that the world has for the beginning of the path.
    of: str | None = None
    # Sent with the request: the query, the form, or the API's JSON. "@/wards/" is what the world has under "/wards/".
    body: Mapping[str, Any] = field(default_factory=dict)
    anonymous: Answer | int | str = SIGN_IN
    nobody: Answer | int | str = 200
    owner: Cell = 200
    partner: Cell = 200
    lapsed: Cell = 200
    stranger: Cell = 200
    keys: Mapping[str, Answer | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}{f' ({self.of})' if self.of else ''}"


def all_people(cell: Cell) -> dict[str, Cell]:
    """The same in every agency."""
    return dict.fromkeys(RELATIONS, cell)


def page(path: str, status: int = 200, **said: Any) -> Row:
    """Public figures, or a form of one's own: the same for all who sign in."""
    return Row(path, **{"nobody": status, **all_people(status), **said})


def unlocked(path: str, status: int = 200, **said: Any) -> Row:
    """Open to everybody, signed in or not."""
    return page(path, status, **{"anonymous": status, **said})


def closed(path: str, status: int | str = 404, **said: Any) -> Row:
    """An address of a library that the product does not offer."""
    return Row(path, **{"anonymous": status, "nobody": status, **all_people(status), **said})


def figures(path: str, status: int = 200, **said: Any) -> Row:
    """Public figures by the API: all who sign in, and keys with the scope of figures."""
    keys = {**dict.fromkeys(KEYS, status), "public_key": 403, "revoked_key": 401}
    return page(path, status, **{"anonymous": 401, "keys": keys, **said})


def for_publication(path: str, **said: Any) -> Row:
    """What any live key may read, because small numbers are suppressed in it or it is no count at all."""
    return figures(path, **{"keys": {**dict.fromkeys(KEYS, 200), "revoked_key": 401}, **said})


ACCOUNT = [
    page("/account/logout/", anonymous=302),
    unlocked("/account/inactive/"),
    unlocked("/account/login/", 302, anonymous=200),
    unlocked("/account/signup/", 302, anonymous=200),
    page("/account/reauthenticate/"),
    closed("/account/email/", anonymous=SIGN_IN),
    unlocked("/account/confirm-email/"),
    unlocked("/account/confirm-email/<key>/"),
    page("/account/password/change/"),
    page("/account/password/set/", 302),
    unlocked("/account/password/reset/"),
    unlocked("/account/password/reset/done/"),
    unlocked("/account/password/reset/key/<uidb36>-<key>/"),
    unlocked("/account/password/reset/key/done/"),
    closed("/account/login/code/confirm/", 302, anonymous=SIGN_IN),
]
HEALTH = [unlocked("/healthz/live"), unlocked("/healthz/ready")]
DATA = [
    page("/data/"),
    Row("/data/upload/", **all_people(only(IMPORTERS, 200, 403)), nobody=403),
    Row("/data/upload/<token>/", **all_people(only(IMPORTERS, 404, 403)), nobody=403),
    page("/data/imports/"),
    page("/data/imports/<pk>/"),
    page("/data/imports/files/<pk>/"),
    page("/data/imports/files/<pk>/rejected.csv"),
    page("/data/coverage/"),
    page("/data/releases/<pk>/"),
]
JOBS = [
    page("/jobs/"),
    page("/jobs/<pk>/"),
]
FIGURES = [
    page("/", owner=sees("view")),
    page("/priorities/"),
    page("/wards/"),
    page("/wards/<code>/"),
    page("/boroughs/<code>/"),
    page("/forces/<code>/"),
    page("/search/"),
    page("/map/"),
    page("/map/data/"),
    *(page(f"/map/map.{kind}") for kind in ("csv", "svg", "png")),
    page("/explore/"),
    page("/explore/areas/", 302),
    *(
        page(f"/explore/download.{kind}", body={"areas": "@/wards/", "cat": "burglary"})
        for kind in ("csv", "xlsx", "svg", "png")
    ),
    page("/methods/"),
    Row("/style/", **all_people(only({PARTNERSHIP}, 200, 404)), nobody=404),
]
VIEWS = [
    Row("/views/", owner=sees("view")),
    page("/views/new/", body={"page": "explore", "query": "cat=burglary"}),
    Row("/views/<pk>/rename/", owner=only(SHARERS, sees("view"), 404), **dict.fromkeys(RELATIONS[1:], 404), nobody=404),
    Row("/views/<pk>/delete/", owner=only(SHARERS, sees("view"), 404), **dict.fromkeys(RELATIONS[1:], 404), nobody=404),
]
API = [
    page("/api/docs/"),
    # Any unknown address below it: that it is unknown is told to everybody.
    closed("/api/", keys=dict.fromkeys(KEYS, 404)),
    for_publication("/api/v1/areas/"),
    for_publication("/api/v1/areas/<code>/"),
    for_publication("/api/v1/areas/<code>/boundary/"),
    figures("/api/v1/boundaries/"),
    for_publication("/api/v1/categories/"),
    figures("/api/v1/coverage/"),
    figures("/api/v1/summaries/"),
    figures("/api/v1/searches/"),
    figures("/api/v1/outcomes/"),
    figures("/api/v1/imports/"),
    figures("/api/v1/imports/<id>/"),
    figures("/api/v1/version/"),
    figures("/api/v1/schema/"),
]
TABLE: list[Row] = [*ACCOUNT, *HEALTH, *DATA, *JOBS, *FIGURES, *VIEWS, *API]
