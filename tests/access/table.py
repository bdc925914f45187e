"""Who gets what at every address: the access policy, as a table that is asked of a real world (`tests.access.world`).

One agency owns a record of each kind. Its *partner* is given them by an agreement in force that withholds some fields,
*lapsed* had an agreement until yesterday, *stranger* never had one. Each of the four has a person of every role. A
person without any role is *nobody*, who gets what strangers from the street get (`partners.backends`). Keys are asked
of the API alone; elsewhere they are as good as not signed in.

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
    owner: Cell = 200
    partner: Cell = 200
    lapsed: Cell = 200
    stranger: Cell = 200
    keys: Mapping[str, Answer | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}{f' ({self.of})' if self.of else ''}"


def all_people(cell: Cell) -> dict[str, Any]:
    """The same in every agency."""
    return dict.fromkeys(RELATIONS, cell)


def not_theirs(cell: Cell) -> dict[str, Any]:
    """The same for all but the owner's people."""
    return {"partner": cell, "lapsed": cell, "stranger": cell}


def page(path: str, status: Answer | int = 200, **said: Any) -> Row:
    """Public figures, or a form of one's own: the same for all who sign in."""
    return Row(path, **{**all_people(status), **said})


def unlocked(path: str, status: Answer | int = 200, **said: Any) -> Row:
    """Open to everybody, signed in or not."""
    return page(path, status, **{"anonymous": status, **said})


def closed(path: str, status: int | str = 404, **said: Any) -> Row:
    """An address of a library that the product does not offer."""
    return Row(path, **{"anonymous": status, **all_people(status), **said})


def figures(path: str, status: int = 200, **said: Any) -> Row:
    """Public figures by the API: all who sign in, and keys with the scope of figures."""
    keys = {**dict.fromkeys(KEYS, status), "public_key": 403, "revoked_key": 401}
    return page(path, status, **{"anonymous": 401, "keys": keys, **said})


def for_publication(path: str, **said: Any) -> Row:
    """What any live key may read, because small numbers are suppressed in it or it is no count at all."""
    return figures(path, **{"keys": {**dict.fromkeys(KEYS, 200), "revoked_key": 401}, **said})


def of_agency(path: str, roles: Iterable[Role], then: Answer | int, otherwise: int = 403, **said: Any) -> Row:
    """An agency's own affair: these roles of it, and partnership administrators wherever they are members."""
    elsewhere = only({PARTNERSHIP}, then, otherwise)
    return Row(path, **{**all_people(elsewhere), "owner": only(roles, then, otherwise), **said})


def anywhere(path: str, roles: Iterable[Role], then: Answer | int, otherwise: Any = 403, **said: Any) -> Row:
    """What these roles do for their own agency, whichever it is."""
    return Row(path, **{**all_people(only(roles, then, otherwise)), **said})


def record(path: str, owner: Cell, partner: Answer | int, **said: Any) -> Row:
    """A record that the owner's people see, and the partner's readers in part; to the others it is not there."""
    hidden = {"lapsed": 404, "stranger": 404}
    return Row(path, **{**hidden, "owner": owner, "partner": only(READERS, partner, 404), **said})


def to_keep(path: str, roles: Iterable[Role], then: Answer | int, partner: int = 403, **said: Any) -> Row:
    """Changing a record: these roles of its owner; who only sees it is told so."""
    owner = by_role({roles: then, READERS: 403}, 404)
    return record(path, owner, partner, **said)


def by_role(answers: Mapping[Iterable[Role], Answer | int], otherwise: Answer | int) -> Cell:
    """The first of the answers that is for a role."""
    return {role: next((then for roles, then in answers.items() if role in roles), otherwise) for role in Role}


def records(path: str, *shown: str, owner_only: tuple[str, ...] = (), **said: Any) -> Row:
    """A list or file of records: 200 for all, and each sees its own. Keys read as their agency's analysts."""
    whole = [*shown, *owner_only]
    owner = by_role({CHANGERS: sees(*whole, "sensitive"), READERS: sees(*whole)}, 200)
    if path.startswith("/api/"):
        said = {"anonymous": 401, "keys": _keys(sees(*whole, "sensitive"), sees(*shown), 200), **said}
    return Row(path, **{"owner": owner, "partner": only(READERS, sees(*shown), 200), **said})


def _keys(owner: Answer | int, partner: Answer | int, others: Answer | int) -> dict[str, Answer | int]:
    """What keys with the scopes of records get; one for publication lacks the scope."""
    stranger = {"lapsed_key": others, "stranger_key": others}
    return {"owner_key": owner, "partner_key": partner, **stranger, "public_key": 403, "revoked_key": 401}


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
    page("/account/", owner=only({CONTRIBUTOR}, sees("people"), 200)),
    page("/account/sessions/"),
    *(
        page(f"/account/second-factor/{path}", status)
        for path, status in {
            "": 200,
            "authenticate/": 302,
            "code/": 302,
            "reauthenticate/": 302,
            # Nobody here has a second factor yet, and a password is asked for before one is set up.
            "recovery-codes/": 404,
            "recovery-codes/download/": 404,
            "recovery-codes/generate/": 302,
            "totp/activate/": 302,
            "totp/deactivate/": 404,
            "webauthn/": 200,
            "webauthn/add/": 302,
            "webauthn/keys/<pk>/edit/": 302,
            "webauthn/keys/<pk>/remove/": 302,
            "webauthn/login/": 302,
            "webauthn/reauthenticate/": 302,
        }.items()
    ),
    closed("/account/sso/", anonymous=SIGN_IN),
    closed("/account/sso/signup/", anonymous=SIGN_IN),
    closed("/account/sso/login/error/", anonymous=SIGN_IN),
    unlocked("/account/sso/login/cancelled/"),
    # No single sign-on is set up.
    closed("/account/sso/<provider_id>/login/"),
    closed("/account/sso/<provider_id>/login/callback/"),
]
HEALTH = [unlocked("/healthz/live"), unlocked("/healthz/ready"), unlocked("/accessibility/")]
DATA = [
    page("/data/"),
    Row("/data/upload/", **all_people(only(IMPORTERS, 200, 403))),
    Row("/data/upload/<token>/", **all_people(only(IMPORTERS, 404, 403))),
    page("/data/templates/<kind>.csv"),
    page("/data/imports/"),
    page("/data/imports/<pk>/"),
    page("/data/imports/files/<pk>/"),
    page("/data/imports/files/<pk>/rejected.csv"),
    page("/data/coverage/"),
    page("/data/releases/<pk>/"),
]
JOBS = [
    page("/jobs/"),
    # The server's own jobs are everybody's, a person's job is for that person's agencies.
    page("/jobs/<pk>/", of="server job"),
    Row("/jobs/<pk>/", **not_theirs(only({PARTNERSHIP}, 200, 404))),
]
_PLACES = ("place", "covert place", "sensitive place")
FIGURES = [
    # Cards of one's own: what the agency has planned, views that it shares, agreements to accept, hotspots to look at.
    Row(
        "/",
        owner=by_role(
            {
                (MANAGER,): sees("view", "shared", "covert", "sensitive", "agreement", *_PLACES),
                CHANGERS: sees("view", "shared", "covert", "sensitive", *_PLACES),
                (ADMINISTRATOR,): sees("view", "shared", "covert", "agreement"),
                READERS: sees("view", "shared", "covert"),
            },
            sees("view"),
        ),
        partner=only(AGREEMENT_KEEPERS, sees("agreement"), 200),
    ),
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
    Row("/style/", **all_people(only({PARTNERSHIP}, 200, 404))),
]
VIEWS = [
    Row("/views/", owner=sees("view")),
    page("/views/new/", body={"page": "explore", "query": "cat=burglary"}),
    Row("/views/<pk>/rename/", owner=only(SHARERS, sees("view"), 404), **not_theirs(404)),
    Row("/views/<pk>/delete/", owner=only(SHARERS, sees("view"), 404), **not_theirs(404)),
]
SAVING = [
    anywhere("/views/new/", Role, 422, 422, method="POST", body={"page": "explore", "query": "cat=burglary"}),
    Row("/views/<pk>/rename/", "POST", body={"name": "Another"}, owner=only(SHARERS, 302, 404), **not_theirs(404)),
    Row("/views/<pk>/delete/", "POST", owner=only(SHARERS, 302, 404), **not_theirs(404)),
    anywhere("/priorities/", SHARERS, 302, method="POST"),
    anywhere("/data/upload/", IMPORTERS, 422, method="POST"),
    anywhere("/data/upload/<token>/", IMPORTERS, 404, method="POST"),
]


def with_hotspots(path: str, *shown: str, owner_only: tuple[str, ...] = (), **said: Any) -> Row:
    """A list of records whose filter names the hotspots that somebody sees."""
    whole = (*shown, *owner_only)
    owner = by_role(
        {CHANGERS: sees(*whole, "sensitive", *_PLACES), READERS: sees(*whole, "place", "covert place")}, 200
    )
    return Row(path, owner=owner, partner=only(READERS, sees(*shown, "place"), 200), **said)


def form_with_hotspots(path: str, status: int, **said: Any) -> Row:
    """A form for those who add, which offers the hotspots that somebody sees."""
    theirs = sees("place", "covert place", status=status)
    owner = by_role({CHANGERS: sees(*_PLACES, status=status), ADDERS: theirs}, 403)
    partner = only(ADDERS, sees("place", status=status), 403)
    return anywhere(path, ADDERS, status, owner=owner, partner=partner, **said)


ACTIVITY = [
    with_hotspots("/activity/", "shared", owner_only=("covert",)),
    page("/activity/registers/"),
    with_hotspots("/activity/registers/<slug>/", "shared"),
    form_with_hotspots("/activity/registers/<slug>/upload/", 200),
    form_with_hotspots("/activity/registers/<slug>/upload/", 422, method="POST"),
    page("/activity/registers/<slug>/template.csv"),
    records("/activity/registers/<slug>.csv", "shared", owner_only=("withheld",)),
    records("/activity/registers/<slug>.geojson", "shared", owner_only=("withheld",)),
    Row(
        "/activity/live/",
        body={"ward": "@/wards/"},
        owner=by_role({CHANGERS: sees(*_PLACES), READERS: sees("place", "covert place")}, 200),
        partner=only(READERS, sees("place"), 200),
    ),
    *(
        records(f"/activity/activity.{kind}", "shared", owner_only=("withheld", "covert"))
        for kind in ("csv", "geojson", "ics")
    ),
    page("/activity/counts/"),
    page("/activity/counts/publication.csv", 302),
    record("/activity/<pk>/", only(READERS, sees("shared", "withheld", "file"), 404), sees("shared")),
    record("/activity/<pk>/", only(CHANGERS, sees("sensitive"), 404), 404, of="sensitive"),
    record("/activity/<pk>/", only(READERS, sees("covert"), 404), 404, of="covert"),
    # The form offers the hotspots that its reader sees.
    to_keep("/activity/<pk>/change/", CHANGERS, sees("shared", "withheld", *_PLACES)),
    to_keep("/activity/<pk>/change/", CHANGERS, sees("covert", *_PLACES), of="covert", partner=404),
    to_keep("/activity/<pk>/change/", CHANGERS, sees("shared", *_PLACES, status=422), method="POST"),
    to_keep("/activity/<pk>/status/", CHANGERS, 302, method="POST", body={"status": "cancelled"}),
    to_keep(
        "/activity/<pk>/status/", CHANGERS, 302, method="POST", body={"status": "cancelled"}, of="covert", partner=404
    ),
    # Files are withheld together with whatever is.
    record("/activity/<pk>/attachments/", only(READERS, sees("shared", "file"), 404), sees("shared")),
    record("/activity/<pk>/attachments/", only(READERS, sees("covert"), 404), 404, of="covert"),
    to_keep("/activity/<pk>/attachments/", CHANGERS, sees("shared", "file", status=422), method="POST"),
    record("/activity/<pk>/attachments/<attachment>/", only(READERS, sees("file"), 404), 404, of="file"),
    to_keep("/activity/<pk>/attachments/<attachment>/remove/", CHANGERS, sees("shared", "file"), of="file"),
    to_keep("/activity/<pk>/attachments/<attachment>/remove/", CHANGERS, 302, of="file", method="POST"),
    record("/activity/<pk>/evidence/", only(READERS, 200, 404), 200, of="renewal"),
    record("/activity/<pk>/renewal/", only(READERS, sees("renewal"), 404), sees("renewal"), of="renewal"),
    to_keep("/activity/<pk>/renewal/", CHANGERS, 302, method="POST", of="renewal"),
    to_keep("/activity/<pk>/renewal/<step>/", CHANGERS, sees("renewal"), of="renewal"),
    to_keep("/activity/<pk>/renewal/<step>/", CHANGERS, 302, method="POST", body={"note": "Kept"}, of="renewal"),
    anywhere("/activity/pspo-action/", ADDERS, 200),
    anywhere("/activity/pspo-action/", ADDERS, 422, method="POST"),
    Row(
        "/activity/calendar/",
        owner=by_role(
            {
                CHANGERS: sees("place", "line", "covert place", "sensitive place"),
                READERS: sees("place", "line", "covert place"),
            },
            200,
        ),
        partner=only(READERS, sees("place"), 200),
    ),
    page("/activity/calendar/feeds/"),
    page("/activity/calendar/feeds/", 422, method="POST"),
    Row("/activity/calendar/feeds/<pk>/revoke/", owner=only({MANAGER}, 200, 404), **not_theirs(404)),
    Row("/activity/calendar/feeds/<pk>/revoke/", "POST", owner=only({MANAGER}, 302, 404), **not_theirs(404)),
    page("/activity/calendar/reminders/", owner=only({CONTRIBUTOR}, sees("people"), 200)),
    page(
        "/activity/calendar/reminders/",
        422,
        method="POST",
        owner=only({CONTRIBUTOR}, sees("people", status=422), 422),
    ),
    # Whoever has the address reads what its person sees, a manager of the owner; what is restricted is not named.
    unlocked("/calendar/<token>.ics", sees("place")),
    record("/activity/<pk>/year/", only(READERS, sees("line"), 404), 404, of="year"),
    to_keep("/activity/<pk>/year/draft/", CHANGERS, sees("line"), 404, of="year"),
    to_keep("/activity/<pk>/year/draft/", CHANGERS, sees("line", status=422), 404, of="year", method="POST"),
    to_keep("/activity/<pk>/year/new/", CHANGERS, 200, 404, of="year"),
    to_keep("/activity/<pk>/year/new/", CHANGERS, 422, 404, of="year", method="POST"),
    to_keep("/activity/<pk>/year/<item>/", CHANGERS, sees("line"), 404, of="year"),
    to_keep("/activity/<pk>/year/<item>/", CHANGERS, 422, 404, of="year", method="POST"),
    to_keep("/activity/<pk>/year/<item>/status/", CHANGERS, 302, 404, of="year", method="POST"),
    to_keep("/activity/<pk>/year/<item>/remove/", CHANGERS, 302, 404, of="year", method="POST"),
    anywhere("/activity/new/", ADDERS, 200),
    form_with_hotspots("/activity/new/<slug>/", 200),
    form_with_hotspots("/activity/new/<slug>/", 422, method="POST"),
]
# The stranger is asked to the day of action, and no agreement gives it to anybody.
_ASKED: dict[str, Any] = {"partner": 404, "lapsed": 404, "stranger": by_role({ADDERS: 200, READERS: 403}, 404)}
_SEEN: dict[str, Any] = {"partner": 404, "lapsed": 404, "stranger": only(READERS, 200, 404)}
JOINT = [
    page("/activity/days/"),
    Row("/activity/<pk>/answer/", of="day", owner=only(READERS, 403, 404), **_ASKED),
    Row(
        "/activity/<pk>/answer/",
        "POST",
        of="day",
        body={"answer": "accepted"},
        owner=only(READERS, 403, 404),
        **{**_ASKED, "stranger": by_role({ADDERS: 302, READERS: 403}, 404)},
    ),
    Row("/activity/<pk>/results/", of="day", owner=by_role({ADDERS: 200, READERS: 403}, 404), **_ASKED),
    Row(
        "/activity/<pk>/results/",
        "POST",
        of="day",
        body={"count_letters": "x"},
        owner=by_role({ADDERS: 422, READERS: 403}, 404),
        **{**_ASKED, "stranger": by_role({ADDERS: 422, READERS: 403}, 404)},
    ),
    *(
        Row(f"/activity/<pk>/{path}", of="day", owner=only(READERS, 200, 404), **_SEEN)
        for path in ("briefing/", "summary/", "summary.txt")
    ),
    *(
        Row(f"/activity/<pk>/{path}/", of="meeting", owner=only(READERS, 200, 404), **not_theirs(404))
        for path in ("agenda", "sheet")
    ),
    # The filter and the form name the hotspots that somebody sees.
    Row(
        "/activity/actions/",
        body={"state": "all"},
        owner=by_role({CHANGERS: sees("action", *_PLACES), READERS: sees("action", "place", "covert place")}, 200),
        partner=only(READERS, sees("place"), 200),
    ),
    Row("/activity/actions/actions.csv", owner=only(READERS, sees("action"), 200)),
    Row("/activity/actions/<pk>/", owner=only(READERS, sees("action"), 404), **not_theirs(404)),
    Row(
        "/activity/actions/<pk>/",
        "POST",
        body={"do": "done"},
        owner=by_role({ADDERS: sees("action", status=422), READERS: 403}, 404),
        **not_theirs(404),
    ),
    form_with_hotspots("/activity/actions/new/", 200),
    form_with_hotspots("/activity/actions/new/", 422, method="POST"),
]
TEAMS = [
    page("/teams/"),
    record("/teams/<pk>/", only(READERS, sees("team"), 404), sees("team")),
    records("/teams/teams.csv", owner=only(READERS, sees("team"), 200), partner=only(READERS, sees("team"), 200)),
    page("/teams/template.csv"),
    to_keep("/teams/<pk>/change/", TEAM_KEEPERS, sees("team")),
    to_keep("/teams/<pk>/change/", TEAM_KEEPERS, 422, method="POST"),
    to_keep("/teams/<pk>/correct/", TEAM_KEEPERS, sees("team")),
    to_keep("/teams/<pk>/correct/", TEAM_KEEPERS, 422, method="POST"),
    to_keep("/teams/<pk>/days/", TEAM_KEEPERS, 200),
    to_keep("/teams/<pk>/days/", TEAM_KEEPERS, 422, method="POST"),
    anywhere("/teams/new/", TEAM_KEEPERS, 200),
    anywhere("/teams/new/", TEAM_KEEPERS, 422, method="POST"),
    anywhere("/teams/import/", TEAM_KEEPERS, 200),
    anywhere("/teams/import/", TEAM_KEEPERS, 422, method="POST"),
]


def agreement(path: str, then: Answer | int, **said: Any) -> Row:
    """An agreement's steps: managers and administrators of a party. Its parties' people, and partnership administrators
    everywhere, may read it and are told; for all others it is not there."""
    party = only(AGREEMENT_KEEPERS, then, 403)
    others = only({PARTNERSHIP}, 403, 404)
    return Row(path, **{"owner": party, "partner": party, "lapsed": others, "stranger": others, **said})


_AGREEMENT = sees("agreement")
_REASON = {"reason": "We look at it again."}
_MISSING = {"reason": "A child is missing there."}
SHARING = [
    Row(
        "/agreements/", owner=_AGREEMENT, partner=_AGREEMENT,
        lapsed=only({PARTNERSHIP}, _AGREEMENT, 200), stranger=only({PARTNERSHIP}, _AGREEMENT, 200),
    ),
    Row(
        "/agreements/<pk>/", owner=_AGREEMENT, partner=_AGREEMENT,
        lapsed=only({PARTNERSHIP}, _AGREEMENT, 404), stranger=only({PARTNERSHIP}, _AGREEMENT, 404),
    ),
    Row(
        "/agreements/<pk>/", of="lapsed agreement",
        partner=only({PARTNERSHIP}, 200, 404), stranger=only({PARTNERSHIP}, 200, 404),
    ),
    # Its parties alone read the signed paper.
    Row("/agreements/<pk>/document/", lapsed=404, stranger=404),
    anywhere("/agreements/new/", AGREEMENT_KEEPERS, 200),
    anywhere("/agreements/new/", AGREEMENT_KEEPERS, 422, method="POST"),
    agreement("/agreements/<replaces>/change/", _AGREEMENT),
    agreement("/agreements/<replaces>/change/", sees("agreement", status=422), method="POST"),
    *(agreement(f"/agreements/<pk>/{step}/", _AGREEMENT) for step in ("accept", "suspend", "resume", "end")),
    agreement("/agreements/<pk>/accept/", 302, method="POST", of="proposed"),
    agreement("/agreements/<pk>/suspend/", 302, method="POST", body=_REASON),
    # Only the party that suspended it resumes it.
    agreement(
        "/agreements/<pk>/resume/", 302, method="POST", of="suspended",
        partner=only(AGREEMENT_KEEPERS, sees("agreement", status=422), 403),
    ),
    agreement("/agreements/<pk>/end/", 302, method="POST", body=_REASON),
    anywhere("/glass/", AUDIT_READERS, 200, owner=only(AUDIT_READERS, sees("glass"), 403)),
    anywhere(
        "/glass/", {MANAGER}, 422, method="POST", of="shared", body={"record": "@shared", **_MISSING},
        owner=only({MANAGER}, sees("glass", status=422), 403), partner=only({MANAGER}, 302, 403),
    ),
    # Covert: in the same words as a record that is not there.
    anywhere(
        "/glass/", {MANAGER}, 422, method="POST", of="covert", body={"record": "@covert glass", **_MISSING},
        owner=only({MANAGER}, sees("glass", status=422), 403),
    ),
    Row(
        "/glass/<pk>/end/", "POST", **all_people(only({PARTNERSHIP}, 302, 404))
        | {"owner": only(AUDIT_READERS, 302, 404), "partner": only({SNT_LEAD, PARTNERSHIP}, 302, 404)},
    ),
    Row("/glass/<pk>/end/", **all_people(405)),
    anywhere(
        "/looking-as/", LOOKERS, 200, owner=only(LOOKERS, sees("key"), 403),
        **not_theirs(by_role({(PARTNERSHIP,): sees("key"), (MANAGER, ADMINISTRATOR): 200}, 403)),
    ),
    anywhere("/looking-as/", LOOKERS, 302, method="POST", body={"agency": "@/agencies/", "role": "viewer"}),
    page("/looking-as/stop/", 405),
    page("/looking-as/stop/", 302, method="POST"),
]  # fmt: skip
_KEY = sees("key")
AGENCIES = [
    page("/agencies/"),
    page("/roles/"),
    of_agency("/agencies/<pk>/", PEOPLE_KEEPERS, sees("people", "invitation"), 200),
    anywhere("/agencies/people/", {PARTNERSHIP}, sees("people")),
    anywhere("/agencies/people/<pk>/", {PARTNERSHIP}, sees("people")),
    anywhere("/agencies/people/<pk>/", {PARTNERSHIP}, 302, method="POST"),
    # Nobody widens one's own agency.
    of_agency("/agencies/<pk>/change/", {PARTNERSHIP}, 200),
    of_agency("/agencies/<pk>/change/", {PARTNERSHIP}, 422, method="POST"),
    of_agency("/agencies/<pk>/leave/", {PARTNERSHIP}, sees("agreement", "invitation", "key", "webhook")),
    of_agency("/agencies/<pk>/leave/", {PARTNERSHIP}, 302, method="POST", body={"reason": "They asked to leave."}),
    Row("/agencies/<pk>/return/", of="left", **all_people(405)),
    anywhere("/agencies/<pk>/return/", {PARTNERSHIP}, 302, 404, method="POST", of="left"),
    of_agency("/agencies/<pk>/invite/", PEOPLE_KEEPERS, 200),
    of_agency("/agencies/<pk>/invite/", PEOPLE_KEEPERS, 422, method="POST"),
    of_agency("/agencies/<pk>/roles/<membership>/", PEOPLE_KEEPERS, 200, of="role"),
    of_agency(
        "/agencies/<pk>/roles/<membership>/", PEOPLE_KEEPERS, 302, method="POST", of="role", body={"role": "viewer"}
    ),
    # The contributor whose role it is may lay it down.
    of_agency("/agencies/<pk>/roles/<membership>/end/", {CONTRIBUTOR, *PEOPLE_KEEPERS}, 200, of="role"),
    of_agency("/agencies/<pk>/roles/<membership>/end/", {CONTRIBUTOR, *PEOPLE_KEEPERS}, 302, method="POST", of="role"),
    *(
        row
        for step in ("send", "withdraw")
        for row in (
            page(f"/agencies/<pk>/invitations/<invitation>/{step}/", 405, of="invitation"),
            of_agency(
                f"/agencies/<pk>/invitations/<invitation>/{step}/",
                PEOPLE_KEEPERS,
                302,
                method="POST",
                of="invitation",
            ),
        )
    ),
    anywhere("/agencies/new/", PEOPLE_KEEPERS, 200),
    anywhere("/agencies/new/", PEOPLE_KEEPERS, 422, method="POST"),
    anywhere("/agencies/import/", PEOPLE_KEEPERS, 200),
    anywhere("/agencies/import/", PEOPLE_KEEPERS, 422, method="POST"),
    anywhere("/agencies/import/agencies.csv", PEOPLE_KEEPERS, 200),
    anywhere("/agencies/import/people.csv", PEOPLE_KEEPERS, 200),
    # The link of an invitation: its secret leaves the address at once; without it there is nothing to accept.
    unlocked("/invitations/<secret>/", 302),
    unlocked("/invitations/accept/", 410),
    unlocked("/invitations/accept/", 410, method="POST"),
]
_WRITTEN = sees(
    *("shared", "withheld", "covert"), *("place", "place reasons", "equality", "covert place", "sensitive place")
)
AUDIT = [
    # What was written before and after is for those who see all records of their agency.
    *(
        anywhere(path, AUDIT_READERS, 200, owner=by_role({(MANAGER,): _WRITTEN, AUDIT_READERS: 200}, 403))
        for path in ("/audit/", "/audit/events.csv")
    ),
    Row(
        "/audit/of/<kind>/<pk>/",
        owner=by_role({CHANGERS: sees("shared", "withheld"), READERS: 200}, 404),
        **not_theirs(404),
    ),
    Row(
        "/audit/of/<kind>/<pk>/",
        of="covert audit",
        owner=by_role({CHANGERS: sees("covert"), READERS: 200}, 404),
        **not_theirs(404),
    ),
]
KEEPING_KEYS = [
    of_agency("/agencies/<agency>/keys/", PEOPLE_KEEPERS, _KEY),
    of_agency("/agencies/<agency>/keys/new/", PEOPLE_KEEPERS, 200),
    of_agency("/agencies/<agency>/keys/new/", PEOPLE_KEEPERS, 422, method="POST"),
    # A key never holds more than who makes it or puts another in its place.
    of_agency("/agencies/<agency>/keys/<pk>/rotate/", PEOPLE_KEEPERS, 200, of="key of figures"),
    of_agency("/agencies/<agency>/keys/<pk>/rotate/", PEOPLE_KEEPERS, 422, of="key of figures", method="POST"),
    *(
        Row(
            "/agencies/<agency>/keys/<pk>/rotate/", method, of="key of records", **all_people(403)
            | {"owner": only({ADMINISTRATOR}, {"GET": 200, "POST": 422}[method], 403)},
        )
        for method in ("GET", "POST")
    ),
    # It sees OFFICIAL-SENSITIVE records and writes.
    Row("/agencies/<agency>/keys/<pk>/rotate/", **all_people(403)),
    Row("/agencies/<agency>/keys/<pk>/rotate/", "POST", **all_people(403)),
    of_agency("/agencies/<agency>/keys/<pk>/revoke/", PEOPLE_KEEPERS, _KEY),
    of_agency("/agencies/<agency>/keys/<pk>/revoke/", PEOPLE_KEEPERS, 302, method="POST"),
]  # fmt: skip
# What an agreement withholds of a place's own fields; and of its parts in other tables.
_INNER = ("place reasons", "equality")
_SQUARE = {"type": "Polygon", "coordinates": [[[0.2, 51.6], [0.21, 51.6], [0.21, 51.61], [0.2, 51.6]]]}


def place_list(path: str, *shown: str, owner_only: tuple[str, ...] = ()) -> Row:
    """A list of places by API: analysts, SNT leads, managers and keys see OFFICIAL-SENSITIVE ones as well."""
    whole = [*shown, *owner_only]
    owner = by_role({CHANGERS: sees(*whole, "sensitive place"), READERS: sees(*whole)}, 200)
    keys = _keys(sees(*whole, "sensitive place"), sees(*shown), 200)
    return Row(path, anonymous=401, keys=keys, owner=owner, partner=only(READERS, sees(*shown), 200))


def board(path: str, *shown: str) -> Row:
    """A page of the places that somebody sees."""
    whole = (*shown, "covert place")
    owner = by_role({CHANGERS: sees(*whole, "sensitive place"), READERS: sees(*whole)}, 200)
    return Row(path, owner=owner, partner=only(READERS, sees(*shown), 200))


def of_place(path: str, owner: Answer, partner: Answer | int, **said: Any) -> Row:
    """One place by API, or a part of it."""
    keys = _keys(owner, partner, 404)
    return record(path, only(READERS, owner, 404), partner, **{"anonymous": 401, "keys": keys, **said})


def covert_place(path: str, seen: Answer = sees("covert place"), of: str = "covert place") -> Row:  # noqa: B008
    """A covert place by API: its owner's people and keys alone."""
    return record(path, only(READERS, seen, 404), 404, of=of, anonymous=401, keys=_keys(seen, 404, 404))


def change_of_place(path: str, then: Answer | int, method: str, body: Mapping[str, Any], **said: Any) -> Row:
    """A write to a place by API. Who sees it and may not change it is told so by a 422."""
    owner = by_role({CHANGERS: then, READERS: 422}, 404)
    keys = _keys(then, 422, 404)
    return record(path, owner, 422, method=method, body=body, anonymous=401, keys=keys, **said)


_WEBHOOK = sees("webhook")
_HOOK = "/agencies/<agency>/webhooks/"
KEEPING_WEBHOOKS = [
    of_agency(_HOOK, PEOPLE_KEEPERS, _WEBHOOK, of="webhook"),
    # It tells of records: who adds it reads them by a role in that very agency.
    *(
        Row(f"{_HOOK}new/", method, of="webhook", **all_people(403) | {"owner": only({ADMINISTRATOR}, then, 403)})
        for method, then in (("GET", 200), ("POST", 422))
    ),
    of_agency(f"{_HOOK}<pk>/", PEOPLE_KEEPERS, _WEBHOOK, of="webhook"),
    of_agency(f"{_HOOK}<pk>/end/", PEOPLE_KEEPERS, _WEBHOOK, of="webhook"),
    of_agency(f"{_HOOK}<pk>/end/", PEOPLE_KEEPERS, 302, of="webhook", method="POST"),
    *(
        row
        for step in ("test", "messages/<delivery>/again")
        for row in (
            page(f"{_HOOK}<pk>/{step}/", 405, of="webhook"),
            of_agency(f"{_HOOK}<pk>/{step}/", PEOPLE_KEEPERS, 302, of="webhook", method="POST"),
        )
    ),
]
# Over it is not: a phase goes on.
_STATUS = {"status": "proposed", "reason": "Too early"}
_DOCUMENTS = "/hotspots/<pk>/documents/"
REGISTER = [
    board("/hotspots/", "place"),
    Row(
        "/hotspots/places.csv",
        owner=by_role(
            {
                CHANGERS: sees("place", "place reasons", "covert place", "sensitive place"),
                READERS: sees("place", "place reasons", "covert place"),
            },
            200,
        ),
        partner=only(READERS, sees("place"), 200),
    ),
    anywhere("/hotspots/new/", CHANGERS, 200),
    anywhere("/hotspots/new/", CHANGERS, 422, method="POST"),
    to_keep("/hotspots/<pk>/change/", CHANGERS, sees("place", *_INNER)),
    to_keep("/hotspots/<pk>/change/", CHANGERS, sees("covert place"), of="covert place", partner=404),
    to_keep("/hotspots/<pk>/change/", CHANGERS, sees("place", status=422), method="POST"),
    record("/hotspots/<pk>/status/", only(READERS, sees("place"), 404), sees("place")),
    record("/hotspots/<pk>/status/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    to_keep("/hotspots/<pk>/status/", CHANGERS, 302, method="POST", body=_STATUS),
    to_keep("/hotspots/<pk>/status/", CHANGERS, 302, method="POST", body=_STATUS, of="covert place", partner=404),
    # What is kept with the place is withheld from the partner.
    record(_DOCUMENTS, only(READERS, sees("place", "document"), 404), sees("place")),
    record(_DOCUMENTS, only(READERS, sees("covert place"), 404), 404, of="covert place"),
    to_keep(_DOCUMENTS, CHANGERS, sees("place", "document", status=422), method="POST"),
    record(f"{_DOCUMENTS}<document>/", only(READERS, sees("document"), 404), 404, of="place document"),
    to_keep(f"{_DOCUMENTS}<document>/remove/", CHANGERS, sees("place", "document"), of="place document"),
    to_keep(f"{_DOCUMENTS}<document>/remove/", CHANGERS, 302, of="place document", method="POST"),
]
_PERIOD = sees("place", "phase")
DRAWING = [
    page("/hotspots/map-background/", body={"box": "0.1,51.5,0.3,51.6"}),
    to_keep("/hotspots/<pk>/boundary/", CHANGERS, sees("place")),
    to_keep("/hotspots/<pk>/boundary/", CHANGERS, sees("place", status=422), method="POST"),
    record(
        "/hotspots/<pk>/boundary/", by_role({CHANGERS: sees("covert place"), READERS: 403}, 404), 404, of="covert place"
    ),
]
PHASES = [
    record("/hotspots/<pk>/phases/", only(READERS, _PERIOD, 404), _PERIOD),
    record("/hotspots/<pk>/phases/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    *(
        row
        for path, shown in {
            "start/": sees("place"),
            "<period>/change/": _PERIOD,
            "<period>/stop/": sees("place"),
            "<period>/remove/": sees("place"),
        }.items()
        for row in (
            to_keep(f"/hotspots/<pk>/phases/{path}", CHANGERS, shown),
            to_keep(f"/hotspots/<pk>/phases/{path}", CHANGERS, sees("place", status=422), method="POST"),
        )
    ),
    # What was decided is withheld from the partner.
    record("/hotspots/<pk>/gates/<period>/", only(READERS, sees("place", "gate"), 404), sees("place")),
    record("/hotspots/<pk>/gates/<period>/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    to_keep("/hotspots/<pk>/gates/<period>/", CHANGERS, sees("place", "gate", status=422), method="POST"),
    record("/hotspots/<pk>/triggers/", only(READERS, sees("place", "alert"), 404), sees("place", "alert")),
    record("/hotspots/<pk>/triggers/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    to_keep("/hotspots/<pk>/triggers/", CHANGERS, sees("place", "alert", status=422), method="POST"),
    board("/hotspots/board/", "place", "alert"),
    board("/hotspots/agenda/", "place", "alert"),
    board("/hotspots/compare/", "place"),
    page("/hotspots/gate-questions/"),
    anywhere("/hotspots/gate-questions/<phase>/add/", {PARTNERSHIP}, 200, of="gate of clear"),
    anywhere("/hotspots/gate-questions/<phase>/add/", {PARTNERSHIP}, 422, of="gate of clear", method="POST"),
    anywhere("/hotspots/gate-questions/<pk>/reword/", {PARTNERSHIP}, 200),
    anywhere("/hotspots/gate-questions/<pk>/reword/", {PARTNERSHIP}, 422, method="POST"),
    *(
        row
        for step in ("move", "retire")
        for row in (
            page(f"/hotspots/gate-questions/<pk>/{step}/", 405),
            anywhere(f"/hotspots/gate-questions/<pk>/{step}/", {PARTNERSHIP}, 302, method="POST"),
        )
    ),
]
LAW = [
    row
    for path in ("/law/", "/law/order-types/")
    for row in (
        page(path),
        anywhere(f"{path}new/", {PARTNERSHIP}, 200),
        anywhere(f"{path}new/", {PARTNERSHIP}, 422, method="POST", body={"value": "many"}),
        anywhere(f"{path}<pk>/change/", {PARTNERSHIP}, 200),
        anywhere(f"{path}<pk>/change/", {PARTNERSHIP}, 422, method="POST", body={"value": "many"}),
    )
]
_PROFILE = ("place", "phase", "comparison", "alert")
_SET = sees("set", "candidate", "place")
PROFILES = [
    record(
        "/hotspots/<pk>/",
        only(READERS, sees(*_PROFILE, "place reasons", "equality", "document"), 404),
        sees(*_PROFILE),
    ),
    record("/hotspots/<pk>/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    record("/hotspots/<pk>/", only(CHANGERS, sees("sensitive place"), 404), 404, of="sensitive place"),
    record("/hotspots/<pk>/comparison/", only(READERS, sees("place", "comparison"), 404), sees("place", "comparison")),
    record("/hotspots/<pk>/comparison/", only(READERS, sees("covert place"), 404), 404, of="covert place"),
    to_keep("/hotspots/<pk>/comparison/", CHANGERS, sees("place", "comparison", status=422), method="POST"),
    page("/hotspots/<pk>/comparison/<comparison>/end/", 405, of="comparison"),
    to_keep("/hotspots/<pk>/comparison/<comparison>/end/", CHANGERS, 302, method="POST", of="comparison"),
    page("/hotspots/find/", 400),
    page("/hotspots/find/candidates.csv", 400),
    anywhere("/hotspots/find/promote/", CHANGERS, 400),
    anywhere("/hotspots/find/promote/", CHANGERS, 400, method="POST"),
    anywhere("/hotspots/sets/new/", CHANGERS, 200),
    anywhere("/hotspots/sets/new/", CHANGERS, 422, method="POST"),
    Row(
        "/hotspots/sets/",
        owner=only(READERS, sees("set", "covert set"), 200),
        partner=only(READERS, sees("set"), 200),
    ),
    record("/hotspots/sets/<pk>/", only(READERS, _SET, 404), _SET),
    record("/hotspots/sets/<pk>/", only(READERS, sees("covert set", "place"), 404), 404, of="covert set"),
    record("/hotspots/sets/<pk>/set.csv", only(READERS, sees("candidate"), 404), sees("candidate")),
    record("/hotspots/sets/<pk>/set.csv", only(READERS, sees("covert set"), 404), 404, of="covert set"),
    *(
        Row(
            "/hotspots/sets/<pk>/promote/<rank>/",
            method,
            owner=by_role({CHANGERS: 302, READERS: 403}, 404),
            partner=by_role({CHANGERS: 302, READERS: 403}, 404),
            lapsed=404,
            stranger=404,
        )
        for method in ("GET", "POST")
    ),
]
API = [
    page("/api/docs/"),
    # Any unknown address below it.
    closed("/api/[\\s\\S]*", anonymous=401, keys={**dict.fromkeys(KEYS, 404), "revoked_key": 401}),
    for_publication("/api/v1/areas/"),
    for_publication("/api/v1/areas/<code>/"),
    for_publication("/api/v1/areas/<code>/boundary/"),
    for_publication("/api/v1/boundaries/"),
    for_publication("/api/v1/categories/"),
    figures("/api/v1/coverage/"),
    figures("/api/v1/summaries/"),
    figures("/api/v1/searches/"),
    figures("/api/v1/outcomes/"),
    figures("/api/v1/imports/"),
    figures("/api/v1/imports/<id>/"),
    Row("/api/v1/me/", anonymous=401, keys={**dict.fromkeys(KEYS, 200), "owner_key": _KEY, "revoked_key": 401}),
    page("/api/v1/agencies/", anonymous=401, keys=_keys(200, 200, 200)),
    Row(
        "/api/v1/agreements/",
        anonymous=401,
        owner=_AGREEMENT,
        partner=_AGREEMENT,
        lapsed=only({PARTNERSHIP}, _AGREEMENT, 200),
        stranger=only({PARTNERSHIP}, _AGREEMENT, 200),
        keys=_keys(_AGREEMENT, _AGREEMENT, 200),
    ),
    Row(
        "/api/v1/ward-teams/",
        anonymous=401,
        owner=only(READERS, sees("team"), 200),
        partner=only(READERS, sees("team"), 200),
        keys=_keys(sees("team"), sees("team"), 200),
    ),
    place_list("/api/v1/hotspots/", "place", owner_only=(*_INNER, "covert place")),
    place_list("/api/v1/hotspots/geojson/", "place", owner_only=("covert place",)),
    of_place("/api/v1/hotspots/<id>/", sees("place", *_INNER), sees("place")),
    of_place("/api/v1/hotspots/<id>/boundaries/", sees("place"), sees("place")),
    of_place("/api/v1/hotspots/<id>/phases/", sees("phase"), sees("phase")),
    of_place("/api/v1/hotspots/<id>/phases/<period>/", sees("phase"), sees("phase"), of="/hotspots/"),
    of_place("/api/v1/hotspots/<id>/gates/", sees("gate"), 403),
    of_place("/api/v1/hotspots/<id>/figures/", Answer(200), 200),
    *(covert_place(f"/api/v1/hotspots/<id>/{part}") for part in ("", "boundaries/", "phases/", "gates/")),
    covert_place("/api/v1/hotspots/<id>/phases/<period>/"),
    covert_place("/api/v1/hotspots/<id>/figures/", Answer(200)),
    page("/api/v1/gate-questions/", anonymous=401, keys=_keys(200, 200, 200)),
    Row(
        "/api/v1/candidate-sets/",
        anonymous=401,
        owner=only(READERS, sees("set", "covert set"), 200),
        partner=only(READERS, sees("set"), 200),
        keys=_keys(sees("set", "covert set"), sees("set"), 200),
    ),
    of_place("/api/v1/candidate-sets/<id>/", sees("set", "candidate"), sees("set", "candidate")),
    covert_place("/api/v1/candidate-sets/<id>/", sees("covert set"), of="covert set"),
    change_of_place(
        "/api/v1/hotspots/<id>/phases/", 201, "POST", {"phase": "hold", "starts": "2026-01-01", "knowingly": True}
    ),
    change_of_place(
        "/api/v1/hotspots/<id>/phases/<period>/", sees("phase"), "PATCH", {"objectives": "A walk"}, of="/hotspots/"
    ),
    # The body is read before anything is asked about the place: it lacks all.
    Row("/api/v1/hotspots/<id>/gates/", "POST", anonymous=401, **all_people(422), keys=_keys(422, 422, 422)),
    change_of_place("/api/v1/hotspots/<id>/", sees("place", *_INNER), "PATCH", {"public_name": "A walk"}),
    change_of_place(
        "/api/v1/hotspots/<id>/boundaries/", 201, "POST", {"valid_from": "2026-01-01", "boundary": _SQUARE}
    ),
    anywhere("/api/v1/hotspots/", (), 422, 422, method="POST", anonymous=401, keys=_keys(422, 422, 422)),
    records("/api/v1/interventions/", "shared", owner_only=("withheld", "covert")),
    records("/api/v1/interventions/geojson/", "shared", owner_only=("withheld", "covert")),
    record(
        "/api/v1/interventions/<id>/",
        only(READERS, sees("shared", "withheld"), 404),
        sees("shared"),
        anonymous=401,
        keys=_keys(sees("shared", "withheld"), sees("shared"), 404),
    ),
    record(
        "/api/v1/interventions/<id>/",
        only(READERS, sees("covert"), 404),
        404,
        of="covert",
        anonymous=401,
        keys=_keys(sees("covert"), 404, 404),
    ),
    # Who sees it and may not change it is told so in the sentence of a 422, as for all that is wrong with a write.
    record(
        "/api/v1/interventions/<id>/",
        by_role({CHANGERS: sees("withheld"), READERS: 422}, 404),
        422,
        method="PATCH",
        body={"title": "A walk"},
        anonymous=401,
        keys=_keys(sees("withheld"), 422, 404),
    ),
    record(
        "/api/v1/interventions/<id>/",
        by_role({CHANGERS: 200, READERS: 422}, 404),
        404,
        method="PATCH",
        of="covert",
        body={"title": "A walk"},
        anonymous=401,
        keys=_keys(200, 404, 404),
    ),
    anywhere("/api/v1/interventions/", (), 422, 422, method="POST", anonymous=401, keys=_keys(422, 422, 422)),
    page("/api/v1/changes/", anonymous=401, keys=_keys(200, 200, 200)),
    page(
        "/api/v1/actions/",
        owner=only(READERS, sees("action"), 200),
        anonymous=401,
        keys=_keys(sees("action"), 200, 200),
    ),
    anywhere(
        "/api/v1/actions/<id>/done/", (), 422, 422, method="POST", of="covert", anonymous=401, keys=_keys(422, 422, 422)
    ),
    *(
        anywhere(
            f"/api/v1/days-of-action/<id>/{what}/",
            (),
            422,
            422,
            method="POST",
            of="covert",
            anonymous=401,
            keys=_keys(422, 422, 422),
        )
        for what in ("answers", "results")
    ),
    record(
        "/api/v1/interventions/<id>/attachments/",
        only(READERS, sees("file"), 404),
        200,
        anonymous=401,
        keys=_keys(sees("file"), 200, 404),
    ),
    # Sent as JSON, which it does not take: who may not even that is told so.
    anywhere(
        "/api/v1/interventions/<id>/attachments/", (), 415, 415, method="POST", anonymous=401, keys=_keys(415, 415, 415)
    ),
    # Of the registers' routes these stand for all: one factory makes them.
    records("/api/v1/patrols/", "shared", owner_only=("withheld",)),
    record(
        "/api/v1/patrols/<id>/",
        only(READERS, sees("shared", "withheld"), 404),
        sees("shared"),
        of="/api/v1/interventions/",
        anonymous=401,
        keys=_keys(sees("shared", "withheld"), sees("shared"), 404),
    ),
    record(
        "/api/v1/patrols/<id>/",
        by_role({CHANGERS: sees("withheld"), READERS: 422}, 404),
        422,
        method="PATCH",
        of="/api/v1/interventions/",
        body={"title": "A walk"},
        anonymous=401,
        keys=_keys(sees("withheld"), 422, 404),
    ),
    anywhere("/api/v1/patrols/", (), 422, 422, method="POST", anonymous=401, keys=_keys(422, 422, 422)),
    # Sent as JSON, which it does not take: who may not even that is told so.
    anywhere("/api/v1/patrols/bulk/", (), 415, 415, method="POST", anonymous=401, keys=_keys(415, 415, 415)),
    record(
        "/api/v1/warrants/<id>/",
        only(READERS, sees("covert"), 404),
        404,
        of="covert",
        anonymous=401,
        keys=_keys(sees("covert"), 404, 404),
    ),
    record(
        "/api/v1/warrants/<id>/",
        by_role({CHANGERS: 200, READERS: 422}, 404),
        404,
        method="PATCH",
        of="covert",
        body={"title": "A walk"},
        anonymous=401,
        keys=_keys(200, 404, 404),
    ),
    for_publication("/api/v1/public/activity-counts/"),
    for_publication("/api/v1/public/crime-counts/"),
    figures("/api/v1/version/"),
    for_publication("/api/v1/schema/"),
]
PAGES = [*ACCOUNT, *HEALTH, *DATA, *JOBS, *FIGURES, *VIEWS, *SAVING]
RECORDS = [
    *ACTIVITY,
    *JOINT,
    *TEAMS,
    *SHARING,
    *AGENCIES,
    *AUDIT,
    *KEEPING_KEYS,
    *KEEPING_WEBHOOKS,
    *REGISTER,
    *DRAWING,
    *PHASES,
    *LAW,
    *PROFILES,
]
TABLE = [*PAGES, *RECORDS, *API]
